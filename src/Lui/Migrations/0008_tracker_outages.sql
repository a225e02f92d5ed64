-- When a tracker was not there to collect, by its own clock, Unix time in milliseconds.
CREATE TABLE tracker_outage (
    component_id BIGINT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    PRIMARY KEY (component_id, from_ms)
);
