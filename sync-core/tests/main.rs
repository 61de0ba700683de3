//! What the core promises, tried on many inputs: one binary, a module for each promise.

mod fixture;
mod hostile;

mod cert;
mod chunk;
mod envelope;
mod frames;
mod guard;
mod order;
mod pack;
mod parked;
mod record;
mod reused;
mod rights;
