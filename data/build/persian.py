"""What a Persian name is: folding of Arabic letters, and the test that a form is written in Persian."""

import re
import unicodedata

ZWNJ = "\u200c"
ALPHABET = set("اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءئؤأ")
"""Letters of Persian names, hamza carriers included."""

PERSIAN_MARKS = set("پچژگکی")
"""Letters that an Arabic keyboard does not give: a raw form with one of them was typed in Persian."""

ARABIC_MARKS = set("يكةىإأٱ")
"""Letters that a Persian keyboard does not give."""

_FOLD = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "إ": "ا", "أ": "ا", "ٱ": "ا", "ۀ": "ه", "‐": " ", "-": " "})
_BIDI = re.compile("[\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\u0640\ufeff]")


def fold(form: str) -> str:
    """The form in Persian letters, without diacritics, bidi marks and doubled spaces."""
    form = _BIDI.sub("", unicodedata.normalize("NFC", form)).translate(_FOLD)
    form = "".join(c for c in form if not unicodedata.combining(c) and c != "ٔ")
    form = re.sub(r"\s+", " ", form).strip()
    return re.sub(f" ?{ZWNJ}+ ?", ZWNJ, form).strip(ZWNJ)


def key(form: str) -> str:
    """What the engine compares: the form without ZWNJ."""
    return form.replace(ZWNJ, "")


def is_persian(form: str) -> bool:
    """True for a folded form in letters of the Persian alphabet, ZWNJ and space alone."""
    return bool(form) and all(c in ALPHABET or c in (" ", ZWNJ) for c in form)


# Consonant classes, near enough to compare a Persian form with a Latin one.
_PERSIAN = {
    "پ": "p", "ب": "b", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "c", "ح": "h", "خ": "x",
    "ه": "h", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ژ": "j", "ر": "r", "ش": "c", "غ": "g", "ق": "g",
    "ف": "f", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "w", "ی": "y",
}
_LATIN_PAIRS = (("tsch", "c"), ("sch", "c"), ("kh", "x"), ("gh", "g"), ("ch", "c"), ("sh", "c"), ("zh", "j"), ("ph", "f"),
                ("th", "t"), ("ck", "k"), ("qu", "kw"), ("x", "ks"))
_LATIN = {"q": "g", "v": "w", "c": "k", "i": "y", "j": "j", "u": "w", "o": "w"}


def _latin_skeleton(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    for pair, one in _LATIN_PAIRS:
        plain = plain.replace(pair, one)
    plain = re.sub("[ae' .-]", "", plain)
    return "".join(_LATIN.get(c, c) for c in plain if c.isalpha())


def likeness(form: str, latin: str) -> float:
    """0 to 1: how well the consonants of a Persian form and of a Latin name agree."""
    from difflib import SequenceMatcher

    persian = "".join(_PERSIAN.get(c, "") for c in form)
    return SequenceMatcher(None, persian, _latin_skeleton(latin), autojunk=False).ratio()
