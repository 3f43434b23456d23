#!/usr/bin/env python3
"""Messages of chats made up by a Python library, written into a tenant's file as `create_test_data` writes them.

usage: made_up.py faker|mimesis DATABASE CHATS MESSAGES

The same fields in the same tables with the same indexes, half in English and half in Spanish, by executemany in one
transaction. Texts are as long as those of `create_test_data`; the library's own sentences, which feel like nothing.
"""

import random
import sqlite3
import sys

LIBRARY, DATABASE, CHATS, MESSAGES = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
END, SPAN = 1_767_225_600_000_000, 90 * 86_400_000_000
SENTENCES = (1, 1, 2, 2, 2, 3, 3, 4)


def with_faker():
    from faker import Faker

    makers = [Faker("en_US"), Faker("es_ES")]
    for maker in makers:
        maker.seed_instance(1)
    return (lambda at: makers[at].sentence(nb_words=6),
            lambda at, n: " ".join(makers[at].sentence(nb_words=7) for _ in range(n)))


def with_mimesis():
    from mimesis import Text
    from mimesis.locales import Locale

    makers = [Text(Locale.EN, seed=1), Text(Locale.ES, seed=1)]
    return lambda at: makers[at].title(), lambda at, n: makers[at].text(quantity=n)


title, body = {"faker": with_faker, "mimesis": with_mimesis}[LIBRARY]()
numbers = random.Random(1)
lengths = [MESSAGES // CHATS + (n < MESSAGES % CHATS) for n in range(CHATS)]


def chat_rows():
    for n in range(CHATS):
        at = END - SPAN + n * SPAN // CHATS
        yield n + 1, f"chat-{n}", title(n % 2), "resolved", ("en", "es")[n % 2], at + 1_800_000, at + 600_000_000, at, at + 600_000_000


def message_rows():
    number = 0
    for n, length in enumerate(lengths):
        at = END - SPAN + n * SPAN // CHATS
        for place in range(length):
            number += 1
            response = int(numbers.lognormvariate(7.5, 0.8)) if place % 2 else None
            at += (response or 50_000) * 1_000
            text = body(n % 2, numbers.choice(SENTENCES))
            yield number, n + 1, ("user", "assistant")[place % 2], text, response and len(text) // 4, response, at


database = sqlite3.connect(DATABASE)
database.executemany(
    "INSERT INTO chats (id, external_id, title, status, language, first_response_at, resolved_at, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", chat_rows())
database.executemany(
    "INSERT INTO messages (id, chat_id, role, body, tokens, response_ms, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    message_rows())
database.commit()
database.close()
