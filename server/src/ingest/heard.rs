//! What a device says of itself in its first words, for the officer's list of devices.

use schemas::text::clean;
use sync_core::frame::Hello;
use sync_core::id::DeviceId;

use crate::app::App;
use crate::store::{DeviceStore as _, Heard};

/// Longest version of a program that is kept, in characters.
const PROGRAM_CHARS_MAX: usize = 40;

/// Notes what `device` said. `confirmed` of the changes that waited on it are in the log since. Nothing is written for
/// it: it goes to the disk with what is written next.
pub fn heard(app: &App, device: DeviceId, hello: &Hello, confirmed: u64) {
    let now = app.clock.now();
    let said = Heard {
        at: now,
        program: clean(&hello.program).chars().take(PROGRAM_CHARS_MAX).collect(),
        pending: hello.pending.saturating_sub(confirmed),
        clock_skew_ms: hello.claimed_at_ms.saturating_sub(now.as_millisecond()),
    };
    app.store.note_heard(device, said);
}
