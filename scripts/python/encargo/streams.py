"""What a command prints, while it prints it: from its pipes to objects with `write(text)`."""

import codecs
import os
import selectors
import time

CHUNK = 64 * 1024
LARGEST = 16 * 1024 * 1024  # characters of an output that somebody else has too
TAIL = 64 * 1024  # characters


class Kept:
    """Text that is kept for whoever called: all of it, all of it up to a bound, or its end."""

    def __init__(self, bounded=False, tail=False):
        self.parts, self.length = [], 0
        self.bounded, self.tail = bounded, tail

    def add(self, text):
        """Keeps a piece."""
        self.length += len(text)
        if self.bounded and self.length > LARGEST:
            self.parts = []
            return
        self.parts.append(text)
        if self.tail and self.length > 2 * TAIL:
            self.parts = ["".join(self.parts)[-TAIL:]]
            self.length = TAIL

    def text(self):
        """What was kept; None where it was too much."""
        if self.bounded and self.length > LARGEST:
            return None
        return "".join(self.parts)[-TAIL:] if self.tail else "".join(self.parts)


def pump(pipes, until=None):
    """Reads pipes to their ends, or until a time of the monotonic clock, and writes each piece at once.

    `pipes` are (pipe, object with `write(text)`, `Kept`); without an object what comes is dropped. Bytes that are not
    UTF-8 stay what they are as lone surrogates: a stream that cannot take those says so, and nothing is altered.
    """
    decoder_of = codecs.getincrementaldecoder("utf-8")
    with selectors.DefaultSelector() as waiting:
        for pipe, *sink in pipes:
            waiting.register(pipe, selectors.EVENT_READ, (decoder_of("surrogateescape"), *sink))
        while waiting.get_map():
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return
            for key, _ in waiting.select(left):
                decoder, sink, kept = key.data
                piece = os.read(key.fd, CHUNK)
                if not piece:
                    waiting.unregister(key.fileobj)
                if sink is not None:
                    hand_over(decoder.decode(piece, final=not piece), sink, kept)


def hand_over(text, sink, kept):
    """Writes a piece and, where the object has a buffer, sees it out."""
    if not text:
        return
    kept.add(text)
    sink.write(text)
    flush = getattr(sink, "flush", None)
    if flush is not None:
        flush()
