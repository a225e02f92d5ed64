-- HUB's list of components and its link keys as last known, so that work goes on while HUB is away.
CREATE TABLE component (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    internal_port BIGINT NOT NULL,
    tracker_port BIGINT NOT NULL,
    public_url TEXT NOT NULL,
    version TEXT NOT NULL,
    listed BIGINT NOT NULL,
    in_service BIGINT NOT NULL,
    feed TEXT NULL,
    problem TEXT NULL,
    UNIQUE (name, host, internal_port)
);

CREATE TABLE link_key (
    id BIGINT NOT NULL PRIMARY KEY,
    secret BYTEA NOT NULL,
    is_current BIGINT NOT NULL
);

-- One row per feed that was ever read; mark is the number of the last event stored here.
CREATE TABLE feed (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    component_id BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    newest BIGINT NOT NULL,
    lost BIGINT NOT NULL,
    clock_offset_ms BIGINT NOT NULL,
    complete_to BIGINT NULL,
    opened_at BIGINT NOT NULL
);

-- The secret that turns recipients into tokens and back; made at the first need, never changed.
CREATE TABLE recipient_secret (
    only_row BIGINT NOT NULL PRIMARY KEY,
    secret BYTEA NOT NULL
);
