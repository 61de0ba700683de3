//! (8) What needs eyes, who may see it, and what an officer says.
//!
//! In: questions of people, with role and units. Out: records within their reach, masked where
//! their role asks for it; decisions about parked changes, written with their audit entry; what an
//! officer says of a record or a field, as an ordinary edit of the officer's console.

mod author;
mod decide;
mod desk;
mod many;
mod mask;
mod parked;
pub mod queue;
mod reach;
pub mod same;

pub use author::{Author, Authors};
pub use decide::{Settled, Verdict, correct, resolve, review};
use desk::Desk;
pub use many::{Outcome, TOGETHER_MAX, review_many};
pub use mask::masked;
pub use parked::{Concern, ReviewError, admit, dismiss};
pub use reach::reach;
