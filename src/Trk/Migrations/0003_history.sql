-- Every start of the tracker on this file, in their order, with the number of the first event after it. An older copy of the
-- file lacks those that came later, which is how it is told from the file itself.
CREATE TABLE start (
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    first BIGINT NOT NULL
);

-- Feeds that ended when the file was found to be an older copy, and up to which number their reader has the same events.
CREATE TABLE former_feed (
    id TEXT NOT NULL PRIMARY KEY,
    shared_to BIGINT NOT NULL
);

-- Events that the disk gave back damaged, or not at all.
CREATE TABLE damage (
    first INTEGER PRIMARY KEY,
    last BIGINT NOT NULL
);

-- One row while another tracker takes the place of this one.
CREATE TABLE replacement (
    successor TEXT NOT NULL,
    since_ms BIGINT NOT NULL,
    retired_ms BIGINT NULL
);
