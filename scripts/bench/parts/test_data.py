"""Test data: messages in chats, beside two libraries of Python that make up such texts."""

import shutil
import sqlite3
import subprocess
import sys

from measuring import ENCARGO, ROOT, TARGET, Measured, best, cell, fresh, ratio, rows_of


LIBRARIES = TARGET.parent / "bench-python"
PINNED = ("faker==40.40.0", "mimesis==22.2.0")
MADE_CHATS, MADE_MESSAGES = 20_000, 200_000


def measure(folder, _rows):
    """Messages in chats: made and written into a tenant's file, beside two libraries of Python that make up such texts."""
    python = LIBRARIES / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", LIBRARIES], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PINNED], check=True)
    counts = [f"--chats={MADE_CHATS}", f"--messages={MADE_MESSAGES}", "--agents=20"]
    nothing_else = ["--knowledge=0", "--documents=0", "--logs=0", "--events=0"]

    def encargo(data):
        return Measured([ENCARGO, "create_test_data", "--quiet", "--tenant=demo", "--data-dir", data, *counts, *nothing_else])

    def library(name):
        return lambda data: Measured([python, ROOT / "scripts/bench/made_up.py", name, rows_of(data), MADE_CHATS, MADE_MESSAGES])

    peers = [("Encargo", encargo, 3), (PINNED[0], library("faker"), 1), (PINNED[1], library("mimesis"), 1)]
    measured = []
    for label, measure, times in peers:
        measured.append((label, best(times, lambda: measure(fresh(folder, "made")))))
        with sqlite3.connect(rows_of(folder / "made")) as database:
            (messages,) = database.execute("SELECT count(*) FROM messages").fetchone()
            (size,) = database.execute("SELECT sum(length(body)) FROM messages").fetchone()
        assert messages == MADE_MESSAGES, f"{label} made {messages} messages"
        measured[-1] += (size / messages,)
    shutil.rmtree(folder / "made")
    return measured


def table(measured):
    mine = measured[0][1]
    lines = [f"**Test data**, {MADE_MESSAGES:,} messages in {MADE_CHATS:,} chats, half of them in Spanish, made and written:", "",
             "| | time | messages a second | characters each | times as long as Encargo | peak memory |", "|---|---|---|---|---|---|"]
    for label, one, size in measured:
        lines.append(f"| {label} | {cell(one)} | {MADE_MESSAGES / one.seconds:,.0f} | {size:.0f} | {ratio(mine, one)} | "
                     f"{one.megabytes:.0f} MiB |")
    return lines
