//! The field app with 2,000 records on a processor four times slower: from a cold browser to a list one can use, a
//! household with twenty visits, typing, saving.
//!
//! The page itself takes the times, from the event to the first frame after what was waited for is there.

use std::path::Path;

use device::clock::{system_random, wall_clock};
use device::{HttpTransport, Phone};
use serde_json::{Value, json};

use super::{Figure, Table};
use crate::browser::WebPhone;
use crate::programs::{CADRE, Demo};

const PIN: &str = "280391";
/// A cheap phone beside this machine.
const SLOWER: u32 = 4;
/// Invented records: households, and support visits to them.
const HOUSEHOLDS: usize = 700;
const VISITS: usize = 1300;
/// Visits to the household that is opened.
const VISITS_OF_ONE: usize = 20;
/// What is typed, in the tongue of those who will.
const TYPED: &str = "Gia đình muốn vay vốn nuôi lợn nái và học nghề xây dựng";

/// Measures.
///
/// # Panics
/// When the app does not do what it is asked.
#[must_use]
pub fn run() -> Table {
    let demo = Demo::start();
    let many = write_many(&demo);
    let mut phone = WebPhone::new(&demo.url);
    let mut figures = Vec::new();

    prepare(&phone);
    let code = demo.command(&["enroll", CADRE]);
    phone.enrol(code["code"].as_str().expect("a code"), PIN);
    let pulled = waited(&phone, "'[data-id=\"home\"]'", "null");
    figures.push(Figure::new(
        "first visit: page, enrolment and first pull, all told",
        pulled,
        "ms",
    ));
    phone.wait("the app is kept for use offline", || {
        let script = "const done = arguments[0];
            navigator.serviceWorker.ready.then((kept) => done(kept.active?.state === 'activated'))";
        let active = phone.session().run_async(script, &[]).ok()?;
        (active == true).then_some(())
    });

    phone.battery_dies();
    prepare(&phone);
    let baseline_ms = baseline(&phone);
    phone.open("");
    phone.see("pin");
    let lock = waited(&phone, "'[data-id=\"pin\"]'", "null");
    phone.type_in("pin", PIN);
    let home = waited(
        &phone,
        "'[data-id=\"home\"]'",
        "document.querySelector('[data-id=\"pin:done\"]')",
    );
    let list = waited(
        &phone,
        "'[data-id^=\"household:\"]'",
        "document.querySelector('[data-id=\"households\"]')",
    );
    figures.push(Figure::new("cold start to the lock", lock, "ms"));
    figures.push(Figure::new(
        "PIN (argon2id) to the first screen with 2,000 records",
        home,
        "ms",
    ));
    figures.push(Figure::new("first screen to the list of households", list, "ms"));
    figures.push(Figure::new("start to a usable list", lock + home + list, "ms").below(3000.0));

    let open = "(() => { location.hash = arguments[0]; })()";
    phone
        .session()
        .run(open, &[json!("home")])
        .expect("goes to the first screen");
    phone.see("households");
    let go = format!("{{ click() {{ location.hash = 'household/{many}'; }} }}");
    let opened = waited(&phone, "'[data-id^=\"visit:\"]:nth-of-type(1)'", &go);
    figures.push(Figure::new("a household with 20 visits, opened", opened, "ms").below(300.0));

    phone.tap("visit:new");
    let form = waited(
        &phone,
        "'[data-id=\"outcome=met\"]'",
        "document.querySelector('[data-id=\"visit:type:support\"]')",
    );
    figures.push(Figure::new("a visit begun, to its first page", form, "ms"));
    phone.tap("outcome=met");
    phone.tap("fill:next");
    phone.see("aspirations");
    phone
        .session()
        .run(
            "window.bench.keys.length = 0; window.bench.tasks.length = 0;",
            &[],
        )
        .expect("forgets");
    type_slowly(&phone);
    let keys = numbers(&phone, "window.bench.keys");
    let worst = keys.iter().copied().fold(0.0, f64::max);
    let mean = keys.iter().sum::<f64>() / keys.len().max(1) as f64;
    figures.push(Figure::new(
        "a key, from press to the next frame: mean",
        mean,
        "ms",
    ));
    figures.push(Figure::new(
        "a key, from press to the next frame: slowest",
        worst,
        "ms",
    ));
    let longest = numbers(&phone, "window.bench.tasks")
        .into_iter()
        .fold(0.0, f64::max);
    figures.push(Figure::new("longest task while typing", longest, "ms"));

    let last = "document.querySelector('[data-id=\"fill:submit\"]')";
    phone.see("fill:submit");
    let saved = waited(
        &phone,
        "'[data-id=\"fill:submit_anyway\"], [data-id=\"visit:new\"]'",
        last,
    );
    figures.push(Figure::new(
        "the visit sent, to disk or to a question",
        saved,
        "ms",
    ));
    Table {
        title: format!(
            "The field app with {} records, processor slowed {SLOWER} times",
            HOUSEHOLDS + VISITS
        ),
        baseline_ms,
        figures,
    }
}

