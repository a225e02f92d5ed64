-- Addresses that get nothing, and the numbered changes that every distributor copies.
CREATE TABLE suppression (
    address TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE suppression_change (
    number BIGINT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    suppressed BIGINT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- The row that changes lock, so that they commit in the order of their numbers.
CREATE TABLE suppression_number (
    only_row BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

INSERT INTO suppression_number (only_row, last) VALUES (1, 0);

-- Up to which change each distributor's copy is complete, as it confirmed.
CREATE TABLE suppression_mark (
    component_id BIGINT NOT NULL PRIMARY KEY,
    feed TEXT NOT NULL,
    up_to BIGINT NOT NULL
);
