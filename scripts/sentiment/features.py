"""What the command sees in texts, told by its own code: `examples/features.rs`."""

import subprocess
import tempfile

import numpy as np
from scipy import sparse

from texts import ROOT, TARGET

PLACES, WORD_BITS, PIECE_BITS = 192, 16, 17
WIDTHS = (PLACES, 1 << WORD_BITS, 1 << PIECE_BITS)


def program():
    subprocess.run(["cargo", "build", "--release", "--quiet", "--package", "analyze_sentiment", "--example", "features"],
                   cwd=ROOT, check=True)
    return TARGET / "release/examples/features"


def of(lexicon, texts, tool=None):
    """A matrix of counts for each kind: what holds of the whole, words and pairs, pieces of words."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(lexicon)
        file.flush()
        lines = "".join(text.replace("\n", " ") + "\n" for text in texts).encode()
        words = [tool or program(), file.name, str(WORD_BITS), str(PIECE_BITS)]
        numbers = np.frombuffer(subprocess.run(words, input=lines, stdout=subprocess.PIPE, check=True).stdout, dtype="<u4")
    at, lists = 0, ([], [], [])
    for _ in texts:
        for kind in lists:
            kind.append(numbers[at + 1:at + 1 + numbers[at]])
            at += 1 + int(numbers[at])
    assert at == len(numbers), "the program told of other texts than it was given"
    return [counts(kind, width) for kind, width in zip(lists, WIDTHS)]


def counts(lists, width):
    places = np.concatenate(lists) if lists else np.zeros(0, dtype=np.int64)
    ends = np.cumsum([0] + [len(places) for places in lists])
    matrix = sparse.csr_matrix((np.ones(len(places)), places, ends), shape=(len(lists), width))
    matrix.sum_duplicates()
    return matrix
