-- 抽问: an examiner draws, hears, ticks. A trial stands alone; one that counts belongs to an event.

CREATE TABLE spot_events (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    rules TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    closed_at_ms BIGINT
);

-- Who is to be examined, with unit, post and division of that day.
CREATE TABLE spot_entrants (
    event_id TEXT NOT NULL REFERENCES spot_events (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    post TEXT NOT NULL,
    division TEXT NOT NULL,
    on_leave BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (event_id, person_id)
);

CREATE TABLE spot_checks (
    id TEXT PRIMARY KEY,
    event_id TEXT REFERENCES spot_events (id),
    examiner_id TEXT NOT NULL REFERENCES persons (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    publication_id TEXT NOT NULL,
    seed TEXT NOT NULL,
    state TEXT NOT NULL,
    points_each BIGINT NOT NULL,
    started_at_ms BIGINT NOT NULL,
    finished_at_ms BIGINT
);
CREATE INDEX spot_checks_by_examiner ON spot_checks (examiner_id);
CREATE INDEX spot_checks_by_event ON spot_checks (event_id);

-- `claimed_event_id` keeps a person from being examined twice in one event: empty in a trial, and once void.
CREATE TABLE spot_check_persons (
    check_id TEXT NOT NULL REFERENCES spot_checks (id),
    place BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    post TEXT NOT NULL,
    questions TEXT NOT NULL,
    claimed_event_id TEXT,
    PRIMARY KEY (check_id, place),
    UNIQUE (claimed_event_id, person_id)
);

-- Appended, never overwritten: per person and question the highest number stands.
CREATE TABLE spot_check_steps (
    check_id TEXT NOT NULL REFERENCES spot_checks (id),
    seq BIGINT NOT NULL,
    person BIGINT NOT NULL,
    number BIGINT NOT NULL,
    mark TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (check_id, seq)
);

-- 计分: added or reversed, never changed.
CREATE TABLE spot_entries (
    id TEXT PRIMARY KEY,
    event_id TEXT NOT NULL REFERENCES spot_events (id),
    check_id TEXT NOT NULL REFERENCES spot_checks (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    points BIGINT NOT NULL,
    reverses TEXT UNIQUE REFERENCES spot_entries (id),
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX spot_entries_by_event ON spot_entries (event_id);
