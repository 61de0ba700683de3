use jiff::civil::date;

use super::*;

pub(in crate::screens) fn id(n: u8) -> RecordId {
    format!("01900000-0000-7000-8000-0000000000{n:02}")
        .parse()
        .expect("an id")
}

/// A record as lists show it, with these short answers.
pub(in crate::screens) fn record(kind: &str, title: &str, facts: &[(&str, &str)]) -> Summary {
    let facts = facts
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()));
    Summary {
        kind: kind.to_owned(),
        title: title.to_owned(),
        facts: facts.collect(),
        search: schemas::text::fold_search(title),
        sort: schemas::text::person_sort_key(title),
        ..Summary::default()
    }
}

fn household(title: &str, class: &str, helper: &str) -> Summary {
    let facts = [
        ("village_id", "lung-cai-1"),
        ("current_class", class),
        ("helper_user_id", helper),
        ("move_status", "resident"),
    ];
    record("household", title, &facts)
}

fn visit(of: RecordId, at: &str, outcome: &str, next: &str) -> Summary {
    let of = of.to_string();
    let facts = [
        ("household_id", of.as_str()),
        ("visited_at", at),
        ("outcome", outcome),
        ("next_visit_on", next),
        ("visitor_id", "me"),
    ];
    record("household_visit", "", &facts)
}

fn me() -> Holder {
    Holder {
        user: "me".to_owned(),
        villages: None,
    }
}

fn numbered(summaries: &[Summary]) -> Vec<(RecordId, &Summary)> {
    let number = |at: usize| id(u8::try_from(at).expect("few"));
    let summaries = summaries.iter().enumerate();
    summaries.map(|(at, summary)| (number(at), summary)).collect()
}

fn records<'a>(households: &'a [Summary], visits: &'a [Summary]) -> Records<'a> {
    Records {
        households: numbered(households).into_iter().collect(),
        visits: numbered(visits),
        ..Records::default()
    }
}

#[test]
fn who_was_not_visited_in_the_round() {
    let mut moved = household("Sùng Seo Dìn", "poor", "me");
    moved
        .facts
        .insert("move_status".to_owned(), "moved_out".to_owned());
    let households = [
        household("Giàng A Páo", "poor", "me"),
        household("Thào Thị Súa", "near_poor", "me"),
        household("Vàng A Lử", "poor", "me"),
        household("Lù Seo Phủ", "non_poor", "me"),
        household("Má A Đề", "poor", "another"),
        moved,
    ];
    let visits = [
        visit(id(0), "2026-09-02T08:00:00+07:00", "met", ""),
        // Before the round began, and a visit that found nobody: neither counts.
        visit(id(1), "2026-08-31T08:00:00+07:00", "met", ""),
        visit(id(2), "2026-11-01T08:00:00+07:00", "absent", ""),
    ];
    let duties = duties(&records(&households, &visits), &me(), date(2026, 11, 23));
    assert_eq!((duties.mine, duties.of_territory), (3, false));
    assert_eq!(duties.unvisited, BTreeSet::from([id(1), id(2)]));
    assert!(duties.round.is_some());
}

#[test]
fn outside_a_round_a_visit_holds_thirty_days() {
    let households = [
        household("Giàng A Páo", "poor", "me"),
        household("Vàng A Lử", "poor", "me"),
    ];
    let visits = [
        visit(id(0), "2026-02-01T08:00:00+07:00", "met", ""),
        visit(id(1), "2026-01-30T08:00:00+07:00", "met", ""),
    ];
    let duties = duties(&records(&households, &visits), &me(), date(2026, 3, 3));
    assert_eq!(duties.unvisited, BTreeSet::from([id(1)]));
    assert!(duties.round.is_none());
}

#[test]
fn without_assignments_the_whole_territory_counts() {
    let households = [
        household("Giàng A Páo", "poor", ""),
        household("Vàng A Lử", "poor", "another"),
    ];
    let found = duties(&records(&households, &[]), &me(), date(2026, 3, 3));
    assert_eq!((found.mine, found.of_territory), (2, true));
    let head = Holder {
        user: "head".to_owned(),
        villages: Some(BTreeSet::from(["lung-cai-1".to_owned()])),
    };
    let found = duties(&records(&households, &[]), &head, date(2026, 3, 3));
    assert_eq!((found.mine, found.of_territory), (2, false));
}

