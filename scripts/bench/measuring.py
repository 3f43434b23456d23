"""What every part measures with: a process's wall time and peak memory, and fresh installations to run it in."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute() / "release"
ENCARGO = TARGET / "encargo"
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
MILLISECOND, MIB = 1e-3, 1 << 20


class Measured:
    """Wall time, CPU time and peak memory of one process."""

    def __init__(self, command, stdin=None, stdout=None):
        begun = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], env=ENVIRONMENT, stdin=stdin,
                                   stdout=stdout or subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - begun
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss * 1024 / MIB
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"`{' '.join(map(str, command))}` ended with {process.returncode}:\n{errors.decode()}")


def best(times, measure):
    """The fastest of several measurements, each on its own fresh copy."""
    return min((measure() for _ in range(times)), key=lambda measured: measured.seconds)


def build():
    subprocess.run([ROOT / "scripts/encargo", "version"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cargo", "build", "--release", "--workspace", "--examples"], cwd=ROOT, check=True)


def settle():
    """Lets the disk take what is still to be written, so that one measurement does not pay for another."""
    os.sync()


def fresh(folder, name):
    """An empty installation with the tenant `demo`."""
    data = folder / name
    shutil.rmtree(data, ignore_errors=True)
    Measured([ENCARGO, "init_system", "--only", "tenants", "--data-dir", data])
    settle()
    return data


def rows_of(data):
    return data / "tenants" / "1.db"


def ratio(mine, other):
    return f"{other.seconds / mine.seconds:.2f}x"


def cell(measured):
    return f"{measured.seconds:.2f} s" if measured else ""


def timed(title, measured):
    """A table of times and peak memory, one line for each label."""
    lines = [f"{title}:", "", "| | time | peak memory |", "|---|---|---|"]
    return lines + [f"| {label} | {cell(one)} | {one.megabytes:.0f} MiB |" for label, one in measured]
