//! 练习: what stays in mind, what to practise next, the mistakes book, what a unit finds hard. Knows no database, no clock, no page.
//!
//! The log of answers is the truth; everything here is folded from it and can be folded again. Nothing counts or ranks
//! how much somebody practises.

pub mod card;
pub mod choose;
pub mod memory;
pub mod shelf;
pub mod simulate;
pub mod unit;
