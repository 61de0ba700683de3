//! Certificates: the newest word of the server wins, and nobody else's counts.

use proptest::prelude::*;
use sync_core::cert::{CertError, Directory, SignedCert};
use sync_core::id::{ProjectId, actor_tag};
use sync_core::policy::Role;
use uuid::Uuid;

use crate::fixture::*;

#[test]
fn the_later_certificate_wins_in_any_order() {
    let certs: Vec<_> = (1..=3)
        .map(|serial| {
            let mut cert = cert(1, Role::CommuneCadre, &[serial as u128]);
            (cert.serial, cert.revoked) = (serial, serial == 3);
            cert
        })
        .collect();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut directory = Directory::default();
        for at in order {
            directory.learn(certs[at].clone());
        }
        assert_eq!(directory.device(device(1)), Some(&certs[2]));
        assert_eq!(directory.by_tag(actor_tag(device(1))), Some(&certs[2]));
        assert_eq!(directory.iter().count(), 1);
        assert!(!directory.learn(certs[2].clone()), "nothing new");
    }
    assert_eq!(Directory::default().by_tag(actor_tag(device(1))), None);
}

#[test]
fn a_certificate_of_another_key_or_project_is_refused() {
    let key = signing_key(100);
    let signed = SignedCert::sign(&cert(1, Role::CommuneCadre, &[1]), &key);
    assert_eq!(
        signed.open(PROJECT, &public_key(&key)),
        Ok(cert(1, Role::CommuneCadre, &[1]))
    );
    assert_eq!(
        signed.open(PROJECT, &public_key(&signing_key(101))),
        Err(CertError::BadSignature)
    );
    let other = ProjectId(Uuid::from_u128(1));
    assert_eq!(
        signed.open(other, &public_key(&key)),
        Err(CertError::OtherProject)
    );
    // A signature over the same bytes for another purpose is not one over a certificate.
    let mut moved = signed.clone();
    moved.signature = sync_core::id::Signature(ed25519_dalek::Signer::sign(&key, &moved.body).to_bytes());
    assert_eq!(
        moved.open(PROJECT, &public_key(&key)),
        Err(CertError::BadSignature)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_certificate_with_a_flipped_bit_is_refused(at: prop::sample::Index, bit in 0u8..8, in_signature: bool) {
        let key = signing_key(100);
        let mut signed = SignedCert::sign(&cert(1, Role::VillageHead, &[11, 12]), &key);
        let bytes = if in_signature { signed.signature.0.as_mut_slice() } else { signed.body.as_mut_slice() };
        bytes[at.index(bytes.len())] ^= 1 << bit;
        prop_assert_eq!(signed.open(PROJECT, &public_key(&key)), Err(CertError::BadSignature));
    }
}
