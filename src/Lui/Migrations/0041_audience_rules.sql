-- How a set of recipients was found, where it can be found again: a query, or the reaction to a job. Each run of a repeated job draws its own set by it.
ALTER TABLE recipient_source ADD COLUMN rule TEXT NULL;

-- 1: drawn for a run that had started, by the rule of the set before it.
ALTER TABLE recipient_source ADD COLUMN drawn BIGINT NOT NULL DEFAULT 0;
