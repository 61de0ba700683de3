//! Every screen for people who see little, hear the screen read, or use a keyboard: axe-core's rules of WCAG 2.2 AA,
//! and no text under 16 px, in light and in dark, on a phone and on a desk.

use serde_json::{Value, json};
use tests::browser::WebPhone;
use tests::interop::axe;
use tests::programs::{CADRE, Demo};

use super::fair::{check_in, fair_of_today, open_fair};
use super::{PIN, code};

/// What is asked of a page.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// Looks at the page as it stands, in light and in dark; what is wrong is added.
fn look(phone: &WebPhone, screen: &str, wrong: &mut Vec<String>) {
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        phone.session().devtools("Emulation.setEmulatedMedia", &media);
        let script = format!(
            "const [rules, done] = arguments;
            if (!window.axe) {{ {} }}
            // Colours that are on their way are no colours yet.
            document.getAnimations().forEach((one) => one.finish());
            axe.run(document, {{ runOnly: rules, resultTypes: ['violations'] }}).then((found) => {{
                const lines = found.violations.flatMap((one) => one.nodes.map((node) =>
                    one.id + ' ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? one.help)));
                const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (words.nextNode()) {{
                    const inside = words.currentNode.parentElement;
                    const small = parseFloat(getComputedStyle(inside).fontSize) < 16;
                    if (small && words.currentNode.data.trim() && inside.checkVisibility())
                        lines.push('small ' + words.currentNode.data.trim());
                }}
                done(lines);
            }}, (error) => done([String(error)]));",
            axe()
        );
        let found = phone.session().run_async(&script, &[json!(RULES)]);
        let lines = found.unwrap_or_else(|error| json!([error]));
        for line in lines.as_array().into_iter().flatten().filter_map(Value::as_str) {
            wrong.push(format!("{screen} ({scheme}): {line}"));
        }
    }
}

/// Goes through a form that is open, page by page.
fn leaf_through(phone: &WebPhone, form: &str, wrong: &mut Vec<String>) {
    for page in 1.. {
        look(phone, &format!("{form}, page {page}"), wrong);
        if phone.shown("fill:next").is_none() {
            return;
        }
        phone.tap("fill:next");
    }
}

fn every_screen(width: u32, height: u32) {
    let demo = Demo::start();
    let fair = fair_of_today(&demo);
    let phone = WebPhone::new(&demo.url);
    let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800 });
    phone
        .session()
        .devtools("Emulation.setDeviceMetricsOverride", &screen);
    let mut wrong = Vec::new();

    phone.open("");
    phone.see("code");
    look(&phone, "code", &mut wrong);
    phone.open(&format!("#enrol={}", code(&demo, CADRE)));
    phone.tap("code:next");
    phone.see("new_pin");
    look(&phone, "new PIN", &mut wrong);
    phone.type_in("new_pin", PIN);
    phone.tap("new_pin:done");
    phone.type_in("pin_again", PIN);
    phone.tap("pin_again:done");
    phone.see("sync:now");
    look(&phone, "first sync", &mut wrong);

    for (hash, sign) in [
        ("home", "households"),
        ("sync", "sync:now"),
        ("settings", "version"),
    ] {
        phone.open(&format!("#{hash}"));
        phone.see(sign);
        look(&phone, hash, &mut wrong);
    }
    phone.open("#households");
    let first = phone.wait("households are listed", || {
        phone.ids("household:").into_iter().find(|id| id.len() > 40)
    });
    look(&phone, "households", &mut wrong);
    phone.tap(&first);
    phone.see("visit:new");
    look(&phone, "household", &mut wrong);
    phone.tap("visit:new");
    for kind in ["support", "periodic_review"] {
        phone.see(&format!("visit:type:{kind}"));
        if kind == "support" {
            look(&phone, "kinds of visit", &mut wrong);
        }
        phone.tap(&format!("visit:type:{kind}"));
        phone.tap("outcome=met");
        leaf_through(&phone, kind, &mut wrong);
        phone.open(&format!("#{}", first.replace(':', "/")));
        phone.tap("visit:new");
    }
    phone.open(&format!("#record/{}", first.trim_start_matches("household:")));
    phone.see("record:answers");
    look(&phone, "record", &mut wrong);

    phone.open("#home");
    phone.see("fairs");
    phone.open("#fairs");
    phone.see(&format!("fair:{fair}"));
    look(&phone, "fairs", &mut wrong);
    phone.open("#home");
    open_fair(&phone, &fair);
    look(&phone, "fair", &mut wrong);
    let person = phone.wait("people are listed", || phone.ids("person:").into_iter().next());
    check_in(&phone, &person);
    look(&phone, "fair with one", &mut wrong);
    phone.tap(&phone.ids("person:")[1]);
    phone.see("checkin:save");
    look(&phone, "check-in", &mut wrong);
    phone.go_back();
    phone.open("#home");
    open_fair(&phone, &fair);
    phone.tap("walkin:new");
    phone.see("walkin:save");
    look(&phone, "walk-in", &mut wrong);
    phone.reload();
    phone.see("pin");
    look(&phone, "lock", &mut wrong);
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_hard_to_read_or_to_name_is_found() {
    let demo = Demo::start();
    let phone = WebPhone::new(&demo.url);
    phone.open("");
    phone.see("code");
    let spoil = "const words = document.createElement('p');
        words.textContent = 'grey on grey'; words.style.cssText = 'color: #777; background: #999; font-size: 12px';
        document.querySelector('main').append(words, document.createElement('input'));";
    phone.session().run(spoil, &[]).expect("the page takes it");
    let mut wrong = Vec::new();
    look(&phone, "spoiled", &mut wrong);
    for fault in ["color-contrast", "label", "small grey on grey"] {
        assert!(
            wrong.iter().any(|line| line.contains(fault)),
            "{fault} in {wrong:?}"
        );
    }
}

#[test]
fn every_screen_of_a_phone_can_be_read_and_used() {
    every_screen(360, 740);
}

#[test]
fn every_screen_of_a_desk_can_be_read_and_used() {
    every_screen(1280, 800);
}
