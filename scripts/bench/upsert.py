#!/usr/bin/env python3
"""What a Python script of a page does: csv and executemany with an upsert, in one transaction.

usage: upsert.py DATABASE FILE.csv
"""

import csv
import sqlite3
import sys

TABLE = """CREATE TABLE IF NOT EXISTS knowledge_items (id INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE,
title TEXT, body TEXT, language TEXT, tags TEXT, source TEXT)"""
UPSERT = """INSERT INTO knowledge_items (external_id, title, body, language, tags, source) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (external_id) DO UPDATE SET title = excluded.title, body = excluded.body, language = excluded.language,
tags = excluded.tags, source = excluded.source WHERE (title, body, language, tags, source) IS NOT
(excluded.title, excluded.body, excluded.language, excluded.tags, excluded.source)"""

database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA journal_mode = WAL")
database.execute(TABLE)
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    rows = csv.reader(file)
    next(rows)
    database.executemany(UPSERT, rows)
database.commit()
database.close()
