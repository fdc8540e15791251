//! One candidate's go at one paper: its states, the step log, the deadline, the receipt.

pub mod answer;
pub mod behaviour;
pub mod deadline;
pub mod receipt;
pub mod steps;
