"""The labelled texts: read, cleaned, and each once."""

import html
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
COMMAND = ROOT / "guest-commands/analyze_sentiment"
# Labels as they stand in the files.
NEGATIVE, NEUTRAL, POSITIVE = range(3)


def folder():
    """Where the training data is, or none: it cannot be part of the repository."""
    given = os.environ.get("ENCARGO_TEST_DATA")
    for place in ([Path(given)] if given else []) + [ROOT.parent / "shared/data", ROOT.parents[1] / "shared/data"]:
        if (place / "sentiment").is_dir():
            return place / "sentiment"
    return None


def clean(text):
    """Undoes what the collections did to texts: escapes of characters, doubled quotes, entities of HTML."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda escape: chr(int(escape[1], 16)), text)
    text = html.unescape(re.sub(r'\\?"+', '"', text))
    return re.sub(r"\s+", " ", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")).strip()


def key(text):
    """What texts that are one and the same have in common, whatever became of their addresses and marks."""
    bare = re.sub(r"http\S*|@\w+", "", text.lower())
    return re.sub(r"[^a-zñáéíóúü]", "", bare)[:60] or text


def rows(path):
    """(label, text) of a file of `label<TAB>text`."""
    lines = path.read_text(encoding="utf-8").split("\n")
    split = (line.split("\t", 1) for line in lines if line and not line.startswith("#"))
    return [(int(label), clean(text)) for label, text in split]


def once(lists, without=()):
    """The rows of each list that no earlier list and none of `without` has, as lists."""
    seen = {key(text) for _, text in without}
    kept = []
    for some in lists:
        kept.append([])
        for label, text in some:
            if key(text) not in seen:
                seen.add(key(text))
                kept[-1].append((label, text))
    return kept
