//! What is to be done, worked out from summaries: whom to visit, whom to see again, which fair is next.
//!
//! Pure: summaries and a day in, ids and dates out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use schemas::expr::local_date;
use schemas::form::Label;
use schemas::round::{ReviewRound, RoundKind, rounds_open};
use sync_core::id::RecordId;
use sync_core::policy::Role;
use sync_core::record::REVIEW_STATE;

use crate::phone::{Index, Register, Summary};

/// Outside a periodic round a household counts as visited for so many days.
const VISIT_HOLDS_DAYS: i32 = 30;
/// Appointments are shown from so many days ahead.
const DUE_AHEAD_DAYS: i32 = 3;
/// Ways in which a household is no household of the village any more.
const GONE: [&str; 3] = ["moved_out", "merged", "dissolved"];

/// A reviewer asks for more.
pub const RETURNED: &str = "has_issues";

/// Whose duties they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holder {
    /// The user's id.
    pub user: String,
    /// A village head answers for every household of these villages, whoever is assigned to it.
    pub villages: Option<BTreeSet<String>>,
}

impl Holder {
    /// The holder of this phone.
    #[must_use]
    pub fn of(register: &Register) -> Self {
        let Ok(known) = register.known() else {
            return Self::default();
        };
        let heads = register.role() == Some(Role::VillageHead);
        let own = || known.own_units.iter().map(ToString::to_string).collect();
        Self {
            user: known.identity.user.to_string(),
            villages: heads.then(own),
        }
    }

    /// True for a household that this person looks after.
    #[must_use]
    pub fn looks_after(&self, household: &Summary) -> bool {
        match &self.villages {
            Some(villages) => villages.contains(household.fact("village_id")),
            None => !self.user.is_empty() && household.fact("helper_user_id") == self.user,
        }
    }
}

/// True unless the record was voided.
#[must_use]
pub fn stands(summary: &Summary) -> bool {
    summary.fact("void_reason").is_empty()
}

/// True for a household that lives here now.
#[must_use]
pub fn lives_here(household: &Summary) -> bool {
    stands(household) && !GONE.contains(&household.fact("move_status"))
}

/// True for a household that the plan is about: poor or near-poor.
#[must_use]
pub fn is_poor(household: &Summary) -> bool {
    matches!(household.fact("current_class"), "poor" | "near_poor")
}

/// Since when a visit counts as recent, and the round that says so. Only the periodic round is about
/// every household: the regular one is for those who ask.
#[must_use]
pub fn recent_since(today: Date) -> (Date, Option<ReviewRound>) {
    let round = rounds_open(today)
        .into_iter()
        .find(|round| round.kind == RoundKind::Periodic);
    match round {
        Some(round) => (round.from, Some(round)),
        None => (today.saturating_sub(VISIT_HOLDS_DAYS.days()), None),
    }
}

/// The newest visit of a household, and when somebody was last met there.
#[derive(Debug, Clone, PartialEq)]
pub struct LastVisit {
    /// The newest visit.
    pub id: RecordId,
    /// When it was, as written.
    pub at: String,
    /// When it promised to come again.
    pub next_on: Option<Date>,
    /// Who made it.
    pub visitor: String,
    /// The last day on which the household was there, or said no: then the visit was made.
    pub made_on: Option<Date>,
}

/// The last visit of every household, by its id.
#[must_use]
pub fn last_visits(visits: &[(RecordId, &Summary)]) -> BTreeMap<RecordId, LastVisit> {
    let mut last: BTreeMap<RecordId, LastVisit> = BTreeMap::new();
    for (id, visit) in visits.iter().filter(|(_, visit)| stands(visit)) {
        let Ok(household) = visit.fact("household_id").parse::<RecordId>() else {
            continue;
        };
        let at = visit.fact("visited_at");
        let made_on = local_date(at).filter(|_| visit.fact("outcome") != "absent");
        let before = last.get(&household);
        let made_on = made_on.max(before.and_then(|before| before.made_on));
        let newest = match before {
            Some(before) if before.at.as_str() >= at => before.clone(),
            _ => LastVisit {
                id: *id,
                at: at.to_owned(),
                next_on: local_date(visit.fact("next_visit_on")),
                visitor: visit.fact("visitor_id").to_owned(),
                made_on: None,
            },
        };
        last.insert(household, LastVisit { made_on, ..newest });
    }
    last
}

/// Something that is due on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The household to see, or the attendance to follow up.
    pub record: RecordId,
    /// When.
    pub on: Date,
    /// Whom.
    pub title: String,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Duties {
    /// Poor and near-poor households that the holder looks after.
    pub mine: usize,
    /// True when none is assigned to the holder, and all of the territory are counted instead.
    pub of_territory: bool,
    /// Those of them not visited lately.
    pub unvisited: BTreeSet<RecordId>,
    /// Since when a visit counts.
    pub since: Option<Date>,
    /// The periodic round that is on.
    pub round: Option<Label>,
    /// Households to see again, the most overdue first.
    pub due: Vec<Due>,
    /// Attendances to follow up.
    pub follow_up: Vec<Due>,
    /// Own records that a reviewer returned, and whatever the holder has to mend.
    pub returned: Vec<Due>,
    /// Today's fairs, else the next one.
    pub fairs: Vec<Due>,
}

