//! One phone on a laptop: the native driver of `sync_core::phone`.
//!
//! In: what a person does (enrol, write, look, sync, hand on), the time and random bytes. Out: JSON
//! values, and a home directory that survives a dead battery at any moment. Every step is: load the
//! rows it touches, ask the core, write what it answers in one transaction. It decides nothing about
//! merging, rights or forms; those are the core's and the forms'.
//!
//! [`Phone`] is the whole device as a library: the command line drives it, and so does the
//! simulator, with a [`Transport`] of its own.

mod assess;
mod bundle;
pub mod cli;
pub mod clock;
mod enrol;
mod error;
mod http;
mod lookup;
mod messages;
mod phone;
mod read;
mod status;
pub mod store;
mod sync;
mod transport;
mod write;

pub use error::DeviceError;
pub use http::HttpTransport;
pub use messages::{LANGUAGES, text};
pub use phone::{Now, Phone, Random};
pub use transport::{Reply, Transport, TransportError};
