-- 1: deliveries of the members' jobs are only simulated; and of the whole installation, as HUB told it last.
ALTER TABLE person_group ADD COLUMN evaluation BIGINT NOT NULL DEFAULT 0;
CREATE TABLE installation_rule (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    evaluation BIGINT NOT NULL
);
INSERT INTO installation_rule (one, evaluation) VALUES (1, 0);

-- 1: authorised to be simulated, or handed over so; that never becomes real again.
ALTER TABLE job ADD COLUMN simulated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN simulated BIGINT NOT NULL DEFAULT 0;
