//! Bank folders on disk → the files that `Bank::read` takes. Hidden files, strangers' formats and links that lead
//! out of the folder are left alone.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    bank::SourceFile,
    error::{Code, Error, Result},
};

/// The most bytes of one file.
pub const LARGEST_FILE: u64 = 2 * 1024 * 1024;
const DEEPEST: usize = 12;
const PICTURES: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];

/// Files with where they came from, for commands that name files to people.
#[derive(Debug, Default)]
pub struct Folders {
    pub files: Vec<SourceFile>,
    /// Each root's prefix in `files` (empty or ending in `/`) and its path on disk.
    roots: Vec<(String, PathBuf)>,
}

impl Folders {
    /// Where the file of this name stands, as the user would type it.
    pub fn on_disk(&self, file: &str) -> PathBuf {
        self.roots
            .iter()
            .find_map(|(prefix, root)| Some(root.join(file.strip_prefix(prefix.as_str())?)))
            .unwrap_or_else(|| PathBuf::from(file))
    }
}

/// Reads several banks together. Paths are relative to their bank, behind its folder's name where there are several.
pub fn read_folders(paths: &[PathBuf]) -> Result<Vec<SourceFile>> {
    Ok(read(paths)?.files)
}

/// The same, with where each file stands.
pub fn read(paths: &[PathBuf]) -> Result<Folders> {
    let mut folders = Folders::default();
    for path in paths {
        let prefix = if paths.len() > 1 {
            free_prefix(path, &folders.roots)
        } else {
            String::new()
        };
        let root = if path.is_dir() {
            path.clone()
        } else {
            path.parent().map(Path::to_path_buf).unwrap_or_default()
        };
        let mut walk = Walk {
            root: fs::canonicalize(path).map_err(|error| unreadable(path, error))?,
            prefix: &prefix,
            files: &mut folders.files,
        };
        if path.is_dir() {
            walk.folder(path, "", 0)?;
        } else {
            walk.lone_file(path)?;
        }
        folders.roots.push((prefix, root));
    }
    folders
        .files
        .sort_by(|one, other| one.path.cmp(&other.path));
    Ok(folders)
}

/// Writes a file whole or not at all: beside it first, then in its place.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error| Error::internal(format!("写不了 {}", path.display()), error);
    // Through a link, the file it leads to is the one to replace.
    let target = fs::canonicalize(path).map_err(|error| unreadable(path, error))?;
    let name = target
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("bank");
    let beside = target.with_file_name(format!(".{name}.tmp"));
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    fs::write(&beside, bytes).map_err(failed)?;
    fs::set_permissions(&beside, permissions).map_err(failed)?;
    fs::rename(&beside, &target).map_err(failed)
}

/// The folder above (or at) this path that holds a `posts.md`: the whole bank that a part belongs to.
pub fn bank_around(path: &Path) -> Option<PathBuf> {
    let whole = fs::canonicalize(path).ok()?;
    let steps = whole
        .ancestors()
        .position(|above| above.join("posts.md").is_file())?;
    // Kept relative where the user typed it relative.
    let typed = path
        .ancestors()
        .nth(steps)
        .filter(|above| !above.as_os_str().is_empty());
    let found = whole.ancestors().nth(steps)?;
    match typed {
        Some(above) if fs::canonicalize(above).is_ok_and(|real| real == found) => {
            Some(above.to_path_buf())
        }
        _ if fs::canonicalize(".").is_ok_and(|here| here == found) => Some(PathBuf::from(".")),
        _ => Some(found.to_path_buf()),
    }
}

/// Names, sizes and times of change of everything `read_folders` would read: equal as long as nothing was saved.
pub fn fingerprint(paths: &[PathBuf]) -> Result<Vec<(PathBuf, u64, SystemTime)>> {
    let mut prints = Vec::new();
    let mut folders: Vec<(PathBuf, usize)> = paths.iter().map(|path| (path.clone(), 0)).collect();
    while let Some((path, depth)) = folders.pop() {
        let about = match fs::metadata(&path) {
            Ok(about) => about,
            // Editors save by renaming: what was listed may be gone a moment later.
            Err(_) if depth > 0 => continue,
            Err(error) => return Err(unreadable(&path, error)),
        };
        if about.is_dir() && depth <= DEEPEST {
            let entries = fs::read_dir(&path).map_err(|error| unreadable(&path, error))?;
            let visible = |path: &PathBuf| !is_hidden(path);
            let found = entries.filter_map(|entry| Some(entry.ok()?.path()));
            folders.extend(found.filter(visible).map(|path| (path, depth + 1)));
        } else if is_markdown(&path) || is_picture(&path) {
            let changed = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            prints.push((path, about.len(), changed));
        }
    }
    prints.sort();
    Ok(prints)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

struct Walk<'a> {
    /// Canonical; nothing outside is read.
    root: PathBuf,
    prefix: &'a str,
    files: &'a mut Vec<SourceFile>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, below: &str, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            return Ok(());
        }
        let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let inside = fs::canonicalize(&path).is_ok_and(|real| real.starts_with(&self.root));
            if name.starts_with('.') || !inside {
                continue;
            }
            let relative = format!("{below}{name}");
            if path.is_dir() {
                self.folder(&path, &format!("{relative}/"), depth + 1)?;
            } else if is_markdown(&path) || is_picture(&path) {
                self.file(&path, &relative)?;
            }
        }
        Ok(())
    }

    /// A file by itself, with the pictures beside it and one folder down.
    fn lone_file(&mut self, path: &Path) -> Result<()> {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("题库.md");
        self.file(path, name)?;
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        self.pictures(parent.unwrap_or(Path::new(".")), "", 0)
    }

    fn pictures(&mut self, folder: &Path, below: &str, depth: usize) -> Result<()> {
        let Ok(entries) = fs::read_dir(folder) else {
            return Ok(());
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let link = path.is_symlink() || name.starts_with('.');
            if !link && path.is_dir() && depth == 0 {
                self.pictures(&path, &format!("{name}/"), 1)?;
            } else if !link && is_picture(&path) {
                self.file(&path, &format!("{below}{name}"))?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, relative: &str) -> Result<()> {
        let size = fs::metadata(path)
            .map_err(|error| unreadable(path, error))?
            .len();
        if size > LARGEST_FILE {
            return Err(Error::refused(
                Code::TooLarge,
                format!(
                    "文件 {} 有 {:.1} MiB，题库里一个文件最大 2 MiB：图片请压缩，题目请分成几份",
                    path.display(),
                    size as f64 / 1024.0 / 1024.0
                ),
            ));
        }
        let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
        self.files.push(SourceFile {
            path: format!("{}{relative}", self.prefix),
            bytes,
        });
        Ok(())
    }
}

fn is_markdown(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
}

fn is_picture(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| {
            PICTURES
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known))
        })
}

/// `name/`, or `name-2/` where that is taken.
fn free_prefix(path: &Path, roots: &[(String, PathBuf)]) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = if path.is_dir() {
        whole.as_path()
    } else {
        whole.parent().unwrap_or(&whole)
    };
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("bank");
    let taken = |prefix: &str| roots.iter().any(|(other, _)| other == prefix);
    std::iter::once(format!("{name}/"))
        .chain((2..=roots.len() + 2).map(|number| format!("{name}-{number}/")))
        .find(|prefix| !taken(prefix))
        .unwrap_or_default()
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Error::NotFound(format!("题库文件或文件夹 {}", path.display()));
    }
    Error::internal(format!("读不了 {}", path.display()), error)
}
