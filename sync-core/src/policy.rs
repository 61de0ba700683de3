//! May this change be merged? One pure function, the same on every replica.
//!
//! In: who signed the change, the form of its record, the unit the record belongs to before and
//! after, and the paths written. Out: yes, or the reason it is parked. It knows nothing of tokens,
//! sessions or stores: the server and a phone that was handed a bundle give the same answer.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::cert::DeviceCert;
use crate::id::UnitId;

/// What a person may do (DESIGN §6).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// Trưởng thôn: own village.
    #[n(0)]
    VillageHead,
    /// Cán bộ xã: own commune.
    #[n(1)]
    CommuneCadre,
    /// Cán bộ huyện, today any officer with a review scope.
    #[n(2)]
    DistrictOfficer,
    /// Cán bộ tỉnh: reads everything, masked; writes plans and targets.
    #[n(3)]
    ProvinceOfficer,
    /// Supervising organisations: aggregates only.
    #[n(4)]
    Observer,
    /// Users, devices, units, forms, audit; no records.
    #[n(5)]
    Admin,
}

impl Role {
    /// Every role, in the order of DESIGN §6.
    pub const ALL: [Self; 6] = [
        Self::VillageHead,
        Self::CommuneCadre,
        Self::DistrictOfficer,
        Self::ProvinceOfficer,
        Self::Observer,
        Self::Admin,
    ];

    /// The stable name used in data, commands and the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VillageHead => "village_head",
            Self::CommuneCadre => "commune_cadre",
            Self::DistrictOfficer => "district_officer",
            Self::ProvinceOfficer => "province_officer",
            Self::Observer => "observer",
            Self::Admin => "admin",
        }
    }

    /// The role of that stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// True if this role settles and reviews what others wrote.
    #[must_use]
    pub const fn reviews(self) -> bool {
        matches!(self, Self::DistrictOfficer)
    }

    /// True if people of this role may hold a device that keeps records.
    #[must_use]
    pub const fn holds_records(self) -> bool {
        matches!(
            self,
            Self::VillageHead | Self::CommuneCadre | Self::DistrictOfficer
        )
    }

    /// True if this role may write records of `kind` at all.
    #[must_use]
    pub fn writes(self, kind: &str) -> bool {
        match self {
            Self::VillageHead => matches!(kind, "job_fair_attendance" | "household" | "household_visit"),
            Self::CommuneCadre | Self::DistrictOfficer => true,
            Self::ProvinceOfficer | Self::Observer | Self::Admin => false,
        }
    }
}

/// Why an authentic change was set aside. The names are stable: they are stored and shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum ParkReason {
    /// The device, or the person who holds it, was turned off.
    #[n(0)]
    DeviceRevoked,
    /// The record names a form, or a version of it, that this replica does not have.
    #[n(1)]
    FormUnknown,
    /// The record does not say which unit it belongs to, or names one nobody knows.
    #[n(2)]
    UnitUnknown,
    /// The record belongs, or would belong, to a unit outside the author's.
    #[n(3)]
    OutOfScope,
    /// People of this role do not write records of this kind.
    #[n(4)]
    RoleMayNotWrite,
    /// The change writes a field that only a reviewing officer writes.
    #[n(5)]
    ReviewerOnly,
    /// The change would make the record one of another kind.
    #[n(6)]
    KindChanged,
    /// Its sequence number was used before with other content: a restored or copied phone.
    #[n(7)]
    ActorReused,
    /// It was written under another device's name.
    #[n(8)]
    ForeignActor,
    /// It is an Automerge change, but not one of a flat record.
    #[n(9)]
    NotARecord,
    /// An operation count, a path or a value past the limits.
    #[n(10)]
    TooLarge,
    /// An officer looked at it and said no.
    #[n(11)]
    Dismissed,
    /// The record is locked or void: the change is a request (đề nghị điều chỉnh) that an officer decides about.
    #[n(12)]
    Locked,
}

