//! 少选得 c 分: a fixed amount for any proper part of the key, never more than the full points.

use crate::bank::points::Points;

pub(in crate::grading) fn points(full: Points, fixed: Points) -> Points {
    fixed.min(full)
}
