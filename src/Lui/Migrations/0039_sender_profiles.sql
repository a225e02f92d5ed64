-- Senders that many jobs use. group_id: whose jobs may use it, 0 for those without a group, NULL for all; sender: JSON, as in job.sender_more with name, address and replyTo besides.
CREATE TABLE sender_profile (
    id BIGINT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    group_id BIGINT,
    sender TEXT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- The profile that a job's sender is, and what a sender has beyond name, addresses: JSON. Once a job was handed over its own columns count, so a profile may change or go.
ALTER TABLE job ADD COLUMN sender_profile BIGINT;
ALTER TABLE job ADD COLUMN sender_more TEXT;
CREATE INDEX job_sender_profile ON job (sender_profile);

-- 1: changes of a sender profile count for jobs that were authorised before.
ALTER TABLE person_group ADD COLUMN late_senders BIGINT NOT NULL DEFAULT 0;

INSERT INTO number_sequence (name, last) VALUES ('sender-profile', 0);
