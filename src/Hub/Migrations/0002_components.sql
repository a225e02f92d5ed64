CREATE TABLE server (
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    added_at BIGINT NOT NULL,
    -- What the server said of itself when it last answered; NULL until then.
    version TEXT,
    started_at BIGINT,
    seen_at BIGINT,
    -- Difference of its clock to ours when it last answered, in milliseconds.
    clock_offset BIGINT,
    -- Why it did not answer the last time it was asked; NULL if it did.
    problem TEXT,
    PRIMARY KEY (host, port)
);

CREATE TABLE component (
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    tracker_port INTEGER NOT NULL,
    public_url TEXT NOT NULL,
    state TEXT NOT NULL,
    ready INTEGER NOT NULL,
    -- JSON: ["in words", ...] and [{"Name": "...", "Value": 1}, ...]
    problems TEXT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (name, host, port),
    FOREIGN KEY (host, port) REFERENCES server (host, port)
);

CREATE TABLE link_key (
    -- 1 to 65535; the highest is the current one.
    id INTEGER PRIMARY KEY,
    -- 32 bytes, base64.
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
