-- A delivery is a job, or one of its tests, on its way. Everything a restart needs to go on with the same bytes.
CREATE TABLE delivery (
    id BIGINT NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    recipients_id BIGINT NOT NULL,
    message BYTEA NOT NULL,
    publication BYTEA NOT NULL,
    plan TEXT NOT NULL,
    tracking TEXT NOT NULL,
    tracking_url TEXT NOT NULL,
    planned BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    claimed_to BIGINT NOT NULL,
    batches BIGINT NOT NULL,
    course TEXT NOT NULL,
    course_number BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    handed_over_at BIGINT NULL,
    closed_at BIGINT NULL
);

CREATE INDEX delivery_by_job ON delivery (job_id);

CREATE INDEX delivery_by_state ON delivery (state);

-- What a distributor knows of a delivery.
CREATE TABLE delivery_distributor (
    delivery_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    feed TEXT NOT NULL,
    course_number BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, component_id)
);

-- Content and addressee of every batch, fixed before the first attempt: the recipients in (first_id, last_id] that have
-- no fate of LUI's own.
CREATE TABLE delivery_batch (
    delivery_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    after_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    size BIGINT NOT NULL,
    confirmed_at BIGINT NULL,
    PRIMARY KEY (delivery_id, number)
);

-- The addressees of a test delivery, and whose data each of them sees.
CREATE TABLE test_recipient (
    delivery_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    address TEXT NOT NULL,
    sample_id BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, id)
);

-- Which tracker store has which publication on its disk.
CREATE TABLE publication (
    feed TEXT NOT NULL,
    delivery_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    PRIMARY KEY (feed, delivery_id, number)
);

-- Why a delivery does not go on by itself at the moment, in words.
CREATE TABLE delivery_wait (
    delivery_id BIGINT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL
);

-- The tracked links of a delivery, as reports name them.
CREATE TABLE delivery_link (
    delivery_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    target TEXT NOT NULL,
    label TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
);
