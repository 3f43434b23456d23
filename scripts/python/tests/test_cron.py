"""The crontab of the brief under a real cron, whose lines differ by their times alone."""

import os
import shutil
import subprocess
import sys
import time

from tests.scene import CRONTAB, Scene, has, skip

LONGEST = 200  # seconds: cron looks once a minute, and the commands have to run

# A cron of the test's own: in a namespace of its own it has its own crontabs, no jobs of the machine, its own pid file.
START = """
mount --bind "$1/spool" /var/spool/cron/crontabs
mount --bind "$1/nothing" /etc/cron.d
mount --bind "$1/crontab" /etc/crontab
mount --bind "$1/run" /run
exec cron -f
"""


def private_cron(folder):
    """Starts cron over the crontabs of `folder`; skips where it cannot be had."""
    if shutil.which("cron", path="/usr/sbin:/usr/bin:/sbin") is None:
        skip("cron is not installed")
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        skip("a cron of the tests' own needs root and mounts of its own")
    for name in ("spool", "nothing", "run"):
        (folder / name).mkdir()
    (folder / "crontab").touch()
    line = ["unshare", "--mount", "--propagation=private", "sh", "-euc", START, "sh", str(folder)]
    return subprocess.Popen(line, stdin=subprocess.DEVNULL, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


class Cron(Scene):
    def test_the_lines_of_the_crontab_run(self):
        manage = self.installed()
        commands = [command for _, command in CRONTAB if has(command)]
        self.assertIn("cleanup_old_data", commands)
        lines = "".join(f"* * * * * {sys.executable} {manage} {command}\n" for command in commands)
        private = self.folder / "cron"
        private.mkdir()
        with private_cron(private) as cron:
            crontab = private / "spool/root"
            crontab.write_text(lines)
            crontab.chmod(0o600)
            try:
                until = time.monotonic() + LONGEST
                waiting = set(commands)
                while waiting:
                    self.assertLess(time.monotonic(), until, f"{waiting} did not run")
                    self.assertIsNone(self.ended(cron), "cron ended")
                    waiting = {name for name in waiting if not self.succeeded(name)}
            finally:
                cron.terminate()

    def succeeded(self, command):
        runs = self.runs(command)
        self.assertNotIn("failed", [run["status"] for run in runs])
        return "succeeded" in [run["status"] for run in runs]

    @staticmethod
    def ended(cron):
        """Its exit code, or None while it lives; waits for half a second."""
        try:
            return cron.wait(0.5)
        except subprocess.TimeoutExpired:
            return None
