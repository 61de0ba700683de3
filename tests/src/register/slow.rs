//! A disk that takes its time, as a browser's does: other things go on before it answers.

use std::cell::RefCell;
use std::rc::Rc;

use futures_lite::future::yield_now;
use web::rows::{Answer, MemoryRows, Put, Row, Rows, RowsError, Shelf};

use crate::sim::dice::Dice;

/// Most turns of others before and after it does something.
const TURNS_MAX: usize = 4;

pub(super) struct Slow {
    disk: Rc<MemoryRows>,
    dice: RefCell<Dice>,
}

impl Slow {
    pub(super) fn new(disk: Rc<MemoryRows>, dice: Dice) -> Self {
        Self {
            disk,
            dice: RefCell::new(dice),
        }
    }

    async fn wait(&self) {
        let turns = self.dice.borrow_mut().below(TURNS_MAX);
        for _ in 0..turns {
            yield_now().await;
        }
    }
}

impl Rows for Slow {
    fn get<'a>(
        &'a self,
        shelf: Shelf,
        keys: &[Vec<u8>],
    ) -> Answer<'a, Result<Vec<Option<Vec<u8>>>, RowsError>> {
        let keys = keys.to_vec();
        Box::pin(async move {
            self.wait().await;
            let found = self.disk.get(shelf, &keys).await;
            self.wait().await;
            found
        })
    }

    fn all(&self, shelf: Shelf) -> Answer<'_, Result<Vec<Row>, RowsError>> {
        Box::pin(async move {
            self.wait().await;
            let found = self.disk.all(shelf).await;
            self.wait().await;
            found
        })
    }

    fn write(&self, puts: Vec<Put>) -> Answer<'_, Result<(), RowsError>> {
        Box::pin(async move {
            self.wait().await;
            let written = self.disk.write(puts).await;
            self.wait().await;
            written
        })
    }
}
