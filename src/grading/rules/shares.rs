//! 少选按比例, 每空计分, 口答要点: each part its share of the points, rounded down once; all parts give all points.

use crate::bank::points::Points;

pub(in crate::grading) fn points(full: Points, found: usize, parts: usize) -> Points {
    if found == parts {
        full
    } else {
        full.share(found, parts)
    }
}
