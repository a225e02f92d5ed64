-- Policies of MTA-STS as they were fetched; moments in Unix milliseconds.
CREATE TABLE sts_policy (
    domain TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    fetched_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

-- Sessions by result type of RFC 8460; the day is counted from 0001-01-01.
CREATE TABLE tls_session (
    day BIGINT NOT NULL,
    domain TEXT NOT NULL,
    policy TEXT NOT NULL,
    host TEXT NOT NULL,
    result TEXT NOT NULL,
    sessions BIGINT NOT NULL,
    PRIMARY KEY (day, domain, policy, host, result)
);
