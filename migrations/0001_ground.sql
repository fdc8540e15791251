-- The ground: one text for SQLite and PostgreSQL. Instants are Unix milliseconds; ids are made by us and time-ordered.

-- Raised in the transaction of every change, polled by every copy.
CREATE TABLE versions (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    value TEXT NOT NULL DEFAULT ''
);
INSERT INTO versions (name, number) VALUES ('bank', 0), ('people', 0), ('rounds', 0), ('boards', 0);

-- Every question as it was ever published, under the hash of its whole content.
CREATE TABLE bank_entries (
    hash TEXT PRIMARY KEY,
    content TEXT NOT NULL
);
CREATE TABLE bank_pictures (
    name TEXT PRIMARY KEY,
    base64 TEXT NOT NULL
);
CREATE TABLE bank_publications (
    id TEXT PRIMARY KEY,
    revision TEXT NOT NULL,
    entries TEXT NOT NULL,
    blueprints TEXT NOT NULL,
    posts TEXT NOT NULL,
    published_at_ms BIGINT NOT NULL
);

CREATE TABLE units (
    id TEXT PRIMARY KEY,
    parent_id TEXT REFERENCES units (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL
);
CREATE UNIQUE INDEX units_by_name ON units (parent_id, name);

CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    phone TEXT NOT NULL,
    posts TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX persons_by_name ON persons (unit_id, name, phone);

CREATE TABLE grants (
    person_id TEXT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    PRIMARY KEY (person_id, role, unit_id)
);

-- Only hashes of tokens are kept.
CREATE TABLE tickets (
    hash TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    created_at_ms BIGINT NOT NULL,
    revoked_at_ms BIGINT
);
CREATE INDEX tickets_by_person ON tickets (person_id);

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    ended_at_ms BIGINT
);

CREATE TABLE rounds (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    state TEXT NOT NULL,
    opens_at_ms BIGINT NOT NULL,
    closes_at_ms BIGINT NOT NULL,
    limit_ms BIGINT NOT NULL,
    rules TEXT NOT NULL,
    publication_id TEXT,
    secret TEXT,
    secret_hash TEXT,
    proof TEXT,
    paused_at_ms BIGINT,
    paused_total_ms BIGINT NOT NULL DEFAULT 0,
    extension_ms BIGINT NOT NULL DEFAULT 0,
    board_held BOOLEAN NOT NULL DEFAULT FALSE,
    created_at_ms BIGINT NOT NULL,
    sealed_at_ms BIGINT,
    closed_at_ms BIGINT,
    announced_at_ms BIGINT,
    released_at_ms BIGINT
);

CREATE TABLE entrants (
    round_id TEXT NOT NULL REFERENCES rounds (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    unit_name TEXT NOT NULL,
    post TEXT NOT NULL,
    division TEXT NOT NULL,
    on_leave BOOLEAN NOT NULL DEFAULT FALSE,
    late BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (round_id, person_id)
);
CREATE INDEX entrants_by_person ON entrants (person_id);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES rounds (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    seed TEXT NOT NULL,
    drawn_with TEXT NOT NULL,
    paper TEXT NOT NULL,
    started_at_ms BIGINT NOT NULL,
    deadline_at_ms BIGINT NOT NULL,
    seq_reserved BIGINT NOT NULL,
    finished_at_ms BIGINT,
    receipt TEXT,
    outcome TEXT,
    points BIGINT,
    UNIQUE (round_id, person_id, number)
);
CREATE INDEX attempts_open ON attempts (deadline_at_ms) WHERE state = 'open';
CREATE INDEX attempts_ungraded ON attempts (id) WHERE outcome IS NULL AND state <> 'open';

-- Appended, never overwritten.
CREATE TABLE steps (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    seq BIGINT NOT NULL,
    number BIGINT NOT NULL,
    answer TEXT,
    elapsed_ms BIGINT,
    at_ms BIGINT NOT NULL,
    late BOOLEAN NOT NULL,
    PRIMARY KEY (attempt_id, seq)
);

-- Who did what, when, from the first day.
CREATE TABLE acts (
    id TEXT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
