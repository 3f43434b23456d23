-- What `validate_system` asks of a file, as bare SQL: the file's own check, references, orphans, what comes twice, and every
-- text read once.
PRAGMA integrity_check;
SELECT count(*) FROM pragma_foreign_key_check;
SELECT count(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id);
SELECT count(*) FROM messages m JOIN chats c ON c.id = m.chat_id WHERE c.tenant_id <> m.tenant_id;
SELECT count(*) FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.created_at < c.created_at;
SELECT count(*) FROM (SELECT max(id) FROM knowledge_items GROUP BY external_id, tenant_id HAVING count(*) > 1);
SELECT count(*) FROM (SELECT max(id) FROM knowledge_items GROUP BY content_hash
    HAVING count(*) > 1 AND min(external_id) <> max(external_id));
SELECT sum(length(external_id) + length(title) + length(body) + length(language) + length(tags) + length(source)
    + length(content_hash) + (updated_at < created_at)) FROM knowledge_items;
SELECT sum(length(body) + (tokens < 0) + (response_ms < 0)) FROM messages;
SELECT sum(length(title) + length(language) + (updated_at < created_at)) FROM chats;