#[test]
fn an_appointment_is_due_until_somebody_came() {
    let households = [
        household("Giàng A Páo", "poor", "me"),
        household("Vàng A Lử", "poor", "me"),
    ];
    let mut voided = visit(id(1), "2026-11-22T08:00:00+07:00", "met", "");
    voided
        .facts
        .insert("void_reason".to_owned(), "nhầm hộ".to_owned());
    let visits = [
        visit(id(0), "2026-11-01T08:00:00+07:00", "met", "2026-11-20"),
        visit(id(0), "2026-11-20T08:00:00+07:00", "absent", "2026-12-20"),
        visit(id(1), "2026-11-01T08:00:00+07:00", "met", "2026-11-26"),
        voided,
    ];
    let found = duties(&records(&households, &visits), &me(), date(2026, 11, 23));
    let due: Vec<_> = found.due.iter().map(|due| (due.record, due.on)).collect();
    assert_eq!(due, [(id(1), date(2026, 11, 26))]);
    let early = duties(&records(&households, &visits), &me(), date(2026, 11, 22));
    assert_eq!(early.due, Vec::new());
}

#[test]
fn fairs_of_today_or_the_next_one() {
    let fair = |name: &str, start: &str, end: &str, lifecycle: &str| {
        record(
            "job_fair",
            name,
            &[("start_at", start), ("end_at", end), ("lifecycle", lifecycle)],
        )
    };
    let fairs = [
        fair(
            "past",
            "2026-11-01T08:00:00+07:00",
            "2026-11-01T16:00:00+07:00",
            "held",
        ),
        fair(
            "far",
            "2026-12-20T08:00:00+07:00",
            "2026-12-20T16:00:00+07:00",
            "planned",
        ),
        fair(
            "off",
            "2026-11-25T08:00:00+07:00",
            "2026-11-25T16:00:00+07:00",
            "cancelled",
        ),
        fair(
            "two days",
            "2026-11-22T08:00:00+07:00",
            "2026-11-23T16:00:00+07:00",
            "planned",
        ),
    ];
    let records = Records {
        fairs: numbered(&fairs),
        ..Records::default()
    };
    let names = |today| {
        let found = duties(&records, &me(), today);
        found.fairs.into_iter().map(|fair| fair.title).collect::<Vec<_>>()
    };
    assert_eq!(names(date(2026, 11, 23)), ["two days"]);
    assert_eq!(names(date(2026, 11, 24)), ["far"]);
    assert_eq!(names(date(2027, 1, 1)), Vec::<String>::new());
}

#[test]
fn attendances_to_follow_up() {
    let attendance = |name: &str, on: &str| record("job_fair_attendance", name, &[("follow_up_on", on)]);
    let attendances = [
        attendance("Páo", "2026-11-25"),
        attendance("Súa", "2026-12-25"),
        attendance("Lử", ""),
    ];
    let records = Records {
        attendances: numbered(&attendances),
        ..Records::default()
    };
    let found = duties(&records, &me(), date(2026, 11, 23));
    assert_eq!(found.follow_up.len(), 1);
    assert_eq!(found.follow_up[0].title, "Páo");
}

#[test]
fn what_was_returned_is_to_be_mended_by_whom_it_was_returned_to() {
    let households = [
        household("Sùng A Chứ", "poor", "other"),
        household("Giàng A Páo", "poor", "me"),
    ];
    let returned = |mut summary: Summary, state: &str| {
        summary.facts.insert(REVIEW_STATE.to_owned(), state.to_owned());
        summary
    };
    let of_another = |mut summary: Summary| {
        summary.facts.insert("visitor_id".to_owned(), "other".to_owned());
        summary
    };
    let at = "2024-10-01T08:00:00+07:00";
    let visits = [
        returned(visit(id(0), at, "met", ""), RETURNED),
        returned(visit(id(0), at, "met", ""), "edited"),
        of_another(returned(visit(id(0), at, "met", ""), RETURNED)),
    ];
    let today = date(2024, 10, 2);
    let due = duties(&records(&households, &visits), &me(), today).returned;
    assert_eq!(
        due.iter().map(|due| due.title.as_str()).collect::<Vec<_>>(),
        ["Sùng A Chứ"]
    );
    assert_eq!(due[0].record, id(0));

    let households = [
        returned(households[0].clone(), RETURNED),
        returned(households[1].clone(), RETURNED),
    ];
    let due = duties(&records(&households, &[]), &me(), today).returned;
    assert_eq!(
        due.iter().map(|due| due.title.as_str()).collect::<Vec<_>>(),
        ["Giàng A Páo"]
    );
}
