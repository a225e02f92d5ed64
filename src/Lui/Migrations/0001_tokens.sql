-- Tokens for programs that use the REST interface. Only the SHA-256 of a token is kept.
CREATE TABLE api_token (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
INSERT INTO number_sequence (name, last) VALUES ('token', 0);
