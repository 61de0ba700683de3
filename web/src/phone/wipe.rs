//! When a vault may go: never while something of its holder's lies here alone.

use super::Register;

impl Register {
    /// What lies here and nowhere else: changes without the server's word, and envelopes carried for
    /// others. Drafts are counted by the caller, who can ask about them.
    #[must_use]
    pub fn unsent(&self) -> u64 {
        let own = self.known().ok().map(|known| known.identity.device);
        let counts = self.index().counts(own);
        counts.pending_changes + counts.carried as u64
    }

    /// True when the server turned this phone off and has all its work: the vault must go.
    #[must_use]
    pub fn is_to_be_wiped(&self) -> bool {
        self.known().is_ok_and(|known| known.is_revoked()) && self.unsent() == 0
    }
}
