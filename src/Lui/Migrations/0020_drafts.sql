-- Grows with every save of the message, so that nobody overwrites what somebody else saved meanwhile.
ALTER TABLE content ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

-- What somebody is writing and has not saved; based_on is the version of the message that he or she began with.
CREATE TABLE content_draft (
    job_id BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    based_on BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, account_id)
);
