CREATE TABLE flavour AS SELECT 'Sqlite' AS engine;
