//! The paths of a command line as whole banks, and which of their files were meant.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    bank::fault::Fault,
    error::{Error, Result},
    exchange::bank_folder::{self, Folders},
};

/// Whole banks, since ids, posts and blueprints reach across files; only what was named is reported.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) folders: Folders,
    /// Canonical.
    wanted: Vec<PathBuf>,
}

impl Selection {
    pub(super) fn read(paths: &[PathBuf]) -> Result<Selection> {
        let mut wanted = Vec::new();
        let mut banks: Vec<PathBuf> = Vec::new();
        for path in paths {
            let Ok(whole) = fs::canonicalize(path) else {
                return Err(missing(path));
            };
            wanted.push(whole);
            let bank = bank_folder::bank_around(path).unwrap_or_else(|| path.clone());
            if !banks.contains(&bank) {
                banks.push(bank);
            }
        }
        Ok(Selection {
            folders: bank_folder::read(&banks)?,
            wanted,
        })
    }

    /// Whether this file was named, by itself or by a folder above it.
    pub(super) fn wants(&self, file: &str) -> bool {
        let path = self.folders.on_disk(file);
        fs::canonicalize(path)
            .is_ok_and(|whole| self.wanted.iter().any(|wanted| whole.starts_with(wanted)))
    }

    /// The faults of the named files, each with the file as the user would type it.
    pub(super) fn faults(&self, faults: Vec<Fault>) -> Vec<Fault> {
        faults
            .into_iter()
            .filter(|fault| self.wants(&fault.file))
            .map(|fault| Fault {
                file: self.folders.on_disk(&fault.file).display().to_string(),
                ..fault
            })
            .collect()
    }
}

fn missing(path: &Path) -> Error {
    Error::NotFound(format!(
        "题库 {}：请写出题库文件夹的位置，例如 yikouqing bank check 我的题库",
        path.display()
    ))
}
