-- Jobs whose recipients come one by one while they are delivered; the rows of their source are samples.
CREATE TABLE on_demand_job (
    job_id BIGINT NOT NULL PRIMARY KEY
);

-- 0: everybody is in the snapshot; 1: recipients may still come; 2: no more will come.
ALTER TABLE delivery ADD COLUMN on_demand BIGINT NOT NULL DEFAULT 0;

-- Who came for which request; a reference comes once in a job.
CREATE TABLE on_demand_message (
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    reference TEXT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, recipient_id)
);

CREATE UNIQUE INDEX on_demand_message_reference ON on_demand_message (job_id, reference);
