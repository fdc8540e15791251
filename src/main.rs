//! Parse the command line, call one room, print the error chain.

use std::process::ExitCode;

use clap::Parser;
use yikouqing::cli::{self, Cli};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("错误：{error}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                eprintln!("  因为：{cause}");
                source = cause.source();
            }
            ExitCode::FAILURE
        }
    }
}
