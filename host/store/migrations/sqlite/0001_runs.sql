-- The engine store: what Encargo itself remembers. No guest ever sees it.
-- Times are microseconds since 1970 in UTC; lists and records are JSON.

-- Every component that ever ran, by its digest.
CREATE TABLE versions (
    command TEXT NOT NULL,
    digest TEXT NOT NULL,
    version TEXT NOT NULL,
    tier TEXT NOT NULL,
    source TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (command, digest)
) STRICT, WITHOUT ROWID;

-- What an operator granted (1) or revoked (0), where that differs from what the tier gives.
CREATE TABLE grants (
    command TEXT NOT NULL,
    permission TEXT NOT NULL,
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (command, permission)
) STRICT, WITHOUT ROWID;

-- One execution each. `attempts` is also the fencing token: whoever does not hold the last attempt cannot write.
CREATE TABLE runs (
    id INTEGER NOT NULL PRIMARY KEY,
    parent INTEGER REFERENCES runs (id) ON DELETE CASCADE,
    command TEXT NOT NULL,
    digest TEXT NOT NULL,
    version TEXT NOT NULL,
    tenant TEXT,
    trigger TEXT NOT NULL,
    arguments TEXT NOT NULL,
    resume_key TEXT NOT NULL,
    dry_run INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    exit_code INTEGER,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    attempts INTEGER NOT NULL,
    report TEXT,
    error_code TEXT,
    error_message TEXT,
    backtrace TEXT,
    receipt TEXT NOT NULL,
    worker_host TEXT NOT NULL,
    worker_pid INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;

CREATE INDEX runs_of_a_parent ON runs (parent, id) WHERE parent IS NOT NULL;
CREATE INDEX runs_of_a_command ON runs (command, id) WHERE parent IS NULL;
CREATE INDEX runs_by_resume_key ON runs (resume_key, id);
CREATE INDEX runs_under_way ON runs (id) WHERE status = 'running';
CREATE INDEX runs_by_end ON runs (ended_at) WHERE parent IS NULL AND ended_at IS NOT NULL;

-- One try of a run each.
CREATE TABLE attempts (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    worker_host TEXT NOT NULL,
    worker_pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    status TEXT NOT NULL,
    exit_code INTEGER,
    PRIMARY KEY (run, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_logs (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    logged_at INTEGER NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (run, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE artefacts (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

-- One run at a time of a command and tenant; '' stands for no tenant. Owner and lease are those of the run.
CREATE TABLE locks (
    command TEXT NOT NULL,
    tenant TEXT NOT NULL,
    run INTEGER NOT NULL UNIQUE REFERENCES runs (id) ON DELETE CASCADE,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (command, tenant)
) STRICT, WITHOUT ROWID;

-- When each piece of housekeeping was last done to its end.
CREATE TABLE upkeep (
    task TEXT NOT NULL PRIMARY KEY,
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
