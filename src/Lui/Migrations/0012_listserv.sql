-- How a job's messages leave: engine, or listserv.
ALTER TABLE job ADD COLUMN way TEXT NOT NULL DEFAULT 'engine';
