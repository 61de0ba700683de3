//! The server of Sổ Bản: an offline-first register for Lào Cai's mountain communes.
//!
//! In: requests of devices and officers, commands of whoever runs it. Out: one merged truth, kept
//! on disk before any receipt goes out. It decides who is asking and what is stored; what a form
//! means is decided in `schemas`, what may be merged in `sync_core`.
//!
//! The way of a request: [`http`] finds out who asks and calls one stage; stages are plain
//! functions that end in one call of the [`store`]; nothing outside `store/sqlite` knows SQL.

pub mod access;
pub mod app;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod entropy;
pub mod export;
pub mod forms;
pub mod http;
pub mod import;
pub mod ingest;
pub mod live;
pub mod merge;
pub mod messages;
pub mod newest;
pub mod odata;
pub mod problem;
pub mod publish;
pub mod report;
pub mod review;
pub mod store;
pub mod telemetry;
pub mod territory;
pub mod view;

pub use app::App;
pub use http::run;
