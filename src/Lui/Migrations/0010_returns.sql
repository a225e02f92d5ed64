-- What came back for messages that had left; one row for each kind and recipient. kind: 1 bounced, 2 complained, 3 unsubscribed.
-- class: of a bounce, 1 hard, 2 soft, 3 policy, 4 transient.
CREATE TABLE came_back (
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    class BIGINT NOT NULL,
    reply TEXT NOT NULL,
    host TEXT NOT NULL,
    at BIGINT NOT NULL,
    feed BIGINT NOT NULL,
    PRIMARY KEY (job_id, recipient_id, kind)
);

-- Soft bounces of addresses that are not suppressed yet, one row for each job.
CREATE TABLE soft_bounce (
    address TEXT NOT NULL,
    job_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (address, job_id)
);
