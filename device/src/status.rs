//! How the phone stands: what is unsent, what was set aside and why, where its holder works.

use serde_json::{Value, json};
use sync_core::id::RecordId;
use sync_core::policy::ParkReason;

use crate::error::DeviceError;
use crate::messages;
use crate::phone::Phone;
use crate::read::moment;

impl Phone {
    /// The phone's standing. Counts are of records this phone's holder wrote to.
    ///
    /// # Errors
    /// When the phone is not enrolled.
    pub fn status(&self, language: &str) -> Result<Value, DeviceError> {
        let known = self.known()?;
        let progress = self.store.progress()?;
        let counts = self.store.counts()?;
        let mut parked = Vec::new();
        for (record, reason) in self.store.parked()? {
            parked.push(self.parked_entry(record, reason, language)?);
        }
        let units: Vec<_> = known
            .own_units
            .iter()
            .map(|id| {
                let unit = known.units.get(&id.to_string());
                json!({
                    "id": id,
                    "code": unit.and_then(|unit| unit.official_code.clone()),
                    "level": unit.map(|unit| unit.level.name()),
                    "name": unit.map(|unit| unit.name.clone()),
                })
            })
            .collect();
        let refused: Vec<_> = self
            .store
            .refused()?
            .into_iter()
            .map(|(name, code)| json!({ "device": name.device, "counter": name.counter, "code": code }))
            .collect();
        Ok(json!({
            "pending": counts.pending,
            "confirmed": counts.confirmed,
            "parked": parked,
            "waiting": counts.waiting,
            "units": units,
            "clock_skew_s": progress.clock_skew_ms.map(|skew| skew / 1000),
            "pending_changes": counts.pending_changes,
            "carried": counts.carried,
            "records": counts.records,
            "refused": refused,
            "device": known.identity.device,
            "user": known.cert().map(|cert| json!({ "id": cert.user, "name": cert.user_name, "role": cert.role })),
            "server": self.server()?,
            "synced_at": progress.synced_at_ms.and_then(|at| moment(at.div_euclid(1000))),
        }))
    }

    pub(crate) fn parked_entry(
        &self,
        record: RecordId,
        reason: ParkReason,
        language: &str,
    ) -> Result<Value, DeviceError> {
        let known = self.known()?;
        let kind = self.store.record(record)?.and_then(|row| row.kind);
        Ok(json!({
            "id": record,
            "kind": kind,
            "title": self.title(known, record)?,
            "reason": reason.code(),
            "message": messages::text(language, &format!("park.{}", reason.code()), &[]),
            "hint": messages::text(language, &format!("park_hint.{}", reason.code()), &[]),
        }))
    }
}
