"""Takes the samples that monitor_performance takes, with psutil, and writes each as a line of JSON.

usage: psutil_samples.py FOLDER COUNT SECONDS
"""

import json
import sys
import time

import psutil

FOLDER, COUNT, INTERVAL = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])


def pressure():
    told = {}
    for name in ("cpu", "memory", "io"):
        try:
            with open(f"/proc/pressure/{name}") as lines:
                told[name] = int(lines.readline().rsplit("=", 1)[1])
        except OSError:
            told[name] = None
    return told


def sample(own):
    network = psutil.net_io_counters(pernic=True)
    with own.oneshot():
        process = [own.cpu_times(), own.memory_info().rss, own.num_fds(), own.num_threads()]
    return [psutil.cpu_times(), psutil.getloadavg(), psutil.virtual_memory(), psutil.swap_memory(),
            psutil.disk_usage(FOLDER), psutil.disk_io_counters(), network, psutil.net_if_stats(), pressure(), process]


def main():
    own = psutil.Process()
    begun = time.monotonic()
    sample(own)
    for number in range(1, COUNT + 1):
        time.sleep(max(0.0, begun + number * INTERVAL - time.monotonic()))
        print(json.dumps(sample(own)), flush=True)


main()
