"""`call_command`: a command of Encargo as a call, with Django's spelling of options."""

import signal
import subprocess
import sys
import time

from encargo.installed import installed
from encargo.manage import UNKNOWN_COMMAND, Refused
from encargo.options import kinds_of, words_of
from encargo.outcome import CODES, failure_of
from encargo.streams import Kept, pump

PATIENCE = 10  # seconds that a command has to end once it was asked to


class CommandError(Exception):
    """A command that did not end with 0: also a partial one (3) and a check that found problems (4).

    `returncode` is the exit code, `code` the error's word, `hint` the way out or None, `output` and `stderr` what the
    command printed (None for an output past 16 MiB that `stdout=` has; the last 64 KiB of stderr).
    """

    def __init__(self, message, returncode=1, code=None, hint=None, output="", stderr=""):
        # All of them are `args`: task queues hand exceptions from process to process by these.
        super().__init__(message, returncode, code, hint, output, stderr)
        self.returncode = returncode
        self.code = code
        self.hint = hint
        self.output = output
        self.stderr = stderr

    def __str__(self):
        return self.args[0]


def call_command(name, *args, stdout=None, stderr=None, **options):
    """Runs a command and returns what it printed.

    `args` are words as they stand on a command line. Options have `_` for `-`; a list is an option given several times;
    None, and False for a flag, is an option that was not given. `stdout` and `stderr` are objects with `write(text)`,
    by default `sys.stdout` and `sys.stderr`; they get the text as it comes. With `stdout=` an output of more than
    16 MiB is not kept and None is returned, so that memory stays bounded.

    Raises `CommandError` where the command does not end with 0, TypeError for an option that it does not take.
    """
    here = installed()
    try:
        binary, description = here.path(), here.description(name)
    except Refused as refused:
        raise CommandError(str(refused), refused.code, CODES.get(refused.code)) from None
    if description is None:
        raise CommandError(f"Unknown command: {name!r}", UNKNOWN_COMMAND, "unknown-command")
    words = [str(word) for word in args]
    if here.tenant and "tenant" not in options and not names_tenant(words):
        options["tenant"] = here.tenant
    # Options stand before the words, among which there may be a `--`.
    line = [binary, "run", name, *words_of(name, kinds_of(description), options), *words]
    output, errors = Kept(bounded=stdout is not None), Kept(tail=True)
    returncode = stream(line, here.environment(), [
        (sys.stdout if stdout is None else stdout, output),
        (sys.stderr if stderr is None else stderr, errors),
    ])
    if returncode == 0:
        return output.text()
    message, code, hint = failure_of(here, name, returncode, output.text(), errors.text())
    raise CommandError(message, returncode, code, hint, output.text(), errors.text())


def names_tenant(words):
    """Whether words of a command line say the tenant, which may be shortened as far as `--te`."""
    options = words[: words.index("--")] if "--" in words else words
    return any(len(option) > 3 and "--tenant".startswith(option) for option in (w.partition("=")[0] for w in options))


def stream(line, environment, sinks):
    """Runs a line, writes what it prints as it comes, and gives its exit code: 128 and the signal where one ended it.

    Whatever interrupts the caller, such as a time limit of a task queue, also ends the command before it is passed on.
    """
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            pump([(child.stdout, *sinks[0]), (child.stderr, *sinks[1])])
            returncode = child.wait()
        except BaseException:
            end(child)
            raise
    return returncode if returncode >= 0 else 128 - returncode


def end(child):
    """Asks a command to end, which loses nothing, and does not wait for ever."""
    child.send_signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    # Its streams have to be read on, or it could not end.
    pump([(child.stdout, None, None), (child.stderr, None, None)], until)
    try:
        child.wait(max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        child.kill()
