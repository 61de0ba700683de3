//! What is read from the store as a whole, changes rarely and is asked all the time: kept in memory, and looked at
//! against a version in the store before each use. So the server and any command beside it see a change at once.

use std::sync::{Arc, PoisonError, RwLock};

use crate::store::StoreError;

/// The newest snapshot of something, at a version of the store. Cheap to clone.
#[derive(Debug, Default)]
pub struct Newest<T>(Arc<RwLock<(u64, Arc<T>)>>);

impl<T> Clone for Newest<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Newest<T> {
    /// A snapshot at its version.
    #[must_use]
    pub fn of(version: u64, snapshot: T) -> Self {
        Self(Arc::new(RwLock::new((version, Arc::new(snapshot)))))
    }

    /// The snapshot at `version`, loaded if the one here is another's. `load` says which version it read.
    ///
    /// # Errors
    /// Those of `load`.
    pub fn at(
        &self,
        version: u64,
        load: impl FnOnce() -> Result<(u64, T), StoreError>,
    ) -> Result<Arc<T>, StoreError> {
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if known.0 == version {
                return Ok(Arc::clone(&known.1));
            }
        }
        let (version, fresh) = load()?;
        let fresh = Arc::new(fresh);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = (version, Arc::clone(&fresh));
        Ok(fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_loaded_once_for_each_version() {
        let newest = Newest::of(1, "one");
        let never = || panic!("nothing changed");
        assert_eq!(*newest.at(1, never).unwrap(), "one");
        assert_eq!(*newest.at(2, || Ok((2, "two"))).unwrap(), "two");
        assert_eq!(*newest.clone().at(2, never).unwrap(), "two");
        assert!(
            newest
                .at(3, || Err(StoreError::Internal("no".to_owned())))
                .is_err()
        );
        assert_eq!(*newest.at(2, never).unwrap(), "two", "what was there stays");
    }
}
