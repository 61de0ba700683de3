//! (8) What needs eyes, who may see it, and what an officer says.
//!
//! In: questions of people, with role and units. Out: records within their reach, masked where
//! their role asks for it; decisions about parked changes, written with their audit entry; what an
//! officer says of a record or a field, as an ordinary edit of the officer's console.

mod author;
mod decide;
mod mask;
mod parked;
mod reach;

pub use author::{Author, Authors};
pub use decide::{Settled, Verdict, resolve, review};
pub use mask::{MASK, masked};
pub use parked::{ReviewError, admit, concerns, dismiss};
pub use reach::reach;
