-- What the tracking type of a job needs besides, and what is chosen for its links; as JSON.
ALTER TABLE job ADD COLUMN tracking_more TEXT NULL;

-- The number of a profile, or of a reader who is nobody; never beside a recipient.
ALTER TABLE tracker_event ADD COLUMN trace BIGINT NULL;

CREATE INDEX tracker_event_by_trace ON tracker_event (job_id, kind, link, trace) WHERE trace IS NOT NULL;

-- The profiles of an anonymous delivery: the chosen columns with their values as JSON, and how many recipients share them. Fixed when it starts.
CREATE TABLE tracking_profile (
    delivery_id BIGINT NOT NULL,
    trace BIGINT NOT NULL,
    fields TEXT NOT NULL,
    recipients BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, trace)
);
