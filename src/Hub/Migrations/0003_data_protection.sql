-- Keys of cookies and forms, so that every node on this database reads what another one issued.
CREATE TABLE data_protection_key (
    name TEXT NOT NULL PRIMARY KEY,
    xml TEXT NOT NULL
);
