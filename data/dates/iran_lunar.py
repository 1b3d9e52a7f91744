"""Writes iran_lunar.tsv: in which lunar months Iran begins a day after Umm al-Qura.

Usage: iran_lunar.py > iran_lunar.tsv   (needs the packages ephem and hijridate)

A month is taken to begin after the first evening on which the new crescent can
be seen with optical aid somewhere in Iran: Yallop's q (NAO Technical Note 69)
above THRESHOLD at its best time. The threshold is the one value that reproduces
all 37 month beginnings that follow from Iran's public holidays of 2022 to 2026
(KNOWN; holidays of the lunar calendar with their official dates).
"""
import datetime as dt
import math

import ephem
from hijridate import Hijri

FIRST, LAST = 1420, 1499
PLACES = [(27, 56), (30, 51), (35.7, 51.4), (29, 60)]
KNOWN = """1443-09 2022-04-03, 1443-10 2022-05-03, 1443-12 2022-07-01, 1444-01 2022-07-30, 1444-02 2022-08-29,
1444-03 2022-09-28, 1444-06 2022-12-25, 1444-07 2023-01-23, 1444-08 2023-02-22, 1444-09 2023-03-23,
1444-10 2023-04-22, 1444-12 2023-06-20, 1445-01 2023-07-19, 1445-02 2023-08-18, 1445-03 2023-09-17,
1445-06 2023-12-15, 1445-07 2024-01-13, 1445-08 2024-02-11, 1445-09 2024-03-12, 1445-10 2024-04-10,
1445-12 2024-06-08, 1446-01 2024-07-07, 1446-02 2024-08-06, 1446-03 2024-09-05, 1446-06 2024-12-03,
1446-07 2025-01-02, 1446-08 2025-01-31, 1446-09 2025-03-02, 1446-10 2025-03-31, 1446-12 2025-05-28,
1447-01 2025-06-27, 1447-02 2025-07-26, 1447-03 2025-08-25, 1447-06 2025-11-22, 1447-07 2025-12-22,
1447-08 2026-01-21, 1447-09 2026-02-19"""
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


def threshold():
    """Between the faintest crescent that began a month and the brightest that did not."""
    seen, missed = 9.0, -9.0
    for entry in KNOWN.replace("\n", " ").split(","):
        start = dt.date.fromisoformat(entry.split()[1])
        seen, missed = min(seen, best(start - ONE)), max(missed, best(start - 2 * ONE))
    assert missed < seen, (missed, seen)
    return (missed + seen) / 2


def main():
    least = threshold()
    print("# Lunar months that begin in Iran a day after Umm al-Qura's: 1; on the same day: 0.")
    print("# Source: computed by iran_lunar.py, which says how. Licence: that of the project.")
    print("#\n# year\tmonths 1 to 12")
    for year in range(FIRST, LAST + 1):
        flags = ""
        for month in range(1, 13):
            start = umm_al_qura(year, month) - ONE
            while best(start - ONE) <= least:
                start += ONE
            late = (start - umm_al_qura(year, month)).days
            assert late in (-1, 0, 1), (year, month, late)
            flags += str(max(late, 0))
        print(f"{year}\t{flags}")


main()
