//! The rows of one step, open on the desk: loaded, changed, and handed back as one commit.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::RowError;
use super::state::{ChangeRow, ChangeState, EnvelopeRow, Me, Progress, RecordRow};
use crate::admit::{Candidate, Verdict};
use crate::cert::SignedCert;
use crate::frame::{EnvelopeName, Reference, Updates};
use crate::id::{ChangeHash, DeviceId, RecordId};
use crate::replica::{Kept, Verdicts};

/// What the driver loaded for a step: the progress, every row of the records it touches, and the
/// envelopes it names. Rows that do not exist are left out.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// How far the phone has come.
    pub progress: Progress,
    /// The records, by id.
    pub records: BTreeMap<RecordId, RecordRow>,
    /// All change rows of those records.
    pub changes: Vec<ChangeRow>,
    /// The envelopes.
    pub envelopes: Vec<EnvelopeRow>,
}

/// What a step writes: in one transaction, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// How far the phone has come now.
    pub progress: Option<Progress>,
    /// Records to write.
    pub records: BTreeMap<RecordId, RecordRow>,
    /// Records whose change rows are to be removed, before anything is written: they left this phone.
    /// What is written of them is a mark that they did, lest a bundle bring them back.
    pub removed: BTreeSet<RecordId>,
    /// Change rows to write.
    pub changes: Vec<ChangeRow>,
    /// Envelopes to write.
    pub envelopes: Vec<EnvelopeRow>,
    /// Envelopes to remove: their changes go into others.
    pub envelopes_removed: Vec<EnvelopeName>,
    /// Certificates to write, newest of each device.
    pub certs: Vec<(DeviceId, SignedCert)>,
    /// Reference data to write, by name.
    pub reference: Vec<Reference>,
    /// A frame of updates to keep.
    pub frame: Option<KeptFrame>,
    /// The server forgot: every receipted or refused envelope is open and attempted again, and every
    /// own change of an envelope that was confirmed or waiting is sealed again.
    pub forget_confirmations: bool,
}

/// Updates as the server signed them, kept so that they can be handed to another phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFrame {
    /// The frame; `None` if there is nothing in it worth keeping.
    pub updates: Option<Updates>,
    /// The records it brings.
    pub records: BTreeSet<RecordId>,
    /// Records of which no earlier frame is needed any more: this one has them whole, or they are
    /// gone. A frame none of whose records is needed is dropped.
    pub replaces: BTreeSet<RecordId>,
}

/// One record on the desk.
pub(super) struct Sheet {
    pub(super) kept: Kept,
    pub(super) gone: bool,
    kind: Option<String>,
    stored: bool,
    touched: bool,
}

/// The rows of one step.
pub(super) struct Desk {
    pub(super) progress: Progress,
    pub(super) commit: Commit,
    pub(super) sheets: BTreeMap<RecordId, Sheet>,
    pub(super) rows: BTreeMap<(RecordId, ChangeHash), ChangeRow>,
    rows_touched: BTreeSet<(RecordId, ChangeHash)>,
    envelopes: BTreeMap<EnvelopeName, EnvelopeRow>,
    envelopes_touched: BTreeSet<EnvelopeName>,
}

impl Desk {
    pub(super) fn open(loaded: Loaded) -> Result<Self, RowError> {
        let mut sheets = BTreeMap::new();
        for (id, row) in loaded.records {
            let kept = row.open(id)?;
            sheets.insert(
                id,
                Sheet {
                    kept,
                    gone: row.gone,
                    kind: row.kind,
                    stored: true,
                    touched: false,
                },
            );
        }
        Ok(Self {
            progress: loaded.progress,
            commit: Commit::default(),
            sheets,
            rows: loaded
                .changes
                .into_iter()
                .map(|row| ((row.record, row.hash), row))
                .collect(),
            rows_touched: BTreeSet::new(),
            envelopes: loaded.envelopes.into_iter().map(|row| (row.name, row)).collect(),
            envelopes_touched: BTreeSet::new(),
        })
    }

    /// A record to look at; `None` if this phone has never heard of it.
    pub(super) fn peek(&self, id: RecordId) -> Option<&Sheet> {
        self.sheets.get(&id)
    }

    /// A record to change.
    pub(super) fn sheet(&mut self, id: RecordId) -> &mut Sheet {
        let sheet = self.sheets.entry(id).or_insert_with(|| Sheet {
            kept: Kept::empty(id),
            gone: false,
            kind: None,
            stored: false,
            touched: true,
        });
        sheet.touched = true;
        sheet
    }

    pub(super) fn row(&self, record: RecordId, hash: ChangeHash) -> Option<&ChangeRow> {
        self.rows.get(&(record, hash))
    }

    pub(super) fn row_mut(&mut self, record: RecordId, hash: ChangeHash) -> Option<&mut ChangeRow> {
        let row = self.rows.get_mut(&(record, hash))?;
        self.rows_touched.insert((record, hash));
        Some(row)
    }

    pub(super) fn insert_row(&mut self, mut row: ChangeRow) {
        row.order = self.progress.take_order();
        self.rows_touched.insert((row.record, row.hash));
        self.rows.insert((row.record, row.hash), row);
    }

