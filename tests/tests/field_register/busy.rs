//! Two things at once on one phone: somebody writes, hands over and takes in while a sync runs.

use futures_lite::future::{block_on, zip};
use schemas::value::Scalar;
use tests::register::{Fate, Tab, answers_of, household};
use tests::sim::dice::Dice;

use super::{Scene, scene};

/// Orders in which things may fall.
const STORIES: u64 = 40;
/// Edits while the sync runs.
const EDITS: usize = 12;

async fn writes(tab: &Tab, scene: &Scene, bundle: &[u8], number: u64) {
    let register = &tab.register;
    let mut dice = Dice::new(number);
    for _ in 0..EDITS {
        let household = *dice.pick(&scene.households[..4]);
        let value = Scalar::Int(i64::try_from(dice.below(7)).unwrap_or_default());
        let set = vec![("livestock".to_owned(), value)];
        register.set(household, set).await.expect("an edit");
        match dice.below(20) {
            0 => drop(register.import(bundle).await.expect("a bundle")),
            1 => drop(register.export(number.is_multiple_of(2)).await.expect("a bundle")),
            _ => {}
        }
    }
    let edit = register.begin_edit(scene.households[1]).await;
    let mut draft = edit.expect("a form");
    draft.answers.insert("roof".to_owned(), "tile".into());
    register.submit(&draft).await.expect("an edit");
}

#[test]
fn people_write_while_it_syncs() {
    for number in 0..STORIES {
        let mut scene = scene();
        let may = scene.town.tab(&scene.town.cadre("may"));
        let tab = scene.town.tab(&scene.town.cadre("la"));
        // What the sync brings meanwhile concerns the very records that are written to.
        may.household(scene.town.village(1), "Vàng Thị Mẩy");
        for household in &scene.households[..4] {
            may.set(*household, "address_detail", "gần trường");
        }
        may.sync();
        may.set(scene.households[1], "livestock", 8);
        let bundle = may.export(true);
        may.sync();
        let draft = tab.draft("household", &household(scene.town.village(0), "Lý Đào"));
        tab.submit(&draft).expect("a household");
        let tab = tab.slowly(Dice::new(number));
        if number % 3 == 0 {
            tab.wire
                .set(Fate::AnswerCut(usize::try_from(number).unwrap_or_default() * 37));
        }
        let sync = async {
            let _ = tab.register.sync(&tab.wire, &|_| {}).await;
            tab.register
                .sync(&tab.wire.another(), &|_| {})
                .await
                .expect("a sync");
        };
        block_on(zip(sync, writes(&tab, &scene, &bundle, number)));
        tab.check();
        tab.wire.set(Fate::Arrives);
        tab.sync();
        tab.check();
        assert_eq!(tab.register.unsent(), 0, "story {number}");
        for household in &scene.households[..4] {
            assert_eq!(
                scene.town.answers(*household),
                tab.answers(*household),
                "story {number}"
            );
        }
        may.sync();
        scene.town.sync_phone(&mut scene.other);
        assert_eq!(tab.all_answers(), answers_of(&scene.other), "story {number}");
        assert_eq!(may.all_answers(), answers_of(&scene.other), "story {number}");
    }
}
