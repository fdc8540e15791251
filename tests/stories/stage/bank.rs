//! The small bank of the stories, all kinds in it, and edits as a trainer makes them.

use std::path::PathBuf;

use yikouqing::{bank::SourceFile, exchange::bank_folder};

use crate::stage::Stage;

/// Eight questions of all five kinds, 18 points, forty minutes.
pub(crate) const SMALL: &str = "小卷";
/// Needs every single choice and every recall question of 救助政策.
pub(crate) const FULL: &str = "满卷";

pub(crate) fn files() -> Vec<SourceFile> {
    let folder = PathBuf::from("tests/stories/bank");
    bank_folder::read_folders(&[folder]).expect("the stories' bank")
}

impl Stage {
    /// Replaces a text in a file of the bank, which must have it.
    #[track_caller]
    pub(crate) fn edit(&mut self, file: &str, from: &str, to: &str) {
        let text = self.file(file);
        assert!(text.contains(from), "{file} has no {from}");
        let text = text.replace(from, to);
        self.write(file, &text);
    }

    pub(crate) fn file(&self, file: &str) -> String {
        let found = self.bank.iter().find(|each| each.path == file);
        let found = found.unwrap_or_else(|| panic!("no {file}"));
        String::from_utf8(found.bytes.clone()).expect("a text")
    }

    pub(crate) fn write(&mut self, file: &str, text: &str) {
        self.bank.retain(|each| each.path != file);
        self.bank.push(SourceFile {
            path: file.into(),
            bytes: text.into(),
        });
        self.bank.sort_by(|one, other| one.path.cmp(&other.path));
    }

    /// The stem of a question that is live, as plain text.
    pub(crate) async fn live_stem(&self, id: &str) -> Option<String> {
        let live = self.app.live_bank().await.expect("the bank")?;
        let question = live.bank.questions.iter().find(|each| each.id.0 == id)?;
        Some(question.stem_text.clone())
    }
}
