//! Inputs: golden bytes, damaged where it hurts, under lengths, checksums and signatures that fit again.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use sync_core::chunk::{self, ChangeParts};
use sync_core::compress::compress;
use sync_core::frame::{Frame, FrameReader};
use sync_core::pack::unpack;

use super::Dice;
use crate::corpus::{Golden, all};

static GOLDEN: LazyLock<Vec<Golden>> = LazyLock::new(all);

pub(super) fn golden(name: &str) -> Vec<u8> {
    GOLDEN
        .iter()
        .find(|golden| golden.name == name)
        .map(|golden| golden.bytes.clone())
        .unwrap_or_default()
}

pub(super) fn damaged(name: &str, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = golden(name);
    dice.damage(&mut bytes);
    bytes
}

/// Every golden change, ancestors first.
pub(super) fn changes() -> Vec<Vec<u8>> {
    unpack(&golden("pack"), 100)
        .unwrap_or_default()
        .into_iter()
        .map(|item| item.bytes)
        .collect()
}

/// A change damaged anywhere, three times in four under a right length and checksum again.
pub(super) fn damaged_change(dice: &mut Dice) -> Vec<u8> {
    let mut bytes = dice.pick(&changes()).cloned().unwrap_or_default();
    if dice.below(4) == 0 {
        dice.damage(&mut bytes);
        return bytes;
    }
    let mut body = bytes.split_off(11.min(bytes.len()));
    dice.damage(&mut body);
    sealed(&body)
}

/// A change chunk around `body`, with its right length and checksum.
fn sealed(body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![1];
    let mut len = body.len();
    while len > 0x7f {
        hashed.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    hashed.push(len as u8);
    hashed.extend(body);
    let digest = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &digest[..4], &hashed].concat()
}

/// A change whose parts are damaged one by one: the whole still reads as a change.
pub(super) fn unsound_change(dice: &mut Dice) -> Vec<u8> {
    let bytes = dice.pick(&changes()).cloned().unwrap_or_default();
    let Ok((_, parts)) = chunk::open(&bytes) else {
        return bytes;
    };
    let mut columns: Vec<(u64, Vec<u8>)> = parts
        .columns
        .iter()
        .map(|(spec, data)| (*spec, data.to_vec()))
        .collect();
    for _ in 0..1 + dice.below(3) {
        let at = dice.below(columns.len());
        if let Some((_, data)) = columns.get_mut(at) {
            dice.damage(data);
        }
    }
    let mut others: Vec<Vec<u8>> = parts.others.iter().map(|other| other.to_vec()).collect();
    if dice.below(8) == 0 {
        others.push(vec![dice.roll() as u8; 16]);
    }
    let off = |dice: &mut Dice, value: u64| {
        if dice.below(8) == 0 {
            value.wrapping_add(dice.roll() % 3)
        } else {
            value
        }
    };
    let altered = ChangeParts {
        seq: off(dice, parts.seq),
        start_op: off(dice, parts.start_op),
        others: others.iter().map(Vec::as_slice).collect(),
        columns: columns
            .iter()
            .map(|(spec, data)| (*spec, data.as_slice()))
            .collect(),
        ..parts
    };
    altered.rebuild()
}

pub(super) fn damaged_frames(dice: &mut Dice) -> Vec<u8> {
    let names = ["envelope", "cert", "hello", "receipts", "updates"];
    let name = dice.pick(&names).copied().unwrap_or_default();
    let mut bytes = golden(name);
    if dice.below(4) == 0 {
        dice.damage(&mut bytes);
        return bytes;
    }
    let mut body = bytes.split_off(8);
    dice.damage(&mut body);
    [
        &(body.len() as u32).to_be_bytes(),
        &crc32fast::hash(&body).to_be_bytes(),
        body.as_slice(),
    ]
    .concat()
}

/// The packed changes of an envelope, damaged, under a right signature's other parts.
pub(super) fn damaged_envelope(dice: &mut Dice) -> Vec<u8> {
    let Some(Frame::Envelope(mut envelope)) = first_frame(&golden("envelope")) else {
        return Vec::new();
    };
    if dice.below(2) == 0 {
        dice.damage(&mut envelope.body);
    } else {
        envelope.body = compress(&damaged("pack", dice));
    }
    minicbor::to_vec(&envelope).unwrap_or_default()
}

/// The body of updates, damaged and signed again: what a faulty server would send.
pub(super) fn damaged_updates(dice: &mut Dice) -> Vec<u8> {
    let Some(Frame::Updates(updates)) = first_frame(&golden("updates")) else {
        return Vec::new();
    };
    let mut inner = sync_core::compress::decompress(&updates.body).unwrap_or_default();
    dice.damage(&mut inner);
    compress(&inner)
}

pub(super) fn damaged_form(dice: &mut Dice) -> Vec<u8> {
    let forms = [
        include_str!("../../../schemas/forms/household_visit.json"),
        include_str!("../../../schemas/forms/job_fair_attendance.json"),
    ];
    let mut bytes = dice
        .pick(&forms)
        .map(|form| form.as_bytes().to_vec())
        .unwrap_or_default();
    let words = [
        "null",
        "[]",
        "{}",
        "\"${a}\"",
        "\"begin_repeat\"",
        "\"calculate\"",
        "-1",
        "1e999",
        "\"selected(., '\"",
    ];
    for _ in 0..1 + dice.below(3) {
        let quotes: Vec<usize> = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'"')
            .map(|(at, _)| at)
            .collect();
        let from = dice.pick(&quotes).copied().unwrap_or_default();
        let to = (from + 1 + dice.below(30)).min(bytes.len());
        let word = dice.pick(&words).copied().unwrap_or_default();
        bytes.splice(from..to, word.bytes());
    }
    if dice.below(3) == 0 {
        dice.damage(&mut bytes);
    }
    bytes
}

pub(super) fn damaged_expression(dice: &mut Dice) -> Vec<u8> {
    let pieces = [
        "${age}",
        " >= ",
        "15",
        " and ",
        "selected(",
        "${needs}",
        ", ",
        "'credit'",
        ")",
        "(",
        "not(",
        "if(",
        "-",
        ".",
        " div ",
        " mod ",
        "0",
        "1e308",
        "regex(., '^[0-9]{12}$')",
        "regex(., '((a*)*)*b')",
        "count(${members})",
        "'",
        "đ",
        "concat(",
        "substr(",
        "${members}/",
        "[",
        "]",
        " or ",
        " = ",
        "!=",
        "..",
        "date('2024-02-30')",
        "today()",
    ];
    let mut bytes = Vec::new();
    for _ in 0..dice.below(40) {
        bytes.extend(dice.pick(&pieces).copied().unwrap_or_default().bytes());
    }
    if dice.below(4) == 0 {
        bytes = "("
            .repeat(dice.below(3000))
            .into_bytes()
            .into_iter()
            .chain(bytes)
            .collect();
    }
    if dice.below(4) == 0 {
        dice.damage(&mut bytes);
    }
    bytes
}

pub(super) fn first_frame(bytes: &[u8]) -> Option<Frame> {
    let mut reader = FrameReader::default();
    reader.push(bytes);
    reader.next().ok().flatten()
}
