"""`manage.py --install PATH`: writes a copy of `manage.py` that knows its binary and its data directory."""

import argparse
import ast
import os
import re
import tempfile
from pathlib import Path

from encargo import manage
from encargo.manage import MARK, Refused, find_binary, of_place, of_project, speaks_spanish


def install(words):
    """Writes the copy, and nothing over a file of somebody else's.

    Raises `Refused` where there is no such folder, no binary, two data directories, or a file in the way.
    """
    parser = argparse.ArgumentParser(prog="manage.py", description=__doc__, allow_abbrev=False)
    parser.add_argument("--install", metavar="PATH", required=True, help="where to write it: a file, or its folder")
    parser.add_argument("--data-dir", metavar="DIR", help="by default that of the project, else the one in use")
    parser.add_argument("--force", action="store_true", help="replace a file that --install did not write")
    given = parser.parse_args(words)
    path = Path(os.path.abspath(given.install))
    path = path / "manage.py" if path.is_dir() else path
    if not path.parent.is_dir():
        raise Refused(f"there is no folder `{path.parent}`", f"no existe la carpeta `{path.parent}`")
    replaces = os.path.lexists(path)
    if replaces and not given.force and not is_ours(path):
        raise taken(path)
    data_dir = data_dir_for(path.parent, given.data_dir or (data_dir_in(path) if is_ours(path) else None))
    text = installed_text(path.parent, find_binary(), data_dir)
    write(path, text, replaces)
    data_dir = of_project(path.parent, data_dir).get("ENCARGO_DATA_DIR", f"{path.parent}/encargo.toml: data_dir")
    print(f"se escribió `{path}`; directorio de datos: {data_dir}" if speaks_spanish() else
          f"wrote `{path}`; data directory: {data_dir}")


def data_dir_for(home, given):
    """The data directory of a copy in `home`: the given one, else the project's, else the one that is in use here."""
    of_home = of_project(home)
    if "ENCARGO_CONFIG" in of_home and "ENCARGO_DATA_DIR" not in of_home:
        if given not in (None, str(home / "encargo-data")):
            raise Refused(f"`{home}/encargo.toml` names the data directory; leave --data-dir out, or `data_dir` there",
                          f"`{home}/encargo.toml` indica el directorio de datos; omita --data-dir, o `data_dir` ahí")
        return str(home / "encargo-data")
    if given:
        return os.path.abspath(given)
    if "ENCARGO_DATA_DIR" in of_home:
        return of_home["ENCARGO_DATA_DIR"]
    in_use = {**of_place(), **os.environ}
    return os.path.abspath(in_use.get("ENCARGO_DATA_DIR") or home / "encargo-data")


def is_ours(path):
    """Whether `--install` wrote this file. A link is somebody else's, wherever it leads."""
    if path.is_symlink() or not path.is_file():
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return [file.readline(), file.readline()][1] == MARK + "\n"


def data_dir_in(path):
    """The data directory that an earlier --install wrote into a copy."""
    found = re.search(r"^DATA_DIR = (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    return ast.literal_eval(found[1])


def taken(path):
    """Why a file that is there stays."""
    return Refused(f"`{path}` is there and was not written by --install; --force replaces it",
                   f"`{path}` ya existe y no lo escribió --install; --force lo reemplaza")


def installed_text(home, binary, data_dir):
    """The text of `manage.py` with its place, binary and data directory in it."""
    text = Path(manage.__file__).read_text(encoding="utf-8")
    for name, value in (("HOME", home), ("BINARY", binary), ("DATA_DIR", data_dir)):
        text, found = re.subn(f"^{name} = .*$", lambda _: f"{name} = {str(value)!r}", text, count=1, flags=re.M)
        assert found, name
    shebang, rest = text.split("\n", 1)
    return f"{shebang}\n{MARK}\n{rest}"


def write(path, text, replaces):
    """Puts the text in its place at once: whoever looks finds the old file or the new one, whole."""
    handle, fresh = tempfile.mkstemp(prefix=".manage.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(fresh, 0o755)
        if replaces:
            os.replace(fresh, path)
        else:
            os.link(fresh, path)  # refuses what appeared meanwhile
            os.unlink(fresh)
    except BaseException as error:
        os.unlink(fresh)
        raise taken(path) if isinstance(error, FileExistsError) else error
