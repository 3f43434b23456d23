"""A management command of Django that is a command of Encargo."""

import subprocess
import sys

from django.core.management.base import BaseCommand
from django.core.management.base import CommandError as DjangoCommandError

from encargo import calling
from encargo.installed import installed
from encargo.manage import UNKNOWN_COMMAND, Refused, become
from encargo.options import HOST_OPTIONS
from encargo.outcome import CODES

# Options that Django's own parser has on every command, and takes care of itself or hands on.
OF_BASE = {"verbosity", "traceback", "no-color", "force-color"}
HANDLED = ("settings", "pythonpath", "skip_checks", "stdout", "stderr")


class CommandError(calling.CommandError, DjangoCommandError):
    """A `CommandError` of both: with Django's `returncode` and all that Encargo's carries."""


def of_name(name):
    """The class of a command."""
    return type("Command", (EncargoCommand,), {"__module__": __name__, "name": name})


class EncargoCommand(BaseCommand):
    """Runs the command `name` of Encargo."""

    name = None
    requires_system_checks = []  # the project's models are not used

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._description = None

    @property
    def description(self):
        """What the command says about itself; asked for once."""
        if self._description is None:
            try:
                self._description = installed().description(self.name)
            except Refused as refused:
                raise CommandError(str(refused), refused.code, CODES.get(refused.code)) from None
            if self._description is None:
                raise CommandError(f"Unknown command: {self.name!r}", UNKNOWN_COMMAND, "unknown-command")
        return self._description

    def create_parser(self, prog_name, subcommand, **kwargs):
        """A parser where an option of the command's, such as `--version`, is stronger than Django's."""
        kwargs.setdefault("conflict_handler", "resolve")
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = self.description["summary"]["en"]
        return parser

    def add_arguments(self, parser):
        """All options as text: their values are the host's to check."""
        own = {spec["name"]: spec["kind"] for spec in self.description["arguments"]}
        for option, kind in {**HOST_OPTIONS, **own}.items():
            if option in OF_BASE:
                continue
            more = {"nargs": "?", "const": True} if kind in ("flag", "optional") else {}
            more.update({"action": "append"} if kind == "texts" else {})
            parser.add_argument(f"--{option}", dest=option.replace("-", "_"), **more)
        parser.add_argument("args", nargs="*")

    def handle(self, *args, **options):
        """Runs the command; what it prints goes to `self.stdout` and `self.stderr` as it comes."""
        given = {option: value for option, value in options.items() if option not in HANDLED}
        if given.get("verbose") or given.get("quiet"):
            given.pop("verbosity")  # Django's parser has one always
        try:
            calling.call_command(self.name, *args, stdout=Plain(self.stdout), stderr=Plain(self.stderr), **given)
        except calling.CommandError as error:
            raise CommandError(*error.args) from None

    def run_from_argv(self, argv):
        """A line of the command line is the binary's: its parser, help, streams, signals and exit code.

        The process becomes the binary where the line is its own; otherwise the binary is a child and its exit code is
        that of SystemExit.
        """
        here = installed()
        try:
            binary = here.path()
        except Refused as refused:
            print(f"error: {refused}", file=sys.stderr)
            sys.exit(refused.code)
        words = argv[2:]
        if here.tenant and not calling.names_tenant(words):
            words = [f"--tenant={here.tenant}", *words]
        words = ["run", self.name, *words]
        if argv == sys.argv:
            become(binary, words, here.environment())
        sys.stdout.flush()
        sys.stderr.flush()
        code = subprocess.call([binary, *words], env=here.environment())
        sys.exit(code if code >= 0 else 128 - code)

    def print_help(self, prog_name, subcommand):
        """The help is the binary's."""
        self.run_from_argv([prog_name, subcommand, "--help"])


class Plain:
    """Writes text as it is: Django's wrapper would end each piece with a line end and colour it."""

    def __init__(self, wrapper):
        self.wrapper = wrapper

    def write(self, text):
        """Writes a piece."""
        self.wrapper.write(text, style_func=str, ending="")

    def flush(self):
        """Sees it out, where there is anything to see out."""
        flush = getattr(self.wrapper, "flush", None)
        if flush is not None:
            flush()
