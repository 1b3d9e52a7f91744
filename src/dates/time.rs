//! Places in the calendar with their TIMEX3 values.

use super::calendar::{Day, iso};
use super::lexicon::SEASONS;
use super::{Calendar, Granularity, Interval};

/// A resolved place in the calendar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) granularity: Granularity,
    pub(super) calendar: Option<Calendar>,
    pub(super) value: String,
    /// Gregorian where that is exact, else empty.
    pub(super) timex3: String,
    pub(super) interval: Option<Interval>,
}

impl Time {
    /// A day that is written in `calendar`, or in none.
    pub(super) fn day(day: Day, calendar: Option<Calendar>) -> Self {
        let timex3 = day.gregorian_string();
        let value = match calendar {
            None | Some(Calendar::Gregorian) => timex3.clone(),
            Some(calendar) => iso(calendar.fields(day)),
        };
        let interval = Some(Interval { start: day, end: day.plus(1) });
        Self { granularity: Granularity::Day, calendar, value, timex3, interval }
    }

    pub(super) fn month(calendar: Calendar, year: i32, month: u8) -> Option<Self> {
        Self::exact_in_gregorian(
            Granularity::Month,
            calendar,
            format!("{year:04}-{month:02}"),
            calendar.months(year, month, 1)?,
        )
    }

    /// A season; Gregorian ones are meteorological, winter named for the year
    /// in which it ends.
    pub(super) fn season(calendar: Calendar, year: i32, season: u8) -> Option<Self> {
        let value = format!("{year:04}-{}", SEASONS.get(usize::from(season))?);
        let interval = match calendar {
            Calendar::Gregorian if season == 3 => calendar.months(year - 1, 12, 3)?,
            Calendar::Gregorian => calendar.months(year, season * 3 + 3, 3)?,
            _ => calendar.months(year, season * 3 + 1, 3)?,
        };
        Self::exact_in_gregorian(Granularity::Season, calendar, value, interval)
    }

    /// `length` months of a year, the `nth` such block.
    pub(super) fn block(calendar: Calendar, year: i32, length: u8, nth: u8) -> Option<Self> {
        let first = length.checked_mul(nth.checked_sub(1)?)?.checked_add(1)?;
        let last = first.checked_add(length.checked_sub(1)?)?;
        if last > 12 {
            return None;
        }
        let (granularity, value) = match length {
            3 => (Granularity::Quarter, format!("{year:04}-Q{nth}")),
            6 => (Granularity::HalfYear, format!("{year:04}-H{nth}")),
            1 => (Granularity::Month, format!("{year:04}-{first:02}")),
            _ => (Granularity::Period, format!("{year:04}-{first:02}/{year:04}-{last:02}")),
        };
        Self::exact_in_gregorian(granularity, calendar, value, calendar.months(year, first, length)?)
    }

    pub(super) fn year(calendar: Calendar, year: i32) -> Option<Self> {
        Self::exact_in_gregorian(Granularity::Year, calendar, format!("{year:04}"), calendar.years(year, 1)?)
    }

    /// The decade that begins with `year`, a multiple of ten.
    pub(super) fn decade(calendar: Calendar, year: i32) -> Option<Self> {
        let value = format!("{:03}", year.div_euclid(10));
        Self::exact_in_gregorian(Granularity::Decade, calendar, value, calendar.years(year.div_euclid(10) * 10, 10)?)
    }

    /// The `nth` century, which begins with the year `(nth - 1) * 100 + 1`.
    pub(super) fn century(calendar: Calendar, nth: i32) -> Option<Self> {
        let value = format!("{:02}", nth - 1);
        Self::exact_in_gregorian(Granularity::Century, calendar, value, calendar.years((nth - 1) * 100 + 1, 100)?)
    }

    /// The week, Saturday to Friday, that `day` is in.
    pub(super) fn week(day: Day) -> Self {
        let start = day.week_start();
        let value = start.plus(2).iso_week();
        Self {
            granularity: Granularity::Week,
            calendar: None,
            timex3: value.clone(),
            value,
            interval: Some(Interval { start, end: start.plus(7) }),
        }
    }

    /// Thursday and Friday of the week that `day` is in.
    pub(super) fn weekend(day: Day) -> Self {
        let week = Self::week(day);
        let start = day.week_start().plus(5);
        let value = week.value + "-WE";
        Self {
            granularity: Granularity::Weekend,
            calendar: None,
            timex3: value.clone(),
            value,
            interval: Some(Interval { start, end: start.plus(2) }),
        }
    }

    /// The days from `first` to `last`, both meant.
    pub(super) fn days(first: Day, last: Day, calendar: Option<Calendar>, granularity: Granularity) -> Self {
        Self::range(&Self { granularity, ..Self::day(first, calendar) }, &Self::day(last, calendar))
    }

    /// From the beginning of `a` to the end of `b`.
    pub(super) fn range(a: &Self, b: &Self) -> Self {
        let exact = !a.timex3.is_empty() && !b.timex3.is_empty();
        let interval = match (a.interval, b.interval) {
            (Some(a), Some(b)) if a.start < b.end => Some(Interval { start: a.start, end: b.end }),
            _ => None,
        };
        Self {
            granularity: a.granularity,
            calendar: a.calendar.or(b.calendar),
            value: format!("{}/{}", a.value, b.value),
            timex3: if exact { format!("{}/{}", a.timex3, b.timex3) } else { String::new() },
            interval,
        }
    }

    /// Something without days of its own.
    pub(super) fn open(value: String, granularity: Granularity, calendar: Option<Calendar>) -> Self {
        let timex3 = if matches!(calendar, None | Some(Calendar::Gregorian)) { value.clone() } else { String::new() };
        Self { granularity, calendar, value, timex3, interval: None }
    }

    fn exact_in_gregorian(
        granularity: Granularity,
        calendar: Calendar,
        value: String,
        interval: Interval,
    ) -> Option<Self> {
        let timex3 = if calendar == Calendar::Gregorian { value.clone() } else { String::new() };
        Some(Self { granularity, calendar: Some(calendar), value, timex3, interval: Some(interval) })
    }
}
