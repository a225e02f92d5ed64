-- What the values of the columns are, which column tells recipients apart, and which lines count as the same. Null: as before, text, none and the same address.
ALTER TABLE recipient_source ADD COLUMN rules TEXT NULL;

-- Recipients with a value that is not what its column says.
ALTER TABLE recipient_source ADD COLUMN misfits BIGINT NOT NULL DEFAULT 0;
