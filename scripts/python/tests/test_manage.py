"""`manage.py`: the lines of crontabs, unchanged."""

import os
import shutil
import signal
import subprocess
import sys

from tests.scene import BINARY, EXAMPLES, LINES, MANAGE, POOR, Scene, encargo, has, python


def without_runs(text):
    """Lines without those that name a folder of one run."""
    return [line for line in text.splitlines() if "/exports/" not in line]


class Lines(Scene):
    def test_every_line_of_the_brief_runs_unchanged_from_any_folder(self):
        manage = self.installed()
        ran = 0
        for line, code in LINES:
            if has(line.split()[0]):
                with self.subTest(line):
                    done = python(manage, *line.split(), cwd="/")
                    self.assertEqual(done.returncode, code, done.stderr)
                    ran += 1
        self.assertGreater(ran, 20)
        self.assertEqual(len(self.runs("cleanup_old_data")), 4)

    def test_exit_codes_and_streams_are_those_of_the_binary(self):
        manage = self.installed()
        for words in (["import_knowledge", f"--file={EXAMPLES}/broken.csv", "--validation-level=lenient"],
                      ["import_knowledge", f"--file={EXAMPLES}/broken.csv"], ["cleanup_old_data", "--dayz=3"],
                      ["cleanup_old_data", "--tenant=nobody"], ["help", "cleanup_old_data"], ["--explain-exit=14"],
                      ["cleanup_old_data", "--help"], ["version"], ["help"], []):
            with self.subTest(words):
                words += ["--dry-run"] if words[:1] == ["import_knowledge"] else []
                own, ours = encargo(*words, data_dir=self.data_dir), python(manage, *words)
                self.assertEqual(ours.returncode, own.returncode)
                self.assertEqual(without_runs(ours.stdout), without_runs(own.stdout))
                self.assertEqual(ours.stderr, own.stderr)

    def test_a_name_that_nobody_has_is_refused_as_django_does(self):
        done = python(self.installed(), "cleanup_old_dat")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "Unknown command: 'cleanup_old_dat'. Did you mean cleanup_old_data?\n"
                                      "Type 'manage.py help' for usage.\n")
        done = python(self.installed(), "zzz", env={"LANG": "es_MX.UTF-8"})
        self.assertEqual(done.stderr, "No existe el comando 'zzz'.\nEscriba 'manage.py help' para ver los que hay.\n")

    def test_a_signal_reaches_the_command_and_its_exit_code_comes_back(self):
        manage = self.installed()
        for sent, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(sent.name):
                # It waits for its standard input for as long as the other end is open.
                line = [sys.executable, manage, "import_knowledge", "--file=-", "--format=csv"]
                with subprocess.Popen(line, env=POOR, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE) as child:
                    while not any(run["status"] == "running" for run in self.runs("import_knowledge")):
                        self.assertIsNone(child.poll())
                    child.send_signal(sent)
                    self.assertEqual(child.wait(60), code)
                self.assertEqual(self.runs("import_knowledge")[0]["exit_code"], code)

    def test_standard_input_is_the_commands(self):
        with open(EXAMPLES / "faq_es.csv", "rb") as file:
            line = [sys.executable, self.installed(), "import_knowledge", "--file=-", "--format=csv", "--json"]
            done = subprocess.run(line, env=POOR, stdin=file, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"n":14', done.stdout)


    def test_the_binary_starts_as_from_a_shell(self):
        stand_in = self.folder / "encargo"
        stand_in.write_text("#!/bin/sh\ncase $1 in help) exit 0;; esac\nexec grep SigIgn /proc/self/status\n")
        stand_in.chmod(0o755)
        direct = subprocess.run([stand_in, "x"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(python(MANAGE, "x", env={"ENCARGO_BINARY": str(stand_in)}).stdout, direct)


class Installing(Scene):
    def test_what_somebody_else_wrote_stays(self):
        path = self.project / "manage.py"
        path.write_text("# Django's\n")
        install = ["--install", path, f"--data-dir={self.data_dir}"]
        done = python(MANAGE, *install)
        self.assertEqual((done.returncode, path.read_text()), (2, "# Django's\n"))
        self.assertIn("--force", done.stderr)
        self.assertEqual(os.listdir(self.project), ["manage.py"])
        self.assertEqual(python(MANAGE, *install, "--force").returncode, 0)
        # What it wrote itself it writes again, and keeps the data directory.
        first = path.read_text()
        self.assertEqual(python(MANAGE, "--install", path).returncode, 0)
        self.assertEqual(path.read_text(), first)
        link = self.project / "link.py"
        link.symlink_to(path)
        self.assertEqual(python(MANAGE, "--install", link).returncode, 2)

    def test_a_lost_binary_is_one_clear_sentence(self):
        binary = self.folder / "encargo"
        shutil.copy(BINARY, binary)
        python(MANAGE, "--install", self.project, f"--data-dir={self.data_dir}", env={"ENCARGO_BINARY": str(binary)})
        binary.unlink()
        done = python(self.project / "manage.py", "health_check")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn(str(binary), done.stderr)
        done = python(self.project / "manage.py", "health_check", env={"ENCARGO_BINARY": str(BINARY)})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_data_directory_is_that_of_the_project(self):
        def used(manage, *words, **env):
            done = python(manage, "config", "show", "--json", *words, env={"ENCARGO_BINARY": str(BINARY), **env})
            return done.returncode, done.stdout + done.stderr

        manage = self.installed()
        self.assertIn(f'"{self.data_dir}"', used(manage)[1])
        # The caller's word is stronger than where the file lies.
        for words, env in ((["--data-dir=/other"], {}), ([], {"ENCARGO_DATA_DIR": "/other"})):
            self.assertIn('"/other"', used(manage, *words, **env)[1])
        # What appears in the project later changes nothing, unless its configuration says so.
        (self.project / "encargo-data").mkdir()
        self.assertIn(f'"{self.data_dir}"', used(manage)[1])
        (self.project / "encargo.toml").write_text("data_dir = 'own'\n[runs]\nkeep_days = 3\n")
        self.assertIn(f'"{self.project}/own"', used(manage)[1])
        # A copy elsewhere goes by its own place, else by what was installed outside of the project that it left.
        own = self.folder / "with/encargo-data"
        for moved, there, expected in (("with", True, f'"{own}"'), ("without", False, f'"{self.data_dir}"')):
            folder = self.folder / moved
            folder.mkdir()
            shutil.copy(manage, folder)
            if there:
                (folder / "encargo-data").mkdir()
            self.assertIn(expected, used(folder / "manage.py")[1])

    def test_a_copied_project_does_not_reach_for_the_data_of_the_first(self):
        shutil.copytree(self.data_dir, self.project / "encargo-data")
        self.assertEqual(python(MANAGE, "--install", self.project).returncode, 0)
        copy = self.folder / "staging"
        copy.mkdir()
        shutil.copy(self.project / "manage.py", copy)
        done = python(copy / "manage.py", "cleanup_old_data")
        self.assertEqual(done.returncode, 2)
        self.assertIn(str(copy), done.stderr)
        shutil.copytree(self.project / "encargo-data", copy / "encargo-data")
        self.assertEqual(python(copy / "manage.py", "cleanup_old_data").returncode, 0)
