-- way: 0 by our own engine, 1 through LISTSERV.
ALTER TABLE delivery ADD COLUMN way INTEGER NOT NULL DEFAULT 0;

-- Who was handed to LISTSERV, for as long as its change log may tell of a bounce. digest: SHA-256 of the address; the address itself is forgotten as usual.
CREATE TABLE listserv_recipient (
    digest BLOB NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX listserv_recipient_at ON listserv_recipient (at);

-- Lines of the change log that are in the feed already.
CREATE TABLE listserv_line (
    digest BLOB NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
) WITHOUT ROWID;
