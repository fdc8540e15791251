-- What people at the door say for what policies say: part of a publication, so that every copy answers alike.
ALTER TABLE bank_publications ADD COLUMN synonyms TEXT NOT NULL DEFAULT '[]';
