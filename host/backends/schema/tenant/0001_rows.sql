-- One tenant's file. `{tenant_id}` stands for the tenant's id; the default and the check keep every row its tenant's,
-- so that it can move to a shared database.
--
-- Every key has the tenant, and has it last: all rows here have the same one, so that a statement, a foreign key or an
-- ordering that names the other columns alone finds the index too. A conflict target may name the columns in any order.

CREATE TABLE agents (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    instructions TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'en',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    seed_hash TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (slug, tenant_id)
) STRICT;

CREATE TABLE tools (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL,
    configuration TEXT NOT NULL DEFAULT '{}',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    seed_hash TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (slug, tenant_id)
) STRICT;

CREATE TABLE agent_tools (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    tool_id INTEGER NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agent_id, tool_id, tenant_id)
) STRICT;
CREATE INDEX agent_tools_by_tool_id ON agent_tools (tool_id, tenant_id);

-- An item without an external id of its own has `~` and its content hash there, so that one key serves both.
CREATE TABLE knowledge_items (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    external_id TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '[]',
    source TEXT NOT NULL DEFAULT '',
    content_hash TEXT NOT NULL,
    format_version INTEGER NOT NULL DEFAULT 1,
    legacy TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX knowledge_items_external_id ON knowledge_items (external_id, tenant_id);

CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    external_id TEXT,
    title TEXT NOT NULL,
    media_type TEXT NOT NULL,
    body TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_external_id ON documents (external_id, tenant_id);

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL DEFAULT '',
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    document_id INTEGER REFERENCES documents (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (name, tenant_id)
) STRICT;
CREATE INDEX files_by_document_id ON files (document_id, tenant_id);

CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    external_id TEXT,
    agent_id INTEGER REFERENCES agents (id) ON DELETE SET NULL,
    title TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'closed')),
    language TEXT NOT NULL DEFAULT '',
    is_pinned INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1)),
    legal_hold INTEGER NOT NULL DEFAULT 0 CHECK (legal_hold IN (0, 1)),
    first_response_at INTEGER,
    handed_over_at INTEGER,
    resolved_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX chats_external_id ON chats (external_id, tenant_id);
CREATE INDEX chats_by_agent_id ON chats (agent_id, tenant_id);
CREATE INDEX chats_by_updated_at ON chats (updated_at, tenant_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'system', 'tool')),
    body TEXT NOT NULL,
    tokens INTEGER,
    response_ms INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_chat_id ON messages (chat_id, tenant_id);

CREATE TABLE sentiments (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
    score REAL NOT NULL,
    confidence REAL NOT NULL,
    model TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (message_id, tenant_id)
) STRICT;
CREATE INDEX sentiments_by_chat_id ON sentiments (chat_id, tenant_id);

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX feedback_by_chat_id ON feedback (chat_id, tenant_id);

CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    level TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),
    message TEXT NOT NULL,
    context TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX logs_by_created_at ON logs (created_at, tenant_id);
CREATE INDEX logs_by_expires_at ON logs (expires_at, tenant_id);

CREATE TABLE analytics_events (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    name TEXT NOT NULL,
    chat_id INTEGER,
    agent_id INTEGER,
    properties TEXT NOT NULL DEFAULT '{}',
    value REAL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX analytics_events_by_created_at ON analytics_events (created_at, tenant_id);

CREATE TABLE settings (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (name, tenant_id)
) STRICT;

CREATE TABLE deletions (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    relation TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    external_id TEXT,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (relation, row_id, tenant_id)
) STRICT;
CREATE INDEX deletions_by_deleted_at ON deletions (deleted_at, tenant_id);

CREATE TABLE checkpoints (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    resume_key TEXT NOT NULL,
    run TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (resume_key, tenant_id)
) STRICT;

CREATE TABLE id_blocks (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    name TEXT NOT NULL,
    next_id INTEGER NOT NULL,
    PRIMARY KEY (name, tenant_id)
) STRICT;

-- Tombstones for incremental exports, by built-in functions alone; microseconds since 1970.
CREATE TRIGGER agents_deleted AFTER DELETE ON agents BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('agents', OLD.id, OLD.slug, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER tools_deleted AFTER DELETE ON tools BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('tools', OLD.id, OLD.slug, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER knowledge_items_deleted AFTER DELETE ON knowledge_items BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('knowledge_items', OLD.id, OLD.external_id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('documents', OLD.id, OLD.external_id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER files_deleted AFTER DELETE ON files BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('files', OLD.id, OLD.name, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER chats_deleted AFTER DELETE ON chats BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('chats', OLD.id, OLD.external_id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('messages', OLD.id, NULL, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
