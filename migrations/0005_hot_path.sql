-- Exam day: what a step reads of an attempt comes before what it does not, and every hot question has its index.

-- The number of the boards' version row that an outcome came with: what changed since is asked for by it.
ALTER TABLE attempts ADD COLUMN board_number BIGINT;

-- Long texts go to the end of the row: a database that keeps long rows in pieces then finds the rest without them.
DROP INDEX attempts_ungraded;
ALTER TABLE attempts ADD COLUMN seed_moved TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN drawn_with_moved TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN paper_moved TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN outcome_moved TEXT;
UPDATE attempts SET seed_moved = seed, drawn_with_moved = drawn_with, paper_moved = paper, outcome_moved = outcome;
ALTER TABLE attempts DROP COLUMN seed;
ALTER TABLE attempts DROP COLUMN drawn_with;
ALTER TABLE attempts DROP COLUMN paper;
ALTER TABLE attempts DROP COLUMN outcome;
ALTER TABLE attempts RENAME COLUMN seed_moved TO seed;
ALTER TABLE attempts RENAME COLUMN drawn_with_moved TO drawn_with;
ALTER TABLE attempts RENAME COLUMN paper_moved TO paper;
ALTER TABLE attempts RENAME COLUMN outcome_moved TO outcome;

CREATE INDEX attempts_ungraded ON attempts (id) WHERE outcome IS NULL AND state <> 'open' AND state <> 'void';
-- Somebody's own, a round's newest, a round's changes, who still sits.
CREATE INDEX attempts_by_person ON attempts (person_id);
CREATE INDEX attempts_by_round ON attempts (round_id, id);
CREATE INDEX attempts_by_board ON attempts (round_id, board_number) WHERE board_number IS NOT NULL;
CREATE INDEX attempts_open_by_round ON attempts (round_id) WHERE state = 'open';

-- Sessions that ended are told to every copy.
INSERT INTO versions (name, number) VALUES ('sessions', 0);
CREATE INDEX sessions_by_end ON sessions (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
