#!/usr/bin/env python3
"""Writes ../presentation.tsv from Python's copy of the Unicode character data."""

import pathlib
import unicodedata

# Honorifics that stand for a whole phrase stay one sign.
KEPT = {0xFDFA, 0xFDFB, 0xFDFD, 0xFEFF}
MARKS = set(range(0x064B, 0x0656)) | {0x0670}

rows = []
for code in [*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)]:
    form = chr(code)
    if code in KEPT or not unicodedata.decomposition(form):
        continue
    letters = unicodedata.normalize("NFKD", form)
    letters = "".join(c for c in unicodedata.normalize("NFKC", letters) if ord(c) not in MARKS and c != "\u0640")
    if " " not in letters.strip():
        rows.append(f"{code:04X}\t{letters.strip()}\t{form}")

header = f"""\
# Arabic presentation forms and the letters they stand for. A form that stands
# for nothing but a vowel sign has no letters and is dropped.
# columns: code point (hexadecimal), letters, the form
# source: Unicode Character Database {unicodedata.unidata_version}, by build/presentation.py. licence: Unicode-3.0.
"""
out = pathlib.Path(__file__).parent.parent / "presentation.tsv"
out.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
