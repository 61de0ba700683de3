//! Every bound of the HTTP side, in one place.

use std::time::Duration;

/// Longest JSON body of a request.
pub const JSON_BODY_BYTES_MAX: usize = 1024 * 1024;
/// A request that is not a transfer of records is answered within this.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection that sends no whole request head within this is closed.
pub const HEADERS_TIMEOUT: Duration = Duration::from_secs(60);
/// On shutdown, requests under way get this long to finish.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);
/// Rows of one page when the request does not say.
pub const PAGE_DEFAULT: usize = 100;
/// Most rows of one page.
pub const PAGE_MAX: usize = 500;
/// Passwords looked at side by side: each takes 19 MiB and tens of milliseconds.
pub const SIGN_INS_AT_ONCE: usize = 4;
/// Exports written side by side: each holds a reader of the store while it is.
pub const EXPORTS_AT_ONCE: usize = 2;
/// Whoever takes nothing of a file for this long is not there any more.
pub const EXPORT_READ_TIMEOUT: Duration = Duration::from_secs(120);

const _: () = assert!(PAGE_DEFAULT <= PAGE_MAX);
