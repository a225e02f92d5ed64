-- One row: which feed this is, and how far it came.
CREATE TABLE feed (
    id TEXT NOT NULL PRIMARY KEY,
    lost BIGINT NOT NULL,
    confirmed BIGINT NOT NULL
);

-- One row per commit: the events first to last, packed, with a checksum over numbers and bytes.
CREATE TABLE spool_batch (
    first INTEGER PRIMARY KEY,
    last BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    events BLOB NOT NULL
);

-- How far the reader had confirmed at the end of each hour; old batches are deleted by it.
CREATE TABLE confirmation (
    hour INTEGER PRIMARY KEY,
    up_to BIGINT NOT NULL
);

CREATE TABLE publication (
    job_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    key_id INTEGER NOT NULL,
    secret BLOB NOT NULL,
    tracking_type INTEGER NOT NULL,
    sender_name TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);

-- The target that counts, and the number of the publication that set it.
CREATE TABLE link (
    job_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    publication BIGINT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
