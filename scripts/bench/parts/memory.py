"""The most memory of each command at some data and at ten times as much."""

import shutil
import subprocess
import sys

from measuring import ENCARGO, ROOT, Measured, fresh

LIMIT = 192


def at(folder, rows, messages):
    """What each command takes, on so many knowledge items and messages."""
    subprocess.run([sys.executable, ROOT / "scripts/bench/generate.py", folder, str(rows)], check=True)
    data = fresh(folder, "memory")
    Measured([ENCARGO, "init_system", "--only", "tenants", "--tenant", "copy", "--data-dir", data])
    made = ["--documents=0", "--logs=0", "--events=0", "--knowledge=0", f"--chats={messages // 10}", f"--messages={messages}"]
    lines = [("create_test_data", made), ("analyze_sentiment", []), ("import_knowledge", ["--file", folder / "first.csv"]),
             ("export_data", ["--output", folder / "exported"]), ("validate_system", []),
             ("optimize_database", ["--tenant=demo"]), ("backup_data", []), ("restore_data", ["--yes", "--no-safety-backup"]), ("migrate_knowledge_base", ["--version=1.0"]),
             ("migrate_tenant_data", ["--from=demo", "--to=copy"]), ("cleanup_old_data", ["--days=1"])]
    of_demo = ("create_test_data", "analyze_sentiment", "import_knowledge", "export_data", "migrate_knowledge_base", "cleanup_old_data")
    measured = {}
    for command, more in lines:
        tenant = ["--tenant=demo"] if command in of_demo else []
        measured[command] = Measured([ENCARGO, command, "--quiet", "--data-dir", data, *tenant, *more])
    shutil.rmtree(data)
    shutil.rmtree(folder / "exported")
    return measured


def measure(folder, rows):
    counts = [(rows // 10, rows), (rows, rows * 10)]
    measured = [at(folder, *each) for each in counts]
    for command, one in measured[1].items():
        assert one.megabytes < LIMIT, f"`{command}` took {one.megabytes:.0f} MiB"
    return counts, measured


def table(measured):
    counts, (less, more) = measured
    heads = [f"{rows:,} items, {messages:,} messages" for rows, messages in counts]
    lines = [f"**Memory**, the most that each command takes on a tenant's data and on ten times as much (under {LIMIT} MiB):", "",
             f"| | {heads[0]} | {heads[1]} |", "|---|---|---|"]
    return lines + [f"| {command} | {less[command].megabytes:.0f} MiB | {more[command].megabytes:.0f} MiB |" for command in less]
