//! What a demo prints: a table for people, one JSON line for machines.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::people::{DEMO_PASSWORD, Person};
use crate::access::people::signs_in;
use crate::app::App;
use crate::messages::{Lang, words};

/// Sign-ins and codes as a table.
#[must_use]
pub fn table(people: &[Person], lang: Lang) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", words(lang, "demo.invented", &[]));
    let _ = writeln!(
        text,
        "{}\n",
        words(lang, "demo.password", &[("password", DEMO_PASSWORD.to_owned())])
    );
    let head = ["demo.login", "demo.role", "demo.code", "demo.units"].map(|key| words(lang, key, &[]));
    row(&mut text, [&head[0], &head[1], &head[2], &head[3]]);
    for person in people {
        let role = words(lang, &format!("role.{}", person.role.name()), &[]);
        row(
            &mut text,
            [
                &person.login,
                &role,
                person.code.as_deref().unwrap_or("–"),
                &person.units,
            ],
        );
    }
    let _ = writeln!(text, "\n{}", words(lang, "demo.codes", &[]));
    text
}

fn row(text: &mut String, [login, role, code, units]: [&str; 4]) {
    let _ = writeln!(
        text,
        "{}  {}  {}  {units}",
        padded(login, 24),
        padded(role, 18),
        padded(code, 12)
    );
}

/// `text` filled up to `width` characters. Vietnamese letters in NFC take one place each.
fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

/// The same as one JSON object on one line.
#[must_use]
pub fn line(app: &App, people: &[Person]) -> Value {
    let person = |person: &Person| {
        let password = signs_in(person.role).then_some(DEMO_PASSWORD);
        json!({
            "login": person.login,
            "name": person.name,
            "role": person.role.name(),
            "units": person.units,
            "password": password,
            "code": person.code,
            "url": person.url,
        })
    };
    json!({
        "listening": app.config.http.public_url,
        "data": app.config.data,
        "demo": true,
        "people": people.iter().map(person).collect::<Vec<_>>(),
    })
}
