//! (8) What needs eyes, who may see it, and what an officer says about a parked change.
//!
//! In: questions of people, with role and units. Out: records within their reach, masked where
//! their role asks for it; decisions about parked changes, written with their audit entry. A
//! decision about a *field* is an ordinary edit and does not pass here.

mod author;
mod mask;
mod parked;
mod reach;

pub use author::{Author, Authors};
pub use mask::masked;
pub use parked::{ReviewError, admit, concerns, dismiss};
pub use reach::reach;
