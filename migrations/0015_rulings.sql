-- What organizers decided of elements of spoken answers. Appended, never changed: of an element the newest stands, as long
-- as the step whose words it was made about does. Outcomes say by themselves which version of the grading they came from;
-- those that do not say, all of before this, are of the first.
CREATE TABLE rulings (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    -- From 1, in the order they were made.
    place BIGINT NOT NULL,
    round_id TEXT NOT NULL REFERENCES rounds (id),
    number BIGINT NOT NULL,
    element BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    said_before BOOLEAN NOT NULL,
    said_after BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    correction BOOLEAN NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, place)
);
CREATE INDEX rulings_by_round ON rulings (round_id, attempt_id, place);
