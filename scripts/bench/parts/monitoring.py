"""What watching costs, beside psutil that takes the same samples: CPU time alone, without the start."""

import os
import subprocess
import sys

from measuring import ENCARGO, ENVIRONMENT, ROOT, fresh

PINNED = "psutil==7.2.2"
LIBRARIES = ROOT / "target/bench-python"
FEW, MANY, SECONDS = 2, 32, 1


def python():
    python = LIBRARIES / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", LIBRARIES], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED], check=True)
    return python


def cpu(command):
    """The CPU seconds of a process, and its peak memory in MiB."""
    process = subprocess.Popen([str(word) for word in command], env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # 4: an alert stands, since the machine is busy.
    if process.returncode not in (0, 4):
        sys.exit(f"`{' '.join(map(str, command))}` ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def per_second(command):
    """What a sample each second costs, in percent of one processor; and the peak memory."""
    (few, _), (many, memory) = cpu(command(FEW)), cpu(command(MANY))
    return (many - few) / ((MANY - FEW) * SECONDS) * 100, memory


def measure(folder, _rows):
    data, peer = fresh(folder, "monitor"), python()
    script = ROOT / "scripts/bench/psutil_samples.py"
    watch = [ENCARGO, "monitor_performance", f"--interval={SECONDS}s", "--responses=0s", "--json", "--data-dir", data]
    return {
        "monitor_performance": per_second(lambda count: [*watch, f"--count={count}"]),
        f"Python with {PINNED}": per_second(lambda count: [peer, script, data, count, SECONDS]),
    }


def table(measured):
    lines = [f"**Watching**, a sample each second, the CPU time of {MANY - FEW} of them in percent of one processor, without the start:",
             "", "| | CPU | peak memory |", "|---|---|---|"]
    return lines + [f"| {label} | {percent:.2f} % | {memory:.0f} MiB |" for label, (percent, memory) in measured.items()]
