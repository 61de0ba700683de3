//! The life of a record between two machines, without IO.

pub mod limits;
pub mod id;
mod leb;
pub mod chunk;
pub mod record;
pub mod strong;
pub mod pack;
pub mod compress;
pub mod envelope;
pub mod cert;
pub mod policy;
pub mod admit;
mod forms;
pub mod replica;
pub mod frame;
pub mod phone;
