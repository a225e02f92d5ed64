-- The address by which somebody without an account lets a waiting job go: only the hash of its token is kept.
CREATE TABLE job_trigger (
    job_id BIGINT NOT NULL PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    who_id TEXT NOT NULL,
    who_name TEXT NOT NULL
);

-- The order in which a delivery goes through its recipients where that is not the order of their set: by the moment at which each is due.
-- Its batches and its cursor count places in this order. The second key keeps everybody from coming twice.
CREATE TABLE delivery_order (
    delivery_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, position),
    UNIQUE (delivery_id, recipient_id)
);

-- Which values of the column of zones belong to which part, while a delivery is put in order.
CREATE TABLE delivery_zone (
    delivery_id BIGINT NOT NULL,
    value TEXT NOT NULL,
    part BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, value)
);
