-- Keys of cookies and forms, so that every node on this database reads what another one issued.
CREATE TABLE data_protection_key (
    name TEXT NOT NULL PRIMARY KEY,
    xml TEXT NOT NULL
);

-- Which node does a piece of work; the database's clock counts.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    ends_at BIGINT NOT NULL
);

-- How far an import is, and whether somebody wants it stopped, for nodes other than the one that runs it.
CREATE TABLE import_run (
    source_id BIGINT NOT NULL PRIMARY KEY,
    bytes_read BIGINT NOT NULL,
    valid BIGINT NOT NULL,
    invalid BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    stop_wanted BIGINT NOT NULL
);

-- Uploads between their arrival and their import, in pieces.
CREATE TABLE upload (
    name TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    arrived_at BIGINT NOT NULL
);

CREATE TABLE upload_piece (
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (name, number)
);
