-- Rows of every relation that are all well.
INSERT INTO agents (id, slug, name, language, created_at, updated_at) VALUES (1, 'well', 'Well', 'es', 10, 20);
INSERT INTO tools (id, slug, name, kind, created_at, updated_at) VALUES (1, 'well', 'Well', 'http', 10, 10);
INSERT INTO agent_tools (agent_id, tool_id, created_at) VALUES (1, 1, 10);
INSERT INTO documents (id, title, media_type, body, created_at, updated_at) VALUES (1, 'Título', 'text/plain', 'a', 10, 10);
INSERT INTO files (id, name, bytes, sha256, document_id, created_at) VALUES
    (1, 'well.txt', 4, '9d6c5cc7459d0f9d6f9ea6e2ae6dbd32ad6f4c6d3a5ed0b2a2c1a4e1e2f3a4b5', 1, 10);
INSERT INTO chats (id, external_id, agent_id, status, created_at, first_response_at, resolved_at, updated_at)
    VALUES (1, 'c-1', 1, 'resolved', 10, 12, 20, 20), (2, NULL, NULL, 'open', 10, NULL, NULL, 10),
    (3, NULL, NULL, 'closed', 10, NULL, NULL, 10);
INSERT INTO messages (id, chat_id, role, body, tokens, response_ms, created_at) VALUES
    (1, 1, 'user', '¿Cómo está el niño? « vérité »', NULL, NULL, 10), (2, 1, 'assistant', 'Bien' || char(10) || 'sí', 3, 0, 12);
INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
    VALUES (1, 1, 1, 'positive', 1.0, 0.0, 'm', 12);
INSERT INTO feedback (id, chat_id, rating, comment, created_at) VALUES (1, 1, 5, 'gracias', 20);
INSERT INTO logs (id, level, message, context, created_at, expires_at) VALUES
    (1, 'info', 'colours: ' || char(27) || '[31m', '{"a": 1}', 10, 20), (2, 'info', 'stays', '{}', 10, NULL);
INSERT INTO deletions (relation, row_id, deleted_at) VALUES ('chats', 77, 10);
INSERT INTO analytics_events (id, name, chat_id, agent_id, created_at) VALUES (1, 'opened', 1, 1, 10), (2, 'opened', 77, NULL, 10);
INSERT INTO settings (name, value, updated_at) VALUES ('theme', '"dark"', 10), ('retention_days', '30', 10);
INSERT INTO journals (id, command, name, state, created_at, updated_at) VALUES (1, 'other', 'demo', 'done', 10, 10);
INSERT INTO journal_entries (journal_id, relation, row_key, action, before, hash) VALUES (1, 'chats', '1', 'updated', '{}', 'h');
