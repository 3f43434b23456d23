"""How long a start takes, and what is placed adds to it."""

import statistics
import subprocess
import time
from pathlib import Path

from measuring import ENCARGO, MILLISECOND, ROOT, TARGET, Measured, fresh


def large(component, megabytes=18):
    """The component with a custom section of so many megabytes behind it, which a compiler skips."""
    contents = b"\x05bulky" + bytes(megabytes << 20)
    size, encoded = len(contents), bytearray()
    while size > 127:
        encoded.append(size & 127 | 128)
        size >>= 7
    return component + b"\0" + encoded + bytes([size]) + contents


def place(data, name):
    placed = Path(data) / "commands"
    placed.mkdir(exist_ok=True)
    (placed / f"{name}.wasm").write_bytes(large((ROOT / "target/commands" / f"{name}.wasm").read_bytes()))


def measure(folder, _rows):
    data = fresh(folder, "start")
    command = [ENCARGO, "health_check", "--quiet", "--data-dir", data]
    Measured(command)
    warm = statistics.median(Measured(command).seconds for _ in range(30))
    placed = []
    for name in ("export_data", "health_check"):
        place(data, name)
        time.sleep(3)  # what changed just now is not remembered
        Measured(command)
        placed.append(statistics.median(Measured(command).seconds for _ in range(30)))
    version = statistics.median(Measured([ENCARGO, "version"]).seconds for _ in range(30))
    empty = subprocess.run([TARGET / "examples/empty_run"], check=True, capture_output=True, text=True)
    return warm, placed, version, float(empty.stdout)


def table(measured):
    warm, placed, version, empty = measured
    return ["**Start to exit**, the median of 30:", "", "| | time |", "|---|---|",
            f"| `encargo health_check`, warm | {warm / MILLISECOND:.1f} ms |",
            f"| the same, with another component of 18 MB placed | {placed[0] / MILLISECOND:.1f} ms |",
            f"| the same, itself placed with 18 MB, too | {placed[1] / MILLISECOND:.1f} ms |",
            f"| `encargo version` | {version / MILLISECOND:.1f} ms |",
            f"| an empty run in one process (instantiate, call, drop) | {empty:.0f} us |"]
