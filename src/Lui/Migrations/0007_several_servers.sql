-- Which tracker's address a job's links lead to, where there are several; NULL: the first one.
ALTER TABLE job ADD COLUMN tracker_host TEXT NULL;

-- Since when a component does not answer, Unix time in milliseconds; NULL while it does.
ALTER TABLE component ADD COLUMN problem_since BIGINT NULL;
