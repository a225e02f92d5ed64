-- A dress rehearsal of a job: what it was begun with, how far it is handed over, and what it has shown. The message is fixed
-- at the beginning, so that every later attempt uses the same bytes.
CREATE TABLE rehearsal (
    id BIGINT NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    manner TEXT NOT NULL,
    recipients_id BIGINT NOT NULL,
    planned BIGINT NOT NULL,
    message BYTEA NOT NULL,
    plan TEXT NOT NULL,
    component_id BIGINT NULL,
    claimed_to BIGINT NOT NULL,
    batches BIGINT NOT NULL,
    is_sealed BIGINT NOT NULL,
    is_forgotten BIGINT NOT NULL,
    seen TEXT NOT NULL,
    report BYTEA NULL,
    reason TEXT NULL,
    begun_at BIGINT NOT NULL,
    begun_by TEXT NOT NULL,
    ended_at BIGINT NULL
);

CREATE INDEX rehearsal_by_job ON rehearsal (job_id);

-- A few odd messages of it, for looking at.
CREATE TABLE rehearsal_odd (
    rehearsal_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    message BYTEA NOT NULL,
    PRIMARY KEY (rehearsal_id, number)
);
