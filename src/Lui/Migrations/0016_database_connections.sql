-- Databases of the organisation from which recipients are read. secret is encrypted with the keys of data protection.
CREATE TABLE database_connection (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    place TEXT NOT NULL,
    account TEXT NOT NULL,
    secret TEXT NOT NULL,
    verified BIGINT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX database_connection_by_name ON database_connection (name);

INSERT INTO number_sequence (name, last) VALUES ('database', 0);