/// Writes invented records as one cadre's phone would, and sends them. Returns the household with many visits.
fn write_many(demo: &Demo) -> String {
    let home = tempfile::tempdir().expect("a temporary directory");
    let mut phone = enrolled(demo, home.path());
    let mut transport = HttpTransport::new(&demo.url);
    phone.sync(&mut transport, "vi").expect("a first sync");
    let listed = phone.list("household", None).expect("a list");
    let first = phone_record(&phone, &listed["items"][0]["id"]);
    let village = first["data"]["village_id"].clone();
    let mut households = Vec::new();
    for number in 0..HOUSEHOLDS {
        let name = format!("Sùng A {} (bịa)", name_of(number));
        let answers = json!({
            "village_id": village, "head_name": name, "head_birth_year": 1950 + number % 50, "area_type": "rural",
            "ethnicity_code": "08", "move_status": "resident",
            "members": [{ "full_name": name, "relation": "head", "sex": "male", "birth_date": "1970-01-01",
                "birth_precision": "year", "ethnicity_code": "08", "has_health_insurance": true,
                "presence": "present" }],
        });
        let made = phone
            .new_record("household", None, &answers)
            .expect("a household");
        households.push(made["id"].as_str().expect("an id").to_owned());
    }
    for number in 0..VISITS {
        let household = if number < VISITS_OF_ONE {
            0
        } else {
            number % HOUSEHOLDS
        };
        let answers = json!({
            "household_id": households[household], "visit_type": "support", "outcome": "met",
            "visited_at": format!("2024-{:02}-{:02}T09:00:00+07:00", 1 + number % 12, 1 + number / 12 % 28),
            "aspirations": format!("Muốn vay vốn nuôi lợn, lần {number} (bịa)"),
        });
        phone
            .new_record("household_visit", None, &answers)
            .expect("a visit");
    }
    phone.sync(&mut transport, "vi").expect("a sync");
    households.swap_remove(0)
}

fn enrolled(demo: &Demo, home: &Path) -> Phone {
    let issued = demo.command(&["enroll", CADRE]);
    let mut phone = Phone::open(home, Box::new(wall_clock), Box::new(system_random)).expect("a home");
    let code = issued["code"].as_str().expect("a code");
    phone
        .enroll(&mut HttpTransport::new(&demo.url), &demo.url, code, None)
        .expect("enrols");
    phone
}

fn phone_record(phone: &Phone, id: &Value) -> Value {
    let id = id.as_str().and_then(|id| id.parse().ok()).expect("an id");
    phone.show(id, "vi").expect("a record")
}

/// Names that differ, so that nobody is taken for somebody else.
fn name_of(number: usize) -> String {
    const GIVEN: [&str; 10] = [
        "Chứ", "Páo", "Sử", "Vàng", "Lử", "Dình", "Khoa", "Tủa", "Mạnh", "Sình",
    ];
    format!("{} {}", GIVEN[number / 10 % 10], GIVEN[number % 10]) + &" Pó".repeat(number / 100)
}

/// Slows the processor and sets a watch into every page.
fn prepare(phone: &WebPhone) {
    let watch = "window.bench = { keys: [], tasks: [] };
        new PerformanceObserver((list) => list.getEntries().forEach((one) => {
            if (one.name === 'keydown') window.bench.keys.push(one.duration);
        })).observe({ type: 'event', durationThreshold: 16, buffered: true });
        new PerformanceObserver((list) => list.getEntries().forEach((one) => window.bench.tasks.push(one.duration)))
            .observe({ type: 'longtask', buffered: true });";
    phone.session().devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        &json!({ "source": watch }),
    );
    phone
        .session()
        .devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": SLOWER }));
}

/// A piece of work known to all: a million steps of a hash in plain JavaScript.
fn baseline(phone: &WebPhone) -> f64 {
    let script = "const begun = performance.now(); let hash = 2166136261;
        for (let step = 0; step < 20_000_000; step++) hash = Math.imul(hash ^ (step & 255), 16777619);
        return [performance.now() - begun, hash][0];";
    let took = phone.session().run(script, &[]).expect("a number");
    took.as_f64().unwrap_or_default()
}

/// Clicks `what` (or nothing) and waits, in the page, until an element of `css` is shown and painted. Milliseconds
/// since the click, or since the page was asked for.
fn waited(phone: &WebPhone, css: &str, what: &str) -> f64 {
    let script = format!(
        "const done = arguments[arguments.length - 1];
        const what = {what}; const begun = what === null ? 0 : performance.now();
        const look = () => [...document.querySelectorAll({css})].some((one) => one.offsetParent !== null)
            ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
            : requestAnimationFrame(look);
        what?.click(); look();"
    );
    let took = phone.session().run_async(&script, &[]).expect("it appears");
    took.as_f64().unwrap_or_default()
}

/// One key after another, as a person types.
fn type_slowly(phone: &WebPhone) {
    let field = phone.see("aspirations");
    for letter in TYPED.chars() {
        phone
            .session()
            .element(&field, "value", &json!({ "text": letter.to_string() }))
            .expect("typed");
        std::thread::sleep(std::time::Duration::from_millis(120));
    }
}

fn numbers(phone: &WebPhone, expression: &str) -> Vec<f64> {
    let found = phone
        .session()
        .run(&format!("return {expression}"), &[])
        .unwrap_or_default();
    found
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect()
}
