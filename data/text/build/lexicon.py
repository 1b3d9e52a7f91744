#!/usr/bin/env python3
"""Writes ../lexicon.tsv from the word lists in the Python package `shekar`.

    pip install --no-deps shekar && python3 lexicon.py
"""

import importlib.metadata
import importlib.util
import math
import pathlib
import unicodedata

RAREST = 1000  # occurrences in the package's own count
LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "\u0654": None})

package = pathlib.Path(importlib.util.find_spec("shekar").origin).parent
version = importlib.metadata.version("shekar")
files = package / "data" / "files"

counts = {}
for line in (files / "vocab.csv").read_text(encoding="utf-8").splitlines():
    word, count = line.rsplit(",", 1)
    word = "".join(c for c in word.translate(LETTERS) if unicodedata.category(c) != "Mn")
    if int(count) >= RAREST and all(c.isalpha() or c == "\u200c" for c in word):
        counts[word] = max(counts.get(word, 0), int(count))
for word in (files / "compound_words.csv").read_text(encoding="utf-8").split():
    if all(c.isalpha() or c == "\u200c" for c in word):
        counts.setdefault(word, RAREST)

classes = {}
for word, count in counts.items():
    classes.setdefault(int(math.log10(count)), []).append(word)
header = f"""\
# Persian words by how common they are: the class is the decimal logarithm of
# the number of occurrences in the source's own count, rounded down.
# columns: class, words with spaces between
# source: shekar {version} (https://github.com/amirivojdan/shekar), data/files, by build/lexicon.py.
# licence: MIT, Copyright (c) 2024 Ahmad Amirivojdan.
"""
rows = [f"{frequency}\t{' '.join(sorted(words))}\n" for frequency, words in sorted(classes.items(), reverse=True)]
out = pathlib.Path(__file__).parent.parent / "lexicon.tsv"
out.write_text(header + "".join(rows), encoding="utf-8")
