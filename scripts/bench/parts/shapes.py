"""Knowledge in every shape that can be imported, beside Python's own parser for it."""

import shutil
import sqlite3
import sys

from measuring import ENCARGO, ROOT, Measured, best, cell, fresh, ratio, rows_of

RECORDS = 100_000
SHAPES = {"csv": "csv", "jsonl": "jsonl", "json": "json", "xml": "xml", "squad": "json", "rss": "xml", "atom": "xml",
          "mediawiki": "xml", "stackexchange": "xml", "menu": "json"}
MORE = {"menu": ["--title-from=nombre", "--body-from=*"]}
SCRIPT = ROOT / "scripts/bench/shaped.py"


def measure(folder, _rows):
    measured = []
    for shape, suffix in SHAPES.items():
        file = folder / f"{shape}.{suffix}"
        Measured([sys.executable, SCRIPT, "write", shape, file, RECORDS])

        def encargo():
            return Measured([ENCARGO, "import_knowledge", "--quiet", "--data-dir", fresh(folder, "shape"), "--file", file,
                             *MORE.get(shape, [])])

        def python():
            database = folder / "shape.db"
            database.unlink(missing_ok=True)
            return Measured([sys.executable, SCRIPT, "read", shape, file, database])

        mine, peer = best(3, encargo), best(3, python)
        for database, table in ((rows_of(folder / "shape"), "knowledge_items"), (folder / "shape.db", "k")):
            with sqlite3.connect(database) as opened:
                (n,) = opened.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert n == RECORDS, f"{shape}: {n} rows in {database}"
        measured.append((shape, mine, peer))
        file.unlink()
    shutil.rmtree(folder / "shape")
    for left in folder.glob("shape.db*"):
        left.unlink()
    return measured


def table(measured):
    lines = [f"**Shapes**: {RECORDS:,} records imported by `import_knowledge` (read twice: checked, then written), beside Python's "
             "own parser and executemany, which check nothing:", "",
             "| | Encargo | Python | times as long as Encargo | peak memory | Python's |", "|---|---|---|---|---|---|"]
    for shape, mine, peer in measured:
        lines.append(f"| {shape} | {cell(mine)} | {cell(peer)} | {ratio(mine, peer)} | {mine.megabytes:.0f} MiB | "
                     f"{peer.megabytes:.0f} MiB |")
    return lines
