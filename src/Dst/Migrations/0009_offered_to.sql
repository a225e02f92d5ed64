-- Hosts that messages were offered to, by short numbers: an offer is written so often that it must not carry names.
CREATE TABLE mail_host (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- The host that a recipient's message was offered to last; 0: not known. If no answer comes, people can ask there.
ALTER TABLE recipient ADD COLUMN host INTEGER NOT NULL DEFAULT 0;
