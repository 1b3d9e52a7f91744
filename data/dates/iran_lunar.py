"""Writes iran_lunar.tsv: in which lunar months Iran begins a day after Umm al-Qura.

Usage: iran_lunar.py > iran_lunar.tsv   (needs the packages ephem, hijridate and holidays)

Where a public holiday of 2001 to 2026 fixes a month, the table has the beginning
that follows from its official date, as the package holidays (MIT) records it.
Every other month is taken to begin after the first evening on which the new
crescent can be seen with optical aid somewhere in Iran: Yallop's q (NAO Technical
Note 69) above a threshold at its best time. The threshold is the one value that
reproduces every official beginning since 2022 (CALIBRATED); of all of them since
2001 it reproduces nine in ten, and is a day late in most others.
"""
import datetime as dt
import math

import ephem
import holidays
from hijridate import Hijri

FIRST, LAST = 1420, 1499
PLACES = [(27, 56), (30, 51), (35.7, 51.4), (29, 60)]
HOLIDAYS = {
    "Tasua": (1, 9), "Ashura": (1, 10), "Arbaeen": (2, 20),
    "Death of Prophet Muhammad and Martyrdom of Hasan ibn Ali": (2, 28),
    "Martyrdom of Hasan al-Askari": (3, 8), "Birthday of Muhammad and Imam Ja'far al-Sadiq": (3, 17),
    "Martyrdom of Fatima": (6, 3), "Birthday of Imam Ali": (7, 13), "Isra' and Mi'raj": (7, 27),
    "Birthday of Mahdi": (8, 15), "Martyrdom of Imam Ali": (9, 21), "Eid al-Fitr": (10, 1),
    "Martyrdom of Imam Ja'far al-Sadiq": (10, 25), "Eid al-Adha": (12, 10), "Eid al-Ghadir": (12, 18),
}
OBSERVED = range(2001, 2027)
CALIBRATED = 2022
ONE = dt.timedelta(days=1)


def q(day, latitude, longitude):
    """Yallop's q on the evening of `day`; very low when the moon sets first."""
    place = ephem.Observer()
    place.lat, place.lon, place.pressure, place.horizon = str(latitude), str(longitude), 0, "-0:34"
    place.date = ephem.Date(dt.datetime(day.year, day.month, day.day, 12) - dt.timedelta(hours=longitude / 15 - 3))
    sunset = place.next_setting(ephem.Sun())
    place.date = sunset
    moonset = place.next_setting(ephem.Moon())
    if moonset - sunset > 0.4:
        return -9.0
    place.date = sunset + (moonset - sunset) * 4 / 9
    place.horizon = "0"
    sun, moon = ephem.Sun(place), ephem.Moon(place)
    height = math.degrees(moon.alt - sun.alt)
    width = moon.size / 120 * (1 - math.cos(ephem.separation(moon, sun)))
    return (height - (11.8371 - 6.3226 * width + 0.7319 * width**2 - 0.1018 * width**3)) / 10


def best(day):
    return max(q(day, *place) for place in PLACES)


def umm_al_qura(year, month):
    day = Hijri(year, month, 1).to_gregorian()
    return dt.date(day.year, day.month, day.day)


def observed():
    """The official beginnings of months that have a holiday: how many days after Umm al-Qura's."""
    found = {}
    for day, names in holidays.country_holidays("IR", years=OBSERVED, language="en_US").items():
        for month, of_month in (HOLIDAYS[name] for name in names.split("; ") if name in HOLIDAYS):
            start = day - (of_month - 1) * ONE
            year = min(range(FIRST, LAST), key=lambda year: abs((umm_al_qura(year, month) - start).days))
            assert found.setdefault((year, month), start) == start, (year, month)
    return found


def threshold(known):
    """Between the faintest crescent that began a month and the brightest that did not."""
    seen, missed = 9.0, -9.0
    for start in known:
        seen, missed = min(seen, best(start - ONE)), max(missed, best(start - 2 * ONE))
    assert missed < seen, (missed, seen)
    return (missed + seen) / 2


def main():
    official = observed()
    least = threshold([start for start in official.values() if start.year >= CALIBRATED])
    months = [(year, month) for year in range(FIRST, LAST + 1) for month in range(1, 13)]
    late, agree = {}, 0
    for at in months:
        start = umm_al_qura(*at) - ONE
        while best(start - ONE) <= least:
            start += ONE
        late[at] = max((start - umm_al_qura(*at)).days, 0)
        if at in official:
            by_holiday = (official[at] - umm_al_qura(*at)).days
            agree += by_holiday == late[at]
            # One holiday (1425-08) is two days off; the table knows one.
            late[at] = min(by_holiday, 1)
        assert late[at] in (0, 1), (at, late[at])
    # Beside an official month a computed one must leave 29 or 30 days.
    for before, at in zip(months, months[1:]):
        length = (umm_al_qura(*at) - umm_al_qura(*before)).days + late[at] - late[before]
        if length not in (29, 30):
            wrong = at if at not in official else before
            assert wrong not in official, (before, at, length)
            late[wrong] = 1 - late[wrong]
    print("# Lunar months that begin in Iran a day after Umm al-Qura's: 1; on the same day: 0.")
    print(f"# Source: the official dates of public holidays for {len(official)} months from 2001 to 2026, as the")
    print("# package holidays (MIT) records them; the other months are computed by iran_lunar.py,")
    print(f"# which gives the official beginning in {agree} of those {len(official)}. Licence: that of the project.")
    print("#\n# year\tmonths 1 to 12")
    for year in range(FIRST, LAST + 1):
        print(f"{year}\t" + "".join(str(late[year, month]) for month in range(1, 13)))


main()
