//! Something that is at the server: on its way, here, or not to be had. And something that is being done there.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Desk;
use crate::api::Failure;

/// Something at the server. What was there stays while it is asked for again, so nothing flickers.
pub struct Remote<T: Send + Sync + 'static> {
    /// What it is, once it came.
    pub value: RwSignal<Option<T>>,
    /// Why it is not to be had.
    pub failure: RwSignal<Option<Failure>>,
    turn: RwSignal<u64>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Remote<T> {
    /// Nothing was asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            value: RwSignal::new(None),
            failure: RwSignal::new(None),
            turn: RwSignal::new(0),
        }
    }

    /// Asks; an answer to an older question is not heard any more.
    pub fn ask(self, desk: Desk, answer: impl Future<Output = Result<T, Failure>> + 'static) {
        let turn = self.turn.get_untracked() + 1;
        self.turn.set(turn);
        spawn_local(async move {
            let answer = answer.await;
            // The screen may be gone, or have asked something else.
            if self.turn.try_get_untracked() != Some(turn) {
                return;
            }
            match answer {
                Ok(value) => {
                    self.failure.set(None);
                    // What did not change is not drawn again: the focus stays where it is.
                    if self
                        .value
                        .with_untracked(|before| before.as_ref() != Some(&value))
                    {
                        self.value.set(Some(value));
                    }
                }
                Err(failure) => {
                    desk.heed(&failure);
                    if !failure.is_signed_out() {
                        self.failure.set(Some(failure));
                    }
                }
            }
        });
    }

    /// Forgets what it was: something else is asked for.
    pub fn forget(self) {
        self.turn.update(|turn| *turn += 1);
        self.value.set(None);
        self.failure.set(None);
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Default for Remote<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Something that is being done at the server, one at a time.
#[derive(Clone, Copy)]
pub struct Doing {
    /// Whether it is going on.
    pub busy: RwSignal<bool>,
    /// Why it was not done.
    pub failure: RwSignal<Option<Failure>>,
}

impl Doing {
    /// Nothing is being done.
    #[must_use]
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
        }
    }

    /// Does it, and then `done`; a second one meanwhile is not begun.
    pub fn run<T: 'static>(
        self,
        desk: Desk,
        act: impl Future<Output = Result<T, Failure>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = act.await;
            if self.busy.try_set(false).is_some() {
                // The screen is gone; the server has heard it all the same.
                return;
            }
            match answer {
                Ok(value) => done(value),
                Err(failure) => {
                    desk.heed(&failure);
                    self.failure.set(Some(failure));
                }
            }
        });
    }
}

impl Default for Doing {
    fn default() -> Self {
        Self::new()
    }
}
