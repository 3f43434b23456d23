"""Fitting a model, and turning it into whole numbers."""

import math
import struct
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from features import PIECE_BITS, PLACES, WORD_BITS

# Units of the logarithm of the odds in a model's sums.
ONE = 1024
STEPS = 1024


@dataclass
class Settings:
    """How a model is fitted: `weights` has how much a row of each source counts, the first of them being the one that the
    model is for."""
    strength: float
    weights: list
    dense: float = 0.3
    words: float = 1.0
    pieces: float = 1.0


def shared(counts):
    """Counts divided by the root of how many there are in all."""
    totals = np.asarray(counts.sum(axis=1)).ravel()
    return sparse.diags(1 / np.sqrt(np.maximum(totals, 1))) @ counts


def matrix(parts, sources, settings):
    """What the regression sees; the source of a row is a feature, so that what is peculiar to it is not taken for more."""
    dense, words, pieces = parts
    of_source = sparse.csr_matrix((np.ones(len(sources)), (np.arange(len(sources)), sources)),
                                  shape=(len(sources), len(settings.weights)))
    return sparse.hstack([dense * settings.dense, shared(words) * settings.words, shared(pieces) * settings.pieces,
                          of_source]).tocsr()


def fit(all_of_it, labels, sources, settings):
    weights = np.array(settings.weights)[sources]
    by_class = np.bincount(labels, weights=weights, minlength=3)
    weights = weights / by_class[labels] * weights.sum() / 3
    return LogisticRegression(C=settings.strength, max_iter=500, tol=1e-4).fit(all_of_it, labels, sample_weight=weights)


@dataclass
class Whole:
    """A model in whole numbers, and its arithmetic, as `reading/model.rs` has it."""
    dense: np.ndarray
    words: np.ndarray
    pieces: np.ndarray
    word_unit: int
    piece_unit: int
    bias: list
    threshold: int

    @classmethod
    def of(cls, model, settings, temperature, threshold):
        # What is weighed is how much likelier than neutral the other two are.
        coefficients = (model.coef_[[0, 2]] - model.coef_[1]) / temperature
        bias = (model.intercept_[[0, 2]] - model.intercept_[1]) / temperature
        ends = np.cumsum([PLACES, 1 << WORD_BITS, 1 << PIECE_BITS])
        dense, words, pieces, of_source = np.split(coefficients, ends, axis=1)
        words, word_unit = eight_bits(words * settings.words)
        pieces, piece_unit = eight_bits(pieces * settings.pieces)
        dense = np.clip(np.rint(dense * settings.dense * ONE), -32768, 32767).astype(np.int16)
        return cls(dense, words, pieces, word_unit, piece_unit, [round(x * ONE) for x in bias + of_source[:, 0]], threshold)

    def bytes(self, lexicon):
        powers = [round((1 << 20) * math.exp(-step / 64)) for step in range(STEPS + 2)]
        numbers = [WORD_BITS, PIECE_BITS, self.word_unit, self.piece_unit, *self.bias, self.threshold]
        return b"".join([b"ENCSENT1", lexicon, struct.pack("<7i", *numbers), struct.pack(f"<{len(powers)}I", *powers),
                         *(part.T.astype(part.dtype.newbyteorder("<")).tobytes()
                           for part in (self.dense, self.words, self.pieces))])

    @classmethod
    def read(cls, file):
        """The model of a file, with its lexicon."""
        count = struct.unpack_from("<I", file, 8)[0]
        end = 8 + 4 + 2 * ((1 << 12) + 1) + 6 * count
        lexicon, numbers = file[8:end], struct.unpack_from("<7i", file, end)
        at = end + 28 + 4 * (STEPS + 2)
        parts = []
        for kind, width in ((np.dtype("<i2"), PLACES), (np.dtype("i1"), 1 << WORD_BITS), (np.dtype("i1"), 1 << PIECE_BITS)):
            parts.append(np.frombuffer(file, kind, 2 * width, at).reshape(width, 2).T)
            at += 2 * width * kind.itemsize
        return cls(*parts, numbers[2], numbers[3], list(numbers[4:6]), numbers[6]), lexicon

    def sums(self, parts):
        """Of each text how much more than neutral it is negative and positive."""
        dense, words, pieces = (part.astype(np.int64) for part in parts)
        sums = np.array([self.bias]) + dense @ self.dense.T.astype(np.int64)
        for counts, weights, unit in ((words, self.words, self.word_unit), (pieces, self.pieces, self.piece_unit)):
            totals = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
            roots = np.array([math.isqrt((1 << 32) // int(total)) for total in totals])
            sums = sums + ((counts @ weights.T.astype(np.int64)) * roots[:, None] * unit >> 32)
        return sums


def verdict(sums):
    """Score and confidence in ten-thousandths, as `reading/model.rs` has them."""
    both = [int(sums[0]), 0, int(sums[1])]
    powers = []
    for one in both:
        step, part = divmod(max(both) - one, 16)
        first, second = (round((1 << 20) * math.exp(-at / 64)) for at in (step, step + 1))
        powers.append(first - ((first - second) * part >> 4) if step < STEPS else 0)
    shares = [(power * 20_000 + sum(powers)) // (2 * sum(powers)) for power in powers]
    return shares[2] - shares[0], max(shares)


def eight_bits(weights):
    """Weights from -127 to 127, and what one of them is in a model's sums, times 2^16."""
    most = np.quantile(np.abs(weights[weights != 0]), 0.9998)
    unit = most / 127
    return np.clip(np.rint(weights / unit), -127, 127).astype(np.int8), round(unit * ONE * 65536)


def likelihoods(sums):
    both = np.stack([sums[:, 0], np.zeros(len(sums)), sums[:, 1]], axis=1) / ONE
    powers = np.exp(both - both.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
