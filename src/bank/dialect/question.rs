//! One section → one question: its parts told apart by shape, then each read by the file of its kind.

use std::ops::Range;

use chrono::NaiveDate;
use pulldown_cmark::{Event, Tag};

use crate::bank::{
    dialect::{
        Reader,
        attributes::{Attributes, Class},
        blanks, choices,
        file::FileFacts,
        ids::FREE_ID,
        judgement, mended, options, rationale, raw_html, recall,
        render::Codes,
        sections::{self, Events, Section},
        sheet::Note,
        stem, typed,
    },
    html::Html,
    question::{Body, InForce, Kind, Material, Place, Question, Revision},
    revision,
};

/// A question's section with what its file and material say.
#[derive(Debug)]
pub(in crate::bank) struct Asked<'s, 'e, 'a> {
    pub(in crate::bank) section: &'s Section<'e, 'a>,
    pub(in crate::bank) attributes: Attributes,
    pub(in crate::bank) facts: &'s FileFacts,
    pub(in crate::bank) material: Option<&'s Material>,
    pub(in crate::bank) day: NaiveDate,
}

/// The blocks under a heading by what they are for.
#[derive(Debug, Default)]
struct Layout<'e, 'a> {
    stem: Vec<Events<'e, 'a>>,
    /// The list that is the answer part; None in blanks.
    answer: Option<Events<'e, 'a>>,
    rationale: Vec<Events<'e, 'a>>,
}

/// Reads a question; `mark` is where its notes began, and an error since keeps it out.
pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    asked: Asked<'_, '_, '_>,
    mark: usize,
) -> Option<Question> {
    let Asked {
        section,
        attributes,
        facts,
        material,
        day,
    } = asked;
    let shaped = reader.notes.len();
    let layout = lay_out(reader, section);
    let codes = if layout.answer.is_some() {
        Codes::Forbidden
    } else {
        Codes::Blanks
    };
    let (stem, stem_text, marks) = stem::read(reader, section.heading, &layout.stem, codes);
    let body = read_body(reader, section, &layout, &attributes, &marks, shaped);
    let (rationale, source) = rationale::read(reader, &layout.rationale, &facts.document);
    check_head(reader, section, &attributes);
    if source.document.is_empty() && !facts.headless {
        reader
            .notes
            .push(no_source(reader.sheet.line_range(section.start)));
    }
    let in_force = read_in_force(reader, section, &attributes, facts.in_force, day);
    let (id, body) = (attributes.id?, body?);
    if reader.failed_since(mark) {
        return None;
    }
    let mut question = Question {
        id,
        revision: Revision::default(),
        rationale_revision: Revision::default(),
        topic: facts.topic.clone(),
        folder: facts.folder.clone(),
        posts: attributes.posts.unwrap_or_else(|| facts.posts.clone()),
        difficulty: attributes.difficulty.unwrap_or(3),
        purpose: attributes.purpose.unwrap_or(facts.purpose),
        source,
        in_force,
        replaces: attributes.replaces,
        material: material.cloned(),
        stem,
        stem_text,
        body,
        rationale,
        place: Place {
            file: reader.sheet.file.to_owned(),
            line: reader.sheet.line(section.start),
        },
    };
    question.revision = revision::of_question(&question);
    question.rationale_revision = revision::of_rationale(&question);
    Some(question)
}

/// The file's dates where the question has none of its own.
fn read_in_force(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    attributes: &Attributes,
    of_file: InForce,
    day: NaiveDate,
) -> InForce {
    let own = |dated: &Option<(NaiveDate, Range<usize>)>| dated.as_ref().map(|(day, _)| *day);
    let in_force = InForce {
        from: own(&attributes.from).or(of_file.from),
        until: own(&attributes.until).or(of_file.until),
    };
    let reversed =
        matches!(in_force, InForce { from: Some(from), until: Some(until) } if until < from);
    if !reversed && (attributes.from.is_some() || attributes.until.is_some()) {
        let at = |dated: &Option<(NaiveDate, Range<usize>)>| {
            let heading = || sections::range(section.heading);
            dated.as_ref().map_or_else(heading, |(_, at)| at.clone())
        };
        let (from, until) = (at(&attributes.from), at(&attributes.until));
        let note = not_in_force(in_force, day, from, until, "这道题");
        reader.notes.extend(note);
    }
    in_force
}

