"""What the tests stand on: the binary, a data directory of a test's own, the lines of the brief, reasons to skip."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
MANAGE = CHECKOUT / "scripts/python/encargo/manage.py"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or CHECKOUT / "target")
BINARY = TARGET / "release/encargo"
EXAMPLES = CHECKOUT / "scripts/examples"

# The environment that cron gives. Compiled commands are kept below HOME.
POOR = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")}

# The lines behind `manage.py` that people have, and the exit codes that are right in a fresh data directory. A line of
# a command that the binary does not have yet is left out.
LINES = [
    ("init_system", 0),
    ("init_system --skip-admin", 0),
    ("init_system --tenant=demo", 0),
    ("setup_demo_data", 0),
    ("setup_demo_data --tenant=demo", 0),
    ("cleanup_old_data", 0),
    ("cleanup_old_data --days=30", 0),
    ("cleanup_old_data --type=chats", 0),
    ("cleanup_old_data --tenant=demo", 0),
    ("backup_data", 0),
    ("backup_data --tenant=all", 0),
    ("backup_data --type=database", 0),
    ("optimize_database", 0),
    ("optimize_database --analyze", 0),
    ("optimize_database --reindex", 0),
    (f"import_knowledge --file={EXAMPLES}/faq_es.csv", 0),
    ("import_knowledge --tenant=demo", 0),
    ("export_data --type=agents", 0),
    ("export_data --format=json", 0),
    ("generate_reports", 0),
    ("generate_reports --type=usage", 0),
    ("generate_reports --period=monthly", 0),
    ("generate_reports --tenant=all", 0),
    ("analyze_sentiment", 0),
    ("analyze_sentiment --days=7", 0),
    ("migrate_knowledge_base", 0),
    ("migrate_knowledge_base --version=2.0", 0),
    ("migrate_knowledge_base --validate-only", 0),
    ("migrate_tenant_data", 0),
    ("migrate_tenant_data --type=agents", 0),
    ("health_check", 0),
    ("health_check --service=database", 0),
    ("health_check --verbose", 0),
    ("monitor_performance --duration=1", 0),
    ("monitor_performance --alert-threshold=90 --count=2", 0),
    ("validate_system", 0),
    ("validate_system --fix-issues", 0),
    ("validate_system --module=agents", 0),
]

# The lines of the crontab of the brief; the times are theirs.
CRONTAB = [("0 2 * * *", "backup_data"), ("0 3 * * 0", "cleanup_old_data"), ("0 4 1 * *", "generate_reports")]

# The tasks of the brief: the command and its options.
TASKS = {
    "run_cleanup_task": ("cleanup_old_data", {"days": 30}),
    "run_backup_task": ("backup_data", {"tenant": "all"}),
}


def encargo(*words, data_dir=None, **more):
    """Runs the binary itself."""
    env = {**os.environ, **({"ENCARGO_DATA_DIR": str(data_dir)} if data_dir else {})}
    return subprocess.run([BINARY, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)


def has(command):
    """Whether the binary has this command."""
    listed = encargo("commands", "list", "--json").stdout.splitlines()
    return command in {record.get("name") for record in map(json.loads, listed)}


def python(script, *words, **more):
    """Runs a Python script with as little environment as cron gives."""
    env = {**POOR, **more.pop("env", {})}
    return subprocess.run([sys.executable, str(script), *map(str, words)], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, cwd=more.pop("cwd", "/"), **more)


def skip(reason):
    """Skips a test; `scripts/test` counts it with its reason."""
    skips = os.environ.get("ENCARGO_TEST_SKIPS")
    if skips:
        with open(skips, "a", encoding="utf-8") as file:
            file.write(f"{reason}\n")
    raise unittest.SkipTest(reason)


class Scene(unittest.TestCase):
    """A folder of the test's own, with a project and a data directory where the tenant `demo` is."""

    @classmethod
    def setUpClass(cls):
        if not BINARY.is_file():
            raise AssertionError(f"there is no {BINARY}: `scripts/encargo` builds it")
        cls.template = Path(tempfile.mkdtemp(prefix="encargo-python."))
        cls.addClassCleanup(shutil.rmtree, cls.template)
        made = encargo("init_system", data_dir=cls.template / "data")
        assert made.returncode == 0, made.stderr

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="encargo-python."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "project"
        self.project.mkdir()
        self.data_dir = self.folder / "data"
        shutil.copytree(self.template / "data", self.data_dir)

    def installed(self, *words):
        """A `manage.py` in the project that knows the data directory."""
        words = ["--install", self.project, "--data-dir", self.data_dir, *words]
        done = python(MANAGE, *words, env={"ENCARGO_BINARY": str(BINARY)})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.project / "manage.py"

    def runs(self, command):
        """The recorded runs of a command, the newest first."""
        listed = encargo("runs", "list", f"--command={command}", "--json", data_dir=self.data_dir).stdout.splitlines()
        return [record for record in map(json.loads, listed) if record["type"] == "run"]
