-- closed: people took a doubt for final; nothing settles it any more.
ALTER TABLE outcome ADD COLUMN closed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX outcome_in_doubt ON outcome (job_id, recipient_id) WHERE fate = 6;

-- What people decided about recipients in doubt, and what was known of them then. batch: the batch that takes them to the distributor
-- again, 0 where the doubt was closed.
CREATE TABLE doubt_decision (
    delivery_id BIGINT NOT NULL,
    recipient_id BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    doubt_at BIGINT NOT NULL,
    host TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (delivery_id, batch, recipient_id)
);

-- repeats: a batch of recipients who were in doubt; who is in it stands in doubt_decision, not between after_id and last_id.
ALTER TABLE delivery_batch ADD COLUMN repeats BIGINT NOT NULL DEFAULT 0;

-- What receipts are signed with; the newest one counts, older ones still verify.
CREATE TABLE receipt_key (
    id TEXT NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    private_key TEXT NOT NULL,
    public_key TEXT NOT NULL
);
