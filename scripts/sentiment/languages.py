"""The table that languages are told apart with, from the frequencies of pieces of words that langdetect (Apache-2.0) has of
each, and the training texts for how people write Spanish and English to each other."""

import json
import math
import struct

from lexicons import MASK, taken

LANES = ["es", "en", "pt", "fr", "it", "ca", "de", "nl", "sv", "no", "pl", "ro", "tr", "id", "fi", "hu"]
BITS = 12
# How much what people write to each other counts beside Wikipedia.
INFORMAL = 0.5
# Units of a weight in one unit of the logarithm of the odds.
UNIT = 12


def small(c):
    c = ord(c)
    if 0x41 <= c <= 0x5A or (0xC0 <= c <= 0xDE and c != 0xD7):
        return c + 0x20
    if 0x100 <= c <= 0x137 or 0x14A <= c <= 0x177:
        return c | 1
    if 0x139 <= c <= 0x148 or 0x179 <= c <= 0x17E:
        return (c + 1) & ~1
    return 0x27 if c == 0x2019 else c


def place(piece):
    value = 0x811C9DC5
    for character in piece:
        value = taken(value, character)
    value = ((value ^ (value >> 15)) * 0x2C1B3C6D) & MASK
    value = ((value ^ (value >> 12)) * 0x297A2D39) & MASK
    return value >> (32 - BITS)


def pieces(word):
    characters = [0x20, *map(small, word), 0x20]
    for length in (1, 2, 3):
        for at in range(len(characters) - length + 1):
            piece = tuple(characters[at:at + length])
            if piece != (0x20,):
                yield piece


def shares(counts):
    """From counts of pieces to their shares among those of their length."""
    totals = {}
    for piece, count in counts.items():
        totals[len(piece)] = totals.get(len(piece), 0) + count
    return {piece: count / totals[len(piece)] for piece, count in counts.items()}


def profile(path):
    counts = {}
    for piece, count in json.loads(path.read_text(encoding="utf-8"))["freq"].items():
        if piece != " ":
            piece = tuple(map(small, piece))
            counts[piece] = counts.get(piece, 0) + count
    return shares(counts)


def table(profiles, informal):
    """The table's bytes; `informal` has the words of texts by language."""
    of = {lane: profile(profiles / lane) for lane in LANES}
    for lane, words in informal.items():
        counts = {}
        for word in words:
            for piece in pieces(word):
                counts[piece] = counts.get(piece, 0) + 1
        said = shares(counts)
        both = of[lane].keys() | said.keys()
        of[lane] = {piece: (1 - INFORMAL) * of[lane].get(piece, 0) + INFORMAL * said.get(piece, 0) for piece in both}
    mass = {lane: [0.0] * (1 << BITS) for lane in LANES}
    for lane, known in of.items():
        for piece, share in known.items():
            mass[lane][place(piece)] += share
    weights = bytearray()
    for at in range(1 << BITS):
        logs = [math.log(mass[lane][at] + 2e-5) for lane in LANES]
        middle = sum(logs) / len(logs)
        weights += struct.pack(f"{len(LANES)}b", *(max(-127, min(127, round(UNIT * (log - middle)))) for log in logs))
    return bytes(weights)
