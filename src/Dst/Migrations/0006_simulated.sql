-- 1: the messages of a delivery go into the capture mailbox, whatever this distributor's mode is, and never to a receiver.
ALTER TABLE delivery ADD COLUMN capture INTEGER NOT NULL DEFAULT 0;
-- 1: bounces go to the envelope sender as it was handed over, not to a return address of this distributor.
ALTER TABLE delivery ADD COLUMN own_return INTEGER NOT NULL DEFAULT 0;
