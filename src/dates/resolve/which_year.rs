//! Which year is meant: told by the words, or inferred.

use super::Resolver;
use super::items::{Items, is_narrative};
use super::place::{Place, Year};
use super::yearly::{What, Yearly};
use crate::dates::calendar::Day;
use crate::dates::class::Class;
use crate::dates::tense::Tense;
use crate::dates::time::Time;
use crate::dates::{Calendar, Interval, Resolution};

impl Resolver<'_> {
    /// The year that the words tell, for something in `calendar`.
    pub(super) fn year(&self, items: Items<'_>, calendar: Calendar) -> Option<Year> {
        let era = items.get(Class::Era);
        let explicit =
            |calendar, year| Some(Year { calendar, year, resolution: Resolution::Explicit, rule: "resolve.year" });
        if let Some(year) = items.any(&[Class::Year4, Class::YearBare]) {
            let (of, year) = four_digits(year, era, self.calendar_of_year(year, calendar));
            return explicit(of, year);
        }
        if let Some(year) = items.get(Class::Year2) {
            let of = era.and_then(era_calendar).unwrap_or(if items.month().is_some() {
                calendar
            } else {
                Calendar::Persian
            });
            return explicit(of, self.short_year(year, of));
        }
        if let Some(offset) = items.get(Class::ThisYear) {
            return Some(self.document_year(calendar, offset));
        }
        if !items.has(Class::Sal) {
            return None;
        }
        if let Some(era) = era
            && let Some(year) = self.of_era(items, era)
        {
            return Some(year);
        }
        let calendar = era.and_then(era_calendar).unwrap_or(calendar);
        if items.has(Class::Number) && items.has(Class::Ago) {
            return Some(self.document_year(calendar, -items.get(Class::Number)?));
        }
        let mentioned = || self.mentioned_year(calendar).unwrap_or_else(|| self.document_year(calendar, 0));
        match items.direction() {
            Some(_) if items.has(Class::This) => Some(mentioned()),
            Some(_) if is_narrative(items) && self.memory.year.is_some() => {
                self.mentioned_year(calendar).map(|year| Year { year: year.year + 1, ..year })
            }
            Some(direction) => Some(self.document_year(calendar, direction)),
            None if items.has(Class::That) => Some(mentioned()),
            None if items.has(Class::Ordinal) || items.has(Class::Half) => Some(self.document_year(calendar, 0)),
            None => None,
        }
    }

    /// The calendar of a year beside something in `calendar`: «عاشورای ۱۴۰۴» and
    /// «محرم ۱۴۴۶» each mean the calendar that the year is nearer to now.
    fn calendar_of_year(&self, year: i32, calendar: Calendar) -> Calendar {
        let now = self.memory.document.or(Day::from_persian(1404, 1, 1)).filter(|_| calendar == Calendar::Islamic);
        let far = |of: Calendar| now.map_or(0, |now| (of.fields(now).0 - year).abs());
        if far(Calendar::Persian) < far(Calendar::Islamic) { Calendar::Persian } else { calendar }
    }

    /// «سال دهم هجری قمری».
    pub(super) fn of_era(&self, items: Items<'_>, era: i32) -> Option<Year> {
        let after = items.0.iter().skip_while(|item| item.class != Class::Sal).nth(1)?;
        let n = Some(after.value).filter(|_| matches!(after.class, Class::Number | Class::Ordinal))?;
        if !(1..2600).contains(&n) {
            return None;
        }
        let calendar = era_calendar(era)?;
        let year = if era == BEFORE_CHRIST { 1 - n } else { n };
        Some(Year { calendar, year, resolution: Resolution::Explicit, rule: "resolve.era" })
    }

    /// The document's year, or one `offset` years from it.
    pub(super) fn document_year(&self, calendar: Calendar, offset: i32) -> Year {
        match self.memory.document {
            Some(document) => Year {
                calendar,
                year: calendar.fields(document).0 + offset,
                resolution: Resolution::DocumentDate,
                rule: "resolve.document-year",
            },
            None => Year { calendar, year: 0, resolution: Resolution::Unresolved, rule: "resolve.no-document-date" },
        }
    }

    /// The year that was mentioned last.
    pub(super) fn mentioned_year(&self, calendar: Calendar) -> Option<Year> {
        let (of, year) = self.memory.year?;
        let calendar = if of == Calendar::Islamic { calendar } else { of };
        Some(Year { calendar, year, resolution: Resolution::Mention, rule: "resolve.mentioned-year" })
    }

    /// Two digits: 13xx, but up to the year after the document's 14xx.
    pub(super) fn short_year(&self, year: i32, calendar: Calendar) -> i32 {
        let (base, now) = match (calendar, self.memory.document) {
            (Calendar::Gregorian, document) => (2000, document.map_or(25, |day| day.gregorian().0 % 100)),
            (_, document) => (1400, document.map_or(4, |day| day.persian().0 - 1400)),
        };
        if year <= now + 1 { base + year } else { base - 100 + year }
    }

    /// The calendar of a year or season by the words, else by the article.
    pub(super) fn memory_calendar(&self, items: Items<'_>) -> Calendar {
        items.get(Class::Era).and_then(era_calendar).unwrap_or(self.memory.calendar())
    }

    /// It in the year that is told or inferred; a `weekday` beside it must
    /// agree where it can.
    pub(super) fn in_some_year(&self, items: Items<'_>, it: Yearly, weekday: Option<i32>) -> Option<Place> {
        // «بهمن گذشته», but «بهمن سال گذشته».
        let direction = items.direction().filter(|_| !items.has(Class::Sal));
        let told = self.year(items, it.calendar);
        let year = match (direction, self.memory.document) {
            (Some(direction), Some(document)) => beside(it, document, direction)?,
            (Some(_), None) => return Some(Place::new(it.open(), Resolution::Unresolved)),
            _ => match told {
                Some(year) => year,
                None => self.infer_year(it, weekday)?,
            },
        };
        if year.resolution == Resolution::Unresolved {
            return Some(Place::new(it.open(), Resolution::Unresolved));
        }
        let it = if matches!(it.what, What::Season(_)) { Yearly { calendar: year.calendar, ..it } } else { it };
        if year.calendar != it.calendar {
            return in_foreign_year(it, year);
        }
        let place = Place::in_year(it.time(year.year)?, year);
        let inferred = told.is_none() && year.resolution == Resolution::DocumentDate;
        Some(if inferred { place.or(self.other_side(it, year.year), "the other year") } else { place })
    }

    /// The year of something written without one: the year of the sentence,
    /// else the side of the document's day that the tense tells, else the
    /// nearest.
    fn infer_year(&self, it: Yearly, weekday: Option<i32>) -> Option<Year> {
        let calendar = it.calendar;
        if let Some((of, year)) = self.memory.sentence_year
            && of == calendar
            && weekday.is_none()
            && it.interval(year).is_some()
        {
            return Some(Year { calendar, year, resolution: Resolution::Mention, rule: "resolve.sentence-year" });
        }
        if let Some(year) = self.around.listed_year().filter(|_| weekday.is_none()) {
            let (of, year) = four_digits(year, None, calendar);
            return Some(Year { calendar: of, year, resolution: Resolution::Explicit, rule: "resolve.list" });
        }
        let Some(document) = self.memory.document else { return Some(self.document_year(calendar, 0)) };
        let now = calendar.fields(document).0;
        // Years, each with how far it is: before the document's day, after it.
        let agrees = |i: Interval| weekday.is_none_or(|weekday| weekday == i.start.weekday());
        let distance = |year| {
            let interval = it.interval(year).filter(|interval| agrees(*interval))?;
            let before = (document.0 - interval.end.0 + 1).max(0);
            Some((year, before, (interval.start.0 - document.0).max(0)))
        };
        // The twenty-ninth of February is in one year of four.
        let reach = if weekday.is_some() || it.interval(now).is_none() { 4 } else { 1 };
        let candidates = || (now - reach..=now + reach).filter_map(distance);
        let Some(nearest) = candidates().min_by_key(|(_, before, after)| (before + after, *after)) else {
            // The weekday is wrong in every year.
            return weekday.and_then(|_| self.infer_year(it, None));
        };
        // What is close by on the other side is meant, whatever the tense.
        let likely = |far: i32| far < FAR_DAYS || far < FAR_TIMES * (nearest.1 + nearest.2);
        // «5 مارس گفت» was the day of saying so; «مهر» may be what was said.
        let is_day = matches!(it.what, What::Day(..));
        let tense = match self.tense() {
            _ if weekday.is_some() => Tense::Unknown,
            Tense::Reported if is_day => Tense::Past,
            tense => tense,
        };
        let side = match tense {
            Tense::Past => candidates().rfind(|(_, before, after)| *after == 0 && likely(*before)),
            Tense::Future => candidates().find(|(_, before, after)| *before == 0 && likely(*after)),
            _ => None,
        };
        let (year, ..) = side.unwrap_or(nearest);
        let rule = if side.is_some() { "resolve.tense" } else { "resolve.nearest" };
        Some(Year { calendar, year, resolution: Resolution::DocumentDate, rule })
    }

    /// What it would be on the other side of the document's day.
    fn other_side(&self, it: Yearly, year: i32) -> Option<Time> {
        let start = it.interval(year)?.start;
        it.time(if start > self.memory.document? { year - 1 } else { year + 1 })
    }
}

