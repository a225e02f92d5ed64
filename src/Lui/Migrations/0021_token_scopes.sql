-- What a token opens, words with commas between; a token from before opens all.
ALTER TABLE api_token ADD COLUMN scopes TEXT NOT NULL DEFAULT 'all';
ALTER TABLE api_token ADD COLUMN expires_at BIGINT NULL;

-- Requests that carry an Idempotency-Key. state: running, applied (its first change is committed), done (its answer is here).
-- holder names the node, life one life of its process: what a former life left running never went further than state says.
CREATE TABLE idempotency (
    token_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    holder TEXT NOT NULL,
    life TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    status BIGINT NULL,
    content_type TEXT NULL,
    location TEXT NULL,
    body BYTEA NULL,
    PRIMARY KEY (token_id, key)
);

CREATE INDEX idempotency_by_age ON idempotency (started_at);
