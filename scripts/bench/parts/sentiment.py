"""Sentiment: messages judged in the sandbox, by the same code compiled natively, and by VADER in Python."""

import random
import re
import shutil
import sqlite3
import subprocess
import sys

from measuring import ENCARGO, ENVIRONMENT, ROOT, TARGET, Measured, fresh, rows_of, settle

VADER = TARGET.parent / "bench-vader"
PINNED = "vaderSentiment==3.3.2"
MESSAGES, IN_A_CHAT, TURNS = 100_000, 6, 3
EVALUATION = ROOT / "guest-commands/analyze_sentiment/evaluation"
SETS = {"es": ["chats_es", "sentimp_es"], "en": ["chats_en", "sentimp_en", "goemotions_en"]}
ASK_VADER = """
import sys
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
analyzer = SentimentIntensityAnalyzer()
for line in sys.stdin:
    analyzer.polarity_scores(line)
"""


def halves(language):
    """Beginnings and ends of the texts of the evaluation."""
    lines = [line for name in SETS[language] for line in (EVALUATION / f"{name}.tsv").read_text(encoding="utf-8").splitlines()]
    words = [line.split("\t", 1)[1].split() for line in lines if not line.startswith("#")]
    return [" ".join(some[:len(some) // 2]) for some in words], [" ".join(some[len(some) // 2:]) for some in words]


def messages():
    """(language, text) of each: half of them in each language, of two halves each, so that hardly one comes twice."""
    drawn, both = random.Random(7), {language: halves(language) for language in SETS}
    for at in range(MESSAGES):
        language = "es" if at // IN_A_CHAT % 2 else "en"
        first, second = both[language]
        yield language, f"{drawn.choice(first)} {drawn.choice(second)}".strip()


def fill(data, said):
    database = sqlite3.connect(rows_of(data))
    chats = ((at // IN_A_CHAT + 1, said[at][0]) for at in range(0, len(said), IN_A_CHAT))
    database.executemany("INSERT INTO chats (id, language, created_at, updated_at) VALUES (?, ?, 5, 5)", chats)
    rows = ((at + 1, at // IN_A_CHAT + 1, text) for at, (_, text) in enumerate(said))
    database.executemany("INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (?, ?, 'user', ?, 5)", rows)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def in_the_sandbox(data, *more):
    """Messages a second that the compiled command says itself that it judged."""
    line = [ENCARGO, "analyze_sentiment", "--tenant=demo", "--data-dir", data, "-v", "3", *more]
    told = subprocess.run(line, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    count, milliseconds = map(int, re.search(r"(\d+) messages were judged in (\d+) ms", told.stderr + told.stdout).groups())
    assert count == MESSAGES, f"{count} messages were judged"
    return count * 1000 / milliseconds


def timed_natively(file):
    """The same of the native code."""
    with open(file, encoding="utf-8") as lines:
        told = subprocess.run([TARGET / "examples/judge", "--time"], stdin=lines, capture_output=True, text=True, check=True)
    count, seconds = told.stdout.split()
    return int(count) / float(seconds)


def asked(command, file):
    with open(file, encoding="utf-8") as lines:
        return Measured(command, stdin=lines)


def measure(folder, _rows):
    python = VADER / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", VADER], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED], check=True)
    said, data = list(messages()), fresh(folder, "said")
    fill(data, said)
    settle()
    command = [ENCARGO, "analyze_sentiment", "--quiet", "--tenant=demo", "--data-dir", data]
    first = Measured(command)
    tabbed, english = folder / "all.tsv", folder / "english.txt"
    tabbed.write_text("".join(f"{language}\t{text}\n" for language, text in said), encoding="utf-8")
    english.write_text("".join(f"{text}\n" for language, text in said if language == "en"), encoding="utf-8")
    turns = [(Measured(command), Measured([*command, "--reanalyze"]), asked([TARGET / "examples/judge"], tabbed),
              asked([python, "-c", ASK_VADER], english), in_the_sandbox(data, "--reanalyze"), timed_natively(tabbed))
             for _ in range(TURNS)]
    shutil.rmtree(data)
    characters = sum(len(text) for _, text in said) / len(said)
    *processes, sandbox, native = zip(*turns)
    again, anew, judge, vader = (min(some, key=lambda one: one.cpu) for some in processes)
    return [first, again, anew], judge, vader, (max(sandbox), max(native)), characters


def table(measured):
    (first, again, anew), judge, vader, (sandbox, native), characters = measured
    judged = anew.cpu - again.cpu
    def rate(count, seconds):
        return f"{seconds:.2f} s | {count / seconds:,.0f}"
    lines = [f"**Sentiment**, {MESSAGES:,} messages of {characters:.0f} characters, half of them in Spanish, in seconds of one core; VADER "
             "had the English half:", "", "| | CPU time | messages a second of it |", "|---|---|---|",
             f"| Encargo: texts read and judged in the sandbox | {rate(MESSAGES, judged)} |",
             f"| the same code native, with its texts read from a file | {rate(MESSAGES, judge.cpu)} |",
             f"| VADER {PINNED.split('==')[1]} in Python | {rate(MESSAGES // 2, vader.cpu)} |",
             f"| the whole command, the first time: read, judged, written, added up | {rate(MESSAGES, first.cpu)} |",
             f"| the whole command again, with nothing left to judge | {rate(MESSAGES, again.cpu)} |", "",
             f"Judging alone, by the clock inside, takes {native / sandbox:.2f} times as long in the sandbox as natively; the command takes "
             f"{first.megabytes:.0f} MiB."]
    return lines
