//! How a device comes in: a single-use code and the device's own key against a token.
//!
//! A code has ten characters: four find the enrolment, six prove that the code was handed out.
//! Wrong ones are counted on the enrolment they hit, so throttling is per account. A lost reply is
//! harmless: until the device has shown a token, the same code with the same key is answered again
//! with the same device.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sync_core::id::{DeviceId, Digest32, PublicKey, UserId};

use super::limits::{CODE_LIFE, NAME_CHARS_MAX};
use super::{AccessError, Keys, Token, people, throttle};
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::store::{Device, DeviceStore, Enrolment, NewDevice, NewEnrolment, User, UserStore};

/// Digits and capitals without those that look alike (0 O, 1 I L, 5 S, 8 B, U V).
const ALPHABET: &[u8] = b"234679ACDEFGHJKMNPQRTWXYZ";
const SELECTOR_CHARS: usize = 4;
const CODE_CHARS: usize = 10;
/// Selectors drawn before giving up; two open codes rarely share one.
const DRAWS_MAX: usize = 20;

/// A code as typed by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    fn fresh() -> Self {
        let mut code = String::new();
        while code.len() < CODE_CHARS {
            // Bytes past the last whole alphabet are skipped, so that no character is likelier.
            let [byte] = entropy::bytes::<1>();
            let whole = 256 / ALPHABET.len() * ALPHABET.len();
            if usize::from(byte) < whole {
                code.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            }
        }
        Self(code)
    }

    /// Reads a code in any case, with or without dashes and spaces.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|letter| !matches!(letter, '-' | '–' | ' ' | '.'))
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let fits = code.len() == CODE_CHARS && code.bytes().all(|letter| ALPHABET.contains(&letter));
        fits.then_some(Self(code))
    }

    /// As shown: `K7MP-2Q9X-R4`.
    #[must_use]
    pub fn grouped(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }

    fn selector(&self) -> &str {
        &self.0[..SELECTOR_CHARS]
    }

    fn hash(&self) -> Digest32 {
        Digest32(
            Sha256::new()
                .chain_update(b"soban code 1\n")
                .chain_update(&self.0)
                .finalize()
                .into(),
        )
    }
}

/// A code that was just made.
#[derive(Debug, Clone)]
pub struct Issued {
    /// To be handed to the person.
    pub code: Code,
    /// It is worth nothing after this.
    pub expires_at: Timestamp,
}

/// Makes a code for a person.
///
/// # Errors
/// When there is no such person, they were turned off, or their role holds no device.
pub fn issue(
    store: &(impl UserStore + DeviceStore),
    now: Timestamp,
    actor: Actor,
    user: UserId,
) -> Result<Issued, AccessError> {
    let user = store.user(user)?.ok_or(AccessError::UserUnknown)?;
    may_hold_device(&user)?;
    let expires_at = now.checked_add(CODE_LIFE).unwrap_or(now);
    for _ in 0..DRAWS_MAX {
        let code = Code::fresh();
        let new = NewEnrolment {
            selector: code.selector().to_owned(),
            code: code.hash(),
            user: user.id,
            expires_at,
        };
        let audit = AuditEntry::new(now, actor, Action::EnrolmentIssue, Actor::User(user.id));
        if store.add_enrolment(&new, audit)? {
            return Ok(Issued { code, expires_at });
        }
    }
    Err(AccessError::Throttled { wait_s: 3600 })
}

/// What a device gets for its code.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The device, new or as enrolled by the request whose reply was lost.
    pub device: Device,
    /// The person who holds it.
    pub user: User,
    /// To be shown with every request.
    pub token: Token,
}

