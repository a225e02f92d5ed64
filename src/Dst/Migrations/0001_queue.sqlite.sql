-- Everything this distributor keeps. One row of store: who it is and how far its feed is.
CREATE TABLE store (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    feed_id TEXT NOT NULL,
    newest BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    suppressed_up_to BIGINT NOT NULL,
    lane_by TEXT NOT NULL
);

CREATE TABLE delivery (
    job_id BIGINT NOT NULL PRIMARY KEY,
    opened_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    envelope_sender TEXT NOT NULL,
    signing_domain TEXT NOT NULL,
    tracking_type INTEGER NOT NULL,
    tracking_url TEXT NOT NULL,
    key_id INTEGER NOT NULL,
    key_secret BLOB NOT NULL,
    content BLOB NOT NULL,
    cleared_at BIGINT
);

-- Directions come in any order with deliveries, so they stand alone. No row: course 1, run.
CREATE TABLE direction (
    job_id BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    course INTEGER NOT NULL
);

CREATE TABLE batch (
    job_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;

-- state: 0 waiting, 1 offered, 2 accepted, 3 refused, 4 expired, 5 suppressed, 6 withdrawn, 7 in doubt.
CREATE TABLE recipient (
    job_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    token BIGINT,
    lane TEXT NOT NULL,
    address TEXT NOT NULL,
    display_name TEXT NOT NULL,
    reply TEXT,
    PRIMARY KEY (job_id, id)
) WITHOUT ROWID;

CREATE INDEX recipient_waiting ON recipient (job_id, lane, next_at, id) WHERE state = 0;

-- Apart from the recipient, so that a change of state rewrites few bytes.
CREATE TABLE recipient_values (
    job_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    slot_values BLOB NOT NULL,
    PRIMARY KEY (job_id, id)
) WITHOUT ROWID;

-- How many recipients of a job stand where, by lane; kept in the transactions that move them.
CREATE TABLE tally (
    job_id BIGINT NOT NULL,
    lane TEXT NOT NULL,
    waiting BIGINT NOT NULL,
    deferred BIGINT NOT NULL,
    offered BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    suppressed BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    in_doubt BIGINT NOT NULL,
    reply TEXT,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, lane)
) WITHOUT ROWID;

CREATE INDEX tally_work ON tally (job_id, lane) WHERE waiting + deferred > 0;

CREATE TABLE event (
    number INTEGER NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    fate INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    reply TEXT NOT NULL,
    host TEXT NOT NULL
);

-- When events were confirmed, by the hour; they are kept for two weeks after that.
CREATE TABLE confirmation (
    hour BIGINT NOT NULL PRIMARY KEY,
    up_to BIGINT NOT NULL
);

CREATE TABLE suppressed (
    address TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL
) WITHOUT ROWID;
