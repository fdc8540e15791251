//! One file per page: its struct, its samples. What several pages are made of stands in `parts`.

pub mod parts;
pub mod about;
pub mod bank;
pub mod board;
pub mod card;
pub mod entrant;
pub mod error;
pub mod evidence;
pub mod exam;
pub mod home;
pub mod lookup;
pub mod monitor;
pub mod new_round;
pub mod offline;
pub mod practice;
pub mod questions;
pub mod record;
pub mod result;
pub mod roster;
pub mod round;
pub mod rounds;
pub mod signing;
pub mod start;
pub mod ticket;
pub mod tickets;
