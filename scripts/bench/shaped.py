#!/usr/bin/env python3
"""Knowledge in the shapes that `import_knowledge` takes: written, or read by Python's own parsers into a table.

usage: shaped.py write SHAPE FILE RECORDS
       shaped.py read SHAPE FILE DATABASE

SHAPE is one of: csv, jsonl, json, xml, squad, rss, atom, mediawiki, stackexchange, menu. What `read` does is what a script
of a page does: csv, json and xml.etree (iterparse), and executemany in one transaction.
"""

import csv
import json
import sqlite3
import sys
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from generate import sentence
import random


def items(records):
    """Key, title, body of so many records."""
    for number in range(records):
        numbers = random.Random(number)
        yield f"key-{number:08}", sentence(numbers, 50) + "?", sentence(numbers, 220) + "."


def framed(head, each, tail):
    """A writer of a text that holds one piece for each record."""

    def write(file, records):
        file.write(head)
        for at, item in enumerate(items(records)):
            file.write(each(at, *item))
        file.write(tail)

    return write


def object_of(at, key, title, body):
    return json.dumps({"external_id": key, "title": title, "body": body}, ensure_ascii=False)


def listed(pieces):
    """Pieces of JSON with commas between them."""
    return lambda at, *item: (",\n" if at else "") + pieces(at, *item)


def article(at, key, title, body):
    question = {"id": key, "question": title, "answers": [{"text": body[:60], "answer_start": 0}]}
    one = {"title": title, "paragraphs": [{"context": body, "qas": [question]}]}
    return json.dumps(one, ensure_ascii=False)


def dish(at, key, title, body):
    return json.dumps({"id": at + 1, "nombre": f"{title} {at}", "precio": at % 900, "descripcion": body}, ensure_ascii=False)


WRITERS = {
    "csv": framed("external_id,title,body\n", lambda at, key, title, body: f'{key},{title},"{body}"\n', ""),
    "jsonl": framed("", lambda *item: object_of(*item) + "\n", ""),
    "json": framed("[", listed(object_of), "]\n"),
    "xml": framed("<knowledge_items>\n", lambda at, key, title, body:
                  f"<knowledge_item><external_id>{key}</external_id><title>{escape(title)}</title><body>{escape(body)}</body>"
                  "</knowledge_item>\n", "</knowledge_items>\n"),
    "squad": framed('{"version": "1.1", "data": [', listed(article), "]}\n"),
    "rss": framed('<rss version="2.0"><channel><title>c</title>\n', lambda at, key, title, body:
                  f"<item><guid>{key}</guid><title>{escape(title)}</title><description>{escape(body)}</description></item>\n",
                  "</channel></rss>\n"),
    "atom": framed('<feed xmlns="http://www.w3.org/2005/Atom"><title>c</title>\n', lambda at, key, title, body:
                   f"<entry><id>{key}</id><title>{escape(title)}</title><content>{escape(body)}</content></entry>\n",
                   "</feed>\n"),
    "mediawiki": framed('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">\n', lambda at, key, title, body:
                        f"<page><title>{escape(title)} {at}</title><ns>0</ns><id>{at + 1}</id><revision><id>{at + 1}</id>"
                        f"<timestamp>2026-01-01T00:00:00Z</timestamp><text>{escape(body)}</text></revision></page>\n",
                        "</mediawiki>\n"),
    "stackexchange": framed('<?xml version="1.0" encoding="utf-8"?>\n<posts>\n', lambda at, key, title, body:
                            f'<row Id="{2 * at + 1}" PostTypeId="1" AcceptedAnswerId="{2 * at + 2}" Title="{escape(title)}" '
                            f'Tags="&lt;a&gt;&lt;b&gt;" />\n<row Id="{2 * at + 2}" PostTypeId="2" ParentId="{2 * at + 1}" '
                            f'Body="{escape(body)}" />\n', "</posts>\n"),
    "menu": framed("[", listed(dish), "]\n"),
}


def elements(path, tag, *fields):
    """The texts of these children of every element of that name, each forgotten when it was read."""
    context = ElementTree.iterparse(path, events=("start", "end"))
    _, root = next(context)
    for event, element in context:
        if event == "end" and element.tag.rpartition("}")[2] == tag:
            texts = {child.tag.rpartition("}")[2]: child.text for child in element.iter()}
            yield tuple(texts[field] for field in fields)
            root.clear()


def posts(path):
    """Each question with its accepted answer."""
    context = ElementTree.iterparse(path, events=("start", "end"))
    _, root = next(context)
    asked = {}
    for event, element in context:
        if event == "end" and element.tag == "row":
            if element.get("PostTypeId") == "1":
                asked[element.get("AcceptedAnswerId")] = (element.get("Id"), element.get("Title"))
            elif question := asked.pop(element.get("Id"), None):
                yield *question, element.get("Body")
            root.clear()


def loaded(path, records):
    with open(path, encoding="utf-8") as file:
        yield from records(json.load(file))


def lines(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            one = json.loads(line)
            yield one["external_id"], one["title"], one["body"]


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        records = csv.reader(file)
        next(records)
        yield from records


READERS = {
    "csv": rows,
    "jsonl": lines,
    "json": lambda path: loaded(path, lambda all: ((one["external_id"], one["title"], one["body"]) for one in all)),
    "xml": lambda path: elements(path, "knowledge_item", "external_id", "title", "body"),
    "squad": lambda path: loaded(path, lambda all: (
        (question["id"], question["question"], question["answers"][0]["text"] + "\n" + one["context"])
        for article in all["data"] for one in article["paragraphs"] for question in one["qas"])),
    "rss": lambda path: elements(path, "item", "guid", "title", "description"),
    "atom": lambda path: elements(path, "entry", "id", "title", "content"),
    "mediawiki": lambda path: elements(path, "page", "id", "title", "text"),
    "stackexchange": posts,
    "menu": lambda path: loaded(path, lambda all: (
        (str(one["id"]), one["nombre"], f"precio: {one['precio']}\ndescripcion: {one['descripcion']}") for one in all)),
}


def main():
    verb, shape, path, last = sys.argv[1:]
    if verb == "write":
        with open(path, "w", encoding="utf-8") as file:
            WRITERS[shape](file, int(last))
        return
    database = sqlite3.connect(last)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE k (id INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, title TEXT, body TEXT)")
    database.executemany("INSERT INTO k (external_id, title, body) VALUES (?, ?, ?)", READERS[shape](path))
    database.commit()
    database.close()


main()
