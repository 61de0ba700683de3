//! What the server keeps, in the words of the domain: rows as plain values, one trait per family.
//!
//! No SQL stands outside `store/sqlite`. A second store is a second folder beside it that
//! implements the same traits. Every mutating call takes its audit entry and writes both or
//! neither.

mod audit;
mod device;
mod error;
pub mod export;
pub mod fact;
mod form;
mod likeness;
mod live;
mod meta;
mod plan;
pub mod reader;
pub mod record;
mod session;
pub mod sqlite;
mod unit;
mod user;

pub use audit::{AuditQuery, AuditStore};
pub use device::{
    Device, DeviceKind, DeviceQuery, DeviceReach, DeviceStore, Enrolment, Heard, HeldDevice, NewDevice,
    NewEnrolment, OpenEnrolment, StoredCert, TokenHolder,
};
pub use error::StoreError;
pub use form::{FormRow, FormStore};
pub use likeness::LikenessStore;
pub use live::{News, NewsStore};
pub use meta::MetaStore;
pub use plan::{PlanRow, PlanStore};
pub use session::{NewSession, Session, SessionStore};
pub use unit::{UnitRow, UnitStore};
pub use user::{NewUser, SignIn, User, UserChange, UserStore};

/// Everything the server keeps beside the records and their log.
pub trait Store:
    AuditStore + DeviceStore + FormStore + MetaStore + PlanStore + SessionStore + UnitStore + UserStore
{
}

impl<T> Store for T where
    T: AuditStore + DeviceStore + FormStore + MetaStore + PlanStore + SessionStore + UnitStore + UserStore
{
}
