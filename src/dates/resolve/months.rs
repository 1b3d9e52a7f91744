//! Months, their parts, weeks, and units counted from the document's day.

use super::Resolver;
use super::items::{Item, Items};
use super::place::{Place, unresolved};
use super::yearly::{What, Yearly};
use super::years::other;
use crate::dates::calendar::Day;
use crate::dates::class::Class;
use crate::dates::tense::Tense;
use crate::dates::time::Time;
use crate::dates::unit::Unit;
use crate::dates::{Calendar, Granularity, Resolution};

impl Resolver<'_> {
    /// A month: in digits, by name, or from the document's.
    pub(super) fn month(&self, items: Items<'_>) -> Option<Place> {
        if let Some(value) = items.get(Class::NumMonth) {
            let (year, month) = (value / 100, (value % 100) as u8);
            let calendar = if (1200..=1500).contains(&year) { Calendar::Persian } else { Calendar::Gregorian };
            return Time::month(calendar, year, month).map(|time| Place::new(time, Resolution::Explicit));
        }
        if let Some((calendar, month)) = items.month() {
            return self.in_some_year(items, Yearly { calendar, what: What::Month(month) }, None);
        }
        let is_month = items.has(Class::Mah) && !items.has(Class::Sal) && !items.has(Class::Number);
        if !is_month {
            return None;
        }
        self.relative_month(items)
    }

    /// «ماه گذشته»، «این ماه»، «آغاز ماه».
    fn relative_month(&self, items: Items<'_>) -> Option<Place> {
        let direction = items.direction().unwrap_or(0);
        let document = self.memory.document;
        let anchor = match self.memory.day {
            Some((day, _)) if items.has(Class::That) => Some((day, Resolution::Mention)),
            _ => document.map(|day| (day, Resolution::DocumentDate)),
        };
        let Some((anchor, resolution)) = anchor else { return Some(unresolved(direction, Granularity::Month)) };
        let month = |calendar: Calendar| {
            let (year, month, _) = calendar.fields(anchor);
            let month = i32::from(month) - 1 + direction;
            Time::month(calendar, year + month.div_euclid(12), month.rem_euclid(12) as u8 + 1)
        };
        let calendar = self.memory_calendar(items);
        Some(Place::new(month(calendar)?, resolution).or(month(other(calendar)), "the other calendar"))
    }

    /// «نیمه دوم شهریور»، «هفته سوم آبان»، «دهه اول محرم».
    pub(super) fn part_of_month(&self, items: Items<'_>) -> Option<Place> {
        let nth = items.get(Class::Ordinal)?;
        let (granularity, length, parts) = if items.has(Class::Hafte) {
            (Granularity::Week, 7, 5)
        } else if items.has(Class::Half) {
            (Granularity::Month, 15, 2)
        } else if items.has(Class::Dahe) {
            (Granularity::Period, 10, 3)
        } else {
            return None;
        };
        if !(1..=parts).contains(&nth) || items.month().is_none() && !items.has(Class::Mah) {
            return None;
        }
        let month = self.month(items)?;
        let whole = month.time.interval?;
        let first = whole.start.plus((nth - 1) * length);
        let last = if nth == parts { whole.end.plus(-1) } else { first.plus(length - 1) };
        let time = Time::days(first, last, month.time.calendar, granularity);
        Some(Place { time, alternatives: Vec::new(), ..month })
    }

    /// Weeks and weekends, and a year that ends on a day.
    pub(super) fn week(&self, items: Items<'_>) -> Option<Place> {
        if items.has(Class::Weekend) {
            let Some(document) = self.memory.document else { return Some(unresolved(0, Granularity::Weekend)) };
            let weeks = items.direction().unwrap_or(match self.tense() {
                Tense::Past if document.weekday() == 6 || document.weekday() == 7 => -1,
                _ => 0,
            });
            return Some(Place::new(Time::weekend(document.plus(weeks * 7)), Resolution::DocumentDate));
        }
        let year_ending = items.has(Class::Sal) && items.has(Class::Ending) && !items.has(Class::Number);
        if !items.has(Class::Hafte) && !year_ending {
            return None;
        }
        if items.has(Class::Ending) {
            let rest: Vec<Item> = items.0.iter().skip_while(|i| i.class != Class::Ending).skip(1).copied().collect();
            let last = self.day(Items(&rest))?;
            let end = last.time.interval?.start;
            let start = if year_ending { Calendar::Persian.plus_months(end, -12)?.plus(1) } else { end.plus(-6) };
            let granularity = if year_ending { Granularity::Period } else { Granularity::Week };
            let time = Time::days(start, end, last.time.calendar, granularity);
            return Some(Place { time, ..last });
        }
        let direction = items.direction().unwrap_or(0);
        let Some(document) = self.memory.document else { return Some(unresolved(direction, Granularity::Week)) };
        Some(Place::new(Time::week(document.plus(direction * 7)), Resolution::DocumentDate))
    }

    /// «سه روز پیش»، «دو هفته دیگر»، «زمستان دو سال پیش».
    pub(super) fn counted(&self, items: Items<'_>) -> Option<Place> {
        let sign = match (items.has(Class::Ago), items.has(Class::Later)) {
            (true, _) => -1,
            (_, true) => 1,
            _ => return None,
        };
        let count = items.get(Class::Number).or(items.get(Class::Decimal).map(|tenths| tenths / 10))?;
        if count > MOST {
            return Some(unresolved(sign, Granularity::Year));
        }
        let unit = match items.get(Class::Unit) {
            Some(unit) => Unit::of(unit)?,
            None if items.has(Class::Night) => Unit::Day,
            None => Unit::Year,
        };
        let tenths = items.get(Class::Decimal).map_or(0, |tenths| tenths % 10 * 6);
        let fraction = items.get(Class::Fraction).unwrap_or(tenths);
        let Some(document) = self.memory.document else {
            return Some(unresolved(sign, Granularity::Day));
        };
        let calendar = self.memory.calendar();
        let exact = |day: Option<Day>| day.map(|day| Time::day(day, None));
        let months = |months: i32| Calendar::Gregorian.plus_months(document, sign * months);
        let place = |time: Option<Time>| time.map(|time| Place::new(time, Resolution::DocumentDate));
        match unit {
            Unit::Day => place(exact(Some(document.plus(sign * count)))),
            Unit::Week => {
                let day = document.plus(sign * count * 7);
                Some(place(Some(Time::week(day)))?.or(exact(Some(day)), "to the day"))
            }
            Unit::Month => {
                let (year, month, _) = calendar.fields(document);
                let at = i32::from(month) - 1 + sign * count;
                let time = Time::month(calendar, year + at.div_euclid(12), at.rem_euclid(12) as u8 + 1);
                Some(place(time)?.or(exact(months(count)), "to the day"))
            }
            Unit::Year if fraction > 0 => {
                let day = months(count * 12 + fraction / 5)?;
                let (year, month, _) = calendar.fields(day);
                place(Time::month(calendar, year, month))
            }
            Unit::Year => {
                let year = calendar.fields(document).0 + sign * count;
                if year < 1 {
                    return Some(unresolved(sign, Granularity::Year));
                }
                Some(place(Time::year(calendar, year))?.or(exact(months(count * 12)), "to the day"))
            }
            Unit::Century => {
                let year = calendar.fields(document).0 + sign * count * 100;
                if year < 1 {
                    return Some(unresolved(sign, Granularity::Century));
                }
                Some(place(Time::year(calendar, year))?.or(exact(months(count.checked_mul(1200)?)), "to the day"))
            }
            Unit::Decade => {
                let year = calendar.fields(document).0 + sign * count * 10;
                if year < 1 {
                    return Some(unresolved(sign, Granularity::Decade));
                }
                place(Time::decade(calendar, year.div_euclid(10) * 10))
            }
            _ => None,
        }
    }
}

/// More of a unit than this are not counted in days.
const MOST: i32 = 100_000;
