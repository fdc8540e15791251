//! `shim.c`, built for this run: what stands between a database and the disk.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

pub(crate) struct Shim {
    folder: TempDir,
    pub(crate) library: PathBuf,
    pub(crate) syncs: PathBuf,
    pub(crate) full: PathBuf,
}

impl Shim {
    pub(crate) fn build() -> Shim {
        let folder = TempDir::new().expect("a folder");
        // PostgreSQL runs as somebody else, and counts too.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))
            .expect("an open folder");
        let library = folder.path().join("shim.so");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/shim.c"))
            .status();
        assert!(built.expect("a C compiler").success());
        let (syncs, full) = (folder.path().join("syncs"), folder.path().join("full"));
        std::fs::write(&syncs, "").expect("a file");
        std::fs::set_permissions(&syncs, std::fs::Permissions::from_mode(0o666))
            .expect("an open file");
        Shim {
            folder,
            library,
            syncs,
            full,
        }
    }

    pub(crate) fn environment(&self) -> [(&str, &Path); 3] {
        assert!(self.folder.path().is_dir());
        [
            ("LD_PRELOAD", &self.library),
            ("SHIM_SYNCS", &self.syncs),
            ("SHIM_FULL", &self.full),
        ]
    }

    /// How often anything was synced so far.
    pub(crate) fn synced(&self) -> u64 {
        std::fs::metadata(&self.syncs).expect("a count").len()
    }

    pub(crate) fn fill_disk(&self) {
        std::fs::write(&self.full, "").expect("a file");
    }

    pub(crate) fn free_disk(&self) {
        std::fs::remove_file(&self.full).expect("the file goes");
    }
}
