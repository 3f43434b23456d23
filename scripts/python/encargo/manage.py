#!/usr/bin/env python3
"""The lines that crontabs have, unchanged: `python manage.py NAME --options` runs Encargo's command NAME.

The process becomes Encargo's binary, so its streams, signals and exit code are the binary's own. This file uses the
standard library and nothing beside it, since `manage.py --install PATH` writes a copy that stands alone.
"""

import difflib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

# What `--install` wrote: where this copy was put, the binary and the data directory. None in the original.
HOME = None
BINARY = None
DATA_DIR = None

MARK = "# Written by Encargo's `manage.py --install`, which may write it again."
USAGE = 2  # the exit code of wrong usage or configuration, as Encargo has it
UNKNOWN_COMMAND = 1  # as Django has it


class Refused(Exception):
    """One sentence for whoever called, and the exit code."""

    def __init__(self, english, spanish, code=USAGE):
        super().__init__(spanish if speaks_spanish() else english)
        self.code = code


def speaks_spanish():
    """Whether people are spoken to in Spanish, by the variables that Encargo goes by."""
    names = ("ENCARGO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "").lower().startswith("es")


def is_program(path):
    """Whether a path names a file that this user may run."""
    return path.is_file() and os.access(path, os.X_OK)


def checkout():
    """The checkout of Encargo that the original of this file lies in, or None."""
    above = list(Path(__file__).resolve().parents)
    return above[3] if len(above) > 3 and (above[3] / "scripts/build-commands").is_file() else None


def find_binary(configured=None):
    """The absolute path of Encargo's binary.

    It is the configured one, else `ENCARGO_BINARY`, else the one that `--install` wrote, else that of the checkout, of
    the wheel or of PATH. One that is named and not there is refused: another version is no substitute.
    """
    for named, origin in ((configured, "ENCARGO"), (os.environ.get("ENCARGO_BINARY"), "ENCARGO_BINARY"),
                          (BINARY, "--install")):
        if named:
            path = Path(os.path.abspath(named))
            if is_program(path):
                return path
            raise Refused(f"Encargo's binary is not at `{path}`, where {origin} has it; put it there, name another one "
                          "with ENCARGO_BINARY, or run `manage.py --install` again",
                          f"el binario de Encargo no está en `{path}`, donde lo pone {origin}; póngalo ahí, indique "
                          "otro con ENCARGO_BINARY o vuelva a ejecutar `manage.py --install`")
    built = checkout() and Path(os.environ.get("CARGO_TARGET_DIR") or checkout() / "target") / "release/encargo"
    beside = [Path(folder) / "encargo" for folder in (sysconfig.get_path("scripts"), Path(sys.executable).parent)]
    on_path = shutil.which("encargo")
    for path in [built, *beside, on_path and Path(on_path)]:
        if path and is_program(path):
            return path.absolute()
    raise Refused("there is no binary of Encargo; build it with `scripts/encargo`, or name it with ENCARGO_BINARY",
                  "no hay ningún binario de Encargo; compílelo con `scripts/encargo` o indíquelo con ENCARGO_BINARY")


def of_project(folder, data_dir=None):
    """What the environment has to say for a project in this folder; nothing where the folder is none.

    A project has an `encargo.toml` or a folder `encargo-data`, or its data directory is known. Above `folder` nothing
    is looked at: what appears there later must not change which data a crontab's line deletes.
    """
    toml, data = folder / "encargo.toml", folder / "encargo-data"
    found = {}
    if toml.is_file():
        found["ENCARGO_CONFIG"] = str(toml)
        if says_data_dir(toml):
            return found
    if found or data_dir or data.is_dir():
        found["ENCARGO_DATA_DIR"] = str(data_dir or data)
    return found


def says_data_dir(toml):
    """Whether a configuration names the data directory, which it does above its first section."""
    top = re.split(r"^\s*\[", toml.read_text(encoding="utf-8", errors="replace"), maxsplit=1, flags=re.M)[0]
    return re.search(r"""^\s*["']?data_dir["']?\s*=""", top, flags=re.M) is not None


def of_place():
    """What the environment has to say here: a copy in its place goes by what was installed, a moved one by where it is
    and then by what was installed.
    """
    folders = [Path(os.path.abspath(__file__)).parent, Path(__file__).resolve().parent]
    if DATA_DIR is not None and Path(HOME) in folders:
        return of_project(Path(HOME), DATA_DIR)
    for folder in [*folders, *filter(None, [checkout()])]:
        found = of_project(folder)
        if found:
            return found
    if DATA_DIR is None:
        return {"ENCARGO_DATA_DIR": str(checkout() / "encargo-data")} if checkout() else {}
    if Path(HOME) in Path(DATA_DIR).parents:
        raise Refused(f"this file was installed in `{HOME}`, is in `{folders[0]}` now and finds no data directory "
                      "there; run `manage.py --install` again, or name one with ENCARGO_DATA_DIR",
                      f"este archivo se instaló en `{HOME}`, está en `{folders[0]}` y ahí no hay directorio de datos; "
                      "vuelva a ejecutar `manage.py --install` o indique uno con ENCARGO_DATA_DIR")
    return {"ENCARGO_DATA_DIR": DATA_DIR}


def environment(words):
    """The environment of the binary. What the caller says, in it or by a flag, is stronger than this file's place."""
    given = dict(os.environ)
    flags = [word for word in words if word.startswith(("--data-dir", "--data_dir", "--config"))]
    if flags or given.get("ENCARGO_DATA_DIR") or given.get("ENCARGO_CONFIG"):
        return given
    return {**given, **of_place()}


def refuse_unknown(binary, name, env):
    """Refuses a name that Encargo has no command or verb of, as Django does."""
    def ask(*words):
        return subprocess.run([binary, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    if ask("help", name).returncode == 0:
        return
    listed = ask("commands", "list", "--json")
    if listed.returncode != 0:
        return  # the binary says itself what is wrong
    records = map(json.loads, listed.stdout.splitlines())
    names = [record["name"] for record in records if record["type"] == "command"]
    close = difflib.get_close_matches(name, names, n=1)
    english = f"Unknown command: {name!r}." + (f" Did you mean {close[0]}?" if close else "")
    spanish = f"No existe el comando {name!r}." + (f" ¿Quería decir {close[0]}?" if close else "")
    raise Refused(f"{english}\nType 'manage.py help' for usage.",
                  f"{spanish}\nEscriba 'manage.py help' para ver los que hay.", UNKNOWN_COMMAND)


def become(binary, words, env):
    """Makes this process the binary, as a shell would start it: with nothing ignored that Python ignores."""
    sys.stdout.flush()
    sys.stderr.flush()
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    os.execve(binary, [str(binary), *words], env)


def run(words):
    """Becomes Encargo's binary with these words; returns only by an exception."""
    binary = find_binary()
    env = environment(words)
    if words and not words[0].startswith("-"):
        refuse_unknown(binary, words[0], env)
    become(binary, words, env)


def main(words):
    """Runs a line; the exit code, where the process did not become Encargo's."""
    try:
        if HOME is None and any(word.partition("=")[0] == "--install" for word in words):
            from encargo.installation import install

            install(words)
            return 0
        return run(words)
    except Refused as refused:
        print(refused if refused.code == UNKNOWN_COMMAND else f"error: {refused}", file=sys.stderr)
        return refused.code
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    if HOME is None:  # the original is a module of its package, and what lies beside it hides no other package
        sys.path[0] = str(Path(__file__).resolve().parents[1])
        from encargo.manage import main
    sys.exit(main(sys.argv[1:]))
