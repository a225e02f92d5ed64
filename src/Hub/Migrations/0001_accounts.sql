CREATE TABLE account (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name in the form in which it is compared: lower case.
    name_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    created_at BIGINT NOT NULL
);

-- Failures are counted for names, whether an account bears them or not: else a lockout would tell which accounts exist.
CREATE TABLE sign_in_failure (
    name_key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until_at BIGINT
);

CREATE TABLE audit_entry (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    account TEXT NOT NULL,
    client_address TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_entry_by_time ON audit_entry (at);