/// It in a year of another calendar: «عاشورای ۱۴۰۴».
fn in_foreign_year(it: Yearly, year: Year) -> Option<Place> {
    let within = year.calendar.years(year.year, 1)?;
    let (first, ..) = it.calendar.fields(within.start);
    let inside = |year: &i32| it.interval(*year).is_some_and(|i| within.start <= i.start && i.start < within.end);
    let found = (first..=first + 1).find(inside)?;
    Some(Place::in_year(it.time(found)?, year))
}

/// The nearest year in which it lies wholly before or after the document's
/// day, or the document's own.
fn beside(it: Yearly, document: Day, direction: i32) -> Option<Year> {
    let calendar = it.calendar;
    let now = calendar.fields(document).0;
    let fits = |year: &i32| {
        it.interval(*year).is_some_and(|i| match direction {
            -1 => i.end <= document,
            0 => *year == now,
            _ => i.start > document,
        })
    };
    let step = if direction == 1 { 1 } else { -1 };
    let year = (0..3).map(|n| now + n * step).find(fits)?;
    Some(Year { calendar, year, resolution: Resolution::DocumentDate, rule: "resolve.beside" })
}

/// What is so many days off, and so many times farther than the other side, is
/// not meant without its year.
const FAR_DAYS: i32 = 200;
const FAR_TIMES: i32 = 8;

/// Index in the eras of the lexicon.
pub(super) const BEFORE_CHRIST: i32 = 4;

pub(super) fn era_calendar(era: i32) -> Option<Calendar> {
    match era {
        0 | 5 => Some(Calendar::Persian),
        1 | 2 => Some(Calendar::Islamic),
        3 | 4 => Some(Calendar::Gregorian),
        _ => None,
    }
}

/// The calendar and year that four digits mean.
pub(super) fn four_digits(year: i32, era: Option<i32>, context: Calendar) -> (Calendar, i32) {
    match (era, year) {
        (Some(5), _) | (None, 2480..2600) => (Calendar::Persian, year - 1180),
        (Some(2), 1200..=1500) => (Calendar::Persian, year),
        (Some(era), _) => (era_calendar(era).unwrap_or(context), year),
        (None, 1000..=1500) if context == Calendar::Islamic => (Calendar::Islamic, year),
        (None, 1100..=1500) => (Calendar::Persian, year),
        (None, _) => (Calendar::Gregorian, year),
    }
}
