//! The one error of the shell. Content problems are data (`Vec<Fault>`), rules answer with small enums; this is the rest.

use crate::bank::fault::Fault;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing here, or nothing the asking person may know of. The text names what was looked for, in Chinese.
    #[error("没有找到{0}")]
    NotFound(String),
    /// A rule says no: who asked can read why and what to do.
    #[error("{0}")]
    Refused(Refusal),
    /// Content that cannot be used, each fault with its place.
    #[error("题库里有 {} 处问题", .0.len())]
    Faults(Vec<Fault>),
    /// Not the asker's fault. Logged once, never shown.
    #[error("{context}")]
    Internal {
        context: String,
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

/// Why a rule said no. `code` is stable, for programs; `detail` is Chinese, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub detail: String,
}

/// The stable codes of the doors. `web/error` maps each to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    NotSignedIn,
    NotAllowed,
    CrossSite,
    RoundNotOpen,
    RoundPaused,
    NotEntitled,
    AttemptsUsedUp,
    AttemptClosed,
    StepsMissing,
    SeqReused,
    BadStep,
    BadRequest,
    /// The content type is not the one that is read here.
    WrongType,
    Conflict,
    TooLarge,
    /// One account asked too often.
    TooMany,
    Busy,
}

impl Code {
    pub const ALL: [Code; 17] = [
        Code::NotSignedIn,
        Code::NotAllowed,
        Code::CrossSite,
        Code::RoundNotOpen,
        Code::RoundPaused,
        Code::NotEntitled,
        Code::AttemptsUsedUp,
        Code::AttemptClosed,
        Code::StepsMissing,
        Code::SeqReused,
        Code::BadStep,
        Code::BadRequest,
        Code::WrongType,
        Code::Conflict,
        Code::TooLarge,
        Code::TooMany,
        Code::Busy,
    ];

    pub fn text(self) -> &'static str {
        match self {
            Code::NotSignedIn => "not-signed-in",
            Code::NotAllowed => "not-allowed",
            Code::CrossSite => "cross-site",
            Code::RoundNotOpen => "round-not-open",
            Code::RoundPaused => "round-paused",
            Code::NotEntitled => "not-entitled",
            Code::AttemptsUsedUp => "attempts-used-up",
            Code::AttemptClosed => "attempt-closed",
            Code::StepsMissing => "steps-missing",
            Code::SeqReused => "seq-reused",
            Code::BadStep => "bad-step",
            Code::BadRequest => "bad-request",
            Code::WrongType => "wrong-type",
            Code::Conflict => "conflict",
            Code::TooLarge => "too-large",
            Code::TooMany => "too-many",
            Code::Busy => "busy",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Error {
    pub fn refused(code: Code, detail: impl Into<String>) -> Error {
        Error::Refused(Refusal {
            code,
            detail: detail.into(),
        })
    }

    /// Wraps what went wrong outside with what was being done.
    pub fn internal(
        context: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        Error::Internal {
            context: context.into(),
            source: Some(source.into()),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Error {
        Error::internal("数据库出错", source)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Error {
        Error::internal("读写文件出错", source)
    }
}
