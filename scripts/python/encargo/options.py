"""Options as Python writes them, `dry_run=True, days=30`, as the words of a command line."""

import datetime
import os

# What a flag of every command takes; a test holds it against the binary's own help.
HOST_OPTIONS = {
    **dict.fromkeys(("fail-fast", "dry-run", "restart", "yes", "overwrite", "verbose", "quiet", "json", "no-color",
                     "force-color", "traceback"), "flag"),
    **dict.fromkeys(("resume", "isolated"), "optional"),
    **dict.fromkeys(("tenant", "exclude-tenant"), "texts"),
    **dict.fromkeys(("wait-lock", "timeout"), "duration"),
    **dict.fromkeys(("parallel", "verbosity", "progress", "lang", "data-dir", "config"), "text"),
}

# Options of Django's own that say nothing to Encargo: `call_command` has no system checks that it could skip.
OF_DJANGO = {"skip_checks", "interactive"}


def kinds_of(description):
    """The kind of each option that a command takes, its own and the host's, by name."""
    return {**HOST_OPTIONS, **{spec["name"]: spec["kind"] for spec in description["arguments"]}}


def words_of(name, kinds, options):
    """The words for the options of the command `name`. None is an option that was not given; so is False for a flag.

    Raises TypeError for a name that the command does not take and for a value that no line can say.
    """
    words = []
    for written, value in options.items():
        option = written.rstrip("_").replace("_", "-")  # `from_` for `from`, which is a word of Python's
        if written in OF_DJANGO and option not in kinds:
            if written == "interactive" and value is False:
                words.append("--no-input")
            continue
        if option not in kinds:
            valid = ", ".join(sorted(kind.replace("-", "_") for kind in kinds))
            raise TypeError(f"Unknown option(s) for {name} command: {written}. Valid options are: {valid}.")
        if value is not None:
            words += one(f"--{option}", kinds[option], value)
    return words


def one(option, kind, value):
    """The words for one option that was given."""
    if kind == "flag" and not isinstance(value, str):
        return [option] if value else []
    if kind == "optional" and isinstance(value, bool):
        return [option] if value else []
    if isinstance(value, (list, tuple, set, frozenset)):
        if kind != "texts":
            raise TypeError(f"{option} takes one value, and it is {value!r}")
        items = [as_text(option, kind, item) for item in value]
        for item in items:
            if "," in item:
                raise TypeError(f"{option}: {item!r} has a comma, which separates values; give it without")
        return [f"{option}={item}" for item in items]
    return [f"{option}={as_text(option, kind, value)}"]


def as_text(option, kind, value):
    """A value as it is written on the command line."""
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise TypeError(f"{option}: {value!r} has no time zone; use an aware datetime")
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        if value % datetime.timedelta(seconds=1) or value < datetime.timedelta():
            raise TypeError(f"{option}: {value!r} is not a whole number of seconds")
        return f"{value // datetime.timedelta(seconds=1)}s"
    if isinstance(value, (bool, bytes, bytearray, dict)) or not hasattr(value, "__str__"):
        raise TypeError(f"{option} takes a {kind}, and it is {value!r}")
    return str(value)
