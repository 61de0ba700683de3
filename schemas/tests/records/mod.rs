//! Records: what a form says about them, how answers come in, how they are read.

mod evaluating;
mod keys;
mod prefilling;
mod projecting;
mod round_trips;
mod typing;
