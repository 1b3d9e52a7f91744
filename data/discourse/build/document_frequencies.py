#!/usr/bin/env python3
"""Writes ../document_frequencies.tsv from running text.

    python3 document_frequencies.py pquad_wikipedia.txt perdt_train.txt

The first file holds the Persian Wikipedia paragraphs of PQuAD, the second the
train sentences of UD_Persian-PerDT, one a line each. A document is a
paragraph, or as many of the unconnected sentences as make one.
"""

import collections
import pathlib
import re
import sys

SENTENCES = 8  # of PerDT in one document: about a paragraph
RAREST = 3  # documents
LETTERS = str.maketrans("يىئكأإٱؤةۀ۰۱۲۳۴۵۶۷۸۹", "یییکاااوهه0123456789", "ءـ\u200c\u200d\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654\u0670")
WORD = re.compile(r"[^\W\d_]+")


def lines(path):
    return [line for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


paragraphs, sentences = lines(sys.argv[1]), lines(sys.argv[2])
documents = paragraphs + [" ".join(sentences[at : at + SENTENCES]) for at in range(0, len(sentences), SENTENCES)]
frequencies = collections.Counter()
for document in documents:
    frequencies.update(set(WORD.findall(document.translate(LETTERS))))

classes = collections.defaultdict(list)
for word, frequency in frequencies.items():
    if frequency >= RAREST and len(word) > 1 and re.fullmatch("[\u0600-\u06ff]+", word):
        classes[(len(documents) // frequency).bit_length() - 1].append(word)
header = f"""\
# In how many documents a word stands: the class is the binary logarithm of the number of documents
# for each that has the word, rounded down; a word that is not here is rarer than the last class.
# columns: class, folded words with spaces between
# source: counts over {len(paragraphs)} Persian Wikipedia paragraphs of PQuAD and the {len(sentences)} train sentences of
# UD_Persian-PerDT, by build/document_frequencies.py. licence: CC BY-SA 4.0 (Persian Wikipedia contributors,
# PQuAD: Darvishi et al.; PerDT: Rasooli, Safari, Moloodi, Nourian); the counts are facts about those texts.
"""
rows = [f"{c}\t{' '.join(sorted(words))}\n" for c, words in sorted(classes.items())]
out = pathlib.Path(__file__).parent.parent / "document_frequencies.tsv"
out.write_text(header + "".join(rows), encoding="utf-8")
