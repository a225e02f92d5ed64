-- The address by which somebody without an account lets a waiting job go: only the hash of its token is kept.
CREATE TABLE job_trigger (
    job_id BIGINT NOT NULL PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL
);
