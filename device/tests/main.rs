//! The phone as its holder meets it: a home on disk, a server behind a link, commands in JSON.

mod world;

mod command;
mod faults;
mod home;
mod story;
