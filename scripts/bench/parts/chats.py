"""Chats: old ones cleaned up, and all rows of a tenant validated."""

import shutil
import sqlite3
import subprocess
import sys
import time

from measuring import ENCARGO, ROOT, TARGET, Measured, fresh, ratio, rows_of, settle, timed


CHATS, MESSAGES = 200_000, 3


def fill_with_chats(data, now):
    database = sqlite3.connect(rows_of(data))
    age = 200 * 86_400 * 1_000_000
    chats = ((n, "closed" if n % 20 else "open", now - age, now - (age if n % 10 else 0)) for n in range(1, CHATS + 1))
    database.executemany("INSERT INTO chats (id, status, created_at, updated_at) VALUES (?, ?, ?, ?)", chats)
    messages = ((n * MESSAGES + m, n, "user", "a message of some length " * 6, now - age)
                for n in range(1, CHATS + 1) for m in range(MESSAGES))
    database.executemany("INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (?, ?, ?, ?, ?)", messages)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def cleanups(folder):
    now = time.time_ns() // 1000
    cutoff = now - 90 * 86_400 * 1_000_000
    template = fresh(folder, "chats")
    fill_with_chats(template, now)

    def copied(measure):
        data = folder / "chats-copy"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(template, data)
        settle()
        measured = measure(data)
        with sqlite3.connect(rows_of(data)) as database:
            (left,) = database.execute("SELECT count(*) FROM chats").fetchone()
        return measured, left

    def encargo(data):
        return Measured([ENCARGO, "cleanup_old_data", "--quiet", "--type=chats", "--tenant=demo", "--data-dir", data])

    def bare(data):
        return Measured([TARGET / "examples/bare_cleanup", rows_of(data), cutoff])

    (mine, left), (loop, same) = (min((copied(measure) for _ in range(3)), key=lambda pair: pair[0].seconds)
                                  for measure in (encargo, bare))
    assert left == same, f"the two loops leave {left} and {same} chats"
    return [("Encargo", mine), ("bare SQL batch loop", loop)]


def validations(folder, rows):
    subprocess.run([sys.executable, ROOT / "scripts/bench/generate.py", folder, str(rows)], check=True)
    data = fresh(folder, "validated")
    Measured([ENCARGO, "import_knowledge", "--quiet", "--data-dir", data, "--file", folder / "first.csv"])
    fill_with_chats(data, time.time_ns() // 1000)
    command = [ENCARGO, "validate_system", "--quiet", "--data-dir", data]
    Measured(command)
    settle()

    def shell():
        with open(ROOT / "scripts/bench/validate.sql") as sql:
            return Measured(["sqlite3", rows_of(data)], stdin=sql)

    turns = [(Measured(command), shell()) for _ in range(3)]
    shutil.rmtree(data)
    return [(label, min(times, key=lambda one: one.seconds))
            for label, times in zip(("Encargo", "bare SQL, without what SQL cannot see"), zip(*turns))]


def measure(folder, rows):
    return rows, cleanups(folder), validations(folder, rows)


def ratios(measured):
    return [f"| {what}: {other[0]} | {ratio(mine[1], other[1])} |"
            for what, (mine, other) in zip(("cleanup", "validation"), measured[1:])]


def table(measured):
    rows, cleaned, validated = measured
    return [*timed(f"**Cleanup** of {CHATS:,} chats with {MESSAGES} messages each, of which 86 % go", cleaned), "",
            *timed(f"**Validation** of {rows:,} knowledge items and {CHATS:,} chats with {MESSAGES} messages each", validated)]
