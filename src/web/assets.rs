//! Our own CSS, JavaScript and pictures, inside the program; addresses carry a hash, so they may be kept for ever.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// One file as it is served: `Cache-Control: public, max-age=31536000, immutable`.
#[derive(Debug, Clone)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    /// With its quotes.
    pub etag: String,
}

/// What stands below `/assets/`: `app.{hash}.css`. An address with an old hash finds nothing.
pub fn find(path: &str) -> Option<&'static Asset> {
    served().by_path.get(path)
}

/// `app.css` → `/assets/app.{hash}.css`.
pub fn url(name: &str) -> String {
    let path = served().paths.get(name);
    format!("/assets/{}", path.map_or(name, String::as_str))
}

/// Every file with the path it is served under.
pub fn all() -> impl Iterator<Item = (&'static String, &'static Asset)> {
    served().by_path.iter()
}

#[derive(Default)]
struct Served {
    by_path: HashMap<String, Asset>,
    paths: HashMap<String, String>,
}

fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        let mut served = Served::default();
        for name in Files::iter() {
            served.add(&name);
        }
        served
    })
}

impl Served {
    /// Modules name one another as `"./clock.js"`; what is imported gets its address first, so that a change in it
    /// also changes the address of who imports it.
    fn add(&mut self, name: &str) {
        let Some(file) = Files::get(name).filter(|_| !self.paths.contains_key(name)) else {
            return;
        };
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let bytes = match ending {
            "js" => Cow::Owned(self.link(&String::from_utf8_lossy(&file.data)).into_bytes()),
            _ => file.data,
        };
        let hash = short_hash(&bytes);
        let path = format!("{stem}.{hash}.{ending}");
        let asset = Asset {
            content_type: content_type(ending),
            etag: format!("\"{hash}\""),
            bytes,
        };
        self.by_path.insert(path.clone(), asset);
        self.paths.insert(name.to_owned(), path);
    }

    fn link(&mut self, module: &str) -> String {
        let mut linked = module.to_owned();
        for imported in Files::iter() {
            let written = format!("from \"./{imported}\"");
            if linked.contains(&written) {
                self.add(&imported);
                let path = &self.paths[imported.as_ref()];
                linked = linked.replace(&written, &format!("from \"./{path}\""));
            }
        }
        linked
    }
}

fn short_hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .take(6)
        .fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"))
}

fn content_type(ending: &str) -> &'static str {
    match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_finds_its_file_and_an_old_hash_finds_nothing() {
        let url = url("app.css");
        let path = url.strip_prefix("/assets/").unwrap();
        let asset = find(path).unwrap();
        assert_eq!(asset.content_type, "text/css; charset=utf-8");
        assert!(find("app.css").is_none());
        assert!(find("app.000000000000.css").is_none());
    }

    #[test]
    fn modules_import_one_another_by_addresses_that_exist() {
        for asset in served().by_path.values() {
            let text = String::from_utf8_lossy(&asset.bytes);
            for rest in text.split("from \"./").skip(1) {
                let path = rest.split('"').next().unwrap();
                assert!(find(path).is_some(), "{path}");
            }
        }
    }
}
