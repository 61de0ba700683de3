//! Two things at once on one phone: somebody writes, hands over and takes in while a sync runs.

use futures_lite::future::{block_on, zip};
use schemas::value::Scalar;
use tests::register::{Fate, Tab, answers_of, household};
use tests::sim::dice::Dice;

use super::{Scene, scene};

/// Orders in which things may fall.
const STORIES: u64 = 40;

async fn writes(tab: &Tab, scene: &Scene, bundle: &[u8], number: u64) {
    let register = &tab.register;
    let value = |n: u64| Scalar::Int(i64::try_from(n % 7).unwrap_or_default());
    for (turn, household) in scene.households.iter().take(4).enumerate() {
        let set = vec![("livestock".to_owned(), value(number + turn as u64))];
        register.set(*household, set).await.expect("an edit");
        if turn == 1 {
            register.import(bundle).await.expect("a bundle");
        }
        if turn == 2 {
            register.export(number % 2 == 0).await.expect("a bundle");
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
        may.household(scene.town.village(1), "Vàng Thị Mẩy");
        may.set(scene.households[1], "livestock", 8);
        let bundle = may.export(true);
        may.sync();
        let tab = scene.town.new_tab();
        let code = scene.town.code(&scene.town.cadre("la"));
        block_on(tab.register.enroll(&tab.wire, &code, "")).expect("a register enrols");
        tab.sync();
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
