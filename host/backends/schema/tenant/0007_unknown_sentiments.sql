-- A message may be judged without a label: in a language that no engine knows, or too unsure. It is a word of its own, so that
-- it is counted, never taken for neutral, and not judged again each night. The rule is in the schema alone, as in 0005.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'label = ''positive''', 'label = ''positive'' OR label = ''unknown''')
    WHERE type = 'table' AND name = 'sentiments';
PRAGMA writable_schema = RESET;
-- A change of the schema by statement tells all connections to read it again.
CREATE TABLE changed (one INTEGER);
DROP TABLE changed;
