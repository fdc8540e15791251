//! Exam day with things breaking: the program is a process of its own here, killed, starved and cut off under load.
//! Afterwards every step that was acknowledged is there, every attempt is graded once, and the board is its recomputation.
//!
//! `YIKOUQING_FAULTS=50 scripts/test.sh cargo test --test faults` is the long run.

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod cluster;
mod connections;
mod copies;
mod disk;
mod durability;
mod ground;
mod kill;
mod load;
mod phone;
mod replays;
mod restart;
mod shim;
mod stopping;
mod syncs;
