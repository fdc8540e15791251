-- A way from the browser inside a chat to the phone's own one: for ten minutes, once, and only while the session that made
-- it lives. The newest of a person is the one that signs in.
CREATE TABLE sign_in_links (
    person_id TEXT PRIMARY KEY REFERENCES persons (id),
    hash TEXT NOT NULL,
    session_hash TEXT NOT NULL,
    expires_at_ms BIGINT NOT NULL
);
