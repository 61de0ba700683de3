//! The tables' history: append-only, each step frozen by its hash.
//!
//! A released step is never edited: a new one is added. The version is SQLite's `user_version`, so
//! an old program sees at once that data is newer than itself.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// `SoBn`, so that the file says whose it is.
const APPLICATION: i32 = i32::from_be_bytes(*b"SoBn");

/// Name, content and SHA-256 of each step.
const STEPS: &[(&str, &str, &str)] = &[
    (
        "0001_foundation",
        include_str!("migrations/0001_foundation.sql"),
        "5e474a2e5278213b511c6cdc7634754917392f76626318da1d416468fe937a8e",
    ),
    (
        "0002_records",
        include_str!("migrations/0002_records.sql"),
        "7a07d48ebcabdb4c674880d004b6b33ab0e4fd732c7a1a76103557b43817ac8d",
    ),
    (
        "0003_forms",
        include_str!("migrations/0003_forms.sql"),
        "bdc830058ce0b4e68297fecc06b28601ba96037f3a507be38795ea78a35f6cec",
    ),
    (
        "0004_facts",
        include_str!("migrations/0004_facts.sql"),
        "08515958bdd3e3974f38be411cc3aaad31cf56deba7feac0d85d0a19bf790a46",
    ),
    (
        "0005_device_status",
        include_str!("migrations/0005_device_status.sql"),
        "64e199c8333b443fe6346632f6ce102162c31e6f1ba37ba93884ba90a82b2f30",
    ),
    (
        "0006_review",
        include_str!("migrations/0006_review.sql"),
        "d56722a1bdd2fdbbcb1bcee4ddb9a80db4af67a3b6c1d4c3b886dc56f0c7627c",
    ),
    (
        "0007_lists",
        include_str!("migrations/0007_lists.sql"),
        "22c1a4fecaaf7a226f83535506aa80ba120db17c8bb3013faf17dc3ed54b47e6",
    ),
];

/// The version this program brings a database to.
pub const LATEST: i64 = STEPS.len() as i64;

/// The version of a database; 0 for an empty one.
///
/// # Errors
/// When it is newer than this program, or another program's.
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (application != 0 || found != 0 || tables != 0) {
        return Err(StoreError::Damaged(
            "this is another program's database".to_owned(),
        ));
    }
    if found > LATEST {
        return Err(StoreError::Newer { found, known: LATEST });
    }
    Ok(found)
}

/// Brings a database to [`LATEST`], all steps or none.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = usize::try_from(version(&transaction)?).unwrap_or(0);
    for (_, sql, _) in &STEPS[from..] {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};
    use sync_core::id::hex;

    #[test]
    fn no_step_was_edited_after_it_was_frozen() {
        for (name, sql, frozen) in super::STEPS {
            assert_eq!(
                hex(&Sha256::digest(sql)),
                *frozen,
                "{name} was changed: add a step instead"
            );
        }
    }

    #[test]
    fn steps_are_numbered_in_order() {
        let numbers: Vec<&str> = super::STEPS.iter().map(|(name, _, _)| &name[..5]).collect();
        assert!(
            numbers.is_sorted_by(|before, after| before < after),
            "{numbers:?}"
        );
    }
}
