-- What tells a component's data from others of its kind; goes with it when it moves.
ALTER TABLE component ADD COLUMN store_id TEXT NOT NULL DEFAULT '';
