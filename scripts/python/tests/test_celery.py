"""The tasks of the brief in a real Celery worker over Redis, with their import line changed and nothing beside it."""

import json
import os
import shutil
import socket
import subprocess
import time

from tests.scene import BINARY, CHECKOUT, POOR, TASKS, Scene, has, skip
from tests.venv import venv

TASKS_OF_THE_BRIEF = """
# tasks.py
from celery import shared_task
from django.core.management import call_command

@shared_task
def run_cleanup_task():
    call_command('cleanup_old_data', days=30)

@shared_task
def run_backup_task():
    call_command('backup_data', tenant='all')
"""

# One more, for what comes back of a command that fails.
FAILING = """
@shared_task
def run_failing_task():
    call_command('cleanup_old_data', tenant='nobody')
"""

APP = """
from celery import Celery
app = Celery("project", broker="{url}", backend="{url}", include=["tasks"])
app.set_default()
import tasks
"""

CALLER = """
import json
import sys
import worker
import encargo
for name in sys.argv[1:]:
    getattr(worker.tasks, name).delay().get(timeout=120)
try:
    worker.tasks.run_failing_task.delay().get(timeout=120)
except encargo.CommandError as error:
    print(json.dumps([error.returncode, error.code, str(error), error.hint]))
"""


class Celery(Scene):
    def test_the_tasks_of_the_brief_run_in_a_worker(self):
        interpreter = venv("celery")
        url = self.redis()
        changed = TASKS_OF_THE_BRIEF.replace("from django.core.management import", "from encargo import")
        self.assertNotEqual(changed, TASKS_OF_THE_BRIEF)
        for name, text in (("tasks", changed + FAILING), ("worker", APP.format(url=url)), ("caller", CALLER)):
            (self.project / f"{name}.py").write_text(text)
        env = {**POOR, "PYTHONPATH": f"{CHECKOUT}/scripts/python", "ENCARGO_BINARY": str(BINARY),
               "ENCARGO_DATA_DIR": str(self.data_dir)}
        line = [interpreter, "-m", "celery", "--app=worker", "worker", "--concurrency=1", "--loglevel=INFO"]
        with open(self.folder / "worker.log", "wb") as log:
            worker = subprocess.Popen(line, cwd=self.project, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(self.stop, worker)
        tasks = [task for task, (command, _) in TASKS.items() if has(command)]
        called = subprocess.run([interpreter, "caller.py", *tasks], cwd=self.project, env=env, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, check=False)
        logged = (self.folder / "worker.log").read_text(errors="replace")
        self.assertEqual(called.returncode, 0, called.stderr + logged)
        self.assertEqual(json.loads(called.stdout), [10, "not-found", "there is no tenant `nobody`",
                                                     "`encargo init_system --tenant=nobody` makes it"])
        for task in tasks:
            self.assertEqual(self.runs(TASKS[task][0])[0]["status"], "succeeded")
            self.assertIn(f"Task tasks.{task}", logged)
        self.assertIn("Past their retention", logged)  # the report

    def redis(self):
        """Where a Redis of the test's own listens: a socket in the test's folder and nowhere else."""
        if shutil.which("redis-server") is None:
            skip("redis-server is not installed")
        path = self.folder / "redis.sock"
        line = ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", self.folder]
        server = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.addCleanup(self.stop, server)
        until = time.monotonic() + 30
        with socket.socket(socket.AF_UNIX) as client:
            while client.connect_ex(os.fspath(path)):
                self.assertIsNone(server.poll(), "redis-server ended")
                self.assertLess(time.monotonic(), until, "redis-server did not start")
        return f"redis+socket://{path}"

    @staticmethod
    def stop(process):
        process.terminate()
        process.wait(30)
