//! What goes over the wire as JSON. Wire types are their own: what the server keeps reaches nobody
//! by accident.

pub mod duplicate;
pub mod import;
pub mod queue;
pub mod record;
pub mod report;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sync_core::id::UnitId;
use utoipa::{IntoParams, ToSchema};

use crate::config::{PAGE_DEFAULT, PAGE_MAX};
use crate::store;
use crate::territory::Units;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// To be given as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of `limit` rows out of `rows`, which holds one more than that if there is more.
    pub fn of<R>(
        mut rows: Vec<R>,
        limit: usize,
        key: impl Fn(&R) -> String,
        show: impl FnMut(R) -> T,
    ) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Self {
            items: rows.into_iter().map(show).collect(),
            next,
        }
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows on this page: 100 if not said, at most 500.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

/// Rows of a page that asks for `limit`.
#[must_use]
pub fn page_rows(limit: Option<usize>) -> usize {
    limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX)
}

/// A unit, as shown beside what lies in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitRef {
    /// UUID.
    pub id: String,
    /// The official code, where there is one.
    pub code: Option<String>,
    /// `province`, `district`, `commune`, `village`, `review_area`.
    pub level: String,
    /// `xã Lùng Cải`.
    pub name: String,
}

impl UnitRef {
    /// Units as shown; those nobody knows any more are left out.
    #[must_use]
    pub fn list(ids: &[UnitId], units: &Units) -> Vec<Self> {
        ids.iter()
            .filter_map(|id| units.get(*id))
            .map(Self::from)
            .collect()
    }
}

impl From<&schemas::unit::Unit> for UnitRef {
    fn from(unit: &schemas::unit::Unit) -> Self {
        Self {
            id: unit.id.clone(),
            code: unit.official_code.clone(),
            level: unit.level.name().to_owned(),
            name: unit.full_name(),
        }
    }
}

/// A person, as told to their own device or browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// UUID.
    pub id: String,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// `village_head`, `commune_cadre`, `district_officer`, `province_officer`, `observer`, `admin`.
    pub role: String,
}

impl From<&store::User> for Me {
    fn from(user: &store::User) -> Self {
        Self {
            id: user.id.to_string(),
            login: user.login.clone(),
            name: user.name.clone(),
            role: user.role.name().to_owned(),
        }
    }
}

/// A person, as shown to who manages people.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// UUID.
    pub id: String,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// `village_head`, `commune_cadre`, `district_officer`, `province_officer`, `observer`, `admin`.
    pub role: String,
    /// Where: each unit covers what lies under it.
    pub units: Vec<UnitRef>,
    /// True if they can sign in on the web.
    pub has_password: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; null for people who are not turned off.
    pub disabled_at: Option<String>,
}

impl User {
    /// As shown.
    #[must_use]
    pub fn of(user: &store::User, units: &Units) -> Self {
        Self {
            id: user.id.to_string(),
            login: user.login.clone(),
            name: user.name.clone(),
            role: user.role.name().to_owned(),
            units: UnitRef::list(&user.units, units),
            has_password: user.has_password,
            created_at: user.created_at.to_string(),
            disabled_at: user.disabled_at.map(|at| at.to_string()),
        }
    }
}

/// A device, as shown to who manages people.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device {
    /// UUID.
    pub id: String,
    /// What its holder calls it.
    pub name: String,
    /// `field` or `console`.
    pub kind: String,
    /// UUID of the person who holds it.
    pub user_id: String,
    /// The person who holds it.
    pub user: Me,
    /// Where that person works.
    pub units: Vec<UnitRef>,
    /// When it was enrolled (RFC 3339).
    pub created_at: String,
    /// RFC 3339; null for devices in use.
    pub revoked_at: Option<String>,
    /// True if it, or its holder, was turned off.
    pub revoked: bool,
    /// When it last synced, by the server's clock (RFC 3339); null before its first sync, and for consoles.
    pub last_sync_at: Option<String>,
    /// The version of its program then.
    pub version: Option<String>,
    /// Changes that waited on it then and did not arrive since.
    pub pending: Option<u64>,
    /// Its clock less the server's, in seconds: positive when it is ahead.
    pub clock_skew_s: Option<i64>,
}

impl Device {
    /// As shown.
    #[must_use]
    pub fn of(held: &store::HeldDevice, units: &Units) -> Self {
        let store::HeldDevice { device, holder } = held;
        let heard = device.heard.as_ref();
        Self {
            id: device.id.to_string(),
            name: device.name.clone(),
            kind: device.kind.name().to_owned(),
            user_id: device.user.to_string(),
            user: Me::from(holder),
            units: UnitRef::list(&holder.units, units),
            created_at: device.created_at.to_string(),
            revoked_at: device.revoked_at.map(|at| at.to_string()),
            revoked: device.revoked_at.is_some() || holder.disabled_at.is_some(),
            last_sync_at: heard.map(|heard| heard.at.to_string()),
            version: heard.map(|heard| heard.program.clone()),
            pending: heard.map(|heard| heard.pending),
            clock_skew_s: heard.map(|heard| heard.clock_skew_ms / 1000),
        }
    }
}

/// An enrolment code that nobody used yet. The code itself is known to nobody but who was given it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenEnrollment {
    /// Its number, by which it is cancelled.
    pub id: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339: worth nothing after this.
    pub expires: String,
    /// Wrong codes tried for it.
    pub failures: u32,
}

impl From<store::OpenEnrolment> for OpenEnrollment {
    fn from(open: store::OpenEnrolment) -> Self {
        Self {
            id: open.id,
            created_at: open.created_at.to_string(),
            expires: open.expires_at.to_string(),
            failures: open.failures,
        }
    }
}

/// A code that enrols one device.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrollmentCode {
    /// As shown to people: `K7MP-2Q9X-R4`.
    pub code: String,
    /// RFC 3339: worth nothing after this.
    pub expires: String,
    /// A link that enrols.
    pub url: String,
    /// The link as a QR code, an SVG picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_svg: Option<String>,
}

/// One line of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditLine {
    /// Rises by one with every line.
    pub seq: i64,
    /// RFC 3339.
    pub at: String,
    /// `user:<id>`, `device:<id>`, `cli`, `server` or `anonymous`.
    pub actor: String,
    /// The name of the person behind `actor`, as it is now.
    pub actor_name: Option<String>,
    /// What was done.
    pub action: String,
    /// On what.
    pub target: String,
    /// The name of the person behind `target`, as it is now.
    pub target_name: Option<String>,
    /// More about it.
    #[schema(value_type = Object)]
    pub details: Box<RawValue>,
    /// The hash of this line and all before it, 64 hexadecimal digits.
    pub hash: String,
}

impl From<crate::audit::AuditLine> for AuditLine {
    fn from(line: crate::audit::AuditLine) -> Self {
        Self {
            seq: line.seq,
            at: crate::clock::moment(line.at_ms).to_string(),
            actor: line.actor,
            actor_name: None,
            action: line.action,
            target: line.target,
            target_name: None,
            details: RawValue::from_string(line.details).unwrap_or_else(|_| RawValue::NULL.to_owned()),
            hash: line.hash.to_hex(),
        }
    }
}
