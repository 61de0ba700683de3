//! What the officer says meanwhile: of records, and of pairs that may be one.

use server::review::same::{self, Choice};
use server::review::{self, ReviewError, Verdict};
use server::store::record::{ArchiveStore as _, RecordView};
use server::store::{User, UserStore as _};
use sync_core::id::RecordId;

use super::play::{Sim, short};

/// In how many of a hundred steps she says something.
const OFTEN: usize = 8;
const VERDICTS: [Verdict; 6] = [
    Verdict::Locked,
    Verdict::Locked,
    Verdict::Approved,
    Verdict::HasIssues,
    Verdict::Rejected,
    Verdict::Void,
];

impl Sim {
    /// Now and then the officer says something about what she sees.
    pub(super) fn officer_says(&mut self) -> Result<(), String> {
        if !self.officers_dice.chance(OFTEN) {
            return Ok(());
        }
        let officer = self.office.app().store.user(self.officer).ok().flatten();
        let officer = officer.ok_or("the officer is gone")?;
        let said = if self.officers_dice.chance(40) {
            self.says_of_a_pair(&officer)
        } else {
            self.says_of_a_record(&officer)
        };
        match said {
            Some((line, Err(ReviewError::Store(error)))) => Err(format!("{line} failed: {error:?}")),
            Some((line, done)) => {
                let code = done
                    .err()
                    .map_or_else(|| "ok".to_owned(), |error| error.to_string());
                self.note(format!("the officer {line}: {code}"));
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn says_of_a_record(&mut self, officer: &User) -> Option<(String, Result<(), ReviewError>)> {
        let seen = self.seen(None)?;
        let verdict = *self.officers_dice.pick(&VERDICTS);
        let said = review::review(
            self.office.app(),
            officer,
            (seen.id, &seen.heads),
            verdict,
            "Xem lại",
        );
        Some((format!("says {} of {}", verdict.name(), short(seen.id)), said))
    }

    fn says_of_a_pair(&mut self, officer: &User) -> Option<(String, Result<(), ReviewError>)> {
        let first = self.seen(Some("household"))?;
        let second = self.seen(Some("household"))?;
        let pair = if first.id < second.id {
            (first.id, second.id)
        } else {
            (second.id, first.id)
        };
        let app = self.office.app();
        Some(match self.officers_dice.below(4) {
            0 => (
                format!("dismisses {}", name(pair)),
                same::dismiss(app, officer, pair, ""),
            ),
            1 => (
                format!("takes back {}", name(pair)),
                same::undo(app, officer, pair),
            ),
            _ => {
                let choice = Choice {
                    survivor: first.id,
                    take: Default::default(),
                    comment: String::new(),
                };
                let seen = [
                    (first.id, first.heads.as_slice()),
                    (second.id, second.heads.as_slice()),
                ];
                (
                    format!("merges {}", name(pair)),
                    same::merge(app, officer, seen, &choice).map(drop),
                )
            }
        })
    }

    /// A record as the officer sees it now.
    fn seen(&mut self, kind: Option<&str>) -> Option<RecordView> {
        let of_kind: Vec<RecordId> = self
            .known
            .iter()
            .filter(|known| kind.is_none_or(|kind| known.kind == kind))
            .map(|known| known.id)
            .collect();
        if of_kind.is_empty() {
            return None;
        }
        let id = *self.officers_dice.pick(&of_kind);
        self.office.app().store.view(id).ok().flatten()
    }
}

fn name((first, second): (RecordId, RecordId)) -> String {
    format!("{} and {}", short(first), short(second))
}
