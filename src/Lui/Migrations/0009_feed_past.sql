-- The writer's starts that LUI was told of, in their order; blank where a writer tells of none.
ALTER TABLE feed ADD COLUMN starts TEXT NOT NULL DEFAULT '';

-- Numbers whose events never came and never will: damaged on the writer's disk, or lost when its store was replaced by an older copy.
CREATE TABLE feed_hole (
    feed TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (feed, first)
);
