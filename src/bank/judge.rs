//! What was read, judged over all of it: lints, and whether every blueprint can be filled.

use std::{collections::HashMap, sync::Arc};

use crate::bank::{
    Bank,
    dialect::{
        blueprint::Draft,
        ids,
        sheet::{Note, Sheet},
    },
    fault::Fault,
    fill::Supply,
    lint,
    question::Question,
    read::Reading,
};

impl Reading<'_> {
    /// The bank with every fault: those of reading, and what a careful colleague would say.
    pub fn judged(self) -> Bank {
        let Reading {
            mut bank,
            sheets,
            drafts,
            ids,
            as_of,
        } = self;
        let remarks = note_remarks(&bank.questions, &sheets);
        bank.faults.extend(remarks);
        let supply = Supply::of(&bank.questions, as_of);
        let mut names: HashMap<String, &str> = HashMap::new();
        for (sheet, draft) in &drafts {
            let Some(draft) = draft else { continue };
            let notes = judge_blueprint(sheet, draft, &names, &supply);
            if !notes.iter().any(Note::is_error) {
                names.insert(draft.blueprint.name.clone(), sheet.file);
                bank.blueprints.push(draft.blueprint.clone());
            }
            bank.faults
                .extend(notes.into_iter().map(|note| sheet.fault(note)));
        }
        bank.faults.sort_by(|one, other| {
            let place = |fault: &Fault| (fault.line, fault.column);
            one.file
                .cmp(&other.file)
                .then_with(|| place(one).cmp(&place(other)))
        });
        let taken = ids
            .into_iter()
            .map(|(id, (sheet, _))| (id, sheets[sheet].file));
        ids::suggest(&mut bank.faults, taken);
        bank
    }
}

fn note_remarks(questions: &[Arc<Question>], sheets: &[Sheet<'_>]) -> Vec<Fault> {
    let fault = |remark: lint::Remark| {
        let index = sheets
            .binary_search_by(|sheet| sheet.file.cmp(&remark.file))
            .ok()?;
        let sheet = &sheets[index];
        let at = match &remark.question {
            Some(_) => sheet.words_in_line(remark.line, &remark.words),
            None => sheet.line_range(sheet.text.find("专题").unwrap_or(0)),
        };
        let mut note = Note::warning(remark.code, at, remark.message, remark.help);
        note.question = remark.question;
        Some(sheet.fault(note))
    };
    lint::remarks(questions)
        .into_iter()
        .filter_map(fault)
        .collect()
}

/// `names` are those of the sound ones before it, with their files.
fn judge_blueprint(
    sheet: &Sheet<'_>,
    draft: &Draft,
    names: &HashMap<String, &str>,
    supply: &Supply<'_>,
) -> Vec<Note> {
    let name = &draft.blueprint.name;
    let mut notes = Vec::new();
    if let Some(other) = names.get(name) {
        notes.push(Note::error(
            "doubled-blueprint",
            sheet.line_range(sheet.text.find(name).unwrap_or(0)),
            format!("细目表“{name}”在 {other} 里已经有了"),
            "换一个名字",
        ));
    }
    notes.extend(supply.check(draft));
    notes
}
