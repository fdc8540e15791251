//! The pages and doors of the program over HTTP.

pub mod server;
pub mod state;
pub mod origin;
pub mod error;
pub mod doors;
pub mod limits;
pub mod metrics;
pub mod openapi;
pub mod outcome;
pub mod candidate;
mod connection;
pub mod lookup;
pub mod board;
pub mod desk;
pub mod examiner;
pub mod practice;
pub mod offline;
pub mod signing;
pub mod size;
pub mod revalidate;
pub mod page;
pub mod pages;
pub mod assets;
