//! 组卷方案（双向细目表）: topics × kinds, how many questions and how many points. Declared by the bank, filled by `paper`.

use serde::{Deserialize, Serialize};

use crate::bank::{
    points::Points,
    question::{Kind, Place},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blueprint {
    pub name: String,
    /// Posts it is for; empty means every post.
    pub posts: Vec<String>,
    pub limit_seconds: u32,
    pub pass: Points,
    /// Target of the mean difficulty of a paper, weighted by points.
    pub difficulty: f64,
    /// How far a paper's mean may be from the target.
    pub tolerance: f64,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub place: Place,
}

/// One column of the table: a kind with what each of its questions is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub asks: Asks,
    /// Of one question; of the whole group in a 材料 column.
    pub points: Points,
    pub scoring: Scoring,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// Single questions of one kind; those under a material are not drawn by it.
    Kind(Kind),
    /// 材料: whole groups, each keeping its questions together.
    Material,
}

impl Asks {
    pub fn chinese(self) -> &'static str {
        match self {
            Asks::Kind(kind) => kind.chinese(),
            Asks::Material => "材料",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub topic: RowTopic,
    /// One count per column; 0 where the cell is empty.
    pub counts: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowTopic {
    Topic(String),
    Folder(String),
    /// 其他: any topic that no other row names and that fits the post.
    Other,
}

/// 评分: how a column's questions are graded. `product.md` 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// 全对得分: everything or nothing. The default of choices and judgement.
    AllOrNothing,
    /// 少选按比例.
    PartialProportional,
    /// 少选得一半.
    PartialHalf,
    /// 少选每项得 c 分, at most the full points.
    PartialEach(Points),
    /// 少选得 c 分.
    PartialFixed(Points),
    /// 答错扣 c 分 (判断); the section never goes below 0.
    WrongDeducts(Points),
    /// 每空计分: the default of blanks.
    PerBlank,
    /// 全对计分 (填空): all blanks or nothing.
    AllBlanks,
    /// 口答: points per element said.
    PerElement,
}

impl Scoring {
    pub fn default_of(asks: Asks) -> Scoring {
        match asks {
            Asks::Kind(Kind::Blanks) => Scoring::PerBlank,
            Asks::Kind(Kind::Recall) => Scoring::PerElement,
            Asks::Kind(Kind::Single | Kind::Multiple | Kind::Judgement) | Asks::Material => {
                Scoring::AllOrNothing
            }
        }
    }
}

impl Blueprint {
    /// Sum over all cells of count × points.
    pub fn total(&self) -> Points {
        self.cells()
            .map(|(_, column, count)| column.points * count)
            .sum()
    }

    /// Every cell with a count above 0: row, column, count.
    pub fn cells(&self) -> impl Iterator<Item = (&Row, &Column, u32)> {
        self.rows.iter().flat_map(move |row| {
            row.counts
                .iter()
                .zip(&self.columns)
                .filter(|(count, _)| **count > 0)
                .map(move |(count, column)| (row, column, *count))
        })
    }
}
