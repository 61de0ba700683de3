//! Everything that touches the browser itself. Nothing else calls JavaScript.

pub mod glue;
