//! Years, their parts, decades and centuries.

use super::Resolver;
use super::items::{Item, Items};
use super::place::{Place, unresolved};
use super::which_year::{BEFORE_CHRIST, era_calendar};
use super::yearly::{What, Yearly};
use crate::dates::class::Class;
use crate::dates::time::Time;
use crate::dates::unit::Unit;
use crate::dates::{Calendar, Granularity, Resolution};

impl Resolver<'_> {
    /// Seasons, quarters and halves.
    pub(super) fn part_of_year(&self, items: Items<'_>) -> Option<Place> {
        if let Some(season) = items.get(Class::Season) {
            let what = What::Season(season as u8);
            return self.in_some_year(items, Yearly { calendar: Calendar::Persian, what }, None);
        }
        if items.has(Class::Fasl) && items.has(Class::This) {
            return self.same_season(items);
        }
        if items.has(Class::Ending) {
            return self.months_up_to(items);
        }
        let is_long = items.get(Class::Long).and_then(Unit::of) == Some(Unit::Month);
        // «سه ماه پایانی سال» is the fourth of four.
        let from_edge = match items.get(Class::Edge).or(items.get(Class::EdgeAdjective)) {
            Some(0) if items.has(Class::Number) => Some(1),
            Some(2) => items.get(Class::Number).filter(|n| *n > 0 && 12 % *n == 0).map(|n| 12 / n),
            _ => None,
        };
        let nth = items.get(Class::Ordinal).or(from_edge).or(is_long.then_some(1))?;
        let length = if items.has(Class::Fasl) || items.has(Class::Fraction) {
            3
        } else if items.has(Class::Half) || items.has(Class::HalfYear) {
            6
        } else if items.get(Class::Unit).or(items.get(Class::Long)).and_then(Unit::of) == Some(Unit::Month)
            || items.has(Class::Mah)
        {
            items.get(Class::Number)?
        } else {
            return None;
        };
        if items.has(Class::Dahe) || items.has(Class::Qarn) {
            return self.half_of_long(items, nth);
        }
        let calendar = self.memory.calendar();
        let year = self.year(items, calendar).unwrap_or_else(|| self.document_year(calendar, 0));
        if year.resolution == Resolution::Unresolved {
            return Some(unresolved(items.direction().unwrap_or(0), Granularity::Period));
        }
        let time = Time::block(year.calendar, year.year, u8::try_from(length).ok()?, u8::try_from(nth).ok()?)?;
        Some(Place::in_year(time, year))
    }

    /// «چهار ماه منتهی به تیر».
    fn months_up_to(&self, items: Items<'_>) -> Option<Place> {
        let count = items.get(Class::Number).filter(|count| (1..=24).contains(count))?;
        let last = self.month(items)?;
        let calendar = last.time.calendar?;
        let (year, month, _) = calendar.fields(last.time.interval?.start);
        let first = i32::from(month) - count;
        let first = Time::month(calendar, year + first.div_euclid(12), first.rem_euclid(12) as u8 + 1)?;
        let time = Time { granularity: Granularity::Period, ..Time::range(&first, &last.time) };
        Some(Place { time, alternatives: Vec::new(), ..last })
    }

    /// «پارسال در همین فصل».
    fn same_season(&self, items: Items<'_>) -> Option<Place> {
        let (year, month, _) = Calendar::Persian.fields(self.memory.document?);
        let year = year + items.get(Class::ThisYear).unwrap_or(0);
        let time = Time::season(Calendar::Persian, year, (month - 1) / 3)?;
        Some(Place::new(time, Resolution::DocumentDate))
    }

    /// «نیمه دوم دهه ۱۳۶۰».
    fn half_of_long(&self, items: Items<'_>, nth: i32) -> Option<Place> {
        // The ordinal of the century is the second one.
        let rest = items.0.iter().skip_while(|item| item.class != Class::Dahe && item.class != Class::Qarn);
        let rest: Vec<Item> = rest.copied().collect();
        let long = self.long(Items(&rest))?;
        let calendar = long.time.calendar?;
        let whole = long.time.interval?;
        let (first, ..) = calendar.fields(whole.start);
        let half = if long.time.granularity == Granularity::Decade { 5 } else { 50 };
        let start = first + half * (nth - 1);
        let time = Time::range(&Time::year(calendar, start)?, &Time::year(calendar, start + half - 1)?);
        let time = Time { granularity: long.time.granularity, ..time };
        Some(Place { time, ..long })
    }

    /// A year by itself.
    pub(super) fn year_place(&self, items: Items<'_>) -> Option<Place> {
        let calendar = self.memory_calendar(items);
        let year = match self.year(items, calendar) {
            Some(year) => year,
            None if items.has(Class::Sal) => self.document_year(calendar, 0),
            None => return None,
        };
        if year.resolution == Resolution::Unresolved {
            return Some(unresolved(items.direction().or(items.get(Class::ThisYear)).unwrap_or(0), Granularity::Year));
        }
        if items.get(Class::Era) == Some(BEFORE_CHRIST) {
            let value = format!("BC{:04}", 1 - year.year);
            return Some(Place::in_year(Time::open(value, Granularity::Year, Some(year.calendar)), year));
        }
        let place = Place::in_year(Time::year(year.calendar, year.year)?, year);
        let Some(document) = self.memory.document.filter(|_| year.resolution == Resolution::DocumentDate) else {
            return Some(place);
        };
        let offset = year.year - year.calendar.fields(document).0;
        let calendar = other(year.calendar);
        Some(place.or(Time::year(calendar, calendar.fields(document).0 + offset), "the other calendar"))
    }

    /// Decades and centuries.
    pub(super) fn long(&self, items: Items<'_>) -> Option<Place> {
        let decade = items.has(Class::Dahe) || items.has(Class::Daheha);
        if !decade && !items.has(Class::Qarn) {
            return None;
        }
        let era = items.get(Class::Era).and_then(era_calendar);
        if let Some(direction) = items.direction() {
            let calendar = era.unwrap_or(if decade { self.memory.calendar() } else { Calendar::Gregorian });
            let Some(document) = self.memory.document else {
                return Some(unresolved(direction, if decade { Granularity::Decade } else { Granularity::Century }));
            };
            let (year, ..) = calendar.fields(document);
            let time = if decade {
                Time::decade(calendar, year.div_euclid(10) * 10 + direction * 10)?
            } else {
                Time::century(calendar, (year - 1).div_euclid(100) + 1 + direction)?
            };
            return Some(Place::new(time, Resolution::DocumentDate));
        }
        if decade {
            let year = items.any(&[Class::Year4, Class::Year2, Class::Tens])?;
            let calendar =
                era.unwrap_or(if (1500..2200).contains(&year) { Calendar::Gregorian } else { Calendar::Persian });
            let year = match (calendar, year) {
                (Calendar::Gregorian, 0..100) => 1900 + year,
                (_, 0..100) => self.short_year(year, calendar),
                _ => year,
            };
            return Time::decade(calendar, year).map(|time| Place::new(time, Resolution::Explicit));
        }
        let nth = items.any(&[Class::Ordinal, Class::Number])?;
        if items.get(Class::Era) == Some(BEFORE_CHRIST) {
            let time = Time::open(format!("BC{:02}", nth - 1), Granularity::Century, Some(Calendar::Gregorian));
            return Some(Place::new(time, Resolution::Explicit));
        }
        // Without an era the low ones are lunar, the fourteenth is the solar one.
        let calendar = era.or(match nth {
            1..=12 => Some(Calendar::Islamic),
            14 => Some(Calendar::Persian),
            13 | 15..=30 => Some(Calendar::Gregorian),
            _ => None,
        })?;
        Time::century(calendar, nth).map(|time| Place::new(time, Resolution::Explicit))
    }
}

pub(super) const fn other(calendar: Calendar) -> Calendar {
    match calendar {
        Calendar::Persian => Calendar::Gregorian,
        _ => Calendar::Persian,
    }
}
