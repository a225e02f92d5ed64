-- Exactly one fate per recipient; only in doubt is ever followed by another one.
CREATE TABLE outcome (
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    fate BIGINT NOT NULL,
    reply TEXT NOT NULL,
    host TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    at BIGINT NOT NULL,
    feed BIGINT NOT NULL,
    PRIMARY KEY (job_id, recipient_id)
);

-- The terms of the receipt, kept in the transaction that stores the outcomes.
CREATE TABLE outcome_count (
    job_id BIGINT NOT NULL,
    fate BIGINT NOT NULL,
    recipients BIGINT NOT NULL,
    PRIMARY KEY (job_id, fate)
);

-- What recipients did, as the trackers saw it; at is the tracker's clock.
CREATE TABLE tracker_event (
    feed BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    link BIGINT NOT NULL,
    recipient_id BIGINT NULL,
    user_agent TEXT NOT NULL,
    client_address TEXT NOT NULL,
    clock_offset_ms BIGINT NOT NULL,
    PRIMARY KEY (feed, number)
);

CREATE INDEX tracker_event_by_job ON tracker_event (job_id, kind, link, recipient_id);

CREATE INDEX tracker_event_by_time ON tracker_event (job_id, kind, at);
