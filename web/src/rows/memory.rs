//! Rows in a map: what tests use for a disk, with its failures.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::ready;

use super::{Answer, Put, Row, Rows, RowsError, Shelf};

/// What lies on it, by shelf and key.
type Shelved = BTreeMap<(Shelf, Vec<u8>), Vec<u8>>;

/// A disk in memory.
#[derive(Debug, Default)]
pub struct MemoryRows {
    rows: RefCell<Shelved>,
    full_after: Cell<Option<u32>>,
}

impl MemoryRows {
    /// The disk takes this many more transactions and then is full; `None`: never.
    pub fn fill_after(&self, transactions: Option<u32>) {
        self.full_after.set(transactions);
    }

    /// Another disk with the same rows: what a copy, or a restart, finds.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            rows: self.rows.clone(),
            full_after: Cell::new(None),
        }
    }
}

impl Rows for MemoryRows {
    fn get<'a>(
        &'a self,
        shelf: Shelf,
        keys: &[Vec<u8>],
    ) -> Answer<'a, Result<Vec<Option<Vec<u8>>>, RowsError>> {
        let rows = self.rows.borrow();
        let found = keys
            .iter()
            .map(|key| rows.get(&(shelf, key.clone())).cloned())
            .collect();
        Box::pin(ready(Ok(found)))
    }

    fn all(&self, shelf: Shelf) -> Answer<'_, Result<Vec<Row>, RowsError>> {
        let rows = self.rows.borrow();
        let of_shelf = rows.iter().filter(|((lies, _), _)| *lies == shelf);
        let found = of_shelf
            .map(|((_, key), row)| (key.clone(), row.clone()))
            .collect();
        Box::pin(ready(Ok(found)))
    }

    fn write(&self, puts: Vec<Put>) -> Answer<'_, Result<(), RowsError>> {
        match self.full_after.get() {
            Some(0) => return Box::pin(ready(Err(RowsError::Full))),
            Some(more) => self.full_after.set(Some(more - 1)),
            None => {}
        }
        let mut rows = self.rows.borrow_mut();
        for put in puts {
            match put.value {
                Some(value) => rows.insert((put.shelf, put.key), value),
                None => rows.remove(&(put.shelf, put.key)),
            };
        }
        Box::pin(ready(Ok(())))
    }
}
