//! Exam or practice: two behaviours of one attempt. Paper, steps and grading are the same; when one is told differs.

/// What an attempt does with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Behaviour {
    /// No clock. Every step is told at once and stays told; the next step on a question is another answer.
    Practice,
    /// By the clock. Answers may be changed until the end; then the last one stands and is told.
    Exam,
}

impl Behaviour {
    pub fn text(self) -> &'static str {
        match self {
            Behaviour::Practice => "practice",
            Behaviour::Exam => "exam",
        }
    }

    pub fn parse(text: &str) -> Option<Behaviour> {
        [Behaviour::Practice, Behaviour::Exam]
            .into_iter()
            .find(|behaviour| behaviour.text() == text)
    }
}
