CREATE TABLE flavour AS SELECT 'Postgres'::text AS engine;
