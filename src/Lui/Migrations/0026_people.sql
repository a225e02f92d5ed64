-- Who has an account, as HUB told it last. What people may do goes on by it while HUB is away.
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    mail TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    administrator BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    -- 0: none.
    group_id BIGINT NOT NULL
);

CREATE TABLE person_group (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    four_eyes BIGINT NOT NULL,
    -- What members may do in each other's jobs until the owner says otherwise: edit, see or none.
    others TEXT NOT NULL
);

-- What the owner of a job decided for one of the others.
CREATE TABLE job_member (
    job_id BIGINT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    -- One letter for each of the seven steps, in their order: e may edit, s may see, n nothing.
    rights TEXT NOT NULL,
    -- 1: may see any of it; lists ask for nothing else.
    sees BIGINT NOT NULL,
    PRIMARY KEY (job_id, person_id)
);
CREATE INDEX job_by_owner ON job (owner_id);

-- The account whose rights a token has; a token that is not here has all.
CREATE TABLE token_person (
    token_id BIGINT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL
);
