//! 全对得分, 全对计分: everything or nothing.

use crate::bank::points::Points;

pub(in crate::grading) fn points(full: Points, found: usize, parts: usize) -> Points {
    if found == parts { full } else { Points::ZERO }
}
