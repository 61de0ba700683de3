//! When a form is evaluated again: at once after a tap, and after typing when there is a pause.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use schemas::value::Answers;

/// How long after the last key the form is evaluated again. Evaluating a household of eight takes a
/// cheap phone a tenth of a second; a person who types must not feel that.
pub(super) const PAUSE: Duration = Duration::from_millis(250);

/// When the form hears of an edit.
#[derive(Clone, Copy)]
pub(super) struct Hearing {
    /// Rises when the form is to be evaluated again.
    pub turn: RwSignal<u32>,
    /// Whether the edit that is under way was typed.
    pub typed: StoredValue<bool>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Hearing {
    pub(super) fn new(answers: RwSignal<Answers>) -> Self {
        let hearing = Self {
            turn: RwSignal::new(0),
            typed: StoredValue::new(false),
            waiting: StoredValue::new(None),
        };
        Effect::new(move |before: Option<()>| {
            answers.track();
            match (before, hearing.typed.get_value()) {
                (None, _) => {}
                (Some(()), true) => hearing.after_a_pause(),
                (Some(()), false) => hearing.now(),
            }
        });
        hearing
    }

    /// Evaluates now.
    pub(super) fn now(self) {
        if let Some(waiting) = self.waiting.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
        self.typed.set_value(false);
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
    }

    fn after_a_pause(self) {
        // The form may be gone when the pause is over.
        let hear = move || {
            if self.turn.try_get_untracked().is_some() {
                self.now();
            }
        };
        let waiting = set_timeout_with_handle(hear, PAUSE).ok();
        let before = self
            .waiting
            .try_update_value(|kept| std::mem::replace(kept, waiting));
        if let Some(before) = before.flatten() {
            before.clear();
        }
    }
}
