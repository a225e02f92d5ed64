-- The library: images that messages show from this server. key is the part of the address that the bytes decide.
CREATE TABLE media (
    key TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    alt TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    added_at BIGINT NOT NULL
);

CREATE INDEX media_by_digest ON media (digest);
CREATE INDEX media_by_time ON media (added_at);
