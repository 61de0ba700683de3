//! What today's program finds in golden bytes, as JSON.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use sync_core::cert::DeviceCert;
use sync_core::chunk;
use sync_core::frame::{BUNDLE_MAGIC, EnvelopeName, FeedPosition, Frame, FrameReader, Hello, Receipt};
use sync_core::id::hex;
use sync_core::pack::{Item, unpack};
use sync_core::policy::ParkReason;
use sync_core::record::{Record, replaced_by, written, written_over};

use super::made::{PROJECT, cert, public_key, record_id};

/// What is in the golden bytes of the format `name`.
///
/// # Errors
/// When today's program cannot read them.
pub fn describe(name: &str, bytes: &[u8]) -> Result<Value> {
    match name {
        "change" | "rewrite" => change(bytes),
        "pack" => Ok(items(&unpack(bytes, 100)?)),
        "record" => record(bytes),
        "bundle" => frames(bytes.strip_prefix(&BUNDLE_MAGIC).context("the magic")?),
        _ => frames(bytes),
    }
}

fn change(bytes: &[u8]) -> Result<Value> {
    let (hash, parts) = chunk::open(bytes)?;
    ensure!(parts.rebuild() == bytes, "comes back byte for byte");
    Ok(json!({
        "hash": hash.to_hex(),
        "actor": hex(parts.actor),
        "seq": parts.seq,
        "start_op": parts.start_op,
        "time_s": parts.time_s,
        "message": std::str::from_utf8(parts.message)?,
        "deps": parts.deps.iter().map(|dep| dep.to_hex()).collect::<Vec<_>>(),
        "replaces": replaced_by(parts.message).iter().map(|hash| hash.to_hex()).collect::<Vec<_>>(),
        "over": written_over(parts.message).iter().map(|hash| hash.to_hex()).collect::<Vec<_>>(),
        "writes": written(bytes)?,
    }))
}

fn items(items: &[Item]) -> Value {
    items
        .iter()
        .map(|item| json!({"record": item.record, "change": item.hash.to_hex()}))
        .collect()
}

fn record(document: &[u8]) -> Result<Value> {
    let record = Record::load(record_id(1), document)?;
    let history: Vec<Value> = record
        .history()
        .into_iter()
        .map(|entry| {
            json!({
                "change": entry.change.to_hex(),
                "actor": entry.actor.to_hex(),
                "time_s": entry.time_s,
                "writes": entry.writes,
            })
        })
        .collect();
    let conflicts: Vec<Value> = record
        .conflicts()
        .into_iter()
        .map(|conflict| {
            let rivals: Vec<Value> = conflict
                .rivals
                .iter()
                .map(|rival| {
                    json!({
                        "value": rival.value,
                        "change": rival.change.to_hex(),
                        "actor": rival.actor.to_hex(),
                        "time_s": rival.time_s,
                    })
                })
                .collect();
            json!({"path": conflict.path, "rivals": rivals})
        })
        .collect();
    Ok(json!({
        "answers": record.answers(),
        "heads": record.heads().iter().map(|head| head.to_hex()).collect::<Vec<_>>(),
        "conflicts": conflicts,
        "history": history,
    }))
}

fn frames(bytes: &[u8]) -> Result<Value> {
    let mut reader = FrameReader::default();
    reader.push(bytes);
    let mut found = Vec::new();
    while let Some(read) = reader.next()? {
        found.push(frame(&read)?);
    }
    reader.finish()?;
    Ok(Value::Array(found))
}

fn frame(frame: &Frame) -> Result<Value> {
    let server = public_key(100);
    Ok(match frame {
        Frame::Envelope(envelope) => json!({"envelope": {
            "project": envelope.head.project,
            "device": envelope.head.device,
            "counter": envelope.head.counter,
            "claimed_at_ms": envelope.head.claimed_at_ms,
            "signature": envelope.signature.to_hex(),
            "items": items(&envelope.open(PROJECT, Some(&cert(1)))?),
        }}),
        Frame::Certs(certs) => {
            let opened: Result<Vec<Value>> = certs
                .iter()
                .map(|signed| Ok(device(&signed.open(PROJECT, &server)?)))
                .collect();
            json!({"certs": opened?})
        }
        Frame::Updates(updates) => {
            let batch = updates.open(PROJECT, &server)?;
            let documents: Result<Vec<Value>> = batch
                .documents
                .iter()
                .map(|whole| {
                    Ok(json!({"record": whole.record, "received_at_s": whole.received_at_s, "document": record(&whole.document)?}))
                })
                .collect();
            json!({"updates": {
                "changes": items(&batch.changes),
                "received_at_s": batch.received_at_s,
                "documents": documents?,
                "gone": batch.gone,
                "cursor": positions(&updates.cursor),
            }})
        }
        Frame::Hello(said) => hello(said),
        Frame::Receipts(receipts) => json!({"receipts": receipts.iter().map(receipt).collect::<Vec<_>>()}),
        Frame::BundleHead(head) => json!({"bundle_head": {
            "project": head.project,
            "device": head.device,
            "claimed_at_ms": head.claimed_at_ms,
        }}),
        Frame::BundleEnd(frames) => json!({"bundle_end": frames}),
        _ => bail!("no golden file holds this frame"),
    })
}

fn device(cert: &DeviceCert) -> Value {
    json!({
        "project": cert.project,
        "device": cert.device,
        "public_key": cert.public_key.to_hex(),
        "user": cert.user,
        "user_name": cert.user_name,
        "role": cert.role.name(),
        "units": cert.units,
        "serial": cert.serial,
        "revoked": cert.revoked,
    })
}

fn hello(said: &Hello) -> Value {
    let unconfirmed = said
        .unconfirmed
        .iter()
        .map(|one| json!({"name": name(&one.name), "mark": hex(&one.mark)}));
    let holdings = said.holdings.iter().map(|one| {
        json!({"record": one.record, "heads": one.heads.iter().map(|head| head.to_hex()).collect::<Vec<_>>()})
    });
    json!({"hello": {
        "protocol": said.protocol,
        "epoch": hex(&said.epoch),
        "cursor": positions(&said.cursor),
        "certs_serial": said.certs_serial,
        "data_serial": said.data_serial,
        "claimed_at_ms": said.claimed_at_ms,
        "own_known": said.own_known,
        "unconfirmed": unconfirmed.collect::<Vec<_>>(),
        "want": said.want,
        "holdings": holdings.collect::<Vec<_>>(),
        "program": said.program,
        "pending": said.pending,
    }})
}

fn receipt(receipt: &Receipt) -> Value {
    let parked = receipt.parked.iter().map(|ruling| {
        let reason = ruling.parked.map(ParkReason::code);
        json!({"record": ruling.record, "change": ruling.change.to_hex(), "parked": reason})
    });
    json!({
        "name": name(&receipt.name),
        "refused": receipt.refused,
        "waiting": receipt.waiting.iter().map(|hash| hash.to_hex()).collect::<Vec<_>>(),
        "parked": parked.collect::<Vec<_>>(),
    })
}

fn name(name: &EnvelopeName) -> Value {
    json!({"device": name.device, "counter": name.counter})
}

fn positions(cursor: &[FeedPosition]) -> Value {
    cursor
        .iter()
        .map(|position| json!({"feed": hex(&position.feed), "seq": position.seq}))
        .collect()
}
