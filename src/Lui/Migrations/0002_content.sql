-- What a job says.
CREATE TABLE content (
    job_id BIGINT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- Who let a job leave although its sender domain is not fit for it.
CREATE TABLE sender_override (
    job_id BIGINT NOT NULL,
    domain TEXT NOT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, domain)
);
