//! From grades to standings: which attempt counts, who stands before whom, how units compare, and why.

pub mod board;
pub mod counting;
pub mod ranking;
pub mod round;
pub mod spot_check;
pub mod standings;
pub mod units;
