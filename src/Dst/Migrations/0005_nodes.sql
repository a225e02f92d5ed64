-- Distributors that share this store: on PostgreSQL any number of them, each with a number of its own for each of its runs.
CREATE TABLE node (
    number INTEGER NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    share INTEGER NOT NULL
);

ALTER TABLE store ADD COLUMN nodes INTEGER NOT NULL DEFAULT 0;

-- Who holds a recipient that waits, or offered it last; 0: nobody. A file has one distributor, whose number is 0.
ALTER TABLE recipient ADD COLUMN node INTEGER NOT NULL DEFAULT 0;

-- Grows with every batch: so the other nodes see that something came in.
ALTER TABLE delivery ADD COLUMN arrivals BIGINT NOT NULL DEFAULT 0;

DROP TABLE lease;
