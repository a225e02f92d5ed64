-- The line that inboxes show behind the subject, and whether the text part is made from the HTML part.
ALTER TABLE content ADD COLUMN preheader TEXT NOT NULL DEFAULT '';
ALTER TABLE content ADD COLUMN automatic_text BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE content_draft ADD COLUMN preheader TEXT NOT NULL DEFAULT '';
ALTER TABLE content_draft ADD COLUMN automatic_text BOOLEAN NOT NULL DEFAULT FALSE;
