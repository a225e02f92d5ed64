-- Addresses of other programs that are told what happens. secret and former_secret are encrypted; the former one signs beside the new one until former_until.
CREATE TABLE webhook (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    is_on BIGINT NOT NULL,
    off_reason TEXT NOT NULL,
    secret TEXT NOT NULL,
    former_secret TEXT NOT NULL,
    former_until BIGINT NULL,
    last_number BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    failing_since BIGINT NULL,
    paused_to BIGINT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

-- What happened, written in the transaction that made it so; spread over the webhooks soon after, and then gone from here.
CREATE TABLE webhook_outbox (
    event_id TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    type TEXT NOT NULL,
    at BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NULL,
    data TEXT NOT NULL
);

CREATE INDEX webhook_outbox_in_order ON webhook_outbox (position, event_id);

-- One message for each event and webhook, numbered without gaps for each webhook. state: waiting, delivered, given-up.
-- status, answer, took_ms and tried_at are those of the last attempt; series_from is the number of attempts when it was queued last.
CREATE TABLE webhook_message (
    webhook_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    at BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NULL,
    data TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    series_from BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    status BIGINT NULL,
    answer TEXT NOT NULL,
    took_ms BIGINT NULL,
    tried_at BIGINT NULL,
    PRIMARY KEY (webhook_id, number)
);

CREATE INDEX webhook_message_due ON webhook_message (webhook_id, state, next_at, number);

-- The earlier attempts of messages that were tried more than once.
CREATE TABLE webhook_attempt (
    webhook_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT NULL,
    answer TEXT NOT NULL,
    took_ms BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, number, attempt)
);

INSERT INTO number_sequence (name, last) VALUES ('webhook', 0);
