-- Every fault that can be planted. A line `-- issue relation key` says what is found where; the SQL behind it plants it, in a
-- connection of its own. `.` is no key.

-- agents.E001 agent_tools 900-1
INSERT INTO agent_tools (agent_id, tool_id, created_at) VALUES (900, 1, 1);
-- agents.E002 agent_tools 1-900
INSERT INTO agent_tools (agent_id, tool_id, created_at) VALUES (1, 900, 1);
-- agents.E003 tools 103
INSERT INTO tools (id, slug, name, kind, configuration, created_at, updated_at) VALUES (103, 't3', 'T3', 'http', '{x', 1, 1);
-- agents.E004 agents 104
INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (104, 'a4', ' ', 1, 1);
-- agents.W006 agents 106
INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (106, 'a6', 'WELL', 1, 1);
-- agents.E007 agents 107
INSERT INTO agents (id, slug, name, description, created_at, updated_at) VALUES (107, 'a7', 'A7', 'EspaÃ±a', 1, 1);
-- agents.E007 tools 108
INSERT INTO tools (id, slug, name, description, kind, created_at, updated_at) VALUES (108, 't8', 'T8', 'a' || char(7), 'http', 1, 1);
-- agents.E008 agents 109
INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (109, 'a9', 'A9', 5, 4);
-- agents.W009 agents 110
INSERT INTO agents (id, slug, name, language, created_at, updated_at) VALUES (110, 'a10', 'A10', 'castellano antiguo', 1, 1);
-- knowledge.E001 knowledge_items 201
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES (201, 'k1', 'a', 'b', 'wrong', 1, 1);
-- knowledge.E002 knowledge_items 202
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) SELECT 202, '~0', title, body || '2', content_hash, 1, 1 FROM knowledge_items WHERE external_id = 'faq-101';
-- knowledge.E003 knowledge_items 203
INSERT INTO knowledge_items (id, external_id, title, body, tags, content_hash, created_at, updated_at) VALUES (203, 'k3', 'a', 'b', '[1]', '', 1, 1);
-- knowledge.E006 knowledge_items 206
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES (206, 'k6', 'caf' || char(65533), 'b', '', 1, 1);
-- knowledge.E007 knowledge_items 207
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES (207, 'k7', 'a', 'b7', '', 2, 1);
-- knowledge.W008 knowledge_items 208
INSERT INTO knowledge_items (id, external_id, title, body, language, content_hash, created_at, updated_at) VALUES (208, 'k8', 'a', 'b8', '??', '', 1, 1);
-- knowledge.W009 knowledge_items 209
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES (209, 'k9', '', 'b9', '', 1, 1);
-- knowledge.E010 knowledge_items 210
INSERT INTO knowledge_items (id, external_id, title, body, legacy, content_hash, created_at, updated_at) VALUES (210, 'k10', 'a', 'b10', 'x', '', 1, 1);
-- knowledge.E011 knowledge_items 211
INSERT INTO knowledge_items (id, external_id, title, body, format_version, content_hash, created_at, updated_at) VALUES (211, 'k11', 'a', 'b11', 0, '', 1, 1);
-- chats.E001 chats 301
INSERT INTO chats (id, agent_id, created_at, updated_at) VALUES (301, 901, 1, 1);
-- chats.E002 messages 302
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (302, 902, 'user', 'a', 1);
-- chats.E003 sentiments 303
INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at) VALUES (303, 903, 1, 'neutral', 0, 1, 'm', 1);
-- chats.E004 feedback 304
INSERT INTO feedback (id, chat_id, rating, created_at) VALUES (304, 904, 1, 1);
-- chats.E005 sentiments 305
INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at) VALUES (305, 2, 2, 'neutral', 0, 1, 'm', 1);
-- chats.E007 chats 307
INSERT INTO chats (id, status, resolved_at, created_at, updated_at) VALUES (307, 'resolved', 4, 5, 6);
-- chats.E007 chats 317
INSERT INTO chats (id, created_at, updated_at) VALUES (317, 5, 4);
-- chats.W008 messages 308
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (308, 1, 'user', 'a', 9);
-- chats.W009 chats 309
INSERT INTO chats (id, status, resolved_at, created_at, updated_at) VALUES (309, 'open', 6, 5, 6);
-- chats.E010 messages 310
INSERT INTO messages (id, chat_id, role, body, tokens, created_at) VALUES (310, 1, 'user', 'a', -1, 11);
-- chats.E010 messages 320
INSERT INTO messages (id, chat_id, role, body, response_ms, created_at) VALUES (320, 1, 'user', 'a', -5, 11);
-- chats.E011 sentiments 311
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (311, 1, 'user', 'a', 11); INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at) VALUES (311, 311, 1, 'neutral', 1.5, 1, 'm', 11);
-- chats.E012 messages 312
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (312, 1, 'user', 'Â¿QuÃ© tal?', 11);
-- chats.E012 feedback 313
INSERT INTO feedback (id, chat_id, rating, comment, created_at) VALUES (313, 1, 1, 'itâ€™s', 11);
-- chats.E012 messages 316
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (316, 1, 'user', CAST(x'6ef16f' AS TEXT), 11);
-- chats.E014 sentiments 314
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (314, 914, 'user', 'a', 11); INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at) VALUES (314, 314, 914, 'neutral', 0, 1, 'm', 11);
-- chats.E002 messages 314
-- chats.W015 chats 315
INSERT INTO chats (id, language, created_at, updated_at) VALUES (315, '1', 1, 1);
-- documents.E002 documents 402
INSERT INTO documents (id, title, media_type, created_at, updated_at) VALUES (402, 'aÃ±o', 'text/plain', 1, 1);
-- documents.E003 documents 403
INSERT INTO documents (id, title, media_type, created_at, updated_at) VALUES (403, 'a', 'text/plain', 2, 1);
-- documents.W004 documents 404
INSERT INTO documents (id, title, media_type, created_at, updated_at) VALUES (404, 'a', 'pdf', 1, 1);
-- media.E001 files 501
INSERT INTO files (id, name, bytes, sha256, created_at) VALUES (501, 'gone.txt', 1, '{sha}', 1);
-- media.W002 media unknown.txt
-- media.E003 files 503
INSERT INTO files (id, name, bytes, sha256, created_at) VALUES (503, 'short.txt', 100, '{sha}', 1);
-- media.E004 files 504
INSERT INTO files (id, name, bytes, sha256, created_at) VALUES (504, 'other.txt', 5, '{sha}', 1);
-- media.E005 files 505
INSERT INTO files (id, name, bytes, sha256, document_id, created_at) VALUES (505, 'orphan.txt', 4, '{text}', 905, 1);
-- media.E007 files 507
INSERT INTO files (id, name, bytes, sha256, created_at) VALUES (507, 'unhashed.txt', 4, 'x', 1);
-- media.E008 files 508
INSERT INTO files (id, name, bytes, sha256, created_at) VALUES (508, 'a/b.txt', 4, '{text}', 1);
-- media.E009 files 509
INSERT INTO files (id, name, bytes, sha256, created_at) VALUES (509, 'aÃ±o.txt', 4, '{text}', 1);
-- settings.E001 settings bare
INSERT INTO settings (name, value, updated_at) VALUES ('bare', 'dark', 1);
-- settings.E002 settings batch_size
INSERT INTO settings (name, value, updated_at) VALUES ('batch_size', '"many"', 1);
-- settings.W004 settings a name
INSERT INTO settings (name, value, updated_at) VALUES ('a name', '1', 1);
-- settings.E005 settings greeting
INSERT INTO settings (name, value, updated_at) VALUES ('greeting', '"Â¡Hola!"', 1);
-- settings.W006 settings smtp_password
INSERT INTO settings (name, value, updated_at) VALUES ('smtp_password', '"hunter2"', 1);
-- settings.E003 settings validate_system.silences
INSERT INTO settings (name, value, updated_at) VALUES ('validate_system.silences', '[{"issue": "chats.W009"}]', 1);
-- analytics.W001 analytics_events 601
INSERT INTO analytics_events (id, name, chat_id, created_at) VALUES (601, 'a', 961, 1);
-- analytics.W002 analytics_events 602
INSERT INTO analytics_events (id, name, agent_id, created_at) VALUES (602, 'a', 962, 1);
-- analytics.E003 analytics_events 603
INSERT INTO analytics_events (id, name, properties, created_at) VALUES (603, 'a', '[]', 1);
-- analytics.E004 analytics_events 604
INSERT INTO analytics_events (id, name, created_at) VALUES (604, 'cafÃ©', 1);
-- analytics.E005 analytics_events 605
INSERT INTO analytics_events (id, name, created_at) VALUES (605, '', 1);
-- logs.E001 logs 701
INSERT INTO logs (id, level, message, created_at, expires_at) VALUES (701, 'info', 'a', 2, 1);
-- logs.E002 logs 702
INSERT INTO logs (id, level, message, context, created_at) VALUES (702, 'info', 'a', 'x', 1);
-- logs.E003 logs 703
INSERT INTO logs (id, level, message, created_at) VALUES (703, 'info', 'caf' || char(65533), 1);
-- storage.W007 deletions chats-2
INSERT INTO deletions (relation, row_id, deleted_at) VALUES ('chats', 2, 1);
-- storage.E008 journals 801
INSERT INTO journals (id, command, name, state, details, created_at, updated_at) VALUES (801, 'other', 'x', 'done', 'x', 1, 1);
-- storage.E005 chats .
INSERT INTO chats (id, status, created_at, updated_at) VALUES (351, 'other', 1, 1);
-- chats.C006 messages 352
INSERT INTO messages (id, tenant_id, chat_id, role, body, created_at) VALUES (352, 2, 1, 'user', 'a', 11);
-- storage.E005 messages .
-- agents.C012 agent_tools 1-103
INSERT INTO agent_tools (tenant_id, agent_id, tool_id, created_at) VALUES (2, 1, 103, 1);
-- storage.E005 agent_tools .
-- media.C006 files 510
INSERT INTO files (id, tenant_id, name, bytes, sha256, document_id, created_at) VALUES (510, 2, 'crossed.txt', 4, '{text}', 1, 1);
-- storage.E005 files .
-- knowledge.E004 knowledge_items 212
DROP INDEX knowledge_items_external_id; INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES (212, 'k1', 'a', 'b12', '', 1, 1);
-- storage.E003 knowledge_items .
-- knowledge.W005 knowledge_items 214
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES (213, 'k13', 'a', 'same', '', 1, 1), (214, 'k14', 'a', 'same', '', 1, 1);
-- chats.E013 chats 353
DROP INDEX chats_external_id; INSERT INTO chats (id, external_id, created_at, updated_at) VALUES (353, 'c-1', 1, 1);
-- storage.E003 chats .
-- documents.E001 documents 406
DROP INDEX documents_external_id; INSERT INTO documents (id, external_id, title, media_type, created_at, updated_at) VALUES (405, 'd', 'a', 'a/b', 1, 1), (406, 'd', 'a', 'a/b', 1, 1);
-- storage.E003 documents .
-- storage.E004 journal_entries .
INSERT INTO journal_entries (journal_id, relation, row_key, action, hash) VALUES (899, 'chats', '1', 'created', 'h');
-- storage.C006 agents .
INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (9007199254740000, 'far', 'Far', 1, 1);
-- storage.C001 file .
PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_tools_1'; UPDATE sqlite_schema SET sql = replace(sql, 'UNIQUE (slug, tenant_id)', 'CHECK (1)') WHERE name = 'tools';
-- agents.E005 tools 111
INSERT INTO tools (id, slug, name, kind, created_at, updated_at) VALUES (111, 'well', 'Other', 'http', 1, 1);
-- storage.E003 tools .
-- storage.C002 chats .
CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'chats_by_agent_id'; PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'chats_by_agent_id';
-- storage.C002 chats .
INSERT INTO chats (id, created_at, updated_at) VALUES (354, 1, 1);
-- storage.C002 chats .
PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept;
-- storage.C002 chats .
DROP TABLE kept;