fn lay_out<'e, 'a>(reader: &mut Reader<'_>, section: &Section<'e, 'a>) -> Layout<'e, 'a> {
    let body = section.body;
    let task_list = |block: &Events<'e, 'a>| choices::is_task_list(block);
    let answer_at = body.iter().position(task_list).or_else(|| {
        let ordered =
            |block: &Events<'e, 'a>| matches!(sections::tag(block), Some(Tag::List(Some(_))));
        body.iter().rposition(ordered)
    });
    let answer_at = answer_at.or_else(|| {
        body.iter()
            .position(|block| choices::is_mistyped_list(reader, block))
    });
    let mut layout = Layout {
        answer: answer_at.map(|at| body[at]),
        ..Layout::default()
    };
    let mut after = false;
    for (index, block) in body.iter().enumerate() {
        if Some(index) == answer_at {
            after = true;
            continue;
        }
        match sections::tag(block) {
            Some(Tag::BlockQuote(_)) if after || answer_at.is_none() => {
                layout.rationale.push(block);
            }
            _ if after || !layout.rationale.is_empty() => note_stray(reader, block),
            _ => layout.stem.push(block),
        }
    }
    layout
}

/// What stands behind the answer part without being a rationale.
fn note_stray(reader: &mut Reader<'_>, block: Events<'_, '_>) {
    let at = sections::range(block);
    let line = reader.sheet.line_text(at.start);
    let note = match sections::tag(block) {
        None if matches!(block.first(), Some((Event::Rule, _))) => return,
        None | Some(Tag::HtmlBlock) => raw_html::note(reader.sheet, &at),
        Some(Tag::List(_)) => Note::error(
            "two-lists",
            reader.sheet.line_range(at.start),
            "这道题有两段选项或要点",
            "一道题只有一组选项：中间不要夹别的话，行首都用同一个“-”；如果是另一道题，前面加上它自己的 ## 题干",
        ),
        Some(Tag::Paragraph) if typed::answer_line(reader, &at) => return,
        Some(_) => Note::error(
            "text-after-answer",
            reader.sheet.line_range(at.start),
            "选项后面的话不知道是什么",
            format!(
                "题干写在选项前面；解析写成引用，每行以 > 开头：\n> {}",
                line.trim()
            ),
        ),
    };
    reader.notes.push(note);
}

fn read_body(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    layout: &Layout<'_, '_>,
    attributes: &Attributes,
    marks: &[(String, Range<usize>)],
    shaped: usize,
) -> Option<Body> {
    let (kind, body) = match layout.answer {
        Some(list)
            if matches!(sections::tag(list), Some(Tag::List(Some(_))))
                && !choices::is_task_list(list) =>
        {
            (Kind::Recall, recall::read(reader, list, attributes))
        }
        Some(list) => {
            let read = choices::read(reader, list);
            if judgement::is_one(&read) {
                (Kind::Judgement, judgement::read(reader, list, &read))
            } else {
                let body = choices::body(reader, list, read, attributes, shaped);
                let multiple = matches!(&body, Some(Body::Choices(choices)) if choices.multiple);
                (
                    if multiple {
                        Kind::Multiple
                    } else {
                        Kind::Single
                    },
                    body,
                )
            }
        }
        None if !marks.is_empty() => (Kind::Blanks, blanks::read(reader, marks, attributes)),
        None => {
            options::no_answer(reader, section);
            return None;
        }
    };
    check_classes(reader, attributes, kind);
    body
}

