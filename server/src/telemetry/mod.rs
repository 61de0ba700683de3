//! What the server tells about itself: traces with ids and never names, and counters.

mod metrics;
mod spans;

pub use metrics::Metrics;
pub use spans::{LogFormat, start};
