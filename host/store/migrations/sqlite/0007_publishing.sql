-- What runs are about to publish: known before the file has its name, so that a kill right behind that leaves none that
-- nobody knows.
CREATE TABLE publishing (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (run, path, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX publishing_by_path ON publishing (path);
