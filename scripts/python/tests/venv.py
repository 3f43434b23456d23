"""Private environments with pinned packages, made once under the target folder."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.scene import TARGET, skip

REQUIREMENTS = Path(__file__).parent / "requirements"


def venv(name):
    """The interpreter of an environment with the packages of `requirements/NAME.txt`; skips where there is none."""
    wanted = REQUIREMENTS / f"{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()
    folder = TARGET / "python" / name
    done = folder / "installed"
    if not done.is_file() or done.read_text() != digest:
        shutil.rmtree(folder, ignore_errors=True)
        pip = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        for line in ([sys.executable, "-m", "venv", folder], [*pip, "--requirement", wanted]):
            made = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if made.returncode != 0:
                said = (made.stderr or made.stdout).strip().splitlines() or ["no reason was given"]
                skip(f"the packages of {wanted.name} cannot be installed: {said[-1]}")
        done.write_text(digest)
    return folder / "bin/python"