/// The records that duties and targets are worked out from.
#[derive(Default)]
pub struct Records<'a> {
    /// Households.
    pub households: BTreeMap<RecordId, &'a Summary>,
    /// Visits to households.
    pub visits: Vec<(RecordId, &'a Summary)>,
    /// Job fairs.
    pub fairs: Vec<(RecordId, &'a Summary)>,
    /// Attendances at job fairs.
    pub attendances: Vec<(RecordId, &'a Summary)>,
}

impl<'a> Records<'a> {
    /// Those of a register.
    #[must_use]
    pub fn of(index: &'a Index) -> Self {
        let of = |kind| index.of_kind(kind).map(|(id, summary)| (id, &**summary));
        Self {
            households: of("household").collect(),
            visits: of("household_visit").collect(),
            fairs: of("job_fair").collect(),
            attendances: of("job_fair_attendance").collect(),
        }
    }
}

/// Works out what is to be done today.
#[must_use]
pub fn duties(records: &Records, holder: &Holder, today: Date) -> Duties {
    let (since, round) = recent_since(today);
    let last = last_visits(&records.visits);
    let households = records.households.iter().map(|(id, household)| (*id, *household));
    let poor: Vec<(RecordId, &Summary)> = households
        .filter(|(_, household)| lives_here(household) && is_poor(household))
        .collect();
    let own = poor.iter().filter(|(_, household)| holder.looks_after(household));
    let own: Vec<_> = own.copied().collect();
    let of_territory = own.is_empty() && !poor.is_empty();
    let mine = if of_territory { poor } else { own };
    let visited = |id: &RecordId| {
        let made_on = last.get(id).and_then(|visit| visit.made_on);
        made_on.is_some_and(|day| day >= since)
    };
    let until = today.saturating_add(DUE_AHEAD_DAYS.days());
    Duties {
        mine: mine.len(),
        of_territory,
        unvisited: mine.iter().map(|(id, _)| *id).filter(|id| !visited(id)).collect(),
        since: Some(since),
        round: round.map(|round| round.label()),
        due: visits_due(records, &last, holder, until),
        follow_up: follow_ups(&records.attendances, until),
        returned: returned(records, holder, today),
        fairs: next_fairs(&records.fairs, today),
    }
}

fn visits_due(
    records: &Records,
    last: &BTreeMap<RecordId, LastVisit>,
    holder: &Holder,
    until: Date,
) -> Vec<Due> {
    let due = last.iter().filter_map(|(household, visit)| {
        let on = visit.next_on.filter(|on| *on <= until)?;
        let summary = records
            .households
            .get(household)
            .filter(|summary| lives_here(summary))?;
        let mine = visit.visitor == holder.user || holder.looks_after(summary);
        mine.then(|| Due {
            record: *household,
            on,
            title: summary.title.clone(),
        })
    });
    sorted(due.collect())
}

fn follow_ups(attendances: &[(RecordId, &Summary)], until: Date) -> Vec<Due> {
    let due = attendances.iter().filter_map(|(id, attendance)| {
        let on = local_date(attendance.fact("follow_up_on")).filter(|on| *on <= until)?;
        stands(attendance).then(|| Due {
            record: *id,
            on,
            title: attendance.title.clone(),
        })
    });
    sorted(due.collect())
}

/// Records that were returned to the holder: those of this phone, own visits, and households looked after.
fn returned(records: &Records, holder: &Holder, today: Date) -> Vec<Due> {
    let households = records.households.iter().map(|(id, summary)| (*id, *summary));
    let others = [&records.visits, &records.fairs, &records.attendances];
    let all = households.chain(others.into_iter().flatten().copied());
    let mine = all.filter(|(_, summary)| {
        let author = summary.own || summary.fact("visitor_id") == holder.user;
        stands(summary)
            && summary.fact(REVIEW_STATE) == RETURNED
            && (author || (summary.kind == "household" && holder.looks_after(summary)))
    });
    let due = mine.map(|(id, summary)| {
        let household = summary.fact("household_id").parse::<RecordId>().ok();
        let household = household.and_then(|id| records.households.get(&id));
        Due {
            record: id,
            on: today,
            // A visit is named after whom it was made to.
            title: household.map_or_else(|| summary.title.clone(), |household| household.title.clone()),
        }
    });
    sorted(due.collect())
}

/// Fairs that are on today; without one, the next that is planned.
fn next_fairs(fairs: &[(RecordId, &Summary)], today: Date) -> Vec<Due> {
    let coming = fairs.iter().filter_map(|(id, fair)| {
        let on = local_date(fair.fact("start_at"))?;
        let ends = local_date(fair.fact("end_at")).unwrap_or(on).max(on);
        let held = !matches!(fair.fact("lifecycle"), "cancelled" | "postponed");
        (stands(fair) && held && ends >= today).then(|| Due {
            record: *id,
            // A fair of several days that has begun is today's.
            on: on.max(today),
            title: fair.title.clone(),
        })
    });
    let coming = sorted(coming.collect());
    let now = coming.iter().filter(|fair| fair.on == today).count();
    coming.into_iter().take(now.max(1)).collect()
}

fn sorted(mut due: Vec<Due>) -> Vec<Due> {
    due.sort_by(|one, other| (one.on, &one.title, one.record).cmp(&(other.on, &other.title, other.record)));
    due
}

#[cfg(test)]
pub(super) mod tests;
