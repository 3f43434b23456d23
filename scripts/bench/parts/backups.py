"""Backups and restores beside restic, `sqlite3 .backup | zstd` and Django's loaddata."""

import itertools
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import venv

from measuring import ENCARGO, MIB, ROOT, TARGET, Measured, cell, fresh, ratio, rows_of, settle

# Rows that loaddata gets: it takes a minute for a tenth of a million.
LOADED = 20_000
DJANGO = "Django==5.2.19"

MODELS = """
from django.db import models
class Item(models.Model):
    external_id = models.TextField(unique=True)
    title = models.TextField()
    body = models.TextField()
    created_at = models.BigIntegerField()
    class Meta:
        app_label = "bench"
"""

SETTINGS = """
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "loaded.db"}}
INSTALLED_APPS = ["bench"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""


class Repository:
    """restic's own repository of one file, which the sqlite3 shell copies first."""

    def __init__(self, folder):
        self.folder, self.copy, self.password = folder / "restic", folder / "copy.db", folder / "password"
        self.password.write_text("a password\n")
        self.restic("init")

    def line(self, *words):
        return ["restic", "--no-cache", "--quiet", "-r", self.folder, "--password-file", self.password, *words]

    def restic(self, *words):
        return Measured(self.line(*words))

    def back_up(self, rows):
        self.copy.unlink(missing_ok=True)
        return both(Measured(["sqlite3", rows, f".backup {self.copy}"]), self.restic("backup", self.copy))


def both(first, second):
    """Two steps as one."""
    second.seconds += first.seconds
    second.megabytes = max(first.megabytes, second.megabytes)
    return second


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def grown(folder, work):
    """What a step took, and how many bytes it added to a folder."""
    settle()
    before = size(folder) if folder.exists() else 0
    done = work()
    return done, size(folder) - before


def backup(data):
    return Measured([ENCARGO, "backup_data", "--quiet", "--type=database", "--data-dir", data])


def zstd(folder, rows):
    copy = folder / "copy.db"
    copy.unlink(missing_ok=True)
    made = Measured(["sqlite3", rows, f".backup {copy}"])
    return both(made, Measured(["zstd", "--quiet", "--force", "-3", copy, "-o", folder / "copy.zst"])), (folder / "copy.zst").stat().st_size


def add(data, *more):
    """A hundredth more items behind the others."""
    counts = ["--documents=0", "--logs=0", "--events=0", "--chats=0", "--messages=0"]
    Measured([ENCARGO, "create_test_data", "--quiet", "--tenant=demo", *counts, *more, "--data-dir", data])


