-- What the last look at a job found; of_what is a fingerprint of what was looked at, findings is JSON.
CREATE TABLE preflight (
    job_id BIGINT NOT NULL PRIMARY KEY,
    of_what TEXT NOT NULL,
    at BIGINT NOT NULL,
    findings TEXT NOT NULL
);

-- Who let which warning pass; finding is its key.
CREATE TABLE preflight_tick (
    job_id BIGINT NOT NULL,
    finding TEXT NOT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, finding)
);
