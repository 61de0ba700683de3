//! Where something is: asked of the phone, never typed.

use leptos::prelude::*;
use schemas::value::Scalar;

use super::Point;
use super::question::Asked;
use crate::ui::{Button, Frame, Icon};
use crate::words::{number, say, t};

/// A place, with a button that asks the phone for it.
#[component]
pub(super) fn Place(asked: Asked) -> impl IntoView {
    let worth = asked.worth();
    let (waiting, refused) = (RwSignal::new(false), RwSignal::new(String::new()));
    let sheet = asked.sheet;
    let ask = {
        let asked = asked.clone();
        move |()| {
            let Some(locate) = sheet.locate else { return };
            waiting.set(true);
            refused.set(String::new());
            let asked = asked.clone();
            locate.run(Callback::new(move |answer: Result<Point, String>| {
                // The question may be gone when the phone answers; then nobody waits.
                waiting.try_set(false);
                match answer {
                    Ok(point) => asked.put(Some(Scalar::Text(written(&point)))),
                    Err(why) => {
                        refused.try_set(why);
                    }
                }
            }));
        }
    };
    let clear = {
        let asked = asked.clone();
        move |_| asked.put(None)
    };
    let text = move || {
        worth
            .get()
            .and_then(|value| value.as_text().map(described))
            .unwrap_or_default()
    };
    let Asked {
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked;
    let wrong = Signal::derive(move || {
        let refused = refused.get();
        if refused.is_empty() { error.get() } else { refused }
    });
    let there = move || worth.get().is_some();
    let asking = move || {
        t(
            if there() {
                "fill.place_again"
            } else {
                "fill.place_ask"
            },
            &[],
        )
    };
    let can_ask = sheet.locate.is_some();
    let (locate_id, clear_id, value_id) = (format!("{path}:locate"), format!("{path}:clear"), path.clone());
    view! {
        <Frame id=path label hint error=wrong required group="group">
            <output class="worth" data-id=value_id hidden=move || !there()>{text}</output>
            {can_ask.then(|| view! {
                <Button id=locate_id label=asking icon=Icon::Place busy=waiting on_click=ask />
            })}
            <Show when=there>
                <button type="button" class="link" data-id=clear_id.clone() on:click=clear.clone()>{say("ui.clear")}</button>
            </Show>
        </Frame>
    }
}

/// A place as it is stored: `lat lon altitude accuracy`, to what a phone can know.
fn written(point: &Point) -> String {
    let mut text = format!("{:.6} {:.6}", point.lat, point.lon);
    match (point.altitude, point.accuracy) {
        (altitude, Some(accuracy)) => text += &format!(" {:.0} {accuracy:.1}", altitude.unwrap_or(0.0)),
        (Some(altitude), None) => text += &format!(" {altitude:.0}"),
        (None, None) => {}
    }
    text
}

/// A stored place in words.
fn described(point: &str) -> String {
    let parts: Vec<f64> = point.split(' ').filter_map(|part| part.parse().ok()).collect();
    let degrees = |value: f64| format!("{value:.5}").replace('.', ",");
    match parts.as_slice() {
        [lat, lon, _, accuracy] => {
            let accuracy = number(accuracy.round());
            t(
                "fill.place_exact",
                &[("lat", &degrees(*lat)), ("lon", &degrees(*lon)), ("m", &accuracy)],
            )
        }
        [lat, lon, ..] => t("fill.place", &[("lat", &degrees(*lat)), ("lon", &degrees(*lon))]),
        _ => point.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use schemas::answer::{Edit, edits_from_text};
    use schemas::catalog::Catalog;

    use super::*;

    #[test]
    fn a_place_is_one_that_the_form_takes() {
        let form = Catalog::builtin().form("household").unwrap();
        let point = |altitude, accuracy| Point {
            lat: 22.4812346,
            lon: 103.97,
            altitude,
            accuracy,
        };
        for (point, text) in [
            (point(None, None), "22.481235 103.970000"),
            (point(Some(1500.4), None), "22.481235 103.970000 1500"),
            (point(None, Some(8.26)), "22.481235 103.970000 0 8.3"),
            (point(Some(1500.4), Some(8.0)), "22.481235 103.970000 1500 8.0"),
        ] {
            assert_eq!(written(&point), text);
            let edits = edits_from_text(form, "gps", text).unwrap();
            assert_eq!(edits, [("gps".to_owned(), Edit::Put(Scalar::from(text)))]);
        }
        assert_eq!(
            described("22.48 103.97 0 8.3"),
            "Vĩ độ 22,48000, kinh độ 103,97000, sai số khoảng 8 m"
        );
    }
}
