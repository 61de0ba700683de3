//! The life of a record between two machines, without IO.

pub mod admit;
pub mod cert;
pub mod chunk;
pub mod compress;
pub mod envelope;
mod forms;
pub mod frame;
pub mod id;
mod leb;
pub mod limits;
pub mod pack;
pub mod phone;
pub mod policy;
pub mod record;
pub mod replica;
pub mod strong;
