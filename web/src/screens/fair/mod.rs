//! Job fairs: the list of them, the roll call at the desk, people who are on no list, and what came of it.
//!
//! A queue waits in front of these screens, so everything is one or two taps: people are found by typing
//! a few letters of a given name, what the last person wanted is offered to the next, and the counts at
//! the top follow. Consent is asked of each person and never carried over.
//!
//! The way through: [`Fairs`] lists; [`FairScreen`] is one fair, its `desk` holds what its parts share;
//! `roll` finds people, `check_in` asks and writes, `doubt` asks whether two are one person, `entry` is
//! somebody who is in, `walk_in` somebody on no list, `results` what came of it. `people` and `counts`
//! are pure.

mod check_in;
mod counts;
mod desk;
mod doubt;
mod entry;
mod list;
mod outcome;
mod people;
mod quick;
mod results;
mod roll;
mod screen;
mod walk_in;

pub use list::Fairs;
pub use screen::FairScreen;
