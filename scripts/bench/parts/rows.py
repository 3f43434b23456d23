"""Knowledge: imported, copied to another tenant and exported."""

import shutil
import subprocess
import sys

from measuring import ENCARGO, ROOT, TARGET, Measured, best, cell, fresh, ratio, rows_of, settle, timed


def imports(folder):
    table = []

    def encargo(data, file, *more):
        return Measured([ENCARGO, "import_knowledge", "--quiet", "--data-dir", data, "--file", folder / file, *more])

    def lenient(data, file):
        return encargo(data, file, "--validation-level=lenient")

    def twin(data, file):
        return Measured([TARGET / "examples/twin", data, folder / file])

    def shell(data, file):
        database = data.with_suffix(".shell.db")
        database.unlink(missing_ok=True)
        create = "CREATE TABLE k (external_id TEXT UNIQUE, title TEXT, body TEXT, language TEXT, tags TEXT, source TEXT)"
        return Measured(["sqlite3", database, create, f".import --csv --skip 1 {folder / file} k"])

    def python(data, file):
        return Measured([sys.executable, ROOT / "scripts/bench/upsert.py", data.with_suffix(".python.db"), folder / file])

    def on_fresh(name, measure, file):
        def once():
            data = fresh(folder, name)
            data.with_suffix(".python.db").unlink(missing_ok=True)
            return measure(data, file)

        return best(3, once)

    peers = [("Encargo, strict", encargo), ("Encargo, lenient", lenient), ("native twin, strict", twin),
             ("`sqlite3 .import`", shell), ("Python executemany", python)]
    for label, measure in peers:
        name = f"import-{measure.__name__}"
        row = [label, on_fresh(name, measure, "first.csv")]
        # .import knows no upsert, so it has no second time.
        for file in ("first.csv", "changed.csv"):
            settle()
            row.append(measure(folder / name, file) if measure is not shell else None)
        row.append(on_fresh("shuffled", measure, "shuffled.csv"))
        table.append(row)
        for used in folder.glob("*.db*"):
            used.unlink()
        shutil.rmtree(folder / "shuffled")
        if measure is not encargo:
            shutil.rmtree(folder / name)
    return table


def copies(folder):
    """All knowledge of a tenant copied to another one, journal and reading back included, beside the bare statement."""
    data = folder / "import-encargo"
    for tenant in ("copy", "bare"):
        Measured([ENCARGO, "init_system", "--only", "tenants", "--tenant", tenant, "--data-dir", data])
    settle()
    mine = Measured([ENCARGO, "migrate_tenant_data", "--quiet", "--from=demo", "--to=copy", "--type=knowledge", "--data-dir", data])
    settle()
    columns = ("id, external_id, title, body, language, tags, source, content_hash, format_version, legacy, created_at, "
               "updated_at")
    source, target = (data / "tenants" / f"{n}.db" for n in (1, 3))
    insert = f"INSERT INTO knowledge_items ({columns}) SELECT {columns} FROM s.knowledge_items"
    bare = Measured(["sqlite3", target, f"ATTACH '{source}' AS s; {insert}"])
    return [("Encargo", mine), ("bare INSERT..SELECT", bare)]


def exports(folder):
    out = folder / "out.csv"
    select = "SELECT external_id, title, body, language, tags, source FROM knowledge_items ORDER BY id"
    command = [ENCARGO, "export_data", "--quiet", "--overwrite", "--type=knowledge", "--tenant=demo"]
    measured = []
    plain, quoted = folder / "import-encargo", fresh(folder, "quoted")
    Measured([ENCARGO, "import_knowledge", "--quiet", "--data-dir", quoted, "--file", folder / "quoted.csv"])
    for kind, data in (("", plain), (", a third with quotes and line breaks", quoted)):
        settle()

        def mine():
            return Measured([*command, "--data-dir", data, "--output", out])

        def shell():
            with open(out, "wb") as file:
                return Measured(["sqlite3", "-csv", "-header", rows_of(data), select], stdout=file)

        # In turns, so that a busy machine is busy for both.
        turns = [(mine(), shell()) for _ in range(3)]
        for label, times in zip((f"Encargo{kind}", f"`sqlite3 -csv`{kind}"), zip(*turns)):
            measured.append((label, min(times, key=lambda one: one.seconds)))
        shutil.rmtree(data)
    return measured


def measure(folder, rows):
    subprocess.run([sys.executable, ROOT / "scripts/bench/generate.py", folder, str(rows)], check=True)
    size = (folder / "first.csv").stat().st_size
    return rows, size, imports(folder), copies(folder), exports(folder)


def ratios(measured):
    _, _, imported, copied, exported = measured
    mine, *others = imported
    lines = ["An import reads its file twice, once to check all of it; its peers read it once and check nothing.", "",
             "| import | first | unchanged again | 10 % changed | shuffled keys |", "|---|---|---|---|---|"]
    for other in others:
        lines.append(f"| {other[0]} | " + " | ".join(ratio(a, b) if b else "" for a, b in zip(mine[1:], other[1:])) + " |")
    lines += ["", "| | |", "|---|---|", f"| copy to another tenant: {copied[1][0]} | {ratio(copied[0][1], copied[1][1])} |"]
    return lines + [f"| export: {other[0]} | {ratio(mine[1], other[1])} |" for mine, other in zip(exported[::2], exported[1::2])]


def table(measured):
    rows, size, imported, copied, exported = measured
    lines = [f"**Import**, {rows:,} rows of {size / rows:.0f} bytes ({size / 1e6:.0f} MB of CSV), and the most memory of any of them:", "",
             "| | first | unchanged again | 10 % changed | shuffled keys | peak memory |", "|---|---|---|---|---|---|"]
    for label, *times in imported:
        peak = max(one.megabytes for one in times if one)
        lines.append(f"| {label} | " + " | ".join(map(cell, times)) + f" | {peak:.0f} MiB |")
    lines += ["", *timed("**Copy** of the same to another tenant, in one transaction, each row noted in a journal and read back", copied)]
    return lines + ["", *timed("**Export** of the same to CSV, published with hash and fsync", exported)]
