-- Who the tenants are and who works with them.
CREATE TABLE tenants (
    id          BIGINT PRIMARY KEY,
    slug        TEXT COLLATE "C" NOT NULL UNIQUE,
    name        TEXT COLLATE "C" NOT NULL,
    time_zone   TEXT COLLATE "C" NOT NULL DEFAULT 'UTC',
    language    TEXT COLLATE "C" NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'es')),
    is_default  INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX tenants_default ON tenants (is_default) WHERE is_default = 1;

CREATE TABLE users (
    id             BIGINT PRIMARY KEY,
    email          TEXT COLLATE "C" NOT NULL UNIQUE,
    name           TEXT COLLATE "C" NOT NULL,
    password_hash  TEXT COLLATE "C",
    is_admin       INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    must_change    INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)),
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);

CREATE TABLE memberships (
    tenant_id   BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id     BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role        TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

-- What this installation is: the environment recorded at its first migrate.
CREATE TABLE installation (
    name   TEXT COLLATE "C" PRIMARY KEY,
    value  TEXT COLLATE "C" NOT NULL
);

-- The PostgreSQL twin of the SQLite schema: the same tables and columns. Every key begins with the tenant.

CREATE TABLE agents (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL DEFAULT '',
    model TEXT COLLATE "C" NOT NULL DEFAULT '',
    instructions TEXT COLLATE "C" NOT NULL DEFAULT '',
    language TEXT COLLATE "C" NOT NULL DEFAULT 'en',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    seed_hash TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug)
);

CREATE TABLE tools (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL DEFAULT '',
    kind TEXT COLLATE "C" NOT NULL,
    configuration TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    seed_hash TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, slug)
);

CREATE TABLE agent_tools (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    agent_id BIGINT NOT NULL,
    tool_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, agent_id, tool_id),
    FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, tool_id) REFERENCES tools (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_tools_by_tool_id ON agent_tools (tenant_id, tool_id);

-- An item without an external id of its own has `~` and its content hash there, so that one key serves both.
CREATE TABLE knowledge_items (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    external_id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL DEFAULT '',
    tags TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    source TEXT COLLATE "C" NOT NULL DEFAULT '',
    content_hash TEXT COLLATE "C" NOT NULL,
    format_version BIGINT NOT NULL DEFAULT 1,
    legacy TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX knowledge_items_external_id ON knowledge_items (tenant_id, external_id);

CREATE TABLE documents (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    external_id TEXT COLLATE "C",
    title TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX documents_external_id ON documents (tenant_id, external_id);

CREATE TABLE files (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL DEFAULT '',
    bytes BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    document_id BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id) ON DELETE SET NULL (document_id),
    UNIQUE (tenant_id, name)
);
CREATE INDEX files_by_document_id ON files (tenant_id, document_id);

CREATE TABLE chats (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    external_id TEXT COLLATE "C",
    agent_id BIGINT,
    title TEXT COLLATE "C" NOT NULL DEFAULT '',
    status TEXT COLLATE "C" NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'closed')),
    language TEXT COLLATE "C" NOT NULL DEFAULT '',
    is_pinned INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1)),
    legal_hold INTEGER NOT NULL DEFAULT 0 CHECK (legal_hold IN (0, 1)),
    first_response_at BIGINT,
    handed_over_at BIGINT,
    resolved_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE SET NULL (agent_id)
);
CREATE UNIQUE INDEX chats_external_id ON chats (tenant_id, external_id);
CREATE INDEX chats_by_agent_id ON chats (tenant_id, agent_id);
CREATE INDEX chats_by_updated_at ON chats (tenant_id, updated_at);

CREATE TABLE messages (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    chat_id BIGINT NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('user', 'assistant', 'system', 'tool')),
    body TEXT COLLATE "C" NOT NULL,
    tokens BIGINT,
    response_ms BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX messages_by_chat_id ON messages (tenant_id, chat_id);

CREATE TABLE sentiments (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    label TEXT COLLATE "C" NOT NULL CHECK (label IN ('negative', 'neutral', 'positive', 'unknown')),
    score DOUBLE PRECISION NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE,
    UNIQUE (tenant_id, message_id)
);
CREATE INDEX sentiments_by_chat_id ON sentiments (tenant_id, chat_id);