/// Swaps a code and a device's public key for a device and a token.
///
/// # Errors
/// When the code is wrong, expired, used by another key, or tried too often.
pub fn redeem(
    store: &(impl UserStore + DeviceStore),
    keys: &Keys,
    now: Timestamp,
    code: &str,
    public_key: PublicKey,
    device_name: &str,
) -> Result<Enrolled, AccessError> {
    let code = Code::parse(code).ok_or(AccessError::CodeUnknown)?;
    if ed25519_dalek::VerifyingKey::from_bytes(&public_key.0).map_or(true, |key| key.is_weak()) {
        return Err(AccessError::PublicKeyUnfit);
    }
    let name = people::clean_name(device_name, NAME_CHARS_MAX).unwrap_or_default();
    loop {
        let found = store
            .enrolment(code.selector())?
            .ok_or(AccessError::CodeUnknown)?;
        check_code(store, now, &code, &found)?;
        may_hold_device(&found.user)?;
        let token = Token::fresh();
        let Some(known) = found.device.clone() else {
            let new = NewDevice {
                id: DeviceId(entropy::id(now)),
                user: found.user.id,
                name: name.clone(),
                public_key,
                token: token.hash(),
            };
            let audit = AuditEntry::new(
                now,
                Actor::Device(new.id),
                Action::DeviceEnrol,
                Actor::User(found.user.id),
            );
            if store.enrol_device(code.selector(), &new, keys, audit)? {
                let device = store.device(new.id)?.ok_or(AccessError::DeviceUnknown)?;
                return Ok(Enrolled {
                    device,
                    user: found.user,
                    token,
                });
            }
            continue; // Somebody used the code in this moment; look who.
        };
        return answer_again(store, now, found, known, public_key, token);
    }
}

/// The code was used: again by the same device, whose reply was lost, or by somebody else.
fn answer_again(
    store: &impl DeviceStore,
    now: Timestamp,
    found: Enrolment,
    known: Device,
    public_key: PublicKey,
    token: Token,
) -> Result<Enrolled, AccessError> {
    if known.public_key != public_key || found.answered {
        return Err(AccessError::CodeUsed);
    }
    if known.revoked_at.is_some() {
        return Err(AccessError::DeviceRevoked);
    }
    let actor = Actor::Device(known.id);
    store.add_token(
        known.id,
        token.hash(),
        AuditEntry::new(now, actor, Action::DeviceEnrolAgain, actor),
    )?;
    Ok(Enrolled {
        device: known,
        user: found.user,
        token,
    })
}

fn check_code(
    store: &impl DeviceStore,
    now: Timestamp,
    code: &Code,
    found: &Enrolment,
) -> Result<(), AccessError> {
    throttle::check(found.wait_until, now)?;
    if !entropy::same(&found.code.0, &code.hash().0) {
        let audit = AuditEntry::new(
            now,
            Actor::Anonymous,
            Action::EnrolmentFail,
            Actor::User(found.user.id),
        );
        store.note_wrong_code(
            &found.selector,
            throttle::after_failure(found.failures, now),
            audit,
        )?;
        return Err(AccessError::CodeUnknown);
    }
    if found.expires_at <= now {
        return Err(AccessError::CodeExpired);
    }
    Ok(())
}

fn may_hold_device(user: &User) -> Result<(), AccessError> {
    if user.disabled_at.is_some() {
        return Err(AccessError::UserDisabled);
    }
    if !user.role.holds_records() {
        return Err(AccessError::RoleHasNoDevice);
    }
    Ok(())
}

/// A link as a QR code, an SVG picture; `None` if the link is longer than a QR code holds.
#[must_use]
pub fn qr_svg(url: &str) -> Option<String> {
    let code = qrcode::QrCode::new(url).ok()?;
    Some(
        code.render::<qrcode::render::svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::fresh();
        assert_eq!(Code::parse(&code.grouped().to_lowercase()), Some(code.clone()));
        assert_eq!(Code::parse(&format!(" {} ", code.0)), Some(code.clone()));
        assert_eq!(Code::parse("K7MP-2Q9X"), None, "too short");
        assert_eq!(
            Code::parse("O7MP-2Q9X-R4"),
            None,
            "there is no letter O in a code"
        );
    }
}
