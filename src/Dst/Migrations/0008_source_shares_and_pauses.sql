-- How much of its share of a day an address has used; the empty lane is the sum over all. The day is counted from 0001-01-01.
CREATE TABLE source_day (
    address TEXT NOT NULL,
    day BIGINT NOT NULL,
    lane TEXT NOT NULL,
    messages BIGINT NOT NULL,
    PRIMARY KEY (address, day, lane)
);

-- Lanes that people stopped, until people let them go on; moments in Unix milliseconds.
CREATE TABLE lane_hold (
    lane TEXT NOT NULL PRIMARY KEY,
    held_by TEXT NOT NULL,
    held_at BIGINT NOT NULL
);

-- Lanes that pause by themselves, so that a restart does not forget it.
CREATE TABLE lane_pause (
    lane TEXT NOT NULL PRIMARY KEY,
    until_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    pauses BIGINT NOT NULL,
    connections BIGINT NOT NULL
);

-- Up to which message a mailbox that others keep has been read (RFC 3501 section 2.3.1.1).
CREATE TABLE return_folder (
    folder TEXT NOT NULL PRIMARY KEY,
    validity BIGINT NOT NULL,
    uid BIGINT NOT NULL
);
