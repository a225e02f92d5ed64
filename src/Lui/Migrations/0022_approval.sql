-- What was approved: a hash over every part of a job, and one over these with who approved and when. Words of the parts and their hashes as JSON.
CREATE TABLE seal (
    job_id BIGINT NOT NULL PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    parts TEXT NOT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- Hash over the fixed bytes of a delivery; empty for one that was started before there were any.
ALTER TABLE delivery ADD COLUMN parts_hash TEXT NOT NULL DEFAULT '';

-- Which later changes ask for a new test: always, content-only, never.
ALTER TABLE job ADD COLUMN test_rule TEXT NOT NULL DEFAULT 'always';

-- 1: whoever edited the job last may not authorise it.
ALTER TABLE job ADD COLUMN four_eyes BIGINT NOT NULL DEFAULT 0;
