//! One number at the start of a text, in Arabic or Chinese numerals or both, to its canonical form.

use crate::grading::numbers::{Folded, starts_with};

/// Values are kept in millionths while they are put together.
const ONE: u128 = 1_000_000;

/// The number that starts here and how many characters it takes.
pub(super) fn number(text: &[Folded]) -> Option<(String, usize)> {
    if !text.first().is_some_and(|first| may_begin(first.c)) {
        return None;
    }
    for (prefix, sign) in [("百分之", '%'), ("千分之", '‰')] {
        if starts_with(text, prefix) {
            let rest = &text[3..];
            let whole = starts_with(rest, "百").then_some((100 * ONE, 1));
            if let Some((value, length)) = plain(rest).or(whole) {
                return Some((format!("{}{sign}", decimal(value)), length + 3));
            }
        }
    }
    if let Some(long) = too_long(text) {
        return Some(long);
    }
    let (value, length) = plain(text)?;
    if let Some((fraction, more)) = fraction(value, &text[length..]) {
        return Some((fraction, length + more));
    }
    match text.get(length).map(|folded| folded.c) {
        Some(sign @ ('%' | '‰')) => Some((format!("{}{sign}", decimal(value)), length + 1)),
        _ => Some((decimal(value), length)),
    }
}

/// Most characters begin no number, and this is asked of every one.
fn may_begin(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || matches!(c, '两' | '十' | '百' | '千')
}

/// Digits beyond what a value holds are compared as they stand.
fn too_long(text: &[Folded]) -> Option<(String, usize)> {
    let run = |from: usize| {
        let rest = text.iter().skip(from);
        rest.take_while(|folded| folded.c.is_ascii_digit()).count()
    };
    let whole = run(0);
    let point = whole > 0 && text.get(whole).is_some_and(|folded| folded.c == '.');
    let decimals = if point { run(whole + 1) } else { 0 };
    let length = whole + decimals + usize::from(decimals > 0);
    let digits = text[..length].iter().map(|folded| folded.c);
    (whole > 18 || decimals > 6).then(|| (digits.collect(), length))
}

/// What follows the first number of a fraction: 分之二 after the denominator, `/3` after the numerator.
fn fraction(first: u128, rest: &[Folded]) -> Option<(String, usize)> {
    let (skip, upside_down) = match rest.first()?.c {
        '分' if starts_with(rest, "分之") => (2, true),
        '/' => (1, false),
        _ => return None,
    };
    let (second, length) = plain(&rest[skip..])?;
    let (numerator, denominator) = if upside_down {
        (second, first)
    } else {
        (first, second)
    };
    let date = rest.get(skip + length).is_some_and(|next| next.c == '/');
    if denominator == 0 || date || numerator % ONE != 0 || denominator % ONE != 0 {
        return None;
    }
    let (numerator, denominator) = (numerator / ONE, denominator / ONE);
    let divisor = common_divisor(numerator, denominator);
    let text = format!("{}/{}", numerator / divisor, denominator / divisor);
    Some((text, skip + length))
}

fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// A number without sign of percent or fraction, in millionths.
fn plain(text: &[Folded]) -> Option<(u128, usize)> {
    let digits = text
        .iter()
        .take_while(|folded| digit(folded.c).is_some())
        .count();
    let unit_follows = text
        .get(digits)
        .is_some_and(|folded| unit(folded.c).is_some());
    let (value, mut length) = match digits {
        // 二〇二一: digits one by one. In 一一百 only the last belongs to the unit.
        2.. if !unit_follows => (digit_string(&text[..digits]), digits),
        2.. => return Some((u128::from(digit(text[0].c)?) * ONE, 1)),
        _ => structured(text)?,
    };
    let mut value = value;
    let arabic = text[0].c.is_ascii_digit();
    if !arabic && let Some((decimals, more)) = spoken_decimals(&text[length..]) {
        value = value.saturating_add(decimals);
        length += more;
        if let Some(big) = text.get(length).and_then(|folded| big_unit(folded.c)) {
            value = value.saturating_mul(big);
            length += 1;
        }
    }
    Some((value, length))
}

fn digit_string(digits: &[Folded]) -> u128 {
    digits.iter().take(18).fold(0, |value, folded| {
        value * 10 + u128::from(digit(folded.c).unwrap_or(0))
    }) * ONE
}

/// 点五 after a whole number; not 点三十 (a time of day).
fn spoken_decimals(text: &[Folded]) -> Option<(u128, usize)> {
    if text.first()?.c != '点' {
        return None;
    }
    let digits = text[1..]
        .iter()
        .take_while(|folded| digit(folded.c).is_some())
        .count();
    let time = text
        .get(1 + digits)
        .is_some_and(|folded| matches!(folded.c, '十' | '百' | '千' | '分'));
    if digits == 0 || digits > 6 || time {
        return None;
    }
    let value = digit_string(&text[1..=digits]) / 10_u128.pow(digits as u32);
    Some((value, digits + 1))
}

