//! 少选每项得 c 分: the same for each right choice, never more than the full points.

use crate::bank::points::Points;

pub(in crate::grading) fn points(full: Points, each: Points, chosen: usize) -> Points {
    (each * chosen as u32).min(full)
}
