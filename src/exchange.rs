//! Files in and out: bank folders today; rosters, results and other question formats beside them.

pub mod bank_folder;
