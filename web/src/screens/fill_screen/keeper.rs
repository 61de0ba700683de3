//! Writes drafts one after the other: the newest wins, and typing waits for none.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use async_lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::phone::{Draft, Register};

/// Keeps one draft.
pub struct Keeper {
    register: Rc<Register>,
    /// What is to be written next; a write that waits for its turn takes the newest.
    wanted: RefCell<Option<Draft>>,
    closed: Cell<bool>,
    pen: Mutex<()>,
}

impl Keeper {
    /// Nothing is wanted yet.
    pub fn new(register: Rc<Register>) -> Rc<Self> {
        Rc::new(Self {
            register,
            wanted: RefCell::new(None),
            closed: Cell::new(false),
            pen: Mutex::new(()),
        })
    }

    /// Writes this draft as soon as the one before is written. `failed` says the code of what went
    /// wrong, until a write succeeds.
    pub fn keep(self: &Rc<Self>, draft: Draft, failed: RwSignal<Option<String>>) {
        if self.closed.get() || self.wanted.replace(Some(draft)).is_some() {
            return;
        }
        let keeper = Rc::clone(self);
        spawn_local(async move {
            let _pen = keeper.pen.lock().await;
            let Some(draft) = keeper.wanted.take() else { return };
            let result = keeper.register.keep_draft(&draft).await;
            let code = result.err().map(|error| error.code());
            // A screen that is gone shows nothing; the draft is written all the same.
            if failed.try_with_untracked(|before| *before != code) == Some(true) {
                let _ = failed.try_set(code);
            }
        });
    }

    /// No write is under way after this, and none begins: the draft is about to go.
    pub async fn close(&self) {
        self.closed.set(true);
        self.wanted.take();
        drop(self.pen.lock().await);
    }

    /// The draft stays after all.
    pub fn reopen(&self) {
        self.closed.set(false);
    }
}
