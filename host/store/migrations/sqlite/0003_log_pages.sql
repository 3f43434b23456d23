-- A run's log in pages: a row for many lines instead of one for each, whose keys, index and head took more room than
-- its words. `last` is the number of a page's last line; lines are numbered from 1 and have no gaps. A page is a JSON
-- list of [time, level, message, fields], compressed with zstd where that makes it smaller.
ALTER TABLE run_logs RENAME TO run_log_lines;
CREATE TABLE run_logs (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    last INTEGER NOT NULL,
    lines INTEGER NOT NULL CHECK (lines > 0),
    page BLOB NOT NULL,
    PRIMARY KEY (run, last)
) STRICT;
INSERT INTO run_logs (run, last, lines, page)
SELECT run, max(line), count(*),
    CAST(json_group_array(json_array(logged_at, level, message, json(fields)) ORDER BY line) AS BLOB)
FROM run_log_lines GROUP BY run, (line - 1) / 500;
DROP TABLE run_log_lines;
