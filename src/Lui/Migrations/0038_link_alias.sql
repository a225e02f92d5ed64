-- The short name that people gave a link; empty for none.
ALTER TABLE delivery_link ADD COLUMN alias TEXT NOT NULL DEFAULT '';
