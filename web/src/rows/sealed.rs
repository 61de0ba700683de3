//! Rows sealed under the key of their vault.

use std::rc::Rc;

use super::{Answer, Put, Row, Rows, RowsError, Shelf};
use crate::vault::Key;

/// Seals on the way in, opens on the way out. Keys of rows stay in the clear: they are random ids.
#[derive(Clone)]
pub struct SealedRows {
    rows: Rc<dyn Rows>,
    key: Key,
}

impl SealedRows {
    /// Rows of a vault with its key.
    #[must_use]
    pub fn new(rows: Rc<dyn Rows>, key: Key) -> Self {
        Self { rows, key }
    }

    fn open(&self, shelf: Shelf, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, RowsError> {
        self.key
            .open(&place(shelf, key), sealed)
            .map_err(|_| RowsError::Damaged(shelf.name().to_owned()))
    }
}

/// What binds a row to where it lies, so that rows cannot change places.
fn place(shelf: Shelf, key: &[u8]) -> Vec<u8> {
    [shelf.name().as_bytes(), b"|", key].concat()
}

impl Rows for SealedRows {
    fn get<'a>(
        &'a self,
        shelf: Shelf,
        keys: &[Vec<u8>],
    ) -> Answer<'a, Result<Vec<Option<Vec<u8>>>, RowsError>> {
        let keys = keys.to_vec();
        Box::pin(async move {
            let rows = self.rows.get(shelf, &keys).await?;
            keys.iter()
                .zip(rows)
                .map(|(key, row)| row.map(|sealed| self.open(shelf, key, &sealed)).transpose())
                .collect()
        })
    }

    fn all(&self, shelf: Shelf) -> Answer<'_, Result<Vec<Row>, RowsError>> {
        Box::pin(async move {
            let rows = self.rows.all(shelf).await?;
            rows.into_iter()
                .map(|(key, sealed)| {
                    let row = self.open(shelf, &key, &sealed)?;
                    Ok((key, row))
                })
                .collect()
        })
    }

    fn write(&self, puts: Vec<Put>) -> Answer<'_, Result<(), RowsError>> {
        // Sealed before the transaction opens: it would close while something else is awaited.
        let sealed = puts
            .into_iter()
            .map(|put| Put {
                value: put
                    .value
                    .map(|plain| self.key.seal(&place(put.shelf, &put.key), &plain)),
                ..put
            })
            .collect();
        self.rows.write(sealed)
    }
}

#[cfg(test)]
mod tests {
    use futures_lite::future::block_on;

    use super::super::MemoryRows;
    use super::*;

    #[test]
    fn rows_are_sealed_and_do_not_change_places() {
        block_on(async {
            let disk = Rc::new(MemoryRows::default());
            let rows = SealedRows::new(disk.clone(), Key::new([1; 32]));
            rows.write(vec![Put::row(Shelf::Meta, b"token", b"secret".to_vec())])
                .await
                .expect("written");
            let lies = disk.all(Shelf::Meta).await.expect("read");
            assert!(!lies[0].1.windows(6).any(|part| part == b"secret"));
            assert_eq!(
                rows.all(Shelf::Meta).await.expect("opens"),
                [(b"token".to_vec(), b"secret".to_vec())]
            );

            let moved = Put::row(Shelf::Draft, b"token", lies[0].1.clone());
            disk.write(vec![moved]).await.expect("written");
            assert!(matches!(rows.all(Shelf::Draft).await, Err(RowsError::Damaged(_))));

            let other = SealedRows::new(disk, Key::new([2; 32]));
            assert!(other.get(Shelf::Meta, &[b"token".to_vec()]).await.is_err());
        });
    }
}
