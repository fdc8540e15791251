-- A pause does not count as time used: how long the round stood still while this attempt was open.
ALTER TABLE attempts ADD COLUMN paused_ms BIGINT NOT NULL DEFAULT 0;
