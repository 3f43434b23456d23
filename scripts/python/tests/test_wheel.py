"""The wheel, built and installed as people do."""

import subprocess
import sys
import unittest
import zipfile
from pathlib import Path

from elf import platform_of
from tests.scene import BINARY, CHECKOUT, POOR, TARGET, Scene, python

CALL = "import encargo; encargo.call_command('cleanup_old_data', days=30)"


def built(*words):
    """The path of the wheel that `scripts/python/build` prints."""
    done = subprocess.run([CHECKOUT / "scripts/python/build", *words], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


class Wheel(Scene):
    def environment(self, wheel):
        """The interpreter of a fresh environment with the wheel alone."""
        folder = self.folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", "--no-index",
                        "--disable-pip-version-check", wheel], check=True)
        return folder / "bin/python"

    def run_in(self, interpreter, *words, **env):
        env = {**POOR, "ENCARGO_DATA_DIR": str(self.data_dir), **env}
        return subprocess.run([interpreter, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              cwd=self.folder, check=False)

    def test_with_the_binary_nothing_else_is_needed(self):
        wheel = built()
        self.assertIn(f"-py3-none-{platform_of(BINARY)}.whl", wheel.name)
        interpreter = self.environment(wheel)
        version = self.run_in(interpreter.parent / "encargo", "--version")
        self.assertEqual(version.stdout, subprocess.run([BINARY, "--version"], capture_output=True, text=True).stdout)
        called = self.run_in(interpreter, "-c", CALL)
        self.assertEqual((called.returncode, called.stderr), (0, ""))
        self.assertIn("Past their retention", called.stdout)
        # A crontab's line with the environment's own python.
        made = self.run_in(interpreter, "-m", "encargo", "--install", str(self.project))
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        done = subprocess.run([interpreter, self.project / "manage.py", "cleanup_old_data"], env=POOR, cwd="/",
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(self.runs("cleanup_old_data")), 2)
        self.assertIn(str(interpreter.parent / "encargo"), (self.project / "manage.py").read_text())

    def test_without_the_binary_it_is_pure_python(self):
        wheel = built("--without-binary")
        self.assertTrue(wheel.name.endswith("-py3-none-any.whl"))
        interpreter = self.environment(wheel)
        lost = self.run_in(interpreter, "-c", CALL, PATH="/nowhere")
        self.assertIn("there is no binary of Encargo", lost.stderr)
        called = self.run_in(interpreter, "-c", CALL, PATH=str(BINARY.parent))
        self.assertEqual((called.returncode, called.stderr), (0, ""))

    def test_the_same_sources_give_the_same_bytes(self):
        first = built("--without-binary").read_bytes()
        self.assertEqual(built("--without-binary").read_bytes(), first)
        with zipfile.ZipFile(TARGET / "python/wheels" / built("--without-binary").name) as archive:
            self.assertIsNone(archive.testzip())


class Platforms(unittest.TestCase):
    def test_the_tag_is_that_of_the_newest_glibc_that_is_needed(self):
        said = subprocess.run(["grep", "-aoE", r"GLIBC_2\.[0-9]+", BINARY], capture_output=True, text=True, check=True)
        newest = max(17, *(int(version.rpartition(".")[2]) for version in said.stdout.split()))
        self.assertTrue(platform_of(BINARY).startswith(f"manylinux_2_{newest}_"))

    def test_what_is_no_binary_is_refused(self):
        with self.assertRaises(ValueError):
            platform_of(Path(__file__))


class Originals(Scene):
    def test_the_module_and_the_file_are_the_same_door(self):
        for words in (["-m", "encargo"], ["-m", "encargo", "help"]):
            env = {**POOR, "PYTHONPATH": str(CHECKOUT / "scripts/python"), "ENCARGO_DATA_DIR": str(self.data_dir)}
            done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(python(CHECKOUT / "scripts/python/encargo/manage.py", "help").returncode, 0)
