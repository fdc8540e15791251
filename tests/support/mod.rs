//! What story tests stand on: a schema of their own on PostgreSQL, a phone or a desk with a real browser.
//!
//! (The one `mod.rs` there is: Cargo takes `tests/support.rs` for a test.)

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each story file uses its own part"
)]

pub mod browser;
pub mod driver;
pub mod postgres;
pub mod township;

/// What `scripts/test.sh` put into the environment for the tests. A test that lacks it fails; it is never skipped.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are set up by scripts/test.sh, not by config.rs"
)]
fn environment(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run scripts/test.sh, which sets up what the tests need")
    })
}
