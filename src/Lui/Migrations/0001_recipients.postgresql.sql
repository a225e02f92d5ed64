-- Files of recipients, from the upload to the set in use. job.recipients_id points to the set in use.
CREATE TABLE recipient_source (
    id BIGINT NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    spool_file TEXT,
    encoding TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    quote TEXT NOT NULL,
    has_header BIGINT NOT NULL,
    columns TEXT NOT NULL,
    address_column BIGINT NOT NULL,
    name_column BIGINT,
    valid BIGINT NOT NULL,
    invalid BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    failure_code TEXT,
    failure TEXT,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX recipient_source_by_job ON recipient_source (job_id);
CREATE INDEX recipient_source_by_state ON recipient_source (state);

-- Valid, distinct recipients, numbered from 1 in the order of the file. normalized is the key of duplicates and suppression;
-- it is distinct because the importer, the table's only writer, keeps the keys of its file in memory: an index here would halve its speed.
CREATE TABLE recipient (
    recipients_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    address TEXT NOT NULL,
    normalized TEXT NOT NULL,
    display_name TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (recipients_id, id)
);

-- Lines that are no recipients: invalid or duplicate, with the reason in words.
CREATE TABLE recipient_set_aside (
    recipients_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (recipients_id, line)
);
