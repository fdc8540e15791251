-- Practice: goes at a paper without a round. Beside the exam's tables and not in them: these rows are their person's to
-- delete, the exam's are nobody's; and what is not there cannot get onto a board or into an export.

CREATE TABLE practice_attempts (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    -- 'practice': told at once, no clock. 'exam': a mock paper, told at the end, by the clock.
    behaviour TEXT NOT NULL,
    title TEXT NOT NULL,
    publication_id TEXT NOT NULL,
    paper TEXT NOT NULL,
    -- JSON: per question why it was chosen.
    reasons TEXT NOT NULL,
    started_at_ms BIGINT NOT NULL,
    deadline_at_ms BIGINT,
    finished_at_ms BIGINT
);
CREATE INDEX practice_attempts_by_person ON practice_attempts (person_id);

-- Appended, as the exam's steps are. `held` is the grade of an answer that has been told: a cache.
CREATE TABLE practice_steps (
    attempt_id TEXT NOT NULL REFERENCES practice_attempts (id),
    seq BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    question_id TEXT NOT NULL,
    answer TEXT,
    given_at_ms BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    held TEXT,
    PRIMARY KEY (attempt_id, seq)
);
CREATE INDEX practice_steps_by_person ON practice_steps (person_id);
CREATE INDEX practice_steps_by_question ON practice_steps (question_id);

-- Appended: favourites kept and dropped, misses overruled.
CREATE TABLE practice_marks (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    mark TEXT NOT NULL,
    question_id TEXT NOT NULL,
    attempt_id TEXT,
    seq BIGINT,
    element BIGINT,
    at_ms BIGINT NOT NULL
);
CREATE INDEX practice_marks_by_person ON practice_marks (person_id);
