"""The app in a real Django project, in two major versions of Django."""

import json
import subprocess
import unittest

from tests.scene import BINARY, CHECKOUT, POOR, EXAMPLES, LINES, Scene, has
from tests.venv import venv

SETTINGS = """
SECRET_KEY = "only for tests"
INSTALLED_APPS = ["before", "encargo.django", "after"]
DATABASES = {{}}
USE_TZ = True
ENCARGO = {{"BINARY": {binary!r}, "DATA_DIR": {data_dir!r}{more}}}
"""

MANAGE = """
import os
import sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
"""

OWN = """
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    help = "The project's own"
    def handle(self, *args, **options):
        self.stdout.write("{said}")
"""

CALLS = """
import io
import json
import django
from django.core.management import CommandError, call_command, execute_from_command_line
django.setup()
out, err = io.StringIO(), io.StringIO()
call_command("cleanup_old_data", days=30, type=["chats", "logs"], dry_run=True, stdout=out)
call_command("cleanup_old_data", "--days=7", "--type", "logs", stdout=out)
call_command("health_check", verbose=True, stdout=out, stderr=err)
call_command("migrate_knowledge_base", version="2.0", validate_only=True, stdout=out)
try:
    call_command("import_knowledge", file={broken!r}, stdout=out, stderr=err)
except CommandError as error:
    failed = [type(error).__mro__[1].__module__, error.returncode, error.code, str(error), error.output]
try:
    call_command("cleanup_old_data", dayz=3)
except TypeError as error:
    wrong = str(error)
try:
    execute_from_command_line(["manage.py", "cleanup_old_data", "--tenant=nobody"])
except SystemExit as exit:
    left = exit.code
print(json.dumps({{"out": out.getvalue(), "failed": failed, "wrong": wrong, "left": left}}))
"""


class Project(Scene):
    """A Django project with commands of its own before and after Encargo's app."""

    def setUp(self):
        super().setUp()
        self.settings()
        (self.project / "manage.py").write_text(MANAGE)
        for app, commands in (("before", ("greet", "health_check")), ("after", ("cleanup_old_data", "bye"))):
            folder = self.project / app / "management/commands"
            folder.mkdir(parents=True)
            for package in (folder, folder.parent, folder.parent.parent):
                (package / "__init__.py").touch()
            for command in commands:
                (folder / f"{command}.py").write_text(OWN.format(said=f"{command} of {app}"))

    def settings(self, more="", binary=BINARY):
        text = SETTINGS.format(binary=str(binary), data_dir=str(self.data_dir), more=more)
        (self.project / "settings.py").write_text(text)

    def python(self, python, *words, **env):
        env = {**POOR, "PYTHONPATH": f"{CHECKOUT}/scripts/python:{self.project}", **env}
        return subprocess.run([python, *map(str, words)], env=env, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)

    def manage(self, python, *words):
        return self.python(python, self.project / "manage.py", *words)


class OfEachVersion:
    """The tests; a class below runs them for each version."""

    version = None

    def setUp(self):
        super().setUp()
        self.interpreter = venv(self.version)

    def test_the_lines_of_the_brief_are_encargos(self):
        ran = 0
        (self.project / "before/management/commands/health_check.py").unlink()
        for line, code in LINES:
            if has(line.split()[0]):
                with self.subTest(line):
                    done = self.manage(self.interpreter, *line.split())
                    self.assertEqual(done.returncode, code, done.stderr)
                    self.assertEqual(self.runs(line.split()[0])[0]["exit_code"], code)
                    ran += 1
        self.assertGreater(ran, 20)

    def test_help_lists_them_beside_the_projects_own(self):
        helped = self.manage(self.interpreter, "help").stdout
        section = helped[helped.index("[encargo]" if "[encargo]" in helped else "[django]"):]
        self.assertIn("import_knowledge", section)
        for name in ("greet", "bye", "migrate", "export_data", "validate_system"):
            self.assertIn(f"    {name}\n", helped)
        self.assertIn("--archive-to", self.manage(self.interpreter, "help", "cleanup_old_data").stdout)
        self.assertIn("--archive-to", self.manage(self.interpreter, "cleanup_old_data", "--help").stdout)

    def test_of_one_name_the_earlier_app_has_the_command(self):
        self.assertEqual(self.manage(self.interpreter, "greet").stdout, "greet of before\n")
        self.assertEqual(self.manage(self.interpreter, "bye").stdout, "bye of after\n")
        self.assertEqual(self.manage(self.interpreter, "health_check").stdout, "health_check of before\n")
        self.assertIn("Past their retention", self.manage(self.interpreter, "cleanup_old_data").stdout)

    def test_exit_codes_are_the_binarys(self):
        lenient = ["import_knowledge", f"--file={EXAMPLES}/broken.csv", "--validation-level=lenient"]
        done = self.manage(self.interpreter, *lenient)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(self.manage(self.interpreter, "cleanup_old_data", "--tenant=nobody").returncode, 10)
        done = self.manage(self.interpreter, "cleanup_old_dat")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Did you mean cleanup_old_data?", done.stderr)

    def test_call_command_of_django_calls_encargo(self):
        script = self.project / "calls.py"
        script.write_text(CALLS.format(broken=str(EXAMPLES / "broken.csv")))
        (self.project / "before/management/commands/health_check.py").unlink()
        done = self.python(self.interpreter, script, DJANGO_SETTINGS_MODULE="settings")
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        self.assertIn("dry run: nothing was changed", said["out"])
        self.assertIn("older than 7 days", said["out"])
        module, returncode, code, message, output = said["failed"]
        self.assertEqual((module, returncode, code), ("encargo.calling", 1, "invalid"))
        self.assertIn("2 of 5 records", message)
        self.assertIn("import_errors.csv", output)
        self.assertIn("Unknown option(s) for cleanup_old_data command: dayz", said["wrong"])
        self.assertEqual(said["left"], 10)

    def test_the_settings_say_binary_data_directory_and_tenant(self):
        self.settings(', "TENANT": "shop"')
        self.assertEqual(self.manage(self.interpreter, "init_system").returncode, 0)
        self.manage(self.interpreter, "cleanup_old_data", "--type=logs")
        self.assertEqual(self.runs("cleanup_old_data")[0]["tenant"], "shop")
        self.manage(self.interpreter, "cleanup_old_data", "--type=logs", "--tenant=demo")
        self.assertEqual(self.runs("cleanup_old_data")[0]["tenant"], "demo")
        for wrong, said in ((', "DATADIR": 3', "not DATADIR"), (', "DATA_DIR": "data"', "absolute path")):
            self.settings(wrong)
            done = self.manage(self.interpreter, "export_data")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(said, done.stderr)
        # A lost binary leaves the project's own commands to work.
        self.settings(binary="/nowhere/encargo")
        done = self.manage(self.interpreter, "greet")
        self.assertEqual((done.returncode, done.stdout), (0, "greet of before\n"))
        done = self.manage(self.interpreter, "export_data")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/nowhere/encargo", done.stderr)


class Django4(OfEachVersion, Project):
    version = "django-4"


class Django5(OfEachVersion, Project):
    version = "django-5"


if __name__ == "__main__":
    unittest.main()
