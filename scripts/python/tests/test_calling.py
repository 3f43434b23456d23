"""`call_command`: options as Django spells them, streams, errors."""

import datetime
import io
import os
import pickle
import threading
import unittest
from pathlib import Path

import encargo
from encargo import calling
from encargo.options import HOST_OPTIONS, words_of
from encargo.streams import LARGEST, TAIL, Kept
from tests.scene import BINARY, EXAMPLES, TASKS, Scene, has
from tests.scene import encargo as binary


class Calling(Scene):
    def setUp(self):
        super().setUp()
        encargo.configure(binary=BINARY, data_dir=self.data_dir)
        self.addCleanup(encargo.configure)
        self.out, self.err = io.StringIO(), io.StringIO()

    def call(self, name, *args, **options):
        return encargo.call_command(name, *args, stdout=self.out, stderr=self.err, **options)

    def test_the_tasks_of_the_brief_run_with_their_import_line_changed(self):
        ran = [name for name, options in TASKS.values() if has(name) and self.call(name, **options) is not None]
        self.assertIn("cleanup_old_data", ran)
        for name in ran:
            self.assertEqual(self.runs(name)[0]["status"], "succeeded")

    def test_what_was_printed_is_returned_and_streamed(self):
        options = {"days": 30, "type": ["chats", "logs"], "dry_run": True, "tenant": None, "fail_fast": False}
        returned = self.call("cleanup_old_data", **options)
        self.assertEqual(returned, self.out.getvalue())
        self.assertIn("older than 30 days", returned)
        self.assertIn("demo    logs", returned)
        self.assertNotIn("demo    media", returned)
        run = self.runs("cleanup_old_data")[0]
        self.assertEqual((run["dry_run"], run["tenant"]), (True, "demo"))

    def test_words_stand_as_they_are(self):
        self.assertIn("older than 7 days", self.call("cleanup_old_data", "--days=7", "--type", "logs"))

    def test_errors_carry_code_hint_and_output(self):
        broken = EXAMPLES / "broken.csv"
        for options, returncode, code, message, hint in (
            ({"file": broken}, 1, "invalid", "2 of 5 records", None),
            ({"file": broken, "json": True}, 1, "invalid", "2 of 5 records", None),
            ({"file": broken, "force_color": True}, 1, "invalid", "2 of 5 records", None),
            ({"file": broken, "validation_level": "lenient"}, 3, "partial", "the rest is done", None),
            ({"file": "/nowhere"}, 10, "not-found", "there is nothing at `/nowhere`", None),
            ({"file": "/nowhere", "json": True}, 10, "bad-path", "there is nothing at `/nowhere`", None),
            ({"tenant": ["demo", "none"]}, 10, "not-found", "there is no tenant `none`", "--tenant=none` makes it"),
        ):
            with self.subTest(options), self.assertRaises(encargo.CommandError) as caught:
                self.out.truncate(0)
                self.out.seek(0)
                self.call("import_knowledge", **options)
            error = caught.exception
            self.assertEqual((error.returncode, error.code), (returncode, code), error)
            self.assertIn(message, str(error))
            self.assertEqual(error.output, self.out.getvalue())
            self.assertTrue(self.err.getvalue().endswith(error.stderr))
            self.assertTrue(hint is None and error.hint is None or hint in error.hint, error.hint)
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((str(again), vars(again)), (str(error), vars(error)))
        # The report of a partial import is not lost.
        self.assertEqual(sum("partial" == run["status"] for run in self.runs("import_knowledge")), 1)

    def test_what_no_line_can_say_is_a_type_error(self):
        for options in ({"dayz": 3}, {"days": [1, 2]}, {"days": True}, {"type": ["chats,logs"]}, {"type": b"chats"},
                        {"timeout": datetime.timedelta(milliseconds=5)}, {"settings": "project.settings"}):
            with self.subTest(options), self.assertRaises(TypeError):
                self.call("cleanup_old_data", **options)
        self.assertEqual(self.runs("cleanup_old_data"), [])

    def test_a_name_that_nobody_has_is_a_command_error(self):
        for name in ("cleanup", "runs", "--help", ""):
            with self.assertRaises(encargo.CommandError) as caught:
                self.call(name)
            self.assertEqual((str(caught.exception), caught.exception.returncode), (f"Unknown command: {name!r}", 1))

    def test_what_keeps_the_binary_from_answering_is_said(self):
        broken = self.folder / "encargo.toml"
        broken.write_text("retention = 'for ever'\n")
        os.environ["ENCARGO_CONFIG"] = str(broken)
        self.addCleanup(os.environ.pop, "ENCARGO_CONFIG")
        with self.assertRaises(encargo.CommandError) as caught:
            self.call("cleanup_old_data")
        self.assertEqual((caught.exception.returncode, caught.exception.code), (2, "usage"))
        self.assertIn("retention", str(caught.exception))

    def test_the_tenant_of_a_project_is_that_of_each_call_that_says_none(self):
        self.assertEqual(binary("init_system", "--tenant=shop", data_dir=self.data_dir).returncode, 0)
        encargo.configure(binary=BINARY, data_dir=self.data_dir, tenant="shop")
        for words, options, tenants in (
            ([], {}, {"shop"}),
            ([], {"tenant": "demo"}, {"demo"}),
            (["--tena=demo"], {}, {"demo"}),
            ([], {"tenant": "all"}, {"shop", "demo"}),
        ):
            report = self.call("cleanup_old_data", *words, type="logs", **options)
            self.assertEqual({name for name in ("shop", "demo") if f"\n{name} " in report}, tenants, report)

    def test_a_data_directory_that_depends_on_the_folder_is_refused(self):
        with self.assertRaises(ValueError):
            encargo.configure(data_dir="data")


