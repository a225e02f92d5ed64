-- The sheet of a workbook that was read; none for a text file.
ALTER TABLE recipient_source ADD COLUMN sheet TEXT NULL;
