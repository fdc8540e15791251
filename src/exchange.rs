//! Files in and out: the bank's folders, rosters, printing. Knows formats, not rules.

pub mod bank_folder;
pub mod embedded_bank;
pub mod fault_text;
pub mod board_table;
pub mod roster;
pub mod round_file;
pub mod spot_table;
