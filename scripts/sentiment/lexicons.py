"""The lexicons: from the texts in the command's folder and those of others to the hashed table that a model has."""

import re
import struct
import unicodedata

ACCENTS = {**{chr(c): "a" for c in range(0xE0, 0xE6)}, **{chr(c): "e" for c in range(0xE8, 0xEC)},
           **{chr(c): "i" for c in range(0xEC, 0xF0)}, **{chr(c): "o" for c in (*range(0xF2, 0xF7), 0xF8)},
           **{chr(c): "u" for c in range(0xF9, 0xFD)}, "ý": "y", "ÿ": "y", "’": "'", "‘": "'", "´": "'"}
FEELING, NEGATION, DEGREE, BUT, BEGINNING = range(5)
# As many characters of a stem have an entry of their own, so that most words need no look for stems.
SHORTEST_STEM = 3
INDEX_BITS = 12
MASK = 0xFFFFFFFF


def folded(word):
    """A word as `reading/folding.rs` has it."""
    word = unicodedata.normalize("NFC", word).lower()
    word = re.sub(r"(.)\1\1+", r"\1", "".join(ACCENTS.get(c, c) for c in word))
    return re.sub("0+", "0", re.sub("[0-9]", "0", word))


def taken(value, character):
    return ((value ^ character) * 0x01000193) & MASK


def word_hash(word):
    value = 0x811C9DC5
    for character in word:
        value = taken(value, ord(character))
    return value


def key(entry):
    """The hash of a word, of a stem (`word*`) or of a phrase (`some_words`)."""
    words = [folded(word) for word in entry.split("_")]
    if len(words) > 1:
        value = 0x9E3779B9
        for word in words:
            rotated = ((value << 5) | (value >> 27)) & MASK
            value = ((rotated ^ word_hash(word)) * 0x01000193) & MASK
        return value
    if words[0].endswith("*"):
        return taken(word_hash(words[0][:-1]), 0x2A)
    return word_hash(words[0])


def beginnings(entry):
    """The hashes of what a stem or a phrase begins with."""
    words = [folded(word) for word in entry.split("_")]
    if len(words) > 1:
        return [taken(word_hash(words[0]), 0x2C)]
    if words[0].endswith("*"):
        assert len(words[0]) > SHORTEST_STEM, f"`{entry}` is too short for a stem"
        return [taken(word_hash(words[0][:SHORTEST_STEM]), 0x2B)]
    return []


def own(path):
    """The entries of a text of ours: entry -> (kind, number)."""
    entries = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, *words = line.split()
        if head == "NEGATION":
            known = (NEGATION, 0)
        elif head == "BUT":
            known = (BUT, 0)
        elif head.startswith("MORE"):
            known = (DEGREE, int(head[4:]))
        else:
            known = (FEELING, int(head))
        for word in words:
            # A word in two lines has what the first one says.
            entries.setdefault(word, known)
    return entries


def of_others(afinn, vader):
    """AFINN-165 and VADER's, in tenths; where both have a word, the middle of both."""
    found = {}
    for line in afinn.read_text(encoding="utf-8").splitlines():
        word, number = line.rsplit("\t", 1)
        found.setdefault(word.strip().replace(" ", "_"), []).append(float(number) * 8)
    for line in vader.splitlines():
        word, mean, *_ = line.split("\t")
        if re.fullmatch(r"[a-z][a-z' -]*[a-z]", word.lower()):
            found.setdefault(word.lower().replace(" ", "_"), []).append(float(mean) * 10)
    middle = {word: round(sum(numbers) / len(numbers)) for word, numbers in found.items()}
    return {word: (FEELING, max(-50, min(50, number))) for word, number in middle.items() if number}


def table(*layers):
    """The bytes of a lexicon; of layers with the same word the first one counts."""
    entries = {}
    for layer in layers:
        for word, known in layer.items():
            entries.setdefault(key(word), known)
    for layer in layers:
        for word in layer:
            for beginning in beginnings(word):
                entries.setdefault(beginning, (BEGINNING, 0))
    hashes = sorted(entries)
    starts, at = [], 0
    for begin in range((1 << INDEX_BITS) + 1):
        while at < len(hashes) and hashes[at] >> (32 - INDEX_BITS) < begin:
            at += 1
        starts.append(at)
    return b"".join([
        struct.pack("<I", len(hashes)), struct.pack(f"<{len(starts)}H", *starts),
        struct.pack(f"<{len(hashes)}I", *hashes), bytes(entries[value][0] for value in hashes),
        struct.pack(f"<{len(hashes)}b", *(entries[value][1] for value in hashes))])
