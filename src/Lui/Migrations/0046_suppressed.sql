-- Few are held back of many: whoever opens that step of a waterfall reads these only.
CREATE INDEX outcome_suppressed ON outcome (job_id, recipient_id) WHERE fate = 4;
