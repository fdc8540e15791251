-- Somebody's own results, and what a purge looks for, are found by person.

CREATE INDEX spot_entrants_by_person ON spot_entrants (person_id);
CREATE INDEX spot_check_persons_by_person ON spot_check_persons (person_id);
