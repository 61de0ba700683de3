//! A disk that is full at any moment: nothing half written, nothing lost, and on as before once there is room.

use futures_lite::future::block_on;
use tests::register::{Tab, Town, answers_of, household};
use web::phone::RegisterError;

use super::{Scene, scene};

/// Transactions that one act makes at most.
const TRANSACTIONS_MAX: u32 = 60;

/// Does `act` on a disk that is full after 0, 1, 2 … transactions, until it fits; each time in full view
/// of what lies there. Then there is room, and it is done again. Returns how it ended each time.
fn fills_up(
    start: &Tab,
    act: &dyn Fn(&Tab) -> Result<(), RegisterError>,
    ended: &mut dyn FnMut(&Tab),
) -> u32 {
    for transactions in 0..TRANSACTIONS_MAX {
        let tab = start.reopened();
        tab.disk.fill_after(Some(transactions));
        let before = tab.rows();
        let done = act(&tab);
        let failed = done.is_err();
        if let Err(error) = done {
            assert_eq!(error.code(), "storage_full");
            if transactions == 0 {
                assert!(tab.rows() == before, "nothing was written");
            }
        }
        tab.disk.fill_after(None);
        tab.check();
        if failed {
            act(&tab).expect("there is room");
            tab.check();
        }
        ended(&tab);
        if !failed {
            return transactions;
        }
    }
    panic!("it never fits");
}

#[test]
fn a_form_is_submitted_whole_or_not() {
    let scene = scene();
    let draft = scene
        .tab
        .draft("household", &household(scene.town.village(0), "Lý Đào"));
    block_on(scene.tab.register.keep_draft(&draft)).expect("room");
    let submit = |tab: &Tab| tab.submit(&draft).map(drop);
    let mut ended = |tab: &Tab| {
        assert_eq!(tab.answer(draft.id, "head_name"), Some("Lý Đào".into()));
        assert_eq!(block_on(tab.register.drafts()), Ok(Vec::new()));
    };
    assert_eq!(fills_up(&scene.tab, &submit, &mut ended), 1, "one transaction");
    let set = |tab: &Tab| tab.try_set(scene.households[0], "livestock", 3);
    assert_eq!(fills_up(&scene.tab, &set, &mut |_| {}), 1);
    let keep = |tab: &Tab| block_on(tab.register.keep_draft(&draft));
    assert_eq!(fills_up(&scene.tab, &keep, &mut |_| {}), 1);
}

#[test]
fn a_sync_goes_on_where_there_was_room() {
    let Scene {
        town,
        tab,
        households,
        mut other,
    } = scene();
    let roof = ("roof".to_owned(), "tile".to_owned());
    other.phone_mut().set(households[0], &[roof]).expect("an edit");
    town.sync_phone(&mut other);
    tab.household(town.village(0), "Lý Đào");
    tab.set(households[1], "livestock", 3);
    // Closed once: what is copied is one phone.
    let _ = tab.export(false);
    let sync = |tab: &Tab| tab.try_sync().map(drop);
    let mut ends = Vec::new();
    let steps = fills_up(&tab, &sync, &mut |tab| {
        assert_eq!(tab.register.unsent(), 0);
        ends.push(tab.all_answers());
    });
    assert!(steps > 3, "{steps} transactions");
    town.sync_phone(&mut other);
    let expected = answers_of(&other);
    assert!(ends.iter().all(|end| *end == expected));
}

#[test]
fn the_first_sync_goes_on_where_there_was_room() {
    let scene = scene();
    let may = scene.town.cadre("may");
    let tab = (0..).find_map(|transactions| {
        let (tab, code) = (scene.town.new_tab(), scene.town.code(&may));
        tab.disk.fill_after(Some(transactions));
        let enrolled = block_on(tab.register.enroll(&tab.wire, &code, ""));
        tab.disk.fill_after(None);
        if let Err(error) = &enrolled {
            assert_eq!(error.code(), "storage_full");
            assert!(!tab.register.is_enrolled());
            let again = tab.reopened();
            let enrolled = block_on(again.register.enroll(&again.wire, &code, ""));
            enrolled.expect("the same code, the same key");
        }
        enrolled.is_ok().then_some(tab)
    });
    let tab = tab.expect("enrolled in the end");
    let sync = |tab: &Tab| tab.try_sync().map(drop);
    let expected = answers_of(&scene.other);
    fills_up(&tab, &sync, &mut |tab| assert_eq!(tab.all_answers(), expected));
}

#[test]
fn handing_over_on_a_full_disk() {
    let scene = scene();
    let town: &Town = &scene.town;
    let may = town.tab(&town.cadre("may"));
    may.household(town.village(1), "Vàng Thị Mẩy");
    may.set(scene.households[1], "livestock", 8);
    let bundle = may.export(true);
    let import = |tab: &Tab| block_on(tab.register.import(&bundle)).map(drop);
    let expected = may.all_answers();
    fills_up(&scene.tab, &import, &mut |tab| {
        assert_eq!(tab.all_answers(), expected)
    });
    scene.tab.set(scene.households[0], "livestock", 3);
    let export = |tab: &Tab| block_on(tab.register.export(false)).map(drop);
    fills_up(&scene.tab, &export, &mut |tab| {
        assert_eq!(tab.register.unsent(), 1)
    });
}