def scatter(rows):
    """Changes a hundredth of the items, here and there."""
    with sqlite3.connect(rows) as database:
        # The triggers ask for parts of a second, which older libraries of Python's do not know.
        database.create_function("unixepoch", 1, lambda _: time.time())
        ids = [row for row in database.execute("SELECT id FROM knowledge_items")]
        chosen = random.Random(1).sample(ids, len(ids) // 100)
        database.executemany("UPDATE knowledge_items SET body = body || ' .' WHERE id = ?", chosen)
    database.close()


def loaddata(folder, rows):
    """How long Django takes for some of the rows."""
    python = TARGET.parent / "bench-django" / "bin/python"
    if not python.exists():
        venv.create(python.parents[1], with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", DJANGO], check=True)
    project = folder / "project"
    (project / "bench").mkdir(parents=True)
    (project / "bench/__init__.py").write_text("")
    (project / "bench/models.py").write_text(MODELS)
    (project / "settings.py").write_text(SETTINGS)
    with sqlite3.connect(rows) as database:
        read = database.execute("SELECT id, external_id, title, body, created_at FROM knowledge_items LIMIT ?", [LOADED]).fetchall()
    database.close()
    fields = ("external_id", "title", "body", "created_at")
    fixture = [{"model": "bench.item", "pk": row[0], "fields": dict(zip(fields, row[1:]))} for row in read]
    (project / "rows.json").write_text(json.dumps(fixture))
    line = ["env", f"--chdir={project}", f"PYTHONPATH={project}", "DJANGO_SETTINGS_MODULE=settings", python, "-m", "django"]
    Measured([*line, "migrate", "--run-syncdb", "--verbosity=0"])
    return Measured([*line, "loaddata", "--verbosity=0", project / "rows.json"])


def compare(*files):
    """Every row of one database is in the other, in its order."""
    one, other = (sqlite3.connect(file) for file in files)
    tables = [name for (name,) in one.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    for table in tables:
        rows = (database.execute(f"SELECT * FROM {table}") for database in (one, other))
        for mine, others in itertools.zip_longest(*rows):
            assert mine == others, f"{table}: {mine} and {others}"
    one.close()
    other.close()


def measure(folder, rows):
    missing = [program for program in ("restic", "zstd", "sqlite3") if not shutil.which(program)]
    if missing:
        sys.exit(f"install {', '.join(missing)} first")
    data = fresh(folder, "backups")
    subprocess.run([sys.executable, ROOT / "scripts/bench/generate.py", folder, str(rows)], check=True)
    Measured([ENCARGO, "import_knowledge", "--quiet", "--tenant=demo", "--file", folder / "first.csv", "--data-dir", data])
    tenant = rows_of(data)
    Measured(["sqlite3", tenant, "PRAGMA wal_checkpoint(TRUNCATE)"])
    restic = Repository(folder)
    ours = data / "backups"
    # As restic's repository, ours is there before its first backup is measured.
    Measured([ENCARGO, "backup_data", "--quiet", "--type=config", "--data-dir", data])
    steps = {}
    for step, change in (("full", None), ("1 % appended", lambda: add(data, f"--knowledge={rows // 100}")),
                         ("1 % changed, scattered", lambda: scatter(tenant))):
        if change:
            change()
        steps[step] = (grown(ours, lambda: backup(data)), grown(restic.folder, lambda: restic.back_up(tenant)))
        if step == "full":
            plain = zstd(folder, tenant)
            check = restic.restic("check", "--read-data")
    with sqlite3.connect(tenant) as database:
        counted = sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for (table,) in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall())
    database.close()
    settle()
    restore = [ENCARGO, "restore_data", "--quiet", "--type=database", "--repository", ours, "--key-file", data / "keys/backups.key"]
    restored = Measured([*restore, "--data-dir", folder / "restored"])
    compare(tenant, rows_of(folder / "restored"))
    theirs = restic.restic("restore", "latest", "--target", folder / "out")
    return {"rows": counted, "bytes": tenant.stat().st_size, "steps": steps, "plain": plain, "check": check, "restored": restored,
            "theirs": theirs, "loaded": loaddata(folder, tenant)}


def ratios(measured):
    (mine, added), (theirs, theirs_added) = measured["steps"]["full"]
    proved = theirs.seconds + measured["check"].seconds
    lines = ["", "| | |", "|---|---|", f"| backup, read back: `.backup`, restic and its check of what was stored | {proved / mine.seconds:.2f}x |",
             f"| backup, read back: `.backup` and restic, not read back | {ratio(mine, theirs)} |",
             f"| backup, read back: `.backup` and zstd, not encrypted | {ratio(mine, measured['plain'][0])} |"]
    for step in ("1 % appended", "1 % changed, scattered"):
        (mine, bytes_added), (theirs, others) = measured["steps"][step]
        lines.append(f"| backup after {step}: restic | {ratio(mine, theirs)}, {bytes_added / others:.2f} of its bytes, "
                     f"{bytes_added / added:.3f} of a full one's |")
    rate = measured["rows"] / measured["restored"].seconds
    loaded = LOADED / measured["loaded"].seconds
    return lines + [f"| rows restored in a second: Django loaddata | {rate / loaded:.0f}x ({rate:,.0f} beside {loaded:,.0f}) |"]


def table(measured):
    lines = [f"**Backups** of {measured['rows']:,} rows in {measured['bytes'] / MIB:.0f} MiB, encrypted, compressed and read back; restic's are of a "
             "copy that the sqlite3 shell makes, and are not read back:", "",
             "| | Encargo | added | peak memory | restic | added | peak memory |", "|---|---|---|---|---|---|---|"]
    for step, ((mine, bytes_added), (theirs, others)) in measured["steps"].items():
        lines.append(f"| {step} | {cell(mine)} | {bytes_added / MIB:.1f} MiB | {mine.megabytes:.0f} MiB | {cell(theirs)} | "
                     f"{others / MIB:.1f} MiB | {theirs.megabytes:.0f} MiB |")
    plain, plain_bytes = measured["plain"]
    lines += [f"| `.backup` and `zstd -3` | | | | {cell(plain)} | {plain_bytes / MIB:.1f} MiB | {plain.megabytes:.0f} MiB |",
              f"| `restic check --read-data` of the full one | | | | {cell(measured['check'])} | | {measured['check'].megabytes:.0f} MiB |"]
    mine, theirs, loaded = measured["restored"], measured["theirs"], measured["loaded"]
    return lines + ["", "**Restores** of the same into an empty data directory, every hash and every row looked at:", "",
                    "| | time | peak memory |", "|---|---|---|", f"| Encargo | {cell(mine)} | {mine.megabytes:.0f} MiB |",
                    f"| `restic restore` of the file | {cell(theirs)} | {theirs.megabytes:.0f} MiB |",
                    f"| Django loaddata of {LOADED:,} rows | {cell(loaded)} | {loaded.megabytes:.0f} MiB |"]
