//! What a failed batch means: try again, everybody's trouble, or some one job's.

use crate::error::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Two transactions stood in each other's way; the same again may pass.
    Again,
    /// The database is away, full or broken: halving would only ask it again and again.
    Everybody,
    /// Something in the batch cannot be written.
    Somebody,
}

/// PostgreSQL by SQLSTATE, SQLite by its primary result code.
pub(super) fn trouble_of(error: &Error) -> Trouble {
    let Error::Internal {
        source: Some(source),
        ..
    } = error
    else {
        return Trouble::Somebody;
    };
    match source.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(refused)) => {
            trouble_of_code(refused.code().as_deref().unwrap_or_default())
        }
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed,
        ) => Trouble::Everybody,
        None | Some(_) => Trouble::Somebody,
    }
}

fn trouble_of_code(code: &str) -> Trouble {
    if code.len() == 5 {
        // 08 connection, 53 resources (a full disk), 57 an operator stepped in, 58 the system failed.
        return match &code[..2] {
            "40" => Trouble::Again,
            "08" | "53" | "57" | "58" => Trouble::Everybody,
            _ => Trouble::Somebody,
        };
    }
    // The low byte of SQLite's extended codes.
    match code.parse::<u32>().map(|code| code & 0xff) {
        // Busy, locked.
        Ok(5 | 6) => Trouble::Again,
        // Out of memory, read-only, disk error, damaged, full, cannot open.
        Ok(7 | 8 | 10 | 11 | 13 | 14) => Trouble::Everybody,
        _ => Trouble::Somebody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadlock_is_tried_again_and_a_full_disk_is_everybodys() {
        for (code, trouble) in [
            ("40P01", Trouble::Again),
            ("40001", Trouble::Again),
            ("517", Trouble::Again),
            ("53100", Trouble::Everybody),
            ("57P01", Trouble::Everybody),
            ("13", Trouble::Everybody),
            ("266", Trouble::Everybody),
            ("22P05", Trouble::Somebody),
            ("23503", Trouble::Somebody),
            ("787", Trouble::Somebody),
            ("", Trouble::Somebody),
        ] {
            assert_eq!(trouble_of_code(code), trouble, "{code}");
        }
    }

    #[test]
    fn what_we_cannot_read_ourselves_is_some_one_jobs() {
        let error = Error::internal("试卷读不懂", "a brace is missing");
        assert_eq!(trouble_of(&error), Trouble::Somebody);
        let away = Error::from(sqlx::Error::PoolTimedOut);
        assert_eq!(trouble_of(&away), Trouble::Everybody);
    }
}
