-- What the installation's own authority has signed, and what it took back.
CREATE TABLE issued_certificate (
    serial TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    revoked_at BIGINT NULL
);

CREATE INDEX issued_certificate_host ON issued_certificate (host);