    /// Sets what became of a change, unless it was written again since.
    pub(super) fn mark(&mut self, record: RecordId, hash: ChangeHash, state: ChangeState) {
        let known = self.row(record, hash).map(|row| row.state);
        if known.is_some_and(|known| known != state && known != ChangeState::Superseded)
            && let Some(row) = self.row_mut(record, hash)
        {
            row.state = state;
        }
    }

    pub(super) fn envelope(&self, name: EnvelopeName) -> Option<&EnvelopeRow> {
        self.envelopes.get(&name)
    }

    pub(super) fn put_envelope(&mut self, row: EnvelopeRow) {
        self.envelopes_touched.insert(row.name);
        self.envelopes.insert(row.name, row);
    }

    pub(super) fn remove_envelope(&mut self, name: EnvelopeName) {
        self.envelopes.remove(&name);
        self.envelopes_touched.remove(&name);
        self.commit.envelopes_removed.push(name);
    }

    /// Gives changes to a record and notes where others' waiting changes went.
    pub(super) fn take_in(&mut self, me: &Me<'_>, record: RecordId, arrivals: Vec<Candidate>) -> Verdicts {
        let verdicts = self.sheet(record).kept.receive(arrivals, &me.rules);
        self.note(record, &verdicts);
        verdicts
    }

    /// Writes what local admission decided into rows it may speak for: others' changes. What
    /// becomes of this phone's own work is the server's to say.
    pub(super) fn note(&mut self, record: RecordId, verdicts: &Verdicts) {
        for (hash, verdict) in verdicts {
            let Some(row) = self.row(record, *hash).cloned() else {
                continue;
            };
            if row.own {
                if *verdict == Verdict::Superseded {
                    // Another copy of this phone wrote it again: there is nothing left here to hand in.
                    self.mark(record, *hash, ChangeState::Superseded);
                }
                continue;
            }
            let state = match verdict {
                Verdict::Applied | Verdict::Known if row.received_at_s.is_some() => ChangeState::Confirmed,
                Verdict::Applied | Verdict::Known => ChangeState::Sealed,
                Verdict::Waiting => ChangeState::Waiting,
                Verdict::Parked(reason) => ChangeState::Parked(*reason),
                Verdict::Superseded => ChangeState::Superseded,
            };
            self.mark(record, *hash, state);
        }
    }

    /// True if the server has not said a word about some change of this phone to the record.
    pub(super) fn has_unsent(&self, record: RecordId) -> bool {
        self.rows_of(record).any(|row| row.own && row.state.is_unsent())
    }

    fn rows_of(&self, record: RecordId) -> impl Iterator<Item = &ChangeRow> {
        let all = (record, ChangeHash([0; 32]))..=(record, ChangeHash([0xff; 32]));
        self.rows.range(all).map(|(_, row)| row)
    }

    /// Takes away the copy of a record that left this phone's units, once nothing of it is unsent.
    /// Parked changes, and those that may be yet, stay listed, so that their author learns what became of them.
    fn sweep(&mut self, random: [u8; 8]) {
        let gone: Vec<_> = self
            .sheets
            .iter()
            .filter(|(_, sheet)| sheet.gone)
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            if self.has_unsent(id) {
                continue;
            }
            let aside = |state| matches!(state, ChangeState::Parked(_) | ChangeState::Waiting);
            let parked = self.rows_of(id).any(|row| row.own && aside(row.state));
            if self.rows_of(id).any(|row| row.own) {
                // Should the record come back without some of our numbers, none may be used twice.
                self.progress.actor_random = random;
                self.progress.dropped_own = true;
            }
            if parked {
                self.sheet(id).kept = Kept::empty(id);
            } else {
                self.sheets.remove(&id);
                let mark = RecordRow {
                    gone: true,
                    ..RecordRow::default()
                };
                self.commit.records.insert(id, mark);
                self.rows_touched.retain(|(record, _)| *record != id);
                self.commit.removed.insert(id);
            }
        }
    }

    /// The commit of everything that was touched.
    pub(super) fn finish(mut self, random: [u8; 8]) -> Commit {
        self.sweep(random);
        let mut commit = self.commit;
        for (id, sheet) in self.sheets {
            let nothing = sheet.kept.record.is_empty() && sheet.kept.aside.is_empty();
            if sheet.touched && (sheet.stored || !nothing) {
                commit
                    .records
                    .insert(id, RecordRow::close(&sheet.kept, sheet.gone, sheet.kind));
            }
        }
        let mut rows = self.rows;
        commit
            .changes
            .extend(self.rows_touched.iter().filter_map(|key| rows.remove(key)));
        let mut envelopes = self.envelopes;
        commit.envelopes.extend(
            self.envelopes_touched
                .iter()
                .filter_map(|name| envelopes.remove(name)),
        );
        commit.progress = Some(self.progress);
        commit
    }
}

impl ChangeRow {
    /// A change this phone has just written.
    pub(super) const fn pending(record: RecordId, hash: ChangeHash, claimed_at_s: i64) -> Self {
        Self {
            record,
            hash,
            order: 0,
            own: true,
            counter: None,
            state: ChangeState::Pending,
            claimed_at_s,
            received_at_s: None,
        }
    }
}
