ALTER TABLE account ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN disabled_at BIGINT NULL;
-- Grows whenever whoever is signed in as this account has to sign in again: it was disabled, got another password, or another role.
ALTER TABLE account ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
