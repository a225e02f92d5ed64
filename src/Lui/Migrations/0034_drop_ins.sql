-- Texts that many messages use. kind: text, file, url or database; body: what was written or uploaded, or the statement; place: the file's name, the address, or the name of the database.
CREATE TABLE drop_in (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_html BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    place TEXT NOT NULL,
    body TEXT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

-- What was fetched for a job; definition: the digest of what was asked for. One that failed says why.
CREATE TABLE job_drop_in (
    job_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    value TEXT NOT NULL,
    problem TEXT,
    fetched_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, name)
);

-- Jobs that fetch anew when they leave.
CREATE TABLE job_fetch_late (
    job_id BIGINT NOT NULL PRIMARY KEY
);

INSERT INTO number_sequence (name, last) VALUES ('drop-in', 0);
