//! Values that stand in front matter and attributes alike: posts, purposes, days, difficulties.

use std::ops::Range;

use chrono::NaiveDate;

use crate::bank::{
    dialect::{front_matter, sheet::Note},
    posts::Posts,
    question::Purpose,
};

/// Posts by their names in the table; 全体 stands for nobody in particular.
/// The entry is what stands before the value, the value and its place.
pub(in crate::bank) fn posts(
    (before, value, at): (&str, &str, &Range<usize>),
    table: &Posts,
    notes: &mut Vec<Note>,
) -> Vec<String> {
    let mut found = Vec::new();
    let words = front_matter::words(value, at);
    for (word, word_at) in &words {
        if *word == "全体" {
            continue;
        }
        match table.find(word) {
            Some(post) if found.contains(&post.name) => {}
            Some(post) => found.push(post.name.clone()),
            None => {
                let kept = posts_meant(&words, table);
                let note = unknown_post(word, word_at.clone(), table, &(before, &kept));
                notes.push(note);
            }
        }
    }
    found
}

/// The words that are posts, guesses among them, each post once.
fn posts_meant<'w>(words: &[front_matter::Word<'w>], table: &'w Posts) -> Vec<&'w str> {
    let mut seen = Vec::new();
    let meant = words.iter().filter_map(|(word, _)| {
        let known = table.find(word).map(|_| *word);
        known.or_else(|| near_post(word, table))
    });
    meant
        .filter(|word| {
            let post = table.find(word).map(|post| &post.name);
            let new = !seen.contains(&post);
            seen.push(post);
            new
        })
        .collect()
}

/// The post whose name or alias is nearest.
fn near_post<'p>(word: &str, table: &'p Posts) -> Option<&'p str> {
    let names = table.posts.iter().flat_map(|post| {
        let aliases = post.aliases.iter().map(String::as_str);
        std::iter::once(post.name.as_str()).chain(aliases)
    });
    let near = nearest(word, names)?;
    table.find(near).map(|post| post.name.as_str())
}

/// `kept` are the words of the line that are posts, guesses among them.
fn unknown_post(
    word: &str,
    at: Range<usize>,
    table: &Posts,
    (before, kept): &(&str, &[&str]),
) -> Note {
    let names: Vec<&str> = table.posts.iter().map(|post| post.name.as_str()).collect();
    let written = match kept {
        [] => "整项删去（不写岗位就是全体）".to_owned(),
        kept => format!("写成：\n{before}{}", kept.join("、")),
    };
    let cure = match near_post(word, table) {
        Some(name) => format!("是不是“{name}”？是就{written}"),
        None => format!("换成下面的一个，或者不要它，{written}"),
    };
    let division = table.posts.last().map_or("村干部组", |post| &post.division);
    Note::error(
        "unknown-post",
        at,
        format!("没有“{word}”这个岗位"),
        format!(
            "{cure}\n可用的岗位有：{}\n真有这个新岗位，就在 posts.md 的表里照别的行加一行（岗位、别名、组别）：\n\
             | {word} | | {division} |",
            names.join("、")
        ),
    )
}

pub(in crate::bank) fn purpose(
    value: &str,
    at: &Range<usize>,
    notes: &mut Vec<Note>,
) -> Option<Purpose> {
    match value {
        "练习" => Some(Purpose::Practice),
        "比武" => Some(Purpose::Contest),
        "通用" => Some(Purpose::General),
        _ => {
            notes.push(Note::error(
                "unknown-purpose",
                at.clone(),
                format!("没有“{value}”这种用途"),
                "用途只有三种：练习、比武、通用；不写就是通用",
            ));
            None
        }
    }
}

/// `2021-06-01`, digits of either width.
pub(in crate::bank) fn day(
    value: &str,
    at: &Range<usize>,
    notes: &mut Vec<Note>,
) -> Option<NaiveDate> {
    let ascii = narrow(value);
    let well_formed = ascii.split('-').count() == 3
        && ascii.split('-').zip([4, 2, 2]).all(|(digits, most)| {
            (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
    let read = NaiveDate::parse_from_str(&ascii, "%Y-%m-%d");
    if let (true, Ok(day)) = (well_formed, read) {
        return Some(day);
    }
    let numbers: Vec<u32> = ascii
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let meant = match numbers[..] {
        [year @ 1900..=2999, month, day] => NaiveDate::from_ymd_opt(year as i32, month, day),
        _ => None,
    };
    let help = meant.map_or(
        "日期写成 2021-06-01 这样：四位年、两位月、两位日，且要有这一天".into(),
        |day| format!("写成 {day}"),
    );
    notes.push(Note::error(
        "bad-date",
        at.clone(),
        format!("“{value}”不是日期"),
        help,
    ));
    None
}

/// 1 to 5.
pub(in crate::bank) fn difficulty(
    value: &str,
    at: &Range<usize>,
    notes: &mut Vec<Note>,
) -> Option<u8> {
    match narrow(value).as_str() {
        "1" => Some(1),
        "2" => Some(2),
        "3" => Some(3),
        "4" => Some(4),
        "5" => Some(5),
        _ => {
            notes.push(Note::error(
                "bad-difficulty",
                at.clone(),
                format!("难度不能是“{value}”"),
                "难度是 1 到 5 的整数，1 最易、5 最难，例如 难度=3",
            ));
            None
        }
    }
}

/// Full-width digits, letters and marks as their ASCII selves.
pub(in crate::bank) fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

pub(in crate::bank) fn narrow_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '—' | '–' => '-',
        other => other,
    }
}

/// The name that shares most characters with the word, if it shares at least half.
pub(in crate::bank) fn nearest<'n>(
    word: &str,
    names: impl Iterator<Item = &'n str>,
) -> Option<&'n str> {
    let length = word.chars().count();
    names
        .map(|name| {
            let shared = word.chars().filter(|c| name.contains(*c)).count();
            (shared * 2, length.max(name.chars().count()), name)
        })
        .filter(|(twice_shared, longest, _)| twice_shared >= longest)
        .max_by_key(|(twice_shared, longest, _)| twice_shared * 100 / longest)
        .map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_words_is_answered_with_the_day_in_figures() {
        let mut notes = Vec::new();
        assert_eq!(
            day("２０２１-06-01", &(0..1), &mut notes),
            NaiveDate::from_ymd_opt(2021, 6, 1)
        );
        assert_eq!(day("2021年6月1日", &(0..1), &mut notes), None);
        assert_eq!(notes[0].help, "写成 2021-06-01");
        for not_a_day in ["2021-02-30", "明天", "2021", "2021-06-01-02", "+2021-6-1"] {
            assert_eq!(day(not_a_day, &(0..1), &mut notes), None, "{not_a_day}");
        }
    }

    #[test]
    fn the_nearest_name_is_guessed_and_strangers_are_not() {
        let names = ["村党组织书记", "村委会主任"];
        assert_eq!(
            nearest("党组织书记", names.into_iter()),
            Some("村党组织书记")
        );
        assert_eq!(nearest("厨师", names.into_iter()), None);
    }
}