impl ParkReason {
    /// Every reason, in number order.
    pub const ALL: [Self; 13] = [
        Self::DeviceRevoked,
        Self::FormUnknown,
        Self::UnitUnknown,
        Self::OutOfScope,
        Self::RoleMayNotWrite,
        Self::ReviewerOnly,
        Self::KindChanged,
        Self::ActorReused,
        Self::ForeignActor,
        Self::NotARecord,
        Self::TooLarge,
        Self::Dismissed,
        Self::Locked,
    ];

    /// The stable name used in data, the API and message tables (`park.<name>`).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DeviceRevoked => "device_revoked",
            Self::FormUnknown => "form_unknown",
            Self::UnitUnknown => "unit_unknown",
            Self::OutOfScope => "out_of_scope",
            Self::RoleMayNotWrite => "role_may_not_write",
            Self::ReviewerOnly => "reviewer_only",
            Self::KindChanged => "kind_changed",
            Self::ActorReused => "actor_reused",
            Self::ForeignActor => "foreign_actor",
            Self::NotARecord => "not_a_record",
            Self::TooLarge => "too_large",
            Self::Dismissed => "dismissed",
            Self::Locked => "locked",
        }
    }

    /// The reason of that stable name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Which unit lies under which. `schemas::unit` answers it from data with validity dates.
pub trait Territory {
    /// True if the unit is known at all.
    fn knows(&self, unit: UnitId) -> bool;
    /// True if `under` is `over` or lies under it, at any time, through successors too.
    fn covers(&self, over: UnitId, under: UnitId) -> bool;
}

/// What a change does to its record, as far as rights go.
#[derive(Debug, Clone)]
pub struct Touch<'a> {
    /// The record's kind: the id of its form.
    pub kind: &'a str,
    /// The form is one that everybody in the commune shares.
    pub shared: bool,
    /// The unit the record belonged to before, if it existed and said so.
    pub unit_before: Option<UnitId>,
    /// The unit it belongs to with the change applied.
    pub unit_after: Option<UnitId>,
    /// A field is written that only a reviewing officer writes.
    pub reviewer_field: bool,
    /// Answers of a closed record are written.
    pub closed: Closed,
}

/// Whether a change writes answers of a record that an officer has locked or voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// The record is open, or no answer is written.
    No,
    /// It is closed, and the author knew.
    Knowingly,
    /// It is closed, and the author had not heard.
    Unaware,
}

/// Whether `author` may write what `touch` says.
///
/// # Errors
/// The reason the change is to be parked.
pub fn may_merge(
    author: &DeviceCert,
    touch: &Touch<'_>,
    territory: &dyn Territory,
) -> Result<(), ParkReason> {
    if author.revoked {
        return Err(ParkReason::DeviceRevoked);
    }
    if !author.role.writes(touch.kind) {
        return Err(ParkReason::RoleMayNotWrite);
    }
    let unit = touch
        .unit_after
        .filter(|unit| territory.knows(*unit))
        .ok_or(ParkReason::UnitUnknown)?;
    for unit in touch.unit_before.into_iter().chain([unit]) {
        if !in_scope(&author.units, unit, touch.shared, territory) {
            return Err(ParkReason::OutOfScope);
        }
    }
    if touch.reviewer_field && !author.role.reviews() {
        return Err(ParkReason::ReviewerOnly);
    }
    // Asked last: a request for a change is one that would otherwise be merged. Who reviews may correct what is
    // closed, but not without knowing that it is.
    match touch.closed {
        Closed::No => Ok(()),
        Closed::Knowingly if author.role.reviews() => Ok(()),
        Closed::Knowingly | Closed::Unaware => Err(ParkReason::Locked),
    }
}

/// Whether a holder of `units` may read a record of `unit`.
///
/// `shared`: the form is one that everybody in the commune shares (fairs, attendance).
#[must_use]
pub fn in_scope(units: &[UnitId], unit: UnitId, shared: bool, territory: &dyn Territory) -> bool {
    units
        .iter()
        .any(|own| territory.covers(*own, unit) || (shared && territory.covers(unit, *own)))
}
