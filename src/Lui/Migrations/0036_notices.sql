-- Who wants to be told what: by mail and on the screen, never, alerts or all. Who is not here has never chosen.
CREATE TABLE notice_choice (
    person_id TEXT NOT NULL PRIMARY KEY,
    by_mail TEXT NOT NULL,
    on_screen TEXT NOT NULL
);

-- Who wants to be told of a job beside its owner.
CREATE TABLE job_watcher (
    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    PRIMARY KEY (job_id, person_id)
);

-- What somebody is told. The key names what happened, so that it is told once.
CREATE TABLE notice (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    what TEXT NOT NULL,
    at BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    words TEXT NOT NULL,
    -- 1: shown on the screen.
    on_screen BIGINT NOT NULL,
    seen_at BIGINT NULL,
    -- none, waiting, sent or given-up.
    mail TEXT NOT NULL,
    UNIQUE (person_id, job_id, what)
);
CREATE INDEX notice_of_person ON notice (person_id, on_screen, seen_at, id);
CREATE INDEX notice_to_mail ON notice (mail, id);
INSERT INTO number_sequence (name, last) VALUES ('notice', 0);
