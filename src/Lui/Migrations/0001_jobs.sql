-- Numbers of mail jobs and of their test deliveries come from one sequence, because trackers and distributors know both by one number.
CREATE TABLE number_sequence (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO number_sequence (name, last) VALUES ('delivery', 0);
INSERT INTO number_sequence (name, last) VALUES ('recipients', 0);

-- How many job codes a day has given out. Codes of deleted jobs are not used again.
CREATE TABLE job_code (
    day TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    failure_code TEXT,
    failure TEXT,
    owner_id TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    recipients_id BIGINT,
    tracking TEXT,
    sender_name TEXT,
    sender_address TEXT,
    sender_reply_to TEXT,
    schedule_kind TEXT,
    schedule_at BIGINT,
    schedule_zone TEXT,
    test_state TEXT NOT NULL,
    test_at BIGINT,
    edits TEXT NOT NULL,
    authorized_by_id TEXT,
    authorized_by_name TEXT,
    authorized_at BIGINT,
    due_at BIGINT,
    started_at BIGINT,
    handed_over_at BIGINT,
    completed_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX job_by_state ON job (state, due_at);

CREATE TABLE job_journal (
    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);
