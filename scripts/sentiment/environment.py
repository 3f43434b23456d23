"""A private environment with the packages of requirements.txt, made once in target/sentiment."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from texts import TARGET

WANTED = Path(__file__).with_name("requirements.txt")


def interpreter():
    folder = TARGET / "sentiment"
    digest = hashlib.sha256(WANTED.read_bytes() + sys.version.encode()).hexdigest()
    done = folder / "installed"
    if not done.is_file() or done.read_text() != digest:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", WANTED],
                       check=True)
        done.write_text(digest)
    return folder / "bin/python"


def inside():
    """Goes on inside the environment."""
    python = interpreter()
    if os.environ.get("ENCARGO_SENTIMENT_INSIDE") != "1":
        os.environ["ENCARGO_SENTIMENT_INSIDE"] = "1"
        os.execv(python, [python, *sys.argv])
