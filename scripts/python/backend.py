"""Builds the wheel (PEP 517) with the standard library alone; `scripts/python/build` calls it.

With the binary, where one was built, the wheel is for this platform and puts `encargo` beside `python`; without it the
wheel is pure Python and finds Encargo where it is installed. The same sources give the same bytes.
"""

import base64
import hashlib
import os
import re
import zipfile
from pathlib import Path

from elf import platform_of

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
LICENCES = ("LICENSE-APACHE", "LICENSE-MIT")
FILE, PROGRAM = 0o100644, 0o100755


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes the wheel into a folder; its name. `config_settings={"binary": ""}` leaves the binary out."""
    binary = (config_settings or {}).get("binary", str(built()))
    binary = Path(binary) if binary and Path(binary).is_file() else None
    tag = f"py3-none-{platform_of(binary) if binary else 'any'}"
    stem = f"encargo-{version()}"
    name = f"{stem}-{tag}.whl"
    files = [(str(path.relative_to(HERE)), path.read_bytes(), FILE) for path in sorted(HERE.glob("encargo/**/*.py"))]
    if binary:
        files.append((f"{stem}.data/scripts/encargo", binary.read_bytes(), PROGRAM))
    files += [(f"{stem}.dist-info/licenses/{name}", (CHECKOUT / name).read_bytes(), FILE) for name in LICENCES]
    files.append((f"{stem}.dist-info/METADATA", metadata().encode(), FILE))
    files.append((f"{stem}.dist-info/WHEEL", wheel(tag, pure=binary is None).encode(), FILE))
    record = f"{stem}.dist-info/RECORD"
    files.append((record, "".join(map(recorded, files)).encode() + f"{record},,\n".encode(), FILE))
    fresh = Path(wheel_directory) / f"{name}.new"
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data, mode in files:
            entry = zipfile.ZipInfo(path)
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    os.replace(fresh, Path(wheel_directory) / name)
    return name


def built():
    """Where a build puts the binary."""
    return Path(os.environ.get("CARGO_TARGET_DIR") or CHECKOUT / "target") / "release/encargo"


def version():
    """The version of the workspace, which is also that of the binary."""
    return re.search(r'^version = "(.+)"$', (CHECKOUT / "Cargo.toml").read_text(encoding="utf-8"), flags=re.M)[1]


def metadata():
    """What package indexes show."""
    return f"""Metadata-Version: 2.1
Name: encargo
Version: {version()}
Summary: Encargo's management commands from Python, Django, cron and Celery
License: Apache-2.0 OR MIT
Requires-Python: >=3.9
"""


def wheel(tag, pure):
    """What installers read."""
    return f"Wheel-Version: 1.0\nGenerator: encargo\nRoot-Is-Purelib: {str(pure).lower()}\nTag: {tag}\n"


def recorded(file):
    """The line of a file in RECORD."""
    path, data, _ = file
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(data)}\n"
