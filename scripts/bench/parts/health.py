"""A look at twenty services that take their time, beside a loop that asks one after the other."""

import contextlib
import socket
import statistics
import threading
import time
import urllib.request
from pathlib import Path

from measuring import ENCARGO, MILLISECOND, Measured, fresh

SERVICES = 20
# What each service takes to answer, in seconds; one of them says nothing, and is given a second.
ANSWER, GIVEN = 0.1, 1.0


def serve(says):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def each(connection):
        with contextlib.suppress(OSError), connection:
            connection.recv(1 << 16)
            time.sleep(ANSWER if says else 10 * GIVEN)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def accept():
        while True:
            threading.Thread(target=each, args=listener.accept()[:1], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def one_after_the_other(addresses):
    began = time.perf_counter()
    for address in addresses:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=GIVEN).close()
    return time.perf_counter() - began


def at_once(data, addresses):
    text = "".join(f'[services.s{n}]\nurl = "{address}"\ncritical = false\n' for n, address in enumerate(addresses))
    (Path(data) / "encargo.toml").write_text(text)
    line = [ENCARGO, "health_check", "--quiet", "--service=external", f"--service-timeout={GIVEN:.0f}s",
            "--data-dir", data]
    return Measured(line).seconds


def measure(folder, _rows):
    data = fresh(folder, "health")
    well, hung = [serve(True) for _ in range(SERVICES)], serve(False)
    measured = []
    for addresses in (well, [*well[1:], hung]):
        at_once(data, addresses)
        measured.append([statistics.median(take() for _ in range(5)) for take in (
            lambda: at_once(data, addresses), lambda: one_after_the_other(addresses))])
    return measured


def table(measured):
    lines = [f"**Health**, {SERVICES} services on this machine that each answer after {ANSWER * 1_000:.0f} ms, the median "
             "of 5, beside Python's `urllib` in a loop:", "",
             "| | `encargo health_check`, start to exit | one after the other | ratio |", "|---|---|---|---|"]
    for name, (at_once, loop) in zip(("all answer", f"one hangs and is given {GIVEN:.0f} s"), measured):
        lines.append(f"| {name} | {at_once / MILLISECOND:.0f} ms | {loop / MILLISECOND:.0f} ms | {at_once / loop:.2f}x |")
    return lines
