-- What a command did to rows, so that the same command can take it back: rows that it made, changed or removed. An entry's
-- row is named by its id, or by its natural key where it has none; `hash` is what the row, with what hangs on it, looked
-- like when the command had done its work, so that what people changed since is told apart.
CREATE TABLE journals (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    command TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (command, name, tenant_id)
) STRICT;

CREATE TABLE journal_entries (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    journal_id INTEGER NOT NULL REFERENCES journals (id) ON DELETE CASCADE,
    relation TEXT NOT NULL,
    row_key TEXT NOT NULL,
    source_key TEXT,
    action TEXT NOT NULL CHECK (action IN ('created', 'updated', 'deleted')),
    before TEXT,
    hash TEXT NOT NULL,
    PRIMARY KEY (journal_id, relation, row_key, tenant_id)
) STRICT;
CREATE INDEX journal_entries_by_source_key ON journal_entries (relation, source_key, tenant_id);
