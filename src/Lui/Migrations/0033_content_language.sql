-- In which language numbers, amounts and dates are written, and the recipients' column that says it for each of them.
ALTER TABLE content ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE content ADD COLUMN language_field TEXT NOT NULL DEFAULT '';
ALTER TABLE content_draft ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE content_draft ADD COLUMN language_field TEXT NOT NULL DEFAULT '';
