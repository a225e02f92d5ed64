-- A repeated job: its runs are jobs of their own, and each knows the first one and its number. The index keeps a run from being made twice.
ALTER TABLE job ADD COLUMN chain_id BIGINT NULL;
ALTER TABLE job ADD COLUMN run BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX job_by_run ON job (chain_id, run);
