-- What an incremental export has to know beside `updated_at`.
--
-- Tombstones of what had none yet. A setting has no id, so that its name gets a number of its own here.
CREATE TRIGGER feedback_deleted AFTER DELETE ON feedback BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    VALUES ('feedback', OLD.id, NULL, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;
CREATE TRIGGER settings_deleted AFTER DELETE ON settings BEGIN
    INSERT INTO deletions (relation, row_id, external_id, deleted_at)
    SELECT 'settings', coalesce(max(CASE WHEN external_id = OLD.name THEN row_id END), coalesce(max(row_id), 0) + 1),
           OLD.name, CAST(unixepoch('subsec') * 1000000 AS INTEGER)
    FROM deletions WHERE relation = 'settings'
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET deleted_at = excluded.deleted_at;
END;

-- Changes that `updated_at` does not tell: it stayed as it was, as when old chats are anonymized, or it was stamped five
-- minutes or more before, by work that takes longer. A row stands here once, with its last such change; a change of a
-- message is one of its chat, too. A second one within a millisecond gets a time of its own.
CREATE TABLE silent_changes (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    relation TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (relation, row_id, tenant_id)
) STRICT;
CREATE INDEX silent_changes_by_changed_at ON silent_changes (relation, changed_at, tenant_id);

CREATE TRIGGER agents_changed_silently AFTER UPDATE ON agents
WHEN NEW.updated_at <= OLD.updated_at OR NEW.updated_at < CAST(unixepoch('subsec') * 1000000 AS INTEGER) - 300000000 BEGIN
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('agents', NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
END;
CREATE TRIGGER knowledge_items_changed_silently AFTER UPDATE ON knowledge_items
WHEN NEW.updated_at <= OLD.updated_at OR NEW.updated_at < CAST(unixepoch('subsec') * 1000000 AS INTEGER) - 300000000 BEGIN
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('knowledge_items', NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
END;
CREATE TRIGGER documents_changed_silently AFTER UPDATE ON documents
WHEN NEW.updated_at <= OLD.updated_at OR NEW.updated_at < CAST(unixepoch('subsec') * 1000000 AS INTEGER) - 300000000 BEGIN
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('documents', NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
END;
CREATE TRIGGER chats_changed_silently AFTER UPDATE ON chats
WHEN NEW.updated_at <= OLD.updated_at OR NEW.updated_at < CAST(unixepoch('subsec') * 1000000 AS INTEGER) - 300000000 BEGIN
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('chats', NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
END;
CREATE TRIGGER messages_changed_silently AFTER UPDATE ON messages BEGIN
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('messages', NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('chats', NEW.chat_id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
END;
CREATE TRIGGER feedback_changed_silently AFTER UPDATE ON feedback BEGIN
    INSERT INTO silent_changes (relation, row_id, changed_at)
    VALUES ('feedback', NEW.id, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ON CONFLICT (tenant_id, relation, row_id) DO UPDATE SET changed_at = max(excluded.changed_at, changed_at + 1);
END;