class Noticed(io.StringIO):
    """A stream that tells when something was written to it."""

    def __init__(self):
        super().__init__()
        self.event = threading.Event()

    def write(self, text):
        super().write(text)
        self.event.set()


class StandIn(Scene):
    """Over a stand-in for the binary, which says when it goes on."""

    def setUp(self):
        super().setUp()
        os.mkfifo(self.folder / "go")
        self.addCleanup(encargo.configure)

    def stand_in(self, script):
        path = self.folder / "encargo"
        path.write_text(f"#!/bin/sh\ncase $1 in run) ;; *) exec {BINARY} \"$@\";; esac\ncd {self.folder}\n{script}\n")
        path.chmod(0o755)
        encargo.configure(binary=path, data_dir=self.folder / "data")

    def test_lines_come_while_the_command_runs(self):
        self.stand_in("echo first; echo warning >&2; read word <go; echo $word")
        out, err = Noticed(), Noticed()
        streams = {"stdout": out, "stderr": err}
        thread = threading.Thread(target=encargo.call_command, args=("health_check",), kwargs=streams)
        thread.start()
        self.assertTrue(out.event.wait(60) and err.event.wait(60))
        self.assertEqual((out.getvalue(), err.getvalue()), ("first\n", "warning\n"))
        (self.folder / "go").write_text("second\n")
        thread.join()
        self.assertEqual(out.getvalue(), "first\nsecond\n")

    def test_whatever_interrupts_the_call_ends_the_command(self):
        self.stand_in("trap 'echo ended >end; exit 143' TERM; echo first; read word <>go")

        class TimeLimit(BaseException):
            pass

        class Interrupting(io.StringIO):
            def write(self, text):
                raise TimeLimit

        with self.assertRaises(TimeLimit):
            encargo.call_command("health_check", stdout=Interrupting(), stderr=io.StringIO())
        self.assertEqual((self.folder / "end").read_text(), "ended\n")

    def test_a_command_that_does_not_end_is_killed(self):
        self.stand_in("trap '' TERM; echo $$ >pid; echo first; while :; do read word <>go; done")
        self.addCleanup(setattr, calling, "PATIENCE", calling.PATIENCE)
        calling.PATIENCE = 0.1

        class Full(io.StringIO):
            def write(self, text):
                raise OSError("no space is left")

        with self.assertRaises(OSError):
            encargo.call_command("health_check", stdout=Full(), stderr=io.StringIO())
        with self.assertRaises(ProcessLookupError):
            os.kill(int((self.folder / "pid").read_text()), 0)

    def test_a_killed_command_is_an_error(self):
        self.stand_in("kill -KILL $$")
        with self.assertRaises(encargo.CommandError) as caught:
            encargo.call_command("health_check", stdout=io.StringIO(), stderr=io.StringIO())
        self.assertEqual(caught.exception.returncode, 137)

    def test_bytes_that_are_no_text_are_not_altered(self):
        self.stand_in(r"printf 'a\377\303'; printf '\261b'")
        out = io.StringIO()
        returned = encargo.call_command("health_check", stdout=out, stderr=io.StringIO())
        self.assertEqual(returned.encode("utf-8", "surrogateescape"), b"a\xff\xc3\xb1b")
        with self.assertRaises(UnicodeEncodeError):
            encargo.call_command("health_check", stdout=io.TextIOWrapper(io.BytesIO(), "utf-8"), stderr=io.StringIO())


