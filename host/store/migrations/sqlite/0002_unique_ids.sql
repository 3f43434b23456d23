-- The highest id that a run ever had. Ids are given from it, in the transaction that records the run, so that no two
-- processes give one, whatever their clocks say and whichever runs were forgotten.
CREATE TABLE run_ids (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    highest INTEGER NOT NULL
) STRICT;
INSERT INTO run_ids (one, highest) SELECT 1, coalesce(max(id), 0) FROM runs;

-- When the process began, in the ticks of its machine: a process id alone is given again to another process.
-- NULL where an older Encargo recorded the run.
ALTER TABLE runs ADD COLUMN worker_started INTEGER;
ALTER TABLE attempts ADD COLUMN worker_started INTEGER;

-- When another run finished the work that this one left behind; there is nothing to go on with any more.
ALTER TABLE runs ADD COLUMN settled_at INTEGER;
