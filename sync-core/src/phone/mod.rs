//! What a phone does with records, as pure functions: write, close, plan a sync, take in, hand on.
//!
//! In: rows the driver loaded, what happened (an edit, a frame), the time and some random bytes.
//! Out: a [`Commit`] the driver writes in one transaction or not at all, and what to tell. The
//! native program and the web app drive the same functions over their own stores.
//!
//! The story of one sync: [`seal`] closes pending changes into envelopes; [`Session::plan`] says
//! what to ask and send; the driver marks what it sends as attempted, *then* sends; each frame that
//! comes back is opened by [`Arrival::open`] and taken in by [`receive`], content and cursor in one
//! commit. A change counts as confirmed only by the server's word. An envelope that was sent
//! without an answer is asked about before it is sent again.
//!
//! It knows nothing of files, sockets, clocks, screens or languages.

mod bundle;
mod desk;
mod enrolled;
mod ground;
mod known;
mod park;
mod receive;
mod rows;
mod seal;
mod session;
mod state;
mod view;
mod write;

pub use bundle::{BundleError, BundleReader, bundle_end, bundle_start};
pub use desk::{Commit, KeptFrame, Loaded};
pub use enrolled::Enrolled;
pub use ground::Ground;
pub use known::Known;
pub use receive::{
    Arrival, Arrived, FrameProblem, Origin, RefusedEnvelope, RoundState, Told, receive, recheck,
};
pub use rows::RowError;
pub use seal::{public_key, seal};
pub use session::{OpenEnvelope, Outbox, Round, Session};
pub use state::{ChangeRow, ChangeState, EnvelopeRow, EnvelopeState, Identity, Me, Progress, RecordRow};
pub use view::{Author, Entry, Standing, history, shown, standing};
pub use write::{NewRecord, WriteError, write};
