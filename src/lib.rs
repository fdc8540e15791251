//! 政策一口清: trainers' Markdown becomes equally hard papers, papers become grades, grades become boards.
//!
//! Two halves. The **core** is values and functions: no async, no I/O, no clock, no ambient chance. The **shell** talks
//! to the world. Arrows run one way: `web, cli → app → store, exchange → core`, and inside the core
//! `people, bank ← paper ← attempt ← grading ← contest, practice` and `bank ← lookup`. `tests/architecture.rs` reads the
//! `use` lines and checks it.

// Core.
pub mod people;
pub mod bank;
pub mod lookup;
pub mod paper;
pub mod attempt;
pub mod grading;
pub mod contest;
pub mod practice;

// Shell.
pub mod error;
pub mod clock;
pub mod store;
pub mod exchange;
pub mod app;
pub mod config;
pub mod cli;
pub mod web;
