-- Jobs whose rows lie in a file. state: wanted (a file shall be written), kept (it is on disk; rows are being taken away), removed, wanted-back (rows shall come back), back.
CREATE TABLE job_archive (
    job_id BIGINT NOT NULL PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    file TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    -- The totals as they were when the file was written.
    totals TEXT NOT NULL,
    -- Of a job that came in with a file: which numbers its rows get here.
    numbers TEXT NULL,
    problem TEXT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX job_archive_by_state ON job_archive (state, at);
-- One file is one job: what is taken in twice is noticed.
CREATE UNIQUE INDEX job_archive_by_digest ON job_archive (digest) WHERE digest <> '';

-- What recipients of archived jobs asked for, or their mail servers told: their addresses are looked up in the file.
CREATE TABLE archived_wish (
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, recipient_id, source)
);

-- How many days after its delivery a job is archived by itself; null for never.
ALTER TABLE job ADD COLUMN archive_after BIGINT NULL;
