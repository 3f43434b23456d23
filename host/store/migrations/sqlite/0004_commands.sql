-- Commands that were added: the operator's, and tenants' own (`acme/hello`).
CREATE TABLE commands (
    name TEXT NOT NULL PRIMARY KEY,
    -- The id of the tenant whose own it is, because a later tenant may have the same slug. NULL for the operator's.
    tenant INTEGER,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Their versions, each a file that is named by its digest. `place` tells in which order they were chosen: the highest is
-- the one that is wanted, and NULL is one that was rolled back. Which one runs follows from that and from the grants: the
-- newest whose every request was decided. So no kill can leave a version in force that waits.
CREATE TABLE command_versions (
    command TEXT NOT NULL REFERENCES commands (name) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    version TEXT NOT NULL,
    permissions TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    place INTEGER,
    PRIMARY KEY (command, digest),
    UNIQUE (command, place)
) STRICT, WITHOUT ROWID;
