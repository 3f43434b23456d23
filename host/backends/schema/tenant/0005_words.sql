-- The same rules in other words: for each row SQLite puts a list of more than two words into a table of its own, which took
-- as long as writing the row. What a rule allows is in the schema alone, so the schema is what changes.
-- https://sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes"
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'status IN (''open'', ''resolved'', ''closed'')',
    'status = ''open'' OR status = ''resolved'' OR status = ''closed''') WHERE type = 'table' AND name = 'chats';
UPDATE sqlite_schema SET sql = replace(sql, 'role IN (''user'', ''assistant'', ''system'', ''tool'')',
    'role = ''user'' OR role = ''assistant'' OR role = ''system'' OR role = ''tool''')
    WHERE type = 'table' AND name = 'messages';
UPDATE sqlite_schema SET sql = replace(sql, 'label IN (''negative'', ''neutral'', ''positive'')',
    'label = ''negative'' OR label = ''neutral'' OR label = ''positive''') WHERE type = 'table' AND name = 'sentiments';
UPDATE sqlite_schema SET sql = replace(sql, 'level IN (''debug'', ''info'', ''warning'', ''error'')',
    'level = ''debug'' OR level = ''info'' OR level = ''warning'' OR level = ''error''')
    WHERE type = 'table' AND name = 'logs';
UPDATE sqlite_schema SET sql = replace(sql, 'action IN (''created'', ''updated'', ''deleted'')',
    'action = ''created'' OR action = ''updated'' OR action = ''deleted''')
    WHERE type = 'table' AND name = 'journal_entries';
PRAGMA writable_schema = RESET;
-- A change of the schema by statement tells all connections to read it again.
CREATE TABLE changed (one INTEGER);
DROP TABLE changed;
