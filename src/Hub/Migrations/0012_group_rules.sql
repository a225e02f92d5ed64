-- 1: changes of a sender profile count for mail jobs of its members that were authorised before.
ALTER TABLE account_group ADD COLUMN late_senders INTEGER NOT NULL DEFAULT 0;
-- 1: deliveries of its members' mail jobs are only simulated.
ALTER TABLE account_group ADD COLUMN evaluation INTEGER NOT NULL DEFAULT 0;

-- What holds for the whole installation. evaluation 1: all deliveries are only simulated.
CREATE TABLE installation_rule (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    evaluation INTEGER NOT NULL
);
INSERT INTO installation_rule (one, evaluation) VALUES (1, 0);
