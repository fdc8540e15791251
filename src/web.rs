//! The pages and doors of the program over HTTP.

pub mod page;
pub mod pages;
pub mod assets;