class Options(unittest.TestCase):
    def test_the_options_of_every_command_are_those_of_the_binary(self):
        helped = binary("help", "cleanup_old_data").stdout
        of_host = helped[helped.index("Options of every command:"):helped.index("Examples:")]
        lines = [line for line in of_host.splitlines() if line.lstrip().startswith("-")]
        names = {line.partition("--")[2].split()[0].partition("[")[0] for line in lines}
        self.assertEqual(names - {"explain-exit", "help"}, set(HOST_OPTIONS))

    def test_values_are_written_as_the_command_line_has_them(self):
        kinds = {"days": "integer", "type": "texts", "from": "tenant", "since": "instant", "sleep": "duration",
                 "plan": "flag", "resume": "optional", "file": "input-file", "ratio": "real"}
        zone = datetime.timezone(datetime.timedelta(hours=-6))
        for options, words in (
            ({"days": 30}, ["--days=30"]),
            ({"days": None, "plan": False, "resume": False}, []),
            ({"plan": True, "resume": True}, ["--plan", "--resume"]),
            ({"plan": 1, "resume": "06z"}, ["--plan", "--resume=06z"]),
            ({"plan": "false"}, ["--plan=false"]),
            ({"type": ["a", "b"]}, ["--type=a", "--type=b"]),
            ({"type": ()}, []),
            ({"type": "a,b"}, ["--type=a,b"]),
            ({"from_": "a"}, ["--from=a"]),
            ({"file": Path("/x y")}, ["--file=/x y"]),
            ({"since": datetime.date(2026, 1, 31)}, ["--since=2026-01-31"]),
            ({"since": datetime.datetime(2026, 1, 31, 8, tzinfo=zone)}, ["--since=2026-01-31T14:00:00Z"]),
            ({"sleep": datetime.timedelta(minutes=2)}, ["--sleep=120s"]),
            ({"ratio": 0.5}, ["--ratio=0.5"]),
            ({"skip_checks": True, "interactive": True}, []),
            ({"interactive": False}, ["--no-input"]),
        ):
            self.assertEqual(words_of("x", kinds, options), words, options)
        naive, short = datetime.datetime(2026, 1, 31), datetime.timedelta(microseconds=1)
        for options in ({"since": naive}, {"sleep": short}, {"days": {}}):
            with self.assertRaises(TypeError):
                words_of("x", kinds, options)


class Keeping(unittest.TestCase):
    def test_memory_is_bounded_where_somebody_else_has_the_output(self):
        bounded, whole, tail = Kept(bounded=True), Kept(), Kept(tail=True)
        for kept in (bounded, whole, tail):
            for _ in range(LARGEST // 1024 + 1):
                kept.add("x" * 1024)
        self.assertIsNone(bounded.text())
        self.assertEqual(len(whole.text()), LARGEST + 1024)
        self.assertEqual(len(tail.text()), TAIL)
        self.assertLessEqual(sum(map(len, tail.parts)), 2 * TAIL)

    def test_a_lost_binary_or_another_program_is_a_command_error(self):
        self.addCleanup(encargo.configure)
        for path in ("/nowhere/encargo", "/bin/echo", "/bin/false"):
            encargo.configure(binary=path)
            with self.assertRaises(encargo.CommandError) as caught:
                encargo.call_command("health_check")
            self.assertNotEqual(caught.exception.returncode, 0)
            self.assertIn("Encargo", str(caught.exception))