/// A class on a kind it says nothing about is a misunderstanding.
fn check_classes(reader: &mut Reader<'_>, attributes: &Attributes, kind: Kind) {
    for (class, at) in &attributes.classes {
        let fits = match class {
            Class::Multiple => kind == Kind::Multiple,
            Class::FixedOrder => matches!(kind, Kind::Single | Kind::Multiple),
            Class::AnyOrder => kind == Kind::Blanks,
            Class::Ordered => kind == Kind::Recall,
            Class::Material => false,
        };
        if !fits {
            let name = class.chinese();
            reader.notes.push(Note::error(
                "class-misplaced",
                at.clone(),
                format!("{}题不用“.{name}”", kind.chinese()),
                format!("删去 .{name}（.多选、.固定顺序 用于选择题，.任意顺序 用于填空题，.按序 用于口答题，.材料 只用于二级标题）"),
            ));
        }
    }
}

/// Id and difficulty: what every question needs beside its text.
fn check_head(reader: &mut Reader<'_>, section: &Section<'_, '_>, attributes: &Attributes) {
    // Where a whole heading was printed, or its braces are elsewhere, the id was told with it.
    let told = |note: &Note| {
        (section.start..section.end).contains(&note.at.start)
            && (["attributes-unread", "attributes-in-body"].contains(&note.code)
                || note.help.contains(FREE_ID))
    };
    if attributes.id.is_none() && !reader.notes.iter().any(told) {
        let heading = reader.sheet.line_range(section.start);
        let line = reader.sheet.slice(&heading);
        let written = mended::headed(line, None).unwrap_or_else(|| line.to_owned());
        reader.notes.push(Note::error(
            "missing-id",
            heading,
            "这道题没有编号",
            missing_id_help(&written),
        ));
    }
    if attributes.difficulty.is_none() && attributes.id.is_some() {
        reader.notes.push(Note::warning(
            "difficulty-missing",
            attributes.id_at.clone(),
            "没有写难度，暂按 3 算",
            format!(
                "在编号后面加上难度（1 最易，5 最难）：{{{} 难度=3}}",
                reader.sheet.slice(&attributes.id_at)
            ),
        ));
    }
}

/// How to give an id by hand, with the heading as it will be.
pub(in crate::bank) fn missing_id_help(written: &str) -> String {
    format!(
        "编号自己取，小写字母加数字，全库不能重复；难度是 1（最易）到 5（最难）。例如写成：\n{written}\n\
         也可以运行 `yikouqing bank fmt`，编号会自动补上"
    )
}

fn no_source(heading: Range<usize>) -> Note {
    Note::error(
        "no-source",
        heading,
        "这道题没有来源",
        "在文件开头写“来源: 《文件名》（文号）”，或者在这道题后面写一行：\n> 依据：《文件名》第几条",
    )
}

/// A warning where these dates leave the day out.
pub(in crate::bank) fn not_in_force(
    in_force: InForce,
    day: NaiveDate,
    from_at: Range<usize>,
    until_at: Range<usize>,
    whose: &str,
) -> Option<Note> {
    let early = in_force.from.filter(|from| day < *from);
    let late = in_force.until.filter(|until| *until < day);
    let (at, message) = match (early, late) {
        (Some(from), _) => (
            from_at,
            format!("{whose}依据的政策 {from} 才施行，{day} 还不能用"),
        ),
        (None, Some(until)) => (
            until_at,
            format!("{whose}依据的政策 {until} 已经失效，{day} 不能再用"),
        ),
        (None, None) => return None,
    };
    Some(Note::warning(
        "not-in-force",
        at,
        message,
        "核对日期；政策有了新文件，就按新文件改题并改日期。不改也行：这段时间不会抽到它",
    ))
}

/// The explanation where a question has none.
pub(in crate::bank) fn no_rationale() -> Html {
    Html::default()
}
