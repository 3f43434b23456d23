-- Whose file this is: one row, written with this migration. A file that lies in another's place is refused.
CREATE TABLE identity (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    installation  TEXT NOT NULL,
    tenant_id     INTEGER NOT NULL CHECK (tenant_id = {tenant_id}),
    slug          TEXT NOT NULL
) STRICT;
