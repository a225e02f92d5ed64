-- What signs the list of callers that every server keeps; moves with the hub.
CREATE TABLE registry_key (
    id INTEGER PRIMARY KEY,
    -- PKCS#8, base64.
    secret TEXT NOT NULL
);

-- How the ports between components are on that server, JSON; NULL until it answered.
ALTER TABLE server ADD COLUMN corridor TEXT;

-- The code of the problem, such as tls.plain; NULL where there is none.
ALTER TABLE server ADD COLUMN problem_code TEXT;
