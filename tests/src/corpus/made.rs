//! The fixed inputs, and what they are encoded to.

use ed25519_dalek::SigningKey;
use schemas::value::Scalar;
use sync_core::cert::{DeviceCert, SignedCert};
use sync_core::envelope::{Envelope, EnvelopeHead};
use sync_core::frame::{
    BUNDLE_MAGIC, BundleHead, EnvelopeName, FeedPosition, Frame, Hello, Holding, PROTOCOL, Receipt, Ruling,
    Unconfirmed, UpdateBatch, Updates, Whole, write_frame,
};
use sync_core::id::{Actor, ChangeHash, DeviceId, ProjectId, PublicKey, RecordId, UnitId, UserId};
use sync_core::pack::{Item, pack};
use sync_core::policy::{ParkReason, Role};
use sync_core::record::{Edit, FORM, KIND, Record};
use uuid::Uuid;

use super::Golden;

/// The register of the golden files.
pub const PROJECT: ProjectId = ProjectId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_00b0));

/// The device of number `number`.
#[must_use]
pub fn device(number: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(
        0x0199_0000_0000_7000_8000_0000_0000_de00 + number,
    ))
}

/// The record of number `number`.
#[must_use]
pub fn record_id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(
        0x0199_0000_0000_7000_8000_0000_0000_0000 + number,
    ))
}

/// The key of device `number`; 100 is the server's.
#[must_use]
pub fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

/// The public half of `key`.
#[must_use]
pub fn public_key(number: u8) -> PublicKey {
    PublicKey(key(number).verifying_key().to_bytes())
}

/// What the server says of device `number`.
#[must_use]
pub fn cert(number: u8) -> DeviceCert {
    DeviceCert {
        project: PROJECT,
        device: device(u128::from(number)),
        public_key: public_key(number),
        user: UserId(Uuid::from_u128(0x05e0 + u128::from(number))),
        user_name: "Giàng Thị Sua".to_owned(),
        role: Role::CommuneCadre,
        units: vec![UnitId(Uuid::from_u128(0x0a01)), UnitId(Uuid::from_u128(0x0a02))],
        serial: 3,
        revoked: false,
    }
}

fn put(path: &str, value: Scalar) -> (String, Edit) {
    (path.to_owned(), Edit::Put(value))
}

fn write(record: &mut Record, number: u128, time_s: i64, edits: &[(String, Edit)]) -> Item {
    let actor = Actor::of(device(number), [number as u8; 8]);
    let made = record.edit(actor, time_s, edits).ok().flatten();
    let (hash, bytes) = made.unwrap_or((ChangeHash([0; 32]), Vec::new()));
    Item {
        record: record.id(),
        hash,
        bytes,
    }
}

/// A visit: every kind of value there is.
fn created(record: &mut Record) -> Item {
    write(
        record,
        1,
        1_730_422_800,
        &[
            put(KIND, "household_visit".into()),
            put(FORM, Scalar::Int(1)),
            put("village_id", "00000000-0000-0000-0000-000000000a0b".into()),
            put("head_name", "Vàng A Tủa".into()),
            put("livestock", Scalar::Int(-3)),
            put("area_ha", Scalar::Decimal(0.25)),
            put("phone", Scalar::Null),
            put("poor", Scalar::Bool(true)),
            put("needs/credit", Scalar::Bool(true)),
            put(
                "members/0199aaaa-0000-7000-8000-000000000001/full_name",
                "Giàng Thị Dợ".into(),
            ),
        ],
    )
}

/// A record with a conflict, an untick, and a change that was written again over a parked one.
fn conflicted() -> (Record, Vec<Item>) {
    let mut base = Record::empty(record_id(1));
    let mut items = vec![created(&mut base)];
    let mut other = base.clone();
    items.push(write(
        &mut other,
        2,
        1_730_509_200,
        &[put("livestock", Scalar::Int(4)), put("roof", "ngói".into())],
    ));
    let untick = ("needs/credit".to_owned(), Edit::Delete);
    items.push(write(
        &mut base,
        1,
        1_730_509_300,
        &[put("livestock", Scalar::Int(5)), untick],
    ));
    let _ = base.apply(&items[1].bytes);
    let fresh = Actor::of(device(1), [9; 8]);
    if let Ok(Some((hash, bytes))) = base.edit_replacing(
        fresh,
        1_730_509_400,
        &[put("phone", "0912345678".into())],
        &[ChangeHash([7; 32])],
    ) {
        items.push(Item {
            record: base.id(),
            hash,
            bytes,
        });
    }
    (base, items)
}

