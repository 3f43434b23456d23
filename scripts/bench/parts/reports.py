"""A report beside the same figures by plain SQL in the sqlite3 shell."""

import json
import shutil
import sqlite3

from measuring import ENCARGO, Measured, best, cell, fresh, ratio, rows_of

# The time of the report in microseconds: the second half of what there is, and the first half is the period before.
RANGE = "{0}.created_at >= {since} AND {0}.created_at < {until}"
PERCENTILES = """WITH v AS MATERIALIZED (SELECT {value} AS v FROM {table} t WHERE {value} IS NOT NULL AND {range} ORDER BY 1),
    n AS (SELECT count(*) AS n FROM v)
    SELECT n, (SELECT v FROM v LIMIT 1 OFFSET (SELECT n * 50 / 100 FROM n)), (SELECT v FROM v LIMIT 1 OFFSET (SELECT n * 90 / 100 FROM n)),
    (SELECT v FROM v LIMIT 1 OFFSET (SELECT n * 95 / 100 FROM n)), (SELECT v FROM v LIMIT 1 OFFSET (SELECT n * 99 / 100 FROM n)), (SELECT max(v) FROM v) FROM n;"""
SQL = """
SELECT c.agent_id, c.status, count(*), sum(c.handed_over_at IS NOT NULL), sum(c.first_response_at IS NULL),
    sum(EXISTS (SELECT 1 FROM feedback f WHERE f.chat_id = c.id)) FROM chats c WHERE {of_c} GROUP BY 1, 2;
SELECT date(c.created_at / 1000000, 'unixepoch'), count(*) FROM chats c WHERE {of_c} GROUP BY 1;
SELECT c.agent_id, m.role, count(*), sum(m.tokens) FROM messages m LEFT JOIN chats c ON c.id = m.chat_id WHERE {of_m} GROUP BY 1, 2;
SELECT date(m.created_at / 1000000, 'unixepoch'), count(*) FROM messages m WHERE {of_m} GROUP BY 1;
SELECT m.created_at / 3600000000 % 24, count(*) FROM messages m WHERE m.role = 'user' AND {of_m} GROUP BY 1;
SELECT c.agent_id, f.rating, count(*) FROM feedback f LEFT JOIN chats c ON c.id = f.chat_id WHERE {of_f} GROUP BY 1, 2;
SELECT date(f.created_at / 1000000, 'unixepoch'), avg(f.rating > 3) FROM feedback f WHERE {of_f} GROUP BY 1;
SELECT c.agent_id, s.label, count(*) FROM sentiments s JOIN messages m ON m.id = s.message_id
    LEFT JOIN chats c ON c.id = m.chat_id WHERE {of_m} GROUP BY 1, 2;
"""
TIMES = [("t.response_ms", "messages"), ("(t.first_response_at - t.created_at) / 1000", "chats"),
         ("(t.resolved_at - t.created_at) / 1000", "chats")]
DAY = 86_400_000_000


def by_hand(since, until):
    """All figures of one period."""
    within = {f"of_{name}": RANGE.format(name, since=since, until=until) for name in "cmf"}
    times = [PERCENTILES.format(value=value, table=table, range=RANGE.format("t", since=since, until=until)) for value, table in TIMES]
    return SQL.format(**within) + "\n".join(times)


def made(folder, messages):
    data = fresh(folder, "reports")
    counts = [f"--chats={messages // 10}", f"--messages={messages}", "--agents=50"]
    nothing_else = ["--knowledge=0", "--documents=0", "--logs=0", "--events=0"]
    Measured([ENCARGO, "create_test_data", "--quiet", "--tenant=demo", "--data-dir", data, *counts, *nothing_else])
    return data


def of(folder, messages):
    data = made(folder, messages)
    with sqlite3.connect(rows_of(data)) as database:
        first, last = database.execute("SELECT min(created_at), max(created_at) FROM chats").fetchone()
    database.close()
    until = last // DAY * DAY + DAY
    days = -(-(until - first) // DAY) // 2
    since, before = until - days * DAY, until - 2 * days * DAY
    with sqlite3.connect(":memory:") as clock:
        names = [clock.execute("SELECT date(?, 'unixepoch')", [at // 1_000_000]).fetchone()[0] for at in (since, until)]
    line = [ENCARGO, "generate_reports", "--quiet", "--tenant=demo", "--tz=UTC", f"--since={names[0]}", f"--until={names[1]}",
            "--data-dir", data]
    out = folder / "report.json"
    mine = best(2, lambda: Measured([*line, "--output", out]))
    sql = by_hand(since, until) + by_hand(before, since)
    other = best(2, lambda: Measured(["sqlite3", rows_of(data), sql]))
    figures = {figure["id"]: figure for section in json.loads(out.read_text())["sections"] for figure in section["figures"]}
    with sqlite3.connect(rows_of(data)) as database:
        counted = [database.execute("SELECT count(*) FROM messages WHERE created_at >= ? AND created_at < ?", span).fetchone()[0]
                   for span in ((since, until), (before, since))]
    database.close()
    assert [figures["messages"]["value"], figures["messages"]["before"]] == counted, "the report counts other messages"
    shutil.rmtree(data)
    return messages, mine, other


def measure(folder, rows):
    return [of(folder, rows), of(folder, rows * 10)]


def ratios(measured):
    _, mine, other = measured[-1]
    return [f"| a report on {measured[-1][0]:,} messages: the same figures by SQL in the sqlite3 shell | {ratio(mine, other)} |"]


def table(measured):
    lines = ["**Reports** on a period and the one before it, everything there is:", "",
             "| messages | Encargo | peak memory | the same by SQL in `sqlite3` | peak memory | times as long |", "|---|---|---|---|---|---|"]
    for messages, mine, other in measured:
        lines.append(f"| {messages:,} | {cell(mine)} | {mine.megabytes:.0f} MiB | {cell(other)} | {other.megabytes:.0f} MiB | {ratio(mine, other)} |")
    return lines
