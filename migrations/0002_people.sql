-- Decisions about people on record, and more ways to sign in.

-- More time for one person, for the attempts that they begin later.
ALTER TABLE entrants ADD COLUMN extension_ms BIGINT NOT NULL DEFAULT 0;

-- Late steps count from here; the row stays as it came.
ALTER TABLE steps ADD COLUMN accepted_at_ms BIGINT;

-- Eight digits that an organizer shows; the newest of a person is the one that signs in.
CREATE TABLE sign_in_codes (
    person_id TEXT PRIMARY KEY REFERENCES persons (id),
    hash TEXT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    shown_by TEXT NOT NULL
);

CREATE TABLE passwords (
    person_id TEXT PRIMARY KEY REFERENCES persons (id),
    hash TEXT NOT NULL,
    tries BIGINT NOT NULL,
    locked_until_ms BIGINT NOT NULL,
    set_at_ms BIGINT NOT NULL
);

-- The one-time link of the first organizer.
CREATE TABLE setup_links (
    hash TEXT PRIMARY KEY,
    created_at_ms BIGINT NOT NULL,
    used_at_ms BIGINT
);

-- What a township calls a post, answered once when a roster asked.
CREATE TABLE post_aliases (
    unit_id TEXT NOT NULL REFERENCES units (id),
    alias TEXT NOT NULL,
    post TEXT NOT NULL,
    PRIMARY KEY (unit_id, alias)
);

CREATE INDEX sessions_by_person ON sessions (person_id);
