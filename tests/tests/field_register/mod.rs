//! The web app's register against the real server: the same promises as the other driver's, kept over rows
//! that a browser could hold.

mod busy;
mod carried;
mod cut;
mod forms;
mod full;
mod random;
mod shared;

use serde_json::json;
use sync_core::id::RecordId;
use tests::register::{Tab, Town, household};

/// A town with a cadre's register, and some records of the commune that another phone wrote.
struct Scene {
    town: Town,
    tab: Tab,
    households: Vec<RecordId>,
    other: tests::sim::cast::Handset,
}

/// Households that lie on the server in the beginning.
const HOUSEHOLDS: usize = 8;

fn scene() -> Scene {
    let town = Town::default();
    let mut other = town.phone("other", &town.cadre("other"));
    let mut households = Vec::new();
    for number in 0..HOUSEHOLDS {
        let answers = household(town.village(number % 3), &format!("Giàng A {number}"));
        let written = other.phone_mut().new_record("household", None, &answers);
        let id = written.expect("a household")["id"].as_str().map(str::parse);
        households.push(id.expect("an id").expect("an id"));
    }
    town.sync_phone(&mut other);
    let tab = town.tab(&town.cadre("sua"));
    Scene {
        town,
        tab,
        households,
        other,
    }
}

impl Scene {
    /// A visit to a household, with what is said of it.
    fn visit(&self, tab: &Tab, household: RecordId, said: &str) -> RecordId {
        let village = tab.answer(household, "village_id").expect("a village");
        let answers = json!({
            "household_id": household, "village_id": village.as_text(), "visit_type": "support",
            "visited_at": "2026-11-20T08:00:00+07:00", "outcome": "met", "aspirations": said,
        });
        tab.submit(&tab.draft("household_visit", &answers))
            .expect("a visit")
            .id
    }
}
