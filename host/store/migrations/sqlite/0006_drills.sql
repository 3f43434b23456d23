-- Backups that were restored elsewhere to see whether they can be.
CREATE TABLE drills (
    at INTEGER NOT NULL,
    backup TEXT NOT NULL,
    outcome TEXT NOT NULL,
    milliseconds INTEGER NOT NULL,
    files INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (at, backup)
) STRICT, WITHOUT ROWID;
