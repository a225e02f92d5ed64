-- Folders for jobs. A tree belongs to a group; 0: to all who have none.
CREATE TABLE job_folder (
    id BIGINT NOT NULL PRIMARY KEY,
    group_id BIGINT NOT NULL,
    parent_id BIGINT NULL REFERENCES job_folder (id),
    name TEXT NOT NULL
);
ALTER TABLE job ADD COLUMN folder_id BIGINT NULL;
-- Until when somebody has to have authorised it; null for no such date.
ALTER TABLE job ADD COLUMN decide_by BIGINT NULL;
-- The version of the job of which a whole archive was written, and when; null for none.
ALTER TABLE job ADD COLUMN archived_version BIGINT NULL;
ALTER TABLE job ADD COLUMN archived_at BIGINT NULL;
CREATE INDEX job_by_folder ON job (folder_id);
CREATE INDEX job_journal_by_time ON job_journal (at);
INSERT INTO number_sequence (name, last) VALUES ('folder', 0);