fn framed(frames: &[Frame]) -> Vec<u8> {
    let mut out = Vec::new();
    frames.iter().for_each(|frame| write_frame(&mut out, frame));
    out
}

fn envelope(items: &[Item]) -> Envelope {
    let head = EnvelopeHead {
        project: PROJECT,
        device: device(1),
        counter: 7,
        claimed_at_ms: 1_730_509_500_123,
    };
    Envelope::seal(head, items, &key(1))
}

fn feed(seq: u64) -> FeedPosition {
    FeedPosition {
        feed: b"f1".to_vec().into(),
        seq,
    }
}

fn updates(record: &Record, items: &[Item]) -> Updates {
    let batch = UpdateBatch {
        changes: items[..2].to_vec(),
        received_at_s: vec![1_730_600_000, 1_730_600_003],
        documents: vec![Whole {
            record: record.id(),
            document: record.save(),
            received_at_s: vec![1, 2, 3, 4],
        }],
        gone: vec![record_id(3)],
    };
    Updates::seal(PROJECT, &batch, vec![feed(42)], &key(100))
}

fn hello(record: &Record) -> Hello {
    Hello {
        protocol: PROTOCOL,
        epoch: vec![1, 2, 3, 4, 5, 6, 7, 8],
        cursor: vec![feed(41)],
        certs_serial: 5,
        data_serial: 6,
        claimed_at_ms: 1_730_509_600_000,
        own_known: 6,
        unconfirmed: vec![Unconfirmed {
            name: EnvelopeName {
                device: device(1),
                counter: 7,
            },
            mark: [8; 8],
        }],
        want: vec![record_id(2)],
        holdings: vec![Holding {
            record: record.id(),
            heads: record.heads(),
        }],
        program: "soban-device 0.1.0".to_owned(),
        pending: 2,
    }
}

fn receipts(items: &[Item]) -> Vec<Receipt> {
    let name = |counter| EnvelopeName {
        device: device(1),
        counter,
    };
    let ruling = Ruling {
        record: record_id(1),
        change: items[1].hash,
        parked: Some(ParkReason::OutOfScope),
        replaced: None,
    };
    vec![
        Receipt {
            name: name(6),
            refused: Some("signature_wrong".to_owned()),
            waiting: vec![],
            parked: vec![],
        },
        Receipt {
            name: name(7),
            refused: None,
            waiting: vec![items[2].hash],
            parked: vec![ruling],
        },
    ]
}

/// Every format, from the fixed inputs.
#[must_use]
pub fn all() -> Vec<Golden> {
    let (record, items) = conflicted();
    let envelope = envelope(&items);
    let signed = SignedCert::sign(&cert(1), &key(100));
    let packed = pack(items.iter().map(|item| (item.record, item.bytes.as_slice())));
    let head = BundleHead {
        project: PROJECT,
        device: device(1),
        claimed_at_ms: 1_730_509_700_000,
    };
    let bundle = framed(&[
        Frame::BundleHead(head),
        Frame::Certs(vec![signed.clone()]),
        Frame::Envelope(envelope.clone()),
        Frame::Updates(updates(&record, &items)),
        Frame::BundleEnd(4),
    ]);
    let encoded = |name, bytes: Vec<u8>| Golden { name, bytes };
    vec![
        encoded("change", items[0].bytes.clone()),
        encoded(
            "rewrite",
            items.last().map(|item| item.bytes.clone()).unwrap_or_default(),
        ),
        encoded("pack", packed),
        encoded("envelope", framed(&[Frame::Envelope(envelope)])),
        encoded("cert", framed(&[Frame::Certs(vec![signed])])),
        encoded("hello", framed(&[Frame::Hello(hello(&record))])),
        encoded("receipts", framed(&[Frame::Receipts(receipts(&items))])),
        encoded("updates", framed(&[Frame::Updates(updates(&record, &items))])),
        encoded("bundle", [&BUNDLE_MAGIC, bundle.as_slice()].concat()),
        encoded("record", record.save()),
    ]
}
