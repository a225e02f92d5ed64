-- People who work together on mail jobs. An account is in one group, or in none.
CREATE TABLE account_group (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name in the form in which it is compared: lower case.
    name_key TEXT NOT NULL UNIQUE,
    -- 1: no member authorises a mail job that he or she edited last.
    four_eyes INTEGER NOT NULL,
    -- What the others may do in a member's mail job until its owner says otherwise: edit, see or none.
    others TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
ALTER TABLE account ADD COLUMN group_id BIGINT NULL REFERENCES account_group (id);
-- Where notices go to; empty for nowhere.
ALTER TABLE account ADD COLUMN mail TEXT NOT NULL DEFAULT '';
