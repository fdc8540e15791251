//! The bank that ships inside the program, for `demo` and for a first start without a folder.

use rust_embed::RustEmbed;

use crate::bank::SourceFile;

#[derive(RustEmbed)]
#[folder = "question_bank/"]
#[include = "*.md"]
#[include = "*.png"]
#[include = "*.jpg"]
struct Files;

pub fn files() -> Vec<SourceFile> {
    Files::iter()
        .filter_map(|path| {
            let bytes = Files::get(&path)?.data.into_owned();
            Some(SourceFile {
                path: path.into_owned(),
                bytes,
            })
        })
        .collect()
}
