-- Where in a large set an address stands. Made behind an import, which an index of the table itself would slow down by half.
-- key: the first 8 bytes of the SHA-256 of the normalised address; it leads to a few recipients at most, whose address is then compared.
CREATE TABLE recipient_address (
    recipients_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (recipients_id, key, id)
);

-- Up to which recipient a set's addresses are in recipient_address.
CREATE TABLE recipient_address_mark (
    recipients_id BIGINT NOT NULL PRIMARY KEY,
    up_to BIGINT NOT NULL
);
