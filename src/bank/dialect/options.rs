//! Options as Word files have them: `A. 甲`, `B、乙`, `-[x] 丙`, with `答案：B` below.

use std::ops::Range;

use pulldown_cmark::Tag;

use crate::bank::dialect::{
    Reader, boxes, guesses, mended,
    sections::{self, Section},
    sheet::{Note, Sheet},
    values,
};

/// A line that was meant as an option.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::bank) struct Typed<'a> {
    /// The letter before it.
    letter: Option<char>,
    /// Whether a box before it said so.
    keyed: bool,
    words: &'a str,
}

/// `A. 甲`, `A、甲`, `（A）甲`: the letter and the words.
pub(in crate::bank) fn lettered(text: &str) -> Option<(char, &str)> {
    let text = text.trim_start();
    let inner = text.strip_prefix(['(', '（', '【']).unwrap_or(text);
    let mut chars = inner.chars();
    let letter = values::narrow_char(chars.next()?);
    if !letter.is_ascii_uppercase() || letter > 'J' {
        return None;
    }
    let rest = chars.as_str().trim_start();
    let rest = rest.strip_prefix(['.', '．', '、', ')', '）', '】', ':', '：'])?;
    Some((letter, rest.trim()))
}

/// Whether this line is an option in another manner than `- [ ] 甲`.
pub(in crate::bank) fn option_of(line: &str) -> Option<Typed<'_>> {
    let bare = line.trim_start_matches(['-', '－', '—', '–', '•', '·', '*', '+', ' ']);
    if let Some((keyed, words)) = boxes::parse(bare) {
        let bullet = bare.len() < line.len();
        // `（ ）` opens many sentences; without a bullet only square brackets are boxes.
        if bullet || !bare.starts_with(['(', '（']) {
            return Some(Typed {
                letter: None,
                keyed,
                words,
            });
        }
    }
    let (letter, words) = lettered(bare)?;
    Some(Typed {
        letter: Some(letter),
        keyed: false,
        words,
    })
}

pub(in crate::bank) fn mistyped(line: Range<usize>, text: &str, option: &Typed<'_>) -> Note {
    let mark = if option.keyed { 'x' } else { ' ' };
    let _ = text;
    Note::error(
        "mistyped-option",
        line,
        "这个选项的写法不对，被当成了上一行的话",
        format!(
            "行首写“- [ ] ”（横线、空格、方框、空格），写成：\n- [{mark}] {}",
            option.words
        ),
    )
}

/// The letters or words of `答案：B`, `【答案】AC`, `正确答案: 对`.
pub(in crate::bank) fn answer_of(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['【', '[', '（', '(', '*', ' ']);
    let bare = ["正确", "参考", "标准"]
        .iter()
        .find_map(|word| bare.strip_prefix(word))
        .unwrap_or(bare);
    let rest = bare.strip_prefix("答案")?;
    let marked = rest.trim_start_matches(['】', ']', '）', ')', '*', ' ', '是', '为']);
    let answer = marked.trim_start_matches([':', '：', ' ', '*']);
    (rest.len() != answer.len() || rest.is_empty()).then_some(answer.trim())
}

/// The words of `解析：…`.
pub(in crate::bank) fn rationale_of(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['【', '[', '（', '(', '*', ' ']);
    let (word, rest) = ["解析", "解释", "依据"]
        .iter()
        .find_map(|word| Some((*word, bare.strip_prefix(word)?)))?;
    let rest = rest.trim_start_matches(['】', ']', '）', ')', '*']);
    let words = rest.trim_start_matches([':', '：', ' ']);
    if rest.len() == words.len() && bare.len() == line.len() {
        return None;
    }
    Some(if word == "依据" { line } else { words })
}

/// The words of the options that stand right above this line, in their order.
pub(in crate::bank) fn above<'a>(sheet: &Sheet<'a>, at: usize) -> Vec<&'a str> {
    let start = sheet.line_range(at).start;
    let mut words: Vec<&str> = sheet.text[..start]
        .lines()
        .rev()
        .map(str::trim)
        .skip_while(|line| line.is_empty())
        .map_while(option_of)
        .map(|option| option.words)
        .collect();
    words.reverse();
    words
}

