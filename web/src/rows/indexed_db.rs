//! Rows in the browser's own database, through a few lines of JavaScript: no crate asks for strict
//! durability, and a promise that resolves on `oncomplete` is all there is to it.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::{Answer, Put, Row, Rows, RowsError, Shelf};
use crate::browser::glue;

/// A database of this origin.
pub struct IndexedDb {
    database: JsValue,
}

impl IndexedDb {
    /// Opens a database; a new one gets every shelf.
    ///
    /// # Errors
    /// When the browser keeps no data here.
    pub async fn open(name: &str) -> Result<Self, RowsError> {
        let shelves: Array = Shelf::ALL
            .iter()
            .map(|shelf| JsValue::from_str(shelf.name()))
            .collect();
        let database = glue::idb_open(name, &shelves).await.map_err(failed)?;
        Ok(Self { database })
    }
}

impl Drop for IndexedDb {
    fn drop(&mut self) {
        glue::idb_close(&self.database);
    }
}

/// Deletes a database and everything in it.
///
/// # Errors
/// When the browser does not.
pub async fn delete_database(name: &str) -> Result<(), RowsError> {
    glue::idb_delete(name).await.map_err(failed)?;
    Ok(())
}

impl Rows for IndexedDb {
    fn get<'a>(
        &'a self,
        shelf: Shelf,
        keys: &[Vec<u8>],
    ) -> Answer<'a, Result<Vec<Option<Vec<u8>>>, RowsError>> {
        let keys: Array = keys
            .iter()
            .map(|key| JsValue::from(Uint8Array::from(key.as_slice())))
            .collect();
        Box::pin(async move {
            let rows = glue::idb_get(&self.database, shelf.name(), &keys)
                .await
                .map_err(failed)?;
            Ok(Array::from(&rows).iter().map(|row| bytes(&row)).collect())
        })
    }

    fn all(&self, shelf: Shelf) -> Answer<'_, Result<Vec<Row>, RowsError>> {
        Box::pin(async move {
            let both = glue::idb_all(&self.database, shelf.name())
                .await
                .map_err(failed)?;
            let both = Array::from(&both);
            let (keys, rows) = (Array::from(&both.get(0)), Array::from(&both.get(1)));
            let pairs = keys.iter().zip(rows.iter());
            Ok(pairs
                .filter_map(|(key, row)| Some((key_bytes(&key), bytes(&row)?)))
                .collect())
        })
    }

    fn write(&self, puts: Vec<Put>) -> Answer<'_, Result<(), RowsError>> {
        let puts: Array = puts
            .into_iter()
            .map(|put| {
                let value = put
                    .value
                    .map_or(JsValue::NULL, |value| Uint8Array::from(value.as_slice()).into());
                let key = Uint8Array::from(put.key.as_slice());
                JsValue::from(Array::of3(&JsValue::from_str(put.shelf.name()), &key, &value))
            })
            .collect();
        Box::pin(async move {
            glue::idb_write(&self.database, &puts).await.map_err(failed)?;
            Ok(())
        })
    }
}

fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

/// Keys come back as array buffers.
fn key_bytes(key: &JsValue) -> Vec<u8> {
    Uint8Array::new(key).to_vec()
}

/// A full disk says so by the name of its error only; its message is empty.
fn failed(error: JsValue) -> RowsError {
    let name = glue::error_name(&error);
    match name.as_str() {
        "QuotaExceededError" => RowsError::Full,
        "InvalidStateError" | "VersionError" => RowsError::Elsewhere,
        _ => RowsError::Refused(name),
    }
}