CREATE TABLE feedback (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    chat_id BIGINT NOT NULL,
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment TEXT COLLATE "C" NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX feedback_by_chat_id ON feedback (tenant_id, chat_id);

CREATE TABLE logs (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    level TEXT COLLATE "C" NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),
    message TEXT COLLATE "C" NOT NULL,
    context TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX logs_by_created_at ON logs (tenant_id, created_at);
CREATE INDEX logs_by_expires_at ON logs (tenant_id, expires_at);

CREATE TABLE analytics_events (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    chat_id BIGINT,
    agent_id BIGINT,
    properties TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    value DOUBLE PRECISION,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX analytics_events_by_created_at ON analytics_events (tenant_id, created_at);

CREATE TABLE settings (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

CREATE TABLE deletions (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    relation TEXT COLLATE "C" NOT NULL,
    row_id BIGINT NOT NULL,
    external_id TEXT COLLATE "C",
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, relation, row_id)
);
CREATE INDEX deletions_by_deleted_at ON deletions (tenant_id, deleted_at);

CREATE TABLE checkpoints (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    resume_key TEXT COLLATE "C" NOT NULL,
    loop TEXT COLLATE "C" NOT NULL,
    run TEXT COLLATE "C" NOT NULL,
    checkpoint TEXT COLLATE "C" NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, resume_key, loop)
);

CREATE TABLE id_blocks (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    next_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- What a command did to rows, so that the same command can take it back.
CREATE TABLE journals (
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    command TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    details TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, command, name)
);

CREATE TABLE journal_entries (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    journal_id BIGINT NOT NULL,
    relation TEXT COLLATE "C" NOT NULL,
    row_key TEXT COLLATE "C" NOT NULL,
    source_key TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL CHECK (action IN ('created', 'updated', 'deleted')),
    before TEXT COLLATE "C",
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, journal_id, relation, row_key),
    FOREIGN KEY (tenant_id, journal_id) REFERENCES journals (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX journal_entries_by_source_key ON journal_entries (tenant_id, relation, source_key);

-- Tombstones for incremental exports; microseconds since 1970.
CREATE FUNCTION note_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deletions (tenant_id, relation, row_id, external_id, deleted_at)
    VALUES (OLD.tenant_id, TG_TABLE_NAME, OLD.id,
            CASE WHEN TG_NARGS = 0 THEN NULL ELSE to_jsonb(OLD) ->> TG_ARGV[0] END,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER agents_deleted AFTER DELETE ON agents FOR EACH ROW EXECUTE FUNCTION note_deletion('slug');
CREATE TRIGGER tools_deleted AFTER DELETE ON tools FOR EACH ROW EXECUTE FUNCTION note_deletion('slug');
CREATE TRIGGER knowledge_items_deleted AFTER DELETE ON knowledge_items FOR EACH ROW EXECUTE FUNCTION note_deletion('external_id');
CREATE TRIGGER documents_deleted AFTER DELETE ON documents FOR EACH ROW EXECUTE FUNCTION note_deletion('external_id');
CREATE TRIGGER files_deleted AFTER DELETE ON files FOR EACH ROW EXECUTE FUNCTION note_deletion('name');
CREATE TRIGGER chats_deleted AFTER DELETE ON chats FOR EACH ROW EXECUTE FUNCTION note_deletion('external_id');
CREATE TRIGGER messages_deleted AFTER DELETE ON messages FOR EACH ROW EXECUTE FUNCTION note_deletion();
CREATE TRIGGER feedback_deleted AFTER DELETE ON feedback FOR EACH ROW EXECUTE FUNCTION note_deletion();

-- A setting has no id: its tombstone has the number that its name hashes to, below 2^53.
CREATE FUNCTION note_deleted_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deletions (tenant_id, relation, row_id, external_id, deleted_at)
    VALUES (OLD.tenant_id, 'settings', hashtextextended(OLD.name, 0) & 9007199254740991, OLD.name,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER settings_deleted AFTER DELETE ON settings FOR EACH ROW EXECUTE FUNCTION note_deleted_setting();

-- Changes that `updated_at` does not tell: it stayed as it was, or it was stamped five minutes or more before.
CREATE TABLE silent_changes (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    relation TEXT COLLATE "C" NOT NULL,
    row_id BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, relation, row_id)
);
CREATE INDEX silent_changes_by_changed_at ON silent_changes (tenant_id, relation, changed_at);

CREATE FUNCTION note_silent_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
    IF TG_TABLE_NAME NOT IN ('messages', 'feedback') THEN
        IF (to_jsonb(NEW) ->> 'updated_at')::bigint > (to_jsonb(OLD) ->> 'updated_at')::bigint
           AND (to_jsonb(NEW) ->> 'updated_at')::bigint >= now_at - 300000000 THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO silent_changes AS s (tenant_id, relation, row_id, changed_at)
    VALUES (NEW.tenant_id, TG_TABLE_NAME, NEW.id, now_at)
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = greatest(excluded.changed_at, s.changed_at + 1);
    IF TG_TABLE_NAME = 'messages' THEN
        INSERT INTO silent_changes AS s (tenant_id, relation, row_id, changed_at)
        VALUES (NEW.tenant_id, 'chats', (to_jsonb(NEW) ->> 'chat_id')::bigint, now_at)
        ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = greatest(excluded.changed_at, s.changed_at + 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER agents_changed_silently AFTER UPDATE ON agents FOR EACH ROW EXECUTE FUNCTION note_silent_change();
CREATE TRIGGER knowledge_items_changed_silently AFTER UPDATE ON knowledge_items FOR EACH ROW EXECUTE FUNCTION note_silent_change();
CREATE TRIGGER documents_changed_silently AFTER UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION note_silent_change();
CREATE TRIGGER chats_changed_silently AFTER UPDATE ON chats FOR EACH ROW EXECUTE FUNCTION note_silent_change();
CREATE TRIGGER messages_changed_silently AFTER UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION note_silent_change();
CREATE TRIGGER feedback_changed_silently AFTER UPDATE ON feedback FOR EACH ROW EXECUTE FUNCTION note_silent_change();
