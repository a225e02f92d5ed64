-- Files of messages and of the library, once by the SHA-256 of their bytes.
CREATE TABLE stored_file (
    digest TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);

CREATE TABLE stored_piece (
    digest TEXT NOT NULL,
    number BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (digest, number)
);

-- Files that travel with a job's message; content_id: an image that its HTML part shows.
CREATE TABLE job_file (
    id BIGINT NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    digest TEXT NOT NULL,
    size BIGINT NOT NULL,
    content_id TEXT,
    danger TEXT,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    added_at BIGINT NOT NULL
);

CREATE INDEX job_file_of_job ON job_file (job_id, id);
CREATE INDEX job_file_by_digest ON job_file (digest);

-- What a delivery carries, so that it is there as long as the delivery is.
CREATE TABLE delivery_file (
    delivery_id BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (delivery_id, digest)
);

CREATE INDEX delivery_file_by_digest ON delivery_file (digest);

INSERT INTO number_sequence (name, last) VALUES ('file', 0);
