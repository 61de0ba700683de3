//! A household with its members, who become bits.

use super::derive::Read;
use super::{Household, Member, codes};
use crate::expr::local_date;
use crate::report::key::Key;
use crate::report::period::day_number;

/// Where a member of the loser of a merge is said to be one of the survivor's.
const SAME_MEMBER: &str = "review/same_member";

pub(super) fn of(read: Read<'_>) -> Household {
    let moved = read.day("move_date");
    let (since, until) = match read.text("move_status") {
        Some("moved_in" | "split") => (moved, None),
        // Without a day nobody can say since when: it is gone.
        Some("moved_out" | "merged" | "dissolved") => (None, Some(moved.unwrap_or(i32::MIN))),
        _ => (None, None),
    };
    let rows = read.rows("members");
    let head = rows
        .iter()
        .find(|row| read.text(&format!("members/{row}/relation")) == Some("head"));
    let woman = head.and_then(|row| read.text(&format!("members/{row}/sex")));
    Household {
        urban: read.text("area_type") == Some("urban"),
        ethnicity: read.ethnicity("ethnicity_code"),
        class: read.code(&codes::CLASSES, "current_class"),
        since,
        until,
        woman_head: woman.map(|sex| sex == "female"),
        members: rows.iter().filter_map(|row| member(read, row)).collect(),
        same_members: same_members(read),
    }
}

/// A member who lives there; those who moved away or died count no longer.
fn member(read: Read<'_>, row: &str) -> Option<Member> {
    let path = |field: &str| format!("members/{row}/{field}");
    let word = |field: &str| read.text(&path(field));
    if matches!(word("presence"), Some("moved" | "deceased")) {
        return None;
    }
    let truth = |field: &str| read.truth(&path(field));
    let employed = word("employment_status") == Some("employed");
    let answers = [
        (Member::INSURED, truth("has_health_insurance") == Some(true)),
        (Member::INSURED_KNOWN, truth("has_health_insurance").is_some()),
        (Member::LITERATE, truth("literate") == Some(true)),
        (Member::LITERATE_KNOWN, truth("literate").is_some()),
        (Member::ABLE, truth("able_to_work") == Some(true)),
        (Member::STABLE, employed && truth("stable_income") == Some(true)),
        (Member::WOMAN, word("sex") == Some("female")),
        (
            Member::DISABLED,
            word("disability").is_some_and(|degree| degree != "none"),
        ),
    ];
    let yes = answers.iter().filter(|(_, yes)| *yes);
    let born = word("birth_date").and_then(local_date);
    Some(Member {
        id: Key::parse(row)?,
        // Of somebody with only a year, the oldest they can be counts, as everywhere (see `poverty::Age`).
        born: born.map(|date| match word("birth_precision") {
            Some("month") => day_number(date.first_of_month()),
            Some("year") => day_number(date.first_of_year()),
            _ => day_number(date),
        }),
        bits: yes.fold(0, |bits, (bit, _)| bits | bit),
    })
}

fn same_members(read: Read<'_>) -> Vec<(Key, Key)> {
    let named = read.below(SAME_MEMBER);
    named
        .filter_map(|(row, path)| Some((Key::parse(row)?, read.key(path)?)))
        .collect()
}
