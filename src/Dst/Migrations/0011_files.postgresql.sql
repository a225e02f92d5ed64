-- Files that travel with messages, by the SHA-256 of their bytes. A row stands here only when all of its pieces do.
CREATE TABLE file (
    digest BYTEA NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);

CREATE TABLE file_piece (
    digest BYTEA NOT NULL,
    number BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (digest, number)
);

-- Which deliveries need which files.
CREATE TABLE delivery_file (
    job_id BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    PRIMARY KEY (job_id, digest)
);
