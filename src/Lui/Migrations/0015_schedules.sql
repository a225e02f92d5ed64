-- What a schedule has beside its start, as JSON: how the recipients are spread over time.
ALTER TABLE job ADD COLUMN schedule_more TEXT NULL;

-- How a delivery spreads its recipients, in words; NULL: all at once.
ALTER TABLE delivery ADD COLUMN pace TEXT NULL;

-- Recipients up to this one may be claimed; NULL: all.
ALTER TABLE delivery ADD COLUMN released_to BIGINT NULL;

-- How many parts were released, and when the next one is, Unix time in milliseconds; NULL: none is left.
ALTER TABLE delivery ADD COLUMN releases BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN next_release_at BIGINT NULL;