/// Digits with units: 三千零五十, 一万二, 1万2千, 1.5万, 12,000.
fn structured(text: &[Folded]) -> Option<(u128, usize)> {
    let mut sum = Sum::default();
    let mut at = 0;
    while let Some(folded) = text.get(at) {
        let taken = match folded.c {
            '零' | '〇' | '○' if at > 0 => sum.zero(&text[at + 1..]),
            '两' => sum.digit(2 * ONE),
            c if digit(c).is_some() => sum.digit(u128::from(digit(c)?) * ONE),
            c if c.is_ascii_digit() => {
                let (value, length) = arabic(&text[at..]);
                sum.digit(value).then(|| at += length - 1).is_some()
            }
            c => match (unit(c), big_unit(c)) {
                (Some(value), None) => sum.unit(value),
                (_, Some(value)) => sum.big_unit(value),
                (None, None) => false,
            },
        };
        if !taken {
            break;
        }
        at += 1;
    }
    (at > 0).then(|| (sum.end(), at))
}

/// A number being read from left to right. Each part answers whether it could be taken.
#[derive(Default)]
struct Sum {
    total: u128,
    section: u128,
    pending: Option<u128>,
    /// The unit just before, for 一万二; none after a 零.
    last_unit: Option<u128>,
    /// Units inside a section must fall.
    limit: Option<u128>,
}

impl Sum {
    fn digit(&mut self, value: u128) -> bool {
        let free = self.pending.is_none();
        if free {
            self.pending = Some(value);
        }
        free
    }

    fn zero(&mut self, next: &[Folded]) -> bool {
        let goes_on = next
            .first()
            .is_some_and(|n| digit(n.c).is_some() || n.c == '十');
        let fits = self.pending.is_none() && self.last_unit.is_some() && goes_on;
        if fits {
            self.last_unit = None;
        }
        fits
    }

    fn unit(&mut self, unit: u128) -> bool {
        let bare_ten = unit == 10 && (self.section == 0 || self.last_unit.is_none());
        let falls = self.limit.is_none_or(|limit| unit < limit);
        let value = match self.pending {
            Some(value) => value,
            None if bare_ten => ONE,
            None => return false,
        };
        if !falls {
            return false;
        }
        self.section = self.section.saturating_add(value.saturating_mul(unit));
        self.pending = None;
        self.last_unit = Some(unit);
        self.limit = Some(unit);
        true
    }

    fn big_unit(&mut self, unit: u128) -> bool {
        let section = self.section.saturating_add(self.pending.unwrap_or(0));
        if section == 0 && (self.total == 0 || unit == 10_000) {
            return false;
        }
        if unit == 10_000 {
            self.total = self.total.saturating_add(section.saturating_mul(unit));
        } else {
            self.total = self.total.saturating_add(section).saturating_mul(unit);
        }
        self.section = 0;
        self.pending = None;
        self.last_unit = Some(unit);
        self.limit = None;
        true
    }

    /// A last digit right after a unit of a hundred or more counts tenths of it: 一万二, 三百五.
    fn end(self) -> u128 {
        let tail = match (self.pending, self.last_unit) {
            (Some(value), Some(unit)) if unit >= 100 && value < 10 * ONE => {
                value.saturating_mul(unit) / 10
            }
            (Some(value), _) => value,
            (None, _) => 0,
        };
        self.total.saturating_add(self.section).saturating_add(tail)
    }
}

/// `12,000.50`: the value and how many characters it takes. Starts with a digit.
fn arabic(text: &[Folded]) -> (u128, usize) {
    let digits_from = |at: usize| {
        text[at..]
            .iter()
            .take_while(|f| f.c.is_ascii_digit())
            .count()
    };
    let mut end = digits_from(0);
    let mut whole: String = text[..end].iter().map(|folded| folded.c).collect();
    // Thousands: at most three digits, then groups of exactly three.
    while (end <= 3 || end > whole.len())
        && whole.len() <= 15
        && text.get(end).is_some_and(|f| f.c == ',')
        && digits_from(end + 1) == 3
    {
        whole.extend(text[end + 1..end + 4].iter().map(|folded| folded.c));
        end += 4;
    }
    let mut decimals = String::new();
    if text.get(end).is_some_and(|f| f.c == '.') {
        let length = digits_from(end + 1);
        if length > 0 {
            decimals = text[end + 1..=end + length].iter().map(|f| f.c).collect();
            end += 1 + length;
        }
    }
    let millionths = format!("{whole}{decimals:0<6}");
    (millionths.parse().unwrap_or(u128::MAX / ONE / ONE), end)
}

fn digit(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u128> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return big_unit(c),
    })
}

fn big_unit(c: char) -> Option<u128> {
    match c {
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }
}

/// Without leading or trailing zeros.
fn decimal(millionths: u128) -> String {
    let (whole, rest) = (millionths / ONE, millionths % ONE);
    if rest == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{rest:06}")
            .trim_end_matches('0')
            .to_owned()
    }
}
