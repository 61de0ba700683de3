//! One file per resource; every handler is named `<verb>_<resource>`.

pub mod audit;
pub mod credentials;
pub mod devices;
pub mod duplicates;
pub mod enroll;
pub mod events;
pub mod exports;
mod feed;
pub mod forms;
pub mod imports;
pub mod odata;
pub mod ops;
pub mod plans;
pub mod queue;
pub mod records;
pub mod reports;
pub mod review;
pub mod session;
pub mod sync;
pub mod units;
pub mod users;
