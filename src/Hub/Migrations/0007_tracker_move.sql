-- A tracker whose place another one takes while readers go on clicking; retired: it takes no more events and belongs to nobody.
CREATE TABLE tracker_move (
    store_id TEXT NOT NULL PRIMARY KEY,
    old_host TEXT NOT NULL,
    old_port INTEGER NOT NULL,
    new_host TEXT NOT NULL,
    new_port INTEGER NOT NULL,
    began_at BIGINT NOT NULL,
    retired_at BIGINT NULL
);
