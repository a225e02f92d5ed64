-- What came back: mail for the return domain, as it came, until somebody has read it and for some days after.
CREATE TABLE returned (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at BIGINT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    message BLOB NOT NULL,
    read_at BIGINT
);

CREATE INDEX returned_unread ON returned (number) WHERE read_at IS NULL;

CREATE INDEX returned_read ON returned (read_at);

-- came_back: 0 no, 1 bounced, 2 complained, 3 unsubscribed; then the fate is 0. class: of a bounce; 0 for everything else.
ALTER TABLE event ADD COLUMN came_back INTEGER NOT NULL DEFAULT 0;

ALTER TABLE event ADD COLUMN class INTEGER NOT NULL DEFAULT 0;
