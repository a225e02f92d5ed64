-- When the tracker was not there to collect, Unix time in milliseconds by its own clock.
CREATE TABLE gap (
    from_ms INTEGER PRIMARY KEY,
    to_ms BIGINT NOT NULL
);
