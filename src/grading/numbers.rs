//! Reading text so that numbers compare by value: 十五 = 15 = １５, 百分之五十 = 50%, 1.5万 = 一万五千 = 15,000.
//!
//! A text becomes tokens: one per number, one per other character (width and ASCII case folded), each with its place in
//! the text. A number is one token however it is written, so `15` is never found inside `115`.

mod value;

/// One token of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Token {
    /// Canonical: `15`, `2.5`, `50%`, `2/3`.
    Number(String),
    Char(char),
}

/// A token with the bytes of the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub token: Token,
    pub start: usize,
    pub end: usize,
}

/// A folded character and its bytes in the text.
#[derive(Debug, Clone, Copy)]
struct Folded {
    c: char,
    start: usize,
    end: usize,
}

/// Words whose numerals count nothing: without them 统一三农 would read as 统·13·农.
const NO_NUMBERS: [&str; 29] = [
    "统一",
    "唯一",
    "同一",
    "单一",
    "之一",
    "一律",
    "一致",
    "一定",
    "一般",
    "一切",
    "一起",
    "一旦",
    "一样",
    "一体",
    "一并",
    "一直",
    "一些",
    "一下",
    "一同",
    "一道",
    "一边",
    "万一",
    "三农",
    "三资",
    "一卡通",
    "一肩挑",
    "一口清",
    "千方百计",
    "五保户",
];

pub fn read(text: &str) -> Vec<Read> {
    let folded = fold(text);
    let mut reads = Vec::with_capacity(folded.len());
    let mut at = 0;
    while at < folded.len() {
        let rest = &folded[at..];
        let word = may_begin(rest[0].c)
            .then(|| NO_NUMBERS.iter().find(|word| starts_with(rest, word)))
            .flatten();
        let number = if word.is_some() {
            None
        } else {
            value::number(rest)
        };
        if let Some((number, length)) = number {
            reads.push(Read {
                token: Token::Number(number),
                start: rest[0].start,
                end: rest[length - 1].end,
            });
            at += length;
        } else {
            let length = word.map_or(1, |word| word.chars().count());
            reads.extend(rest[..length].iter().map(|folded| Read {
                token: Token::Char(folded.c),
                start: folded.start,
                end: folded.end,
            }));
            at += length;
        }
    }
    reads
}

/// Whether one of `NO_NUMBERS` may begin so.
fn may_begin(c: char) -> bool {
    matches!(
        c,
        '统' | '唯' | '同' | '单' | '之' | '一' | '万' | '三' | '千' | '五'
    )
}

fn starts_with(folded: &[Folded], word: &str) -> bool {
    let mut length = 0;
    word.chars().all(|c| {
        length += 1;
        folded.get(length - 1).is_some_and(|folded| folded.c == c)
    })
}

/// Full-width forms to ASCII, ASCII letters small; spaces between a numeral and 万, 亿 or % dropped (`15 万`).
fn fold(text: &str) -> Vec<Folded> {
    let mut folded: Vec<Folded> = text
        .char_indices()
        .map(|(start, c)| Folded {
            c: fold_char(c),
            start,
            end: start + c.len_utf8(),
        })
        .collect();
    let mut kept = 0;
    for at in 0..folded.len() {
        let after_digit = kept > 0 && folded[kept - 1].c.is_ascii_digit();
        let next = folded[at..].iter().find(|each| !each.c.is_whitespace());
        let before_unit = next.is_some_and(|each| "万亿%‰".contains(each.c));
        if !(folded[at].c.is_whitespace() && after_digit && before_unit) {
            folded[kept] = folded[at];
            kept += 1;
        }
    }
    folded.truncate(kept);
    folded
}

fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
    .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        read(text)
            .into_iter()
            .map(|read| match read.token {
                Token::Number(number) => format!("[{number}]"),
                Token::Char(c) => c.to_string(),
            })
            .collect()
    }

    #[test]
    fn numbers_read_by_value_however_they_are_written() {
        for (texts, value) in [
            (vec!["十五", "15", "１５", "一十五", "015", "15.0"], "[15]"),
            (
                vec!["二〇二一", "２０２１", "二零二一", "两千零二十一"],
                "[2021]",
            ),
            (vec!["一百零五", "105", "一百〇五"], "[105]"),
            (vec!["两百", "二百", "200", "2百"], "[200]"),
            (
                vec!["一万二", "一万两千", "1.2万", "12,000", "1万2千", "1.2 万"],
                "[12000]",
            ),
            (vec!["三百五", "三百五十", "350"], "[350]"),
            (vec!["三点五", "3.5", "３．５０"], "[3.5]"),
            (vec!["一点五万", "15000", "一万五千"], "[15000]"),
            (vec!["百分之五十", "50%", "５０％", "百分之50"], "[50%]"),
            (vec!["百分之百", "100%", "百分之一百"], "[100%]"),
            (vec!["三分之二", "2/3", "六分之四"], "[2/3]"),
            (
                vec!["一万亿", "10000亿", "1000000000000"],
                "[1000000000000]",
            ),
        ] {
            for text in texts {
                assert_eq!(shape(text), value, "{text}");
            }
        }
    }

    #[test]
    fn what_counts_nothing_stays_text_and_neighbours_stay_apart() {
        for (text, expected) in [
            ("统一三农", "统一三农"),
            ("百姓", "百姓"),
            ("自受理之日起六十日内", "自受理之日起[60]日内"),
            ("115日", "[115]日"),
            ("一、二", "[1]、[2]"),
            ("2021年4月29日", "[2021]年[4]月[29]日"),
            ("二〇二一年四月二十九日", "[2021]年[4]月[29]日"),
            ("八点三十分", "[8]点[30]分"),
            ("8点30分", "[8]点[30]分"),
            ("第一一百元", "第[1][100]元"),
            ("ＡＢc", "abc"),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn every_token_knows_its_bytes() {
        let text = "满６０ 万元";
        let parts: Vec<&str> = read(text).iter().map(|r| &text[r.start..r.end]).collect();
        assert_eq!(parts, ["满", "６０ 万", "元"]);
    }
}
