"""A slow statement before and after the advice that `optimize_database` gives for it, and what remembering statements costs."""

import json
import shutil
import sqlite3
import statistics
import subprocess
import time

from measuring import ENCARGO, ENVIRONMENT, MILLISECOND, ROOT, TARGET, Measured, fresh, rows_of

SQL = "SELECT count(*) FROM chats WHERE status = 'open'"
CHATS = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
    INSERT INTO chats (id, title, status, created_at, updated_at)
    SELECT i, 'a chat with a title', CASE WHEN abs(i - {rows} / 2) < {rows} / 200 THEN 'open' ELSE 'closed' END, i, i FROM n"""


def took(data):
    """The median time of the statement on a connection that has read the rows once, and its plan."""
    database = sqlite3.connect(rows_of(data))
    plan = "; ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {SQL}"))
    times = []
    for _ in range(21):
        begun = time.perf_counter()
        database.execute(SQL).fetchone()
        times.append(time.perf_counter() - begun)
    database.close()
    return statistics.median(times), plan


def measure(folder, rows):
    chats = rows // 5
    data = fresh(folder, "optimizing")
    database = sqlite3.connect(rows_of(data))
    database.executescript(CHATS.format(rows=chats))
    database.close()
    (data / "commands").mkdir(exist_ok=True)
    shutil.copy(ROOT / "target/test-commands/count_chats.wasm", data / "commands")
    for _ in range(3):
        Measured([ENCARGO, "count_chats", "--tenant=demo", "--status=open", "--data-dir", data])
    before = took(data)
    begun = time.perf_counter()
    line = [ENCARGO, "optimize_database", "--json", "--data-dir", data]
    told = subprocess.run(line, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout
    seconds = time.perf_counter() - begun
    [advice] = [one for one in json.loads(told.splitlines()[-1])["details"]["advice"] if one["kind"] == "index"]
    database = sqlite3.connect(rows_of(data))
    database.execute(advice["statement"])
    database.close()
    log = subprocess.run([TARGET / "examples/statement_log"], check=True, capture_output=True, text=True).stdout.split()
    return chats, before, took(data), advice, seconds, [float(number) for number in log]


def table(measured):
    chats, (slow, slow_plan), (fast, fast_plan), advice, seconds, (imports, import_took, reads, read_took) = measured
    return [f"**Index advice** on {chats:,} chats, of which 1 % are open: `{advice['statement']}`, found and proved on a copy in "
            f"{seconds:.2f} s, the whole `optimize_database`:", "",
            "| `count(*)` of the open ones | time | steps of SQLite | plan |", "|---|---|---|---|",
            f"| before | {slow / MILLISECOND:.2f} ms | {advice['work_before']:,} | {slow_plan} |",
            f"| with it | {fast / MILLISECOND:.2f} ms | {advice['work_after']:,} | {fast_plan} |",
            f"| times | {slow / fast:.0f}x | {advice['work_before'] / advice['work_after']:.0f}x | |", "",
            "**Remembering statements**, with the log to without it, the medians of 15 by turns in one process:", "",
            "| | without | ratio |", "|---|---|---|",
            f"| 200,000 rows written in batches | {import_took:.2f} s | {imports:.3f} |",
            f"| 200,000 rows read one at a time | {read_took:.2f} us each | {reads:.3f} |"]