/// A question without a key in sight: says what it was probably meant to be.
pub(in crate::bank) fn no_answer(reader: &mut Reader<'_>, section: &Section<'_, '_>) {
    let heading = reader.sheet.line_range(section.start);
    if was_told(reader, section) {
        return;
    }
    let lines = body_lines(reader, heading.end, section.end);
    let answer = lines
        .iter()
        .find_map(|(_, line)| answer_of(line))
        .map(values::narrow);
    let options: Vec<(Range<usize>, Typed<'_>)> = lines
        .iter()
        .flat_map(|(at, line)| {
            one_line(line)
                .into_iter()
                .map(|option| (at.clone(), option))
        })
        .collect();
    let bullets = section
        .body
        .iter()
        .find(|block| matches!(sections::tag(block), Some(Tag::List(None))));
    let note = if options.len() >= 2 {
        typed_options(reader.sheet.slice(&heading), &options, answer.as_deref())
    } else if let Some(list) = bullets {
        unboxed_list(reader, sections::range(list).start)
    } else if let Some(note) = guesses::elements(&lines) {
        note
    } else if let Some(note) = guesses::judgement(reader, &heading, answer.as_deref()) {
        note
    } else if let Some(answer) = answer {
        let help = guesses::bracket_help(reader.sheet.slice(&heading), &answer);
        Note::error(
            "answer-line",
            heading,
            "只写了答案，没有可以作答的部分",
            help,
        )
    } else {
        Note::error(
            "no-answer",
            heading,
            "这道题没有选项、空，也没有要点，没法作答",
            no_answer_help("60"),
        )
    };
    reader.notes.push(note);
}

/// A blank that went wrong is all there is to say.
fn was_told(reader: &Reader<'_>, section: &Section<'_, '_>) -> bool {
    let blanks = [
        "underscore-blank",
        "empty-blank",
        "blank-not-closed",
        "blank-in-table",
    ];
    reader.notes.iter().any(|note| {
        blanks.contains(&note.code) && (section.start..section.end).contains(&note.at.start)
    })
}

fn unboxed_list(reader: &Reader<'_>, start: usize) -> Note {
    let line = reader.sheet.line_range(start);
    let words = reader.sheet.slice(&line);
    let words = words.trim_start_matches(['-', '*', '+', ' ']);
    Note::error(
        "choices-without-boxes",
        line,
        "选项前面没有方框，不知道哪个正确",
        format!("每个选项前写方框，正确的写 [x]，其余写 [ ]，例如：\n- [x] {words}"),
    )
}

pub(in crate::bank) fn no_answer_help(answer: &str) -> String {
    format!(
        "在题干下面空一行，按题型写：\n\
         选择题：每行一个选项，正确的写“- [x] ”，其余写“- [ ] ”\n\
         判断题：- [x] 正确  换行  - [ ] 错误\n\
         填空题：在题干里把答案写在反引号中，例如 ……自受理之日起 `{answer}` 日内办结\n\
         口答题：1. 第一个要点  换行  2. 第二个要点"
    )
}

fn typed_options(
    heading: &str,
    options: &[(Range<usize>, Typed<'_>)],
    answer: Option<&str>,
) -> Note {
    let keyed = |option: &Typed<'_>| {
        option.keyed
            || option
                .letter
                .is_some_and(|letter| answer.is_some_and(|answer| answer.contains(letter)))
    };
    let any = options.iter().any(|(_, option)| keyed(option));
    let rewritten: Vec<String> = options
        .iter()
        .map(|(_, option)| {
            format!(
                "- [{}] {}",
                if keyed(option) { 'x' } else { ' ' },
                option.words
            )
        })
        .collect();
    // All of them: without the class it would be a single choice with every box ticked.
    let all = options.iter().all(|(_, option)| keyed(option));
    let headed = all
        .then(|| mended::headed(heading, Some(".多选")))
        .flatten();
    let above = headed.map(|heading| format!("{heading}\n\n"));
    let hint = if above.is_some() {
        "答案是全部选项，题干的花括号里要有 .多选。从题干那一行起，连同答案那一行，换成"
    } else if any {
        "把这几行（连同答案那一行）换成"
    } else {
        "选项不用字母编号，每行以“- [ ] ”开头，正确的写“- [x] ”。换成下面这样，再把正确的那个改成 [x]"
    };
    let message = if options[0].1.letter.is_some() {
        "选项写成了 A.、B. 的样子"
    } else {
        "选项的横线和方框写得不对"
    };
    Note::error(
        "mistyped-option",
        options[0].0.clone(),
        message,
        format!(
            "{hint}：\n{}{}",
            above.unwrap_or_default(),
            rewritten.join("\n")
        ),
    )
}

/// The lines of the section behind its heading, quotes left out.
fn body_lines<'a>(reader: &Reader<'a>, from: usize, end: usize) -> Vec<(Range<usize>, &'a str)> {
    let mut lines = Vec::new();
    let mut at = reader.sheet.next_line(from);
    while at < end {
        let line = reader.sheet.line_range(at);
        let text = reader.sheet.slice(&line).trim();
        if !text.is_empty() && !text.starts_with('>') {
            lines.push((line.clone(), text));
        }
        at = reader.sheet.next_line(at);
    }
    lines
}

/// The options of a line: one, or several as in `A. 甲  B. 乙`.
fn one_line(line: &str) -> Vec<Typed<'_>> {
    let Some(first) = option_of(line) else {
        return Vec::new();
    };
    let Some(letter) = first.letter else {
        return vec![first];
    };
    let mut found = Vec::new();
    let (mut letter, mut words) = (letter, first.words);
    while let Some(next) = char::from_u32(letter as u32 + 1) {
        let cut = words.char_indices().find(|(at, c)| {
            *c == next
                && *at > 0
                && words[..*at].ends_with([' ', '　', '\t', '；', ';'])
                && lettered(&words[*at..]).is_some()
        });
        let Some((at, _)) = cut else { break };
        found.push(Typed {
            letter: Some(letter),
            keyed: false,
            words: words[..at].trim(),
        });
        words = lettered(&words[at..]).map_or("", |(_, rest)| rest);
        letter = next;
    }
    found.push(Typed {
        letter: Some(letter),
        keyed: false,
        words,
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_known_in_every_manner() {
        for line in ["A. 甲", "A、甲", "Ａ．甲", "（A）甲", "A) 甲", "- A. 甲"] {
            let option = option_of(line).expect(line);
            assert_eq!((option.letter, option.words), (Some('A'), "甲"), "{line}");
        }
        assert_eq!(option_of("-[x] 甲").map(|option| option.keyed), Some(true));
        for line in ["甲", "A级景区", "（三）甲", "依据：甲", "AB、甲"] {
            assert_eq!(option_of(line), None, "{line}");
        }
        let words: Vec<&str> = one_line("A. 甲  B. 乙　C．丙")
            .iter()
            .map(|option| option.words)
            .collect();
        assert_eq!(words, ["甲", "乙", "丙"]);
    }

    #[test]
    fn answer_lines_are_known_and_sentences_are_not() {
        for line in [
            "答案：B",
            "答案:B",
            "【答案】B",
            "正确答案是B",
            "参考答案 ： B",
            "**答案：**B",
        ] {
            assert_eq!(answer_of(line), Some("B"), "{line}");
        }
        for line in ["答案不唯一", "这题的答案"] {
            assert_eq!(answer_of(line), None, "{line}");
        }
        assert_eq!(rationale_of("解析：因为"), Some("因为"));
        assert_eq!(rationale_of("【解析】因为"), Some("因为"));
        assert_eq!(rationale_of("解析几何"), None);
    }
}
