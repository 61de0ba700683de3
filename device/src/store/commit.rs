//! Writing: one transaction, on disk when the call returns.

use rusqlite::Transaction;
use sync_core::cert::SignedCert;
use sync_core::frame::{EnvelopeName, Reference};
use sync_core::id::{DeviceId, RecordId};
use sync_core::phone::{ChangeRow, ChangeState, Commit, EnvelopeRow, EnvelopeState, KeptFrame, RecordRow};

use super::{KeysOf, Store, StoreError};

impl Store {
    /// Writes small values, all or none.
    ///
    /// # Errors
    /// When the store fails; then nothing was written.
    pub fn put_meta(&mut self, values: &[(&str, &[u8])]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        for (key, value) in values {
            put_meta(&tx, key, value)?;
        }
        self.fault.before_commit()?;
        Ok(tx.commit()?)
    }

    /// Writes a certificate beside small values, all or none.
    ///
    /// # Errors
    /// When the store fails; then nothing was written.
    pub fn enrol(
        &mut self,
        values: &[(&str, &[u8])],
        device: DeviceId,
        cert: &SignedCert,
    ) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        for (key, value) in values {
            put_meta(&tx, key, value)?;
        }
        put_cert(&tx, device, cert)?;
        self.fault.before_commit()?;
        Ok(tx.commit()?)
    }

    /// Writes the result of a step, all or nothing.
    ///
    /// # Errors
    /// When the store fails; then nothing was written.
    pub fn commit(&mut self, commit: &Commit, keys_of: KeysOf<'_>) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        if commit.forget_confirmations {
            forget(&tx)?;
        }
        for id in &commit.removed {
            for table in [
                "DELETE FROM record WHERE id = ?1",
                "DELETE FROM change WHERE record = ?1",
            ] {
                tx.prepare_cached(table)?.execute([id.bytes()])?;
            }
            tx.prepare_cached("DELETE FROM weak_key WHERE record = ?1")?
                .execute([id.bytes()])?;
        }
        for (id, row) in &commit.records {
            put_record(&tx, *id, row, keys_of)?;
        }
        for row in &commit.changes {
            put_change(&tx, row)?;
        }
        for name in &commit.envelopes_removed {
            remove_envelope(&tx, *name)?;
        }
        for row in &commit.envelopes {
            put_envelope(&tx, row)?;
        }
        for (device, cert) in &commit.certs {
            put_cert(&tx, *device, cert)?;
        }
        for reference in &commit.reference {
            put_reference(&tx, reference)?;
        }
        if let Some(frame) = &commit.frame {
            put_frame(&tx, frame)?;
        }
        if let Some(progress) = &commit.progress {
            put_meta(&tx, "progress", &progress.to_bytes())?;
        }
        self.fault.before_commit()?;
        Ok(tx.commit()?)
    }

    /// Notes that these envelopes may reach the server, before the first byte of them goes.
    ///
    /// # Errors
    /// When the store fails; then nothing may be sent.
    pub fn mark_attempted(&mut self, names: &[EnvelopeName]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        for name in names {
            tx.prepare_cached("UPDATE envelope SET attempted = 1 WHERE device = ?1 AND counter = ?2")?
                .execute((name.device.bytes(), name.counter as i64))?;
        }
        self.fault.before_commit()?;
        Ok(tx.commit()?)
    }
}

fn put_meta(tx: &Transaction<'_>, key: &str, value: &[u8]) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2")?
        .execute((key, value))?;
    Ok(())
}

fn forget(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE envelope SET state = 'open', refused = NULL, attempted = 1",
        [],
    )?;
    tx.execute(
        "UPDATE change SET state = 'sealed'
         WHERE own = 1 AND counter IS NOT NULL AND state IN ('confirmed', 'waiting')",
        [],
    )?;
    Ok(())
}

