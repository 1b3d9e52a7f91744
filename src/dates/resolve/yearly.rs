//! What every year has once: a day of a month, a month, a season, a named day.

use super::days::LAST_OF_MONTH;
use crate::dates::calendar::Day;
use crate::dates::lexicon::{Named, NamedDay, SEASONS};
use crate::dates::time::Time;
use crate::dates::{Calendar, Granularity, Interval};

#[derive(Clone, Copy, Debug)]
pub(super) struct Yearly {
    pub(super) calendar: Calendar,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A month and a day in it, or [`LAST_OF_MONTH`].
    Day(u8, u8),
    Month(u8),
    Season(u8),
    Named(Named),
}

impl Yearly {
    /// Its days in `year`, if that year has it.
    pub(super) fn interval(self, year: i32) -> Option<Interval> {
        let calendar = self.calendar;
        let of = |first: Day, last: Day| Interval { start: first, end: last.plus(1) };
        match self.what {
            What::Day(month, LAST_OF_MONTH) => {
                let last = calendar.months(year, month, 1)?.end.plus(-1);
                Some(of(last, last))
            }
            What::Day(month, day) => calendar.day(year, month, day).map(|day| of(day, day)),
            What::Month(month) => calendar.months(year, month, 1),
            What::Season(_) => self.time(year)?.interval,
            What::Named(named) => {
                let first = named_day(calendar, year, named.first)?;
                let last = named.last.map_or(Some(first), |last| named_day(calendar, year, last))?;
                Some(of(first, last))
            }
        }
    }

    /// It in `year`.
    pub(super) fn time(self, year: i32) -> Option<Time> {
        let calendar = self.calendar;
        match self.what {
            What::Day(..) => Some(Time::day(self.interval(year)?.start, Some(calendar))),
            What::Month(month) => Time::month(calendar, year, month),
            What::Season(season) => Time::season(calendar, year, season),
            What::Named(named) => {
                let Interval { start, end } = self.interval(year)?;
                Some(match named.last {
                    None => Time::day(start, Some(calendar)),
                    Some(_) => Time::days(start, end.plus(-1), Some(calendar), Granularity::Period),
                })
            }
        }
    }

    /// It in a year that nothing tells.
    pub(super) fn open(self) -> Time {
        let (value, granularity) = match self.what {
            What::Day(month, LAST_OF_MONTH) => (format!("XXXX-{month:02}"), Granularity::Month),
            What::Day(month, day) => (format!("XXXX-{month:02}-{day:02}"), Granularity::Day),
            What::Named(Named { first: NamedDay::Fixed(month, day), .. }) => {
                (format!("XXXX-{month:02}-{day:02}"), Granularity::Day)
            }
            What::Named(Named { first: NamedDay::LastWeekday { month, .. }, .. }) | What::Month(month) => {
                (format!("XXXX-{month:02}"), Granularity::Month)
            }
            What::Season(season) => {
                let name = SEASONS.get(usize::from(season)).copied().unwrap_or_default();
                (format!("XXXX-{name}"), Granularity::Season)
            }
        };
        Time::open(value, granularity, Some(self.calendar))
    }
}

fn named_day(calendar: Calendar, year: i32, day: NamedDay) -> Option<Day> {
    match day {
        NamedDay::Fixed(month, day) => calendar.day(year, month, day),
        NamedDay::LastWeekday { month, weekday, eve } => {
            let last = calendar.months(year, month, 1)?.end.plus(-1);
            Some(last.plus(-(last.weekday() - i32::from(weekday)).rem_euclid(7) - i32::from(eve)))
        }
    }
}
