//! XLSX workbooks, of which nothing is believed.
//!
//! A workbook is a ZIP file: a few kilobytes of it can say that they are gigabytes, its directory can tell one reader
//! something else than another, and a cell may stand in the last corner of a sheet. So it is unpacked here, counted,
//! and packed again without compression before the library sees it; cells are read one by one; and should the library
//! fail all the same, that is an error like any other.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, Xlsx};
use flate2::read::DeflateDecoder;

use super::ImportError;
use super::limits::{PARTS_MAX, SHEETS_MAX, UNPACKED_BYTES_MAX};
use super::table::{Building, Table};

/// Where the directory of a ZIP file is named: at most this far from its end.
const END_BYTES_MAX: usize = 22 + 65_535;

/// The sheets of a workbook by name, in its order.
///
/// # Errors
/// When it is no workbook, or past the bounds.
pub fn sheets(bytes: &[u8]) -> Result<Vec<(String, Table)>, ImportError> {
    let plain = repack(bytes)?;
    catch_unwind(AssertUnwindSafe(|| read(plain))).unwrap_or_else(|_| Err(unreadable("xlsx")))
}

fn unreadable(detail: impl ToString) -> ImportError {
    ImportError::Workbook(detail.to_string())
}

fn read(plain: Vec<u8>) -> Result<Vec<(String, Table)>, ImportError> {
    let mut workbook = Xlsx::new(Cursor::new(plain)).map_err(unreadable)?;
    let names: Vec<String> = workbook.sheet_names().into_iter().take(SHEETS_MAX).collect();
    let mut sheets = Vec::new();
    for name in names {
        // A sheet of a chart has no cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut building = Building::default();
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            if let Some(text) = text(cell.get_value()) {
                building.put(row as usize + 1, column as usize, &text)?;
            }
        }
        sheets.push((name, building.table()));
    }
    Ok(sheets)
}

/// A cell as people read it: whole numbers without a point, days as dd/mm/yyyy.
fn text(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Int(number) => Some(number.to_string()),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Some(format!("{number:.0}"))
        }
        DataRef::Float(number) => Some(number.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(text.clone()),
        DataRef::SharedString(text) => Some((*text).to_owned()),
        DataRef::Bool(value) => Some(value.to_string()),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Some(format!("{day:02}/{month:02}/{year:04}"))
        }
        DataRef::Error(_) | DataRef::Empty => None,
    }
}

/// One file of a ZIP file, unpacked.
struct Part {
    name: Vec<u8>,
    bytes: Vec<u8>,
}

/// The same files in a ZIP file that says nothing but what is there.
fn repack(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let parts = unpack(bytes)?;
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for part in &parts {
        let mut sum = flate2::Crc::new();
        sum.update(&part.bytes);
        let (len, offset) = (part.bytes.len() as u32, out.len() as u32);
        let name_len = part.name.len() as u16;
        // Version, flags, method, time, day; sum; twice the length; lengths of name and rest.
        let mut common = Vec::new();
        for half in [20u16, 0x0800, 0, 0, 0x21] {
            common.extend_from_slice(&half.to_le_bytes());
        }
        for word in [sum.sum(), len, len] {
            common.extend_from_slice(&word.to_le_bytes());
        }
        common.extend_from_slice(&name_len.to_le_bytes());
        common.extend_from_slice(&0u16.to_le_bytes());
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(&part.name);
        out.extend_from_slice(&part.bytes);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(&part.name);
    }
    let (count, at) = (parts.len() as u16, out.len() as u32);
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

fn unpack(bytes: &[u8]) -> Result<Vec<Part>, ImportError> {
    let malformed = || unreadable("zip");
    let tail = bytes.len().saturating_sub(END_BYTES_MAX);
    let end = bytes[tail..].windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = tail + end.ok_or_else(malformed)?;
    let count = half(bytes, end + 10).ok_or_else(malformed)?;
    let mut at = word(bytes, end + 16).ok_or_else(malformed)?;
    if count > PARTS_MAX {
        return Err(ImportError::TooLarge);
    }
    let (mut parts, mut left) = (Vec::new(), UNPACKED_BYTES_MAX);
    for _ in 0..count {
        if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
            return Err(malformed());
        }
        let entry = |place| half(bytes, at + place).ok_or_else(malformed);
        let (flags, method) = (entry(8)?, entry(10)?);
        let (name_len, rest_len) = (entry(28)?, entry(30)? + entry(32)?);
        let packed_len = word(bytes, at + 20).ok_or_else(malformed)?;
        let local = word(bytes, at + 42).ok_or_else(malformed)?;
        let name = bytes.get(at + 46..at + 46 + name_len).ok_or_else(malformed)?;
        at += 46 + name_len + rest_len;
        if flags & 1 == 1 {
            return Err(unreadable("password"));
        }
        if !is_wanted(name) {
            continue;
        }
        let skip =
            half(bytes, local + 26).ok_or_else(malformed)? + half(bytes, local + 28).ok_or_else(malformed)?;
        let start = local + 30 + skip;
        let packed = bytes
            .get(start..start.saturating_add(packed_len))
            .ok_or_else(malformed)?;
        let unpacked = inflate(packed, method, left)?;
        left -= unpacked.len();
        parts.push(Part {
            name: name.to_vec(),
            bytes: unpacked,
        });
    }
    Ok(parts)
}

/// Pictures and programs inside a workbook are nobody's business here.
fn is_wanted(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with(b".xml") || lower.ends_with(b".rels")
}

fn inflate(packed: &[u8], method: usize, left: usize) -> Result<Vec<u8>, ImportError> {
    let mut unpacked = Vec::new();
    match method {
        0 => unpacked.extend_from_slice(packed),
        8 => {
            let mut bounded = DeflateDecoder::new(packed).take(left as u64 + 1);
            bounded.read_to_end(&mut unpacked).map_err(unreadable)?;
        }
        _ => return Err(unreadable("zip")),
    }
    if unpacked.len() > left {
        return Err(ImportError::TooLarge);
    }
    Ok(unpacked)
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_le_bytes(two.try_into().ok()?)))
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}
