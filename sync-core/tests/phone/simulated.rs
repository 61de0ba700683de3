//! Three phones and a server through everything at once; then the links heal and all must agree.

use std::collections::BTreeMap;

use proptest::prelude::*;
use schemas::value::Scalar;
use sync_core::admit::Verdict;
use sync_core::id::{ChangeHash, RecordId};

use super::conversation::server;
use super::pocket::{Link, Pocket};
use super::server::Server;
use crate::fixture::{device, put, record_id, unit};

#[derive(Debug, Clone)]
enum Step {
    New(usize, u128),
    Set(usize, u128, usize),
    Sync(usize, Link),
    Hand(usize, usize, bool),
    Move(u128, u128),
    BackUp,
    Restore,
    Copy(usize),
    Replace(usize),
    Narrow(usize, u128),
    Decide(u128, bool),
}

const PATHS: [&str; 3] = ["livestock", "roof", "phone"];

fn link() -> impl Strategy<Value = Link> {
    prop_oneof![
        4 => Just(Link::Good),
        1 => Just(Link::Dead),
        1 => (0usize..1000).prop_map(Link::CutUp),
        2 => (0usize..1000).prop_map(Link::CutDown),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let phone = 0usize..3;
    prop_oneof![
        3 => (phone.clone(), 0u128..4).prop_map(|(phone, record)| Step::New(phone, record)),
        8 => (phone.clone(), 0u128..4, 0usize..3).prop_map(|(phone, record, path)| Step::Set(phone, record, path)),
        6 => (phone.clone(), link()).prop_map(|(phone, link)| Step::Sync(phone, link)),
        3 => (phone.clone(), phone.clone(), any::<bool>()).prop_map(|(from, to, all)| Step::Hand(from, to, all)),
        1 => (0u128..4, prop_oneof![Just(11u128), Just(12), Just(21)]).prop_map(|(record, village)| Step::Move(record, village)),
        1 => Just(Step::BackUp),
        1 => Just(Step::Restore),
        1 => phone.clone().prop_map(Step::Copy),
        1 => phone.clone().prop_map(Step::Replace),
        1 => (phone, prop_oneof![Just(1u128), Just(11), Just(12), Just(2)]).prop_map(|(phone, unit)| Step::Narrow(phone, unit)),
        2 => (0u128..4, any::<bool>()).prop_map(|(record, let_in)| Step::Decide(record, let_in)),
    ]
}

struct World {
    server: Server,
    phones: Vec<Pocket>,
    backup: Option<Server>,
    copies: BTreeMap<usize, (Pocket, Vec<(RecordId, i64)>)>,
    /// Values that must be somewhere at the server in the end, by the phone that wrote them.
    written: Vec<Vec<(RecordId, i64)>>,
    value: i64,
}

impl World {
    fn new() -> Self {
        let mut server = server();
        let phones = [1, 2, 3]
            .map(|number| Pocket::enrolled(&mut server, number))
            .into();
        Self {
            server,
            phones,
            backup: None,
            copies: BTreeMap::new(),
            written: vec![Vec::new(); 3],
            value: 0,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::New(phone, record) => self.write(phone, record_id(record), Some(11), 0),
            Step::Set(phone, record, path) => self.write(phone, record_id(record), None, path),
            Step::Sync(phone, link) => {
                self.server.now_ms += 1_000;
                self.phones[phone].sync(&mut self.server, link);
            }
            Step::Hand(from, to, all) => {
                let bundle = self.phones[from].export(all);
                // A copy made before knows nothing of what is handed out now, and will use its number
                // again: the server then refuses whichever comes second, and only its author can help.
                self.copies.remove(&from);
                self.phones[to].import(&bundle).expect("a whole bundle");
            }
            Step::Move(record, village) => {
                if self.server.record(record_id(record)).is_some() {
                    let edit = put("village_id", unit(village).to_string().as_str());
                    self.server.officer_edits(device(5), record_id(record), &[edit]);
                }
            }
            Step::BackUp => self.backup = Some(self.server.clone()),
            Step::Restore => {
                if let Some(backup) = self.backup.clone() {
                    self.server.restore(backup);
                }
            }
            Step::Copy(phone) => {
                self.copies
                    .insert(phone, (self.phones[phone].clone(), self.written[phone].clone()));
            }
            Step::Narrow(phone, to) => {
                let mut cert = self.server.certs[&device(phone as u128 + 1)].clone();
                cert.units = vec![unit(to)];
                self.server.certify(cert);
            }
            Step::Decide(record, let_in) => self.decide(record_id(record), let_in),
            // The phone is lost; a copy of its home takes its place. What only the lost one had is lost.
            Step::Replace(phone) => {
                if let Some((mut copy, written)) = self.copies.remove(&phone) {
                    self.value += 1;
                    copy.reroll(self.value as u64);
                    self.phones[phone] = copy;
                    self.written[phone] = written;
                }
            }
        }
        self.check_receipts();
    }

    fn decide(&mut self, record: RecordId, let_in: bool) {
        let parked = |(key, verdict): (&(RecordId, ChangeHash), &Verdict)| {
            (key.0 == record && matches!(verdict, Verdict::Parked(_))).then_some(key.1)
        };
        if let Some(change) = self.server.states.iter().find_map(parked) {
            self.server.decide(record, change, let_in);
        }
    }

    fn write(&mut self, phone: usize, record: RecordId, village: Option<u128>, path: usize) {
        self.value += 1;
        let pocket = &mut self.phones[phone];
        pocket.now_ms += 1_000;
        if village.is_none() && pocket.record(record).is_none() {
            return;
        }
        if village.is_some() && pocket.record(record).is_some() {
            return;
        }
        let edit = put(PATHS[path], Scalar::Int(self.value));
        if pocket.write(record, village, &[edit]).is_ok() {
            self.written[phone].push((record, self.value));
        }
    }

    /// Safety, at every moment: what a phone calls confirmed is in the log of the epoch it spoke with.
    fn check_receipts(&self) {
        for pocket in self
            .phones
            .iter()
            .filter(|pocket| pocket.progress.epoch == [self.server.epoch])
        {
            for row in pocket.changes.values() {
                if row.own && row.counter.is_some() && row.state == sync_core::phone::ChangeState::Confirmed {
                    assert!(
                        self.server.states.contains_key(&(row.record, row.hash)),
                        "a receipt without a log entry"
                    );
                }
            }
        }
    }

    fn heal(&mut self) {
        for _ in 0..6 {
            for phone in 0..3 {
                self.server.now_ms += 1_000;
                assert!(self.phones[phone].sync(&mut self.server, Link::Good));
            }
        }
    }

    fn check(&self) {
        let all_values: BTreeMap<RecordId, Vec<Scalar>> = self
            .server
            .records
            .keys()
            .map(|id| (*id, self.values(*id)))
            .collect();
        for (phone, pocket) in self.phones.iter().enumerate() {
            for (record, value) in &self.written[phone] {
                let there = all_values
                    .get(record)
                    .is_some_and(|values| values.contains(&Scalar::Int(*value)));
                assert!(
                    there,
                    "phone {phone} wrote {value} to {record}, and the server never heard of it"
                );
            }
            assert!(
                pocket
                    .changes
                    .values()
                    .all(|row| !row.own || !row.state.is_unsent()),
                "nothing is left unsent"
            );
            for id in self.server.records.keys() {
                let expected = self
                    .server
                    .record(*id)
                    .filter(|_| self.server.reads(pocket.identity.device, *id));
                let seen = |record: &sync_core::record::Record| {
                    (record.answers(), record.conflicts(), record.heads())
                };
                let held = pocket.record(*id);
                assert_eq!(
                    held.as_ref().map(seen),
                    expected.map(seen),
                    "phone {phone}, record {id}"
                );
            }
        }
    }

    /// Every value anybody handed in for a record, merged or set aside.
    fn values(&self, id: RecordId) -> Vec<Scalar> {
        let logged = self.server.log.values().flat_map(|(_, items)| items);
        let of_envelopes = logged
            .filter(|item| item.record == id)
            .map(|item| item.bytes.clone());
        let merged = self.server.records[&id]
            .record
            .changes()
            .into_iter()
            .map(|(_, bytes): (ChangeHash, _)| bytes);
        of_envelopes
            .chain(merged)
            .filter_map(|bytes| sync_core::record::written(&bytes).ok())
            .flatten()
            .filter_map(|(_, value)| value)
            .collect()
    }
}

fn run(steps: Vec<Step>) {
    let mut world = World::new();
    for step in steps {
        world.step(step);
    }
    world.heal();
    world.check();
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_all_agree_in_the_end_and_nothing_acknowledged_is_lost(steps in proptest::collection::vec(step(), 1..40)) {
        run(steps);
    }
}
