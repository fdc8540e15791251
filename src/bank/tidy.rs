//! Whole banks made tidy: ids are given over all files, so that no two are the same.

use crate::bank::{
    SourceFile,
    decode::decode,
    dialect::{
        ids::Ids,
        sheet::Sheet,
        tidy::{take_ids, tidy},
    },
};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The files that change, as they shall be. Ids are given where `wanted` says the file is meant; what is no UTF-8
/// stays as it is.
pub fn tidied(files: &[SourceFile], wanted: impl Fn(&str) -> bool) -> Vec<SourceFile> {
    let texts: Vec<(&SourceFile, &str)> = files
        .iter()
        .filter(|file| is_bank_text(&file.path))
        .filter_map(|file| Some((file, decode(&file.path, &file.bytes).ok()?)))
        .collect();
    let mut ids = Ids::default();
    for (file, text) in &texts {
        take_ids(&mut ids, &Sheet::new(&file.path, text));
    }
    texts
        .into_iter()
        .filter(|(file, _)| wanted(&file.path))
        .filter_map(|(file, text)| {
            let sheet = Sheet::new(&file.path, text);
            let tidy = tidy(&sheet, holds_questions(&file.path).then_some(&mut ids));
            let mark = file.bytes.starts_with(BYTE_ORDER_MARK);
            (tidy != text).then(|| SourceFile {
                path: file.path.clone(),
                bytes: [if mark { BYTE_ORDER_MARK } else { b"" }, tidy.as_bytes()].concat(),
            })
        })
        .collect()
}

fn is_bank_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.to_lowercase().ends_with(".md") && !name.eq_ignore_ascii_case("README.md")
}

fn holds_questions(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    !matches!(name, "posts.md" | "synonyms.md") && folder.rsplit('/').next() != Some("blueprints")
}