fn put_record(
    tx: &Transaction<'_>,
    id: RecordId,
    row: &RecordRow,
    keys_of: KeysOf<'_>,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO record (id, kind, document, aside, gone) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET kind = ?2, document = ?3, aside = ?4, gone = ?5",
    )?
    .execute((id.bytes(), &row.kind, &row.document, &row.aside, row.gone))?;
    tx.prepare_cached("DELETE FROM weak_key WHERE record = ?1")?
        .execute([id.bytes()])?;
    for (kind, key) in keys_of(id, row) {
        tx.prepare_cached("INSERT OR IGNORE INTO weak_key (kind, key, record) VALUES (?1, ?2, ?3)")?
            .execute((kind, key, id.bytes()))?;
    }
    Ok(())
}

fn put_change(tx: &Transaction<'_>, row: &ChangeRow) -> Result<(), StoreError> {
    let reason = match row.state {
        ChangeState::Parked(reason) => Some(reason.code()),
        _ => None,
    };
    tx.prepare_cached(
        "INSERT INTO change (record, hash, place, own, counter, state, reason, claimed_at, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT DO UPDATE SET counter = ?5, state = ?6, reason = ?7, received_at = ?9",
    )?
    .execute((
        row.record.bytes(),
        &row.hash.0,
        row.order as i64,
        row.own,
        row.counter.map(|counter| counter as i64),
        row.state.name(),
        reason,
        row.claimed_at_s,
        row.received_at_s,
    ))?;
    Ok(())
}

fn put_envelope(tx: &Transaction<'_>, row: &EnvelopeRow) -> Result<(), StoreError> {
    let (state, refused) = match &row.state {
        EnvelopeState::Open => ("open", None),
        EnvelopeState::Receipted => ("receipted", None),
        EnvelopeState::Refused(code) => ("refused", Some(code)),
    };
    let (device, counter) = (row.name.device.bytes(), row.name.counter as i64);
    tx.prepare_cached(
        "INSERT INTO envelope (device, counter, place, bytes, mark, attempted, state, refused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET attempted = ?6, state = ?7, refused = ?8",
    )?
    .execute((
        device,
        counter,
        row.order as i64,
        row.envelope.to_bytes(),
        row.envelope.mark(),
        row.attempted,
        state,
        refused,
    ))?;
    for record in &row.records {
        tx.prepare_cached(
            "INSERT OR IGNORE INTO envelope_record (record, device, counter) VALUES (?1, ?2, ?3)",
        )?
        .execute((record.bytes(), device, counter))?;
    }
    Ok(())
}

fn remove_envelope(tx: &Transaction<'_>, name: EnvelopeName) -> Result<(), StoreError> {
    let key = (name.device.bytes(), name.counter as i64);
    tx.prepare_cached("DELETE FROM envelope_record WHERE device = ?1 AND counter = ?2")?
        .execute(key)?;
    tx.prepare_cached("DELETE FROM envelope WHERE device = ?1 AND counter = ?2")?
        .execute(key)?;
    Ok(())
}

fn put_cert(tx: &Transaction<'_>, device: DeviceId, cert: &SignedCert) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO cert (device, bytes) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = ?2",
    )?
    .execute((device.bytes(), cert.to_bytes()))?;
    Ok(())
}

fn put_reference(tx: &Transaction<'_>, reference: &Reference) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO reference (name, serial, body) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET serial = ?2, body = ?3",
    )?
    .execute((&reference.name, reference.serial as i64, &reference.body))?;
    Ok(())
}

fn put_frame(tx: &Transaction<'_>, frame: &KeptFrame) -> Result<(), StoreError> {
    for record in &frame.replaces {
        let mut older = tx.prepare_cached("DELETE FROM frame_record WHERE record = ?1 RETURNING frame")?;
        let frames: Vec<i64> = older
            .query_map([record.bytes()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for frame in frames {
            tx.prepare_cached(
                "DELETE FROM frame WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM frame_record WHERE frame = ?1)",
            )?
            .execute([frame])?;
        }
    }
    if let Some(updates) = &frame.updates {
        tx.prepare_cached("INSERT INTO frame (bytes) VALUES (?1)")?
            .execute([updates.to_bytes()])?;
        let id = tx.last_insert_rowid();
        for record in &frame.records {
            tx.prepare_cached("INSERT INTO frame_record (record, frame) VALUES (?1, ?2)")?
                .execute((record.bytes(), id))?;
        }
    }
    Ok(())
}
