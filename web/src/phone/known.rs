//! What an enrolled phone knows beside its records, read from its rows.

use sync_core::cert::{Directory, SignedCert};
use sync_core::phone::{Identity, Known};

use crate::rows::{Rows as _, RowsError, SealedRows, Shelf};

/// What the phone knows; none before it is enrolled.
pub(super) async fn read(rows: &SealedRows) -> Result<Option<Known>, RowsError> {
    let identity = rows
        .get(Shelf::Meta, &[b"identity".to_vec()])
        .await?
        .pop()
        .flatten();
    let Some(identity) = identity else {
        return Ok(None);
    };
    let damaged = |what: &str| RowsError::Damaged(what.to_owned());
    let identity = Identity::from_bytes(&identity).map_err(|_| damaged("identity"))?;
    let certs = rows.all(Shelf::Cert).await?;
    let directory: Directory = certs
        .iter()
        .map(|(_, bytes)| {
            let cert = SignedCert::from_bytes(bytes).map_err(|_| damaged("cert"))?;
            cert.open(identity.project, &identity.server_public_key)
                .map_err(|_| damaged("cert"))
        })
        .collect::<Result<_, RowsError>>()?;
    let reference = rows.all(Shelf::Reference).await?.into_iter();
    let named = reference.filter_map(|(name, body)| Some((String::from_utf8(name).ok()?, body)));
    Ok(Some(Known::new(identity, directory, named)))
}
