-- 1: its data is on a database that several of its kind may work on at the same time.
ALTER TABLE component ADD COLUMN shares_store BIGINT NOT NULL DEFAULT 0;
