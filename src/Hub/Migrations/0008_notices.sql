-- What needs an administrator, from when it was first seen until some time after it was mended.
CREATE TABLE notice (
    condition TEXT NOT NULL PRIMARY KEY,
    words TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    -- When it was not seen any more; NULL while it is there.
    gone_at BIGINT NULL,
    -- When administrators were told by mail; NULL until then.
    told_at BIGINT NULL
);
