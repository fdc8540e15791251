//! Points are whole hundredths, never floats. Shown with at most two decimals.

use std::{fmt, iter::Sum, ops};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A score in hundredths of a point: `Points(250)` is 2.5 points. May be negative (deductions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(pub i64);

impl Points {
    pub const ZERO: Points = Points(0);

    pub const fn whole(points: i64) -> Points {
        Points(points * 100)
    }

    /// Reads `2`, `2.5` or `0.25`: digits with at most two decimals, ASCII or full-width, nothing else.
    pub fn parse(text: &str) -> Option<Points> {
        let ascii: String = text
            .trim()
            .chars()
            .map(|c| match c {
                '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
                '．' => '.',
                other => other,
            })
            .collect();
        let (whole, decimals) = ascii.split_once('.').unwrap_or((&ascii, ""));
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        let dangling = ascii.contains('.') && decimals.is_empty();
        if whole.is_empty() || whole.len() > 6 || decimals.len() > 2 || dangling {
            return None;
        }
        if !digits(whole) || !digits(decimals) {
            return None;
        }
        let hundredths: i64 = format!("{decimals:0<2}").parse().ok()?;
        Some(Points(whole.parse::<i64>().ok()? * 100 + hundredths))
    }

    /// `self × numerator ÷ denominator`, rounded down to a hundredth (towards zero for what is never negative).
    pub fn share(self, numerator: usize, denominator: usize) -> Points {
        let (numerator, denominator) = (numerator as i64, denominator.max(1) as i64);
        Points((self.0 * numerator).div_euclid(denominator))
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, hundredths) = (self.0.abs() / 100, self.0.abs() % 100);
        match (hundredths, hundredths % 10) {
            (0, _) => write!(f, "{sign}{whole}"),
            (_, 0) => write!(f, "{sign}{whole}.{}", hundredths / 10),
            _ => write!(f, "{sign}{whole}.{hundredths:02}"),
        }
    }
}

impl ops::Add for Points {
    type Output = Points;
    fn add(self, other: Points) -> Points {
        Points(self.0 + other.0)
    }
}

impl ops::Sub for Points {
    type Output = Points;
    fn sub(self, other: Points) -> Points {
        Points(self.0 - other.0)
    }
}

impl ops::Mul<u32> for Points {
    type Output = Points;
    fn mul(self, times: u32) -> Points {
        Points(self.0 * i64::from(times))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        points.fold(Points::ZERO, |total, each| total + each)
    }
}

/// On the wire points are numbers with at most two decimals.
impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            serializer.serialize_i64(self.0 / 100)
        } else {
            serializer.serialize_f64(self.0 as f64 / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let text = number.to_string();
        let (sign, digits) = text
            .strip_prefix('-')
            .map_or((1, text.as_str()), |rest| (-1, rest));
        let digits = digits.strip_suffix(".0").unwrap_or(digits);
        Points::parse(digits)
            .map(|points| Points(points.0 * sign))
            .ok_or_else(|| serde::de::Error::custom("points: a number with at most two decimals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows_at_most_two_decimals() {
        for (text, shown) in [
            ("2", "2"),
            ("2.5", "2.5"),
            ("0.25", "0.25"),
            ("１．５", "1.5"),
        ] {
            assert_eq!(
                Points::parse(text).map(|p| p.to_string()).as_deref(),
                Some(shown)
            );
        }
        for text in ["", "2.", ".5", "2.555", "-1", "两分", "1e3"] {
            assert_eq!(Points::parse(text), None, "{text}");
        }
        assert_eq!(Points(-50).to_string(), "-0.5");
    }

    #[test]
    fn a_share_rounds_down_to_a_hundredth() {
        assert_eq!(Points::whole(2).share(2, 3), Points(133));
    }

    #[test]
    fn the_wire_form_comes_back_as_it_went() {
        for points in [
            Points(0),
            Points(250),
            Points(-50),
            Points(133),
            Points(10000),
        ] {
            let wire = serde_json::to_string(&points).expect("points serialize");
            assert_eq!(
                serde_json::from_str::<Points>(&wire).expect("and back"),
                points
            );
        }
    }
}
