"""From the labelled texts to the files of the models."""

import importlib.util
import re
import sys

from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

import features
import fitting
import languages
import lexicons
import texts
from fitting import Settings, Whole

MODEL = texts.COMMAND / "model"
OWN = Path(__file__).with_name("own")
# The first source of each language is what the model is for; its `val` split is kept aside.
SOURCES = {"es": ["es_train", "sentimp21_es"], "en": ["en_train", "en_more", "sentimp21_en", "goemotions_en"]}
SETTINGS = {"es": Settings(1.0, [1.0, 0.5, 1.0]), "en": Settings(1.0, [1.0, 0.6, 0.5, 0.1, 1.0])}
THRESHOLD = 4500

def package(name):
    return Path(importlib.util.find_spec(name).origin).parent

def lexicon(language, data):
    layers = [lexicons.own(MODEL / f"lexicon_{language}.txt"), lexicons.own(MODEL / "lexicon_symbols.txt")]
    if language == "en":
        vader = (package("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8")
        layers.append(lexicons.of_others(data / "lexicon_afinn165_en.tsv", vader))
    return lexicons.table(*layers)

def material(language, data):
    """The rows to train from, source by source, our own behind the others: none of them is in what is kept aside."""
    aside = texts.rows(data / f"{language}_val.tsv")
    for path in sorted((texts.COMMAND / "evaluation").glob(f"*_{language}.tsv")):
        aside += texts.rows(path)
    lists = [texts.rows(data / f"{name}.tsv") for name in SOURCES[language]]
    return texts.once([*lists, texts.rows(OWN / f"chats_{language}.tsv")], aside)

def out_of_fold(everything, labels, sources, settings):
    """The likelihoods of each row of the first source, by models that did not see it."""
    first, others = np.flatnonzero(sources == 0), np.flatnonzero(sources != 0)
    logits = np.zeros((len(first), 3))
    for seen, unseen in StratifiedKFold(5, shuffle=True, random_state=0).split(first, labels[first]):
        rows = np.concatenate([first[seen], others])
        model = fitting.fit(everything[rows], labels[rows], sources[rows], settings)
        logits[unseen] = model.decision_function(everything[first[unseen]])
    return logits, labels[first]

def temperature(logits, labels):
    """What the odds are divided by so that they come true."""
    def loss(divisor):
        scaled = logits / divisor
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(labels)), labels]))
    return minimize_scalar(loss, bounds=(0.2, 5), method="bounded").x

def train(language, data):
    table = lexicon(language, data)
    lists = material(language, data)
    rows = [row for some in lists for row in some]
    labels = np.array([label for label, _ in rows])
    sources = np.repeat(np.arange(len(lists)), [len(some) for some in lists])
    parts = features.of(table, [text for _, text in rows])
    settings = SETTINGS[language]
    everything = fitting.matrix(parts, sources, settings)
    logits, truth = out_of_fold(everything, labels, sources, settings)
    divisor = temperature(logits, truth)
    f1 = f1_score(truth, logits.argmax(axis=1), average="macro")
    print(f"{language}: rows {[len(some) for some in lists]}, macro-F1 by cross-validation {f1:.3f}, temperature {divisor:.2f}")
    model = fitting.fit(everything, labels, sources, settings)
    whole = Whole.of(model, settings, divisor, THRESHOLD)
    file = MODEL / f"{language}.bin"
    file.write_bytes(whole.bytes(table))
    print(f"{language}: {file.stat().st_size} bytes")
    aside = texts.rows(data / f"{language}_val.tsv")
    found = fitting.likelihoods(whole.sums(features.of(table, [text for _, text in aside]))).argmax(axis=1)
    print(f"{language}: macro-F1 on what was kept aside {f1_score([label for label, _ in aside], found, average='macro'):.3f}")

def pack(language, data):
    """Puts the lexicon as it is now beside the weights that are there."""
    file = MODEL / f"{language}.bin"
    whole, _ = Whole.read(file.read_bytes())
    file.write_bytes(whole.bytes(lexicon(language, data)))


def expect(language):
    """Writes what texts of our own give by this arithmetic; a test compares it with that of the command."""
    whole, table = Whole.read((MODEL / f"{language}.bin").read_bytes())
    said = [text for _, text in texts.rows(OWN / f"chats_{language}.tsv") + texts.rows(OWN / f"odd_{language}.tsv")]
    lines = ["# negative and positive sums, score, confidence, text; made by scripts/sentiment/train"]
    for text, sums in zip(said, whole.sums(features.of(table, said))):
        lines.append("\t".join(map(str, [*sums, *fitting.verdict(sums), text])))
    (texts.COMMAND / f"evaluation/expected_{language}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def words(rows):
    return [word for _, text in rows for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.sub(r"@\w+|http\S*", "", text))]

def main(chosen):
    data = texts.folder()
    if data is None:
        sys.exit("the training data is not here: set ENCARGO_TEST_DATA to the folder that has `sentiment`")
    if "--expect" not in chosen:
        for language in chosen or SOURCES:
            train(language, data)
    for language in SOURCES:
        expect(language)
    if "--expect" in chosen:
        return
    informal = {language: words(row for some in material(language, data) for row in some) for language in SOURCES}
    (MODEL / "languages.bin").write_bytes(languages.table(package("langdetect") / "profiles", informal))
