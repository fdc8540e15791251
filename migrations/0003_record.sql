-- What happened to one round, person or unit is asked for by its subject.
CREATE INDEX acts_by_subject ON acts (subject, at_ms);
