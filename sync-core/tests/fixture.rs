//! A small invented register: two communes, a few people with devices, two forms.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use schemas::value::Scalar;
use sync_core::admit::{Candidate, FormRules, Forms, Rules, Trust};
use sync_core::cert::{DeviceCert, Directory};
use sync_core::id::{
    Actor, ActorTag, ChangeHash, DeviceId, ProjectId, PublicKey, RecordId, UnitId, UserId, actor_tag,
};
use sync_core::policy::{Role, Territory};
use sync_core::record::{Edit, FORM, KIND, Record};
use uuid::Uuid;

pub const PROJECT: ProjectId = ProjectId(Uuid::from_u128(0xb0));

pub fn record_id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + number,
    ))
}

pub fn device(number: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(0xde00 + number))
}

/// The actor of a device's `session`th start.
pub fn actor(number: u128, session: u8) -> Actor {
    Actor::of(device(number), [session; 8])
}

/// Units by number: communes 1 and 2, villages 11, 12 and 21, 22 under them, 9 over everything.
pub fn unit(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(0x0a00 + number))
}

pub fn signing_key(number: u128) -> SigningKey {
    SigningKey::from_bytes(&[number as u8 + 1; 32])
}

pub fn public_key(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

pub fn cert(number: u128, role: Role, units: &[u128]) -> DeviceCert {
    DeviceCert {
        project: PROJECT,
        device: device(number),
        public_key: public_key(&signing_key(number)),
        user: UserId(Uuid::from_u128(0x05e0 + number)),
        user_name: format!("Người {number}"),
        role,
        units: units.iter().map(|number| unit(*number)).collect(),
        serial: 1,
        revoked: false,
    }
}

/// Devices 1, 2, 3 are cadres of commune 1; 4 is one of commune 2; 5 is an officer over both;
/// 6 is a village head of village 11.
pub fn directory() -> Directory {
    [
        cert(1, Role::CommuneCadre, &[1]),
        cert(2, Role::CommuneCadre, &[1]),
        cert(3, Role::CommuneCadre, &[1]),
        cert(4, Role::CommuneCadre, &[2]),
        cert(5, Role::DistrictOfficer, &[9]),
        cert(6, Role::VillageHead, &[11]),
    ]
    .into_iter()
    .collect()
}

pub struct Units;

impl Territory for Units {
    fn knows(&self, wanted: UnitId) -> bool {
        [1, 2, 9, 11, 12, 21, 22]
            .iter()
            .any(|known| unit(*known) == wanted)
    }

    fn covers(&self, over: UnitId, under: UnitId) -> bool {
        let inside = |number: u128, prefix: u128| number == prefix || number / 10 == prefix;
        let numbers = [1, 2, 9, 11, 12, 21, 22];
        numbers.iter().any(|a| {
            unit(*a) == over
                && numbers
                    .iter()
                    .any(|b| unit(*b) == under && (*a == 9 || inside(*b, *a)))
        })
    }
}

pub struct Form {
    shared: bool,
}

impl FormRules for Form {
    fn unit_field(&self) -> &str {
        "village_id"
    }
    fn shared_in_commune(&self) -> bool {
        self.shared
    }
    fn writer_is_reviewer(&self, path: &str) -> bool {
        path.starts_with("review/")
    }
}

pub struct TwoForms;

impl Forms for TwoForms {
    fn rules(&self, kind: &str, version: u32) -> Option<&dyn FormRules> {
        match (kind, version) {
            ("household", 1 | 2) => Some(&Form { shared: false }),
            ("job_fair_attendance", 1) => Some(&Form { shared: true }),
            _ => None,
        }
    }
}

pub fn rules(directory: &Directory) -> Rules<'_> {
    Rules {
        directory,
        territory: &Units,
        forms: &TwoForms,
    }
}

pub fn put(path: &str, value: impl Into<Scalar>) -> (String, Edit) {
    (path.to_owned(), Edit::Put(value.into()))
}

pub fn delete(path: &str) -> (String, Edit) {
    (path.to_owned(), Edit::Delete)
}

/// The first edits of a household of `village`.
pub fn creation(village: u128) -> Vec<(String, Edit)> {
    vec![
        put(KIND, "household"),
        (FORM.to_owned(), Edit::Put(Scalar::Int(1))),
        put("village_id", unit(village).to_string().as_str()),
        put("head_name", "Giàng A Sùng"),
    ]
}

/// One change and who wrote it.
#[derive(Debug, Clone)]
pub struct Made {
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    pub by: u128,
}

impl Made {
    pub fn signed(&self) -> Candidate {
        Candidate {
            hash: self.hash,
            bytes: self.bytes.clone(),
            trust: Trust::Signed(device(self.by)),
        }
    }

    pub fn cleared(&self) -> Candidate {
        Candidate {
            trust: Trust::Cleared(device(self.by)),
            ..self.signed()
        }
    }

    pub fn vouched(&self) -> Candidate {
        Candidate {
            trust: Trust::Vouched,
            ..self.signed()
        }
    }
}

/// Why a change that is taken out of a record was believed: one of the first devices signed it.
pub fn signed_by_author(_: &ChangeHash, author: Option<ActorTag>) -> Trust {
    let signer = (1..10)
        .map(device)
        .find(|signer| Some(actor_tag(*signer)) == author);
    Trust::Signed(signer.expect("a device of the tests"))
}

/// Writes `edits` to `record` as `device`'s `session`.
pub fn write(record: &mut Record, by: u128, session: u8, time_s: i64, edits: &[(String, Edit)]) -> Made {
    let made = record
        .edit(actor(by, session), time_s, edits)
        .expect("the edit is sound");
    let (hash, bytes) = made.expect("the edit changes something");
    Made { hash, bytes, by }
}

/// Every value a record can hold, with the odd ones often enough.
pub fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        Just(Scalar::Null),
        any::<bool>().prop_map(Scalar::Bool),
        any::<i64>().prop_map(Scalar::Int),
        (0i64..5).prop_map(Scalar::Int),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Scalar::Decimal),
        "[a-zđàéêọữ 0-9]{0,12}".prop_map(Scalar::Text),
        "\\PC{0,40}".prop_map(Scalar::Text),
        (1usize..3000).prop_map(|len| Scalar::Text("ngày ".repeat(len))),
    ]
}

/// A field path, from few enough that people meet.
pub fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec!["head_name", "phone", "livestock", "roof", "needs/credit"])
            .prop_map(str::to_owned),
        1 => "[a-z]{1,8}/[đa-z]{1,9}",
    ]
}

pub fn edit() -> impl Strategy<Value = (String, Edit)> {
    (
        path(),
        prop_oneof![5 => scalar().prop_map(Edit::Put), 1 => Just(Edit::Delete)],
    )
}
