//! The cells of the row 评分.

use crate::bank::{
    blueprint::{Asks, Scoring},
    dialect::{sheet::Note, table::Cell, values},
    points::Points,
    question::Kind,
};

/// Reads one cell for a column that asks this.
pub(in crate::bank) fn read(cell: &Cell, asks: Asks, notes: &mut Vec<Note>) -> Option<Scoring> {
    let text: String = values::narrow(&cell.text).split_whitespace().collect();
    let scoring = parse(&text);
    if scoring.is_some_and(|scoring| fits(scoring, asks)) {
        return scoring;
    }
    let message = if scoring.is_some() {
        format!("{}题不能用“{}”", asks.chinese(), cell.text)
    } else {
        format!("“{}”不是评分办法", cell.text)
    };
    notes.push(Note::error(
        "unknown-scoring",
        cell.at.clone(),
        message,
        cure(&text, asks),
    ));
    None
}

/// What this column takes; the cell may always stay empty.
fn cure(text: &str, asks: Asks) -> String {
    let many = matches!(asks, Asks::Kind(Kind::Multiple) | Asks::Material);
    let own = match asks {
        Asks::Kind(Kind::Single) => "单选这一列只有一种办法：全对得分",
        Asks::Kind(Kind::Multiple) | Asks::Material => {
            "这一列可以写：全对得分、少选按比例、少选得一半、少选每项得0.5分、少选得1分（分数自己定）"
        }
        Asks::Kind(Kind::Judgement) => {
            "判断这一列可以写：全对得分，或者 答错扣0.5分（扣几分自己定）"
        }
        Asks::Kind(Kind::Blanks) => "填空这一列可以写：每空计分、全对计分",
        Asks::Kind(Kind::Recall) => "口答这一列不用写，总是说出一个要点得一份分",
    };
    let first = if text.starts_with("少选") && !many {
        "“少选……”只用于多选；把这一格清空。"
    } else if text.starts_with("少选") {
        "要写明少选得多少。"
    } else if text.starts_with("答错扣") && asks == Asks::Kind(Kind::Judgement) {
        "要写明扣几分，写成这样的形式：答错扣0.5分。"
    } else if text.starts_with("答错扣") {
        "“答错扣……”只用于判断；把这一格清空。"
    } else {
        ""
    };
    format!("{first}{own}；空着也行，就用默认的办法")
}

fn parse(text: &str) -> Option<Scoring> {
    let points = |prefix: &str| {
        let number = text.strip_prefix(prefix)?.strip_suffix('分')?;
        Points::parse(number).filter(|points| *points > Points::ZERO)
    };
    match text {
        "全对得分" => Some(Scoring::AllOrNothing),
        "少选按比例" => Some(Scoring::PartialProportional),
        "少选得一半" => Some(Scoring::PartialHalf),
        "每空计分" => Some(Scoring::PerBlank),
        "全对计分" => Some(Scoring::AllBlanks),
        _ => points("少选每项得")
            .map(Scoring::PartialEach)
            .or_else(|| points("少选得").map(Scoring::PartialFixed))
            .or_else(|| points("答错扣").map(Scoring::WrongDeducts)),
    }
}

fn fits(scoring: Scoring, asks: Asks) -> bool {
    match asks {
        Asks::Kind(Kind::Single) => scoring == Scoring::AllOrNothing,
        Asks::Kind(Kind::Multiple) | Asks::Material => matches!(
            scoring,
            Scoring::AllOrNothing
                | Scoring::PartialProportional
                | Scoring::PartialHalf
                | Scoring::PartialEach(_)
                | Scoring::PartialFixed(_)
        ),
        Asks::Kind(Kind::Judgement) => {
            matches!(scoring, Scoring::AllOrNothing | Scoring::WrongDeducts(_))
        }
        Asks::Kind(Kind::Blanks) => matches!(scoring, Scoring::PerBlank | Scoring::AllBlanks),
        Asks::Kind(Kind::Recall) => scoring == Scoring::PerElement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_of_the_product_is_read() {
        for (text, scoring) in [
            ("全对得分", Scoring::AllOrNothing),
            ("少选按比例", Scoring::PartialProportional),
            ("少选得一半", Scoring::PartialHalf),
            ("少选每项得0.5分", Scoring::PartialEach(Points(50))),
            ("少选得1分", Scoring::PartialFixed(Points(100))),
            ("答错扣0.25分", Scoring::WrongDeducts(Points(25))),
            ("每空计分", Scoring::PerBlank),
            ("全对计分", Scoring::AllBlanks),
        ] {
            assert_eq!(parse(text), Some(scoring), "{text}");
        }
        for text in ["少选得", "少选得0分", "答错扣1.555分", "差不多就行"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
