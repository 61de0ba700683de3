//! What the core promises, tried on many inputs: one binary, a module for each promise.

mod fixture;
mod hostile;

mod cert;
mod chunk;
mod damage;
mod envelope;
mod frames;
mod guard;
mod let_in;
mod order;
mod pack;
mod parked;
mod phone;
mod record;
mod reused;
mod rights;
