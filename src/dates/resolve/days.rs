//! Days: of a month, in digits, of the week, with a name, counted from the
//! document's.

use super::Resolver;
use super::items::{Items, is_narrative};
use super::memory::MEMORY_OF_DAYS;
use super::place::Place;
use super::yearly::{What, Yearly};
use crate::dates::calendar::Day;
use crate::dates::class::Class;
use crate::dates::digits::NumericDate;
use crate::dates::tense::Tense;
use crate::dates::time::Time;
use crate::dates::{Calendar, Granularity, Resolution};

impl Resolver<'_> {
    /// The day that the words tell.
    pub(super) fn day(&self, items: Items<'_>) -> Option<Place> {
        if items.has(Class::Ending) {
            return None;
        }
        if let Some(exact) = self.exact_day(items) {
            let agrees = |weekday| exact.time.interval.map(|interval| interval.start.weekday() == weekday);
            let weekday_agrees = items.get(Class::Weekday).and_then(agrees);
            return Some(Place { weekday_agrees, ..exact });
        }
        if let Some(place) = self.day_of_relative_month(items) {
            return Some(place);
        }
        if let Some(value) = items.get(Class::Named) {
            return self.named(value, items);
        }
        if let Some(offset) = items.get(Class::Today) {
            return Some(self.days_away(offset));
        }
        if let Some(offset) = items.get(Class::Tonight) {
            return Some(self.days_away(offset));
        }
        if let Some(weekday) = items.get(Class::Weekday) {
            let place = self.weekday(weekday, items);
            return Some(if is_eve_of_friday(items) { on_the_eve(place) } else { place });
        }
        if items.has(Class::Night) && !items.has(Class::This) {
            // «سه شب پیش»، «شب گذشته».
            return self.counted(items).or_else(|| Some(self.days_away(items.direction()?)));
        }
        if items.has(Class::Ruz) && (items.has(Class::That) || items.has(Class::This)) {
            return self.day_at_hand(true);
        }
        if items.has(Class::Ruz) {
            // «روز بعد» goes on from the day before it in the story.
            if let Some((day, _)) = self.memory.day.filter(|(_, ago)| is_narrative(items) && *ago <= MEMORY_OF_DAYS) {
                return Some(Place::new(Time::day(day.plus(1), None), Resolution::Mention).by("resolve.last-day"));
            }
            return items.direction().map(|direction| self.days_away(direction));
        }
        None
    }

    /// A day of a month, or a date in digits.
    fn exact_day(&self, items: Items<'_>) -> Option<Place> {
        if let Some(date) = items.get(Class::NumDate).and_then(|at| self.dates.get(at as usize)) {
            return self.numeric_day(*date);
        }
        let (calendar, month) = items.month().or_else(|| {
            // «اولین روز پاییز», «آخرین روز تابستان».
            let season = items.get(Class::Season).filter(|_| items.has(Class::Ruz))? as u8;
            Some((Calendar::Persian, season * 3 + if items.has(Class::Final) { 3 } else { 1 }))
        })?;
        let of_ruz = |class| items.get(class).filter(|_| items.has(Class::Ruz) && items.dom().is_none());
        let day = match (items.dom(), of_ruz(Class::Ordinal), of_ruz(Class::Final)) {
            (Some(day), ..) => day,
            (None, Some(day), _) => u8::try_from(day).ok()?,
            (None, None, Some(_)) => LAST_OF_MONTH,
            _ => return None,
        };
        let weekday = items.get(Class::Weekday);
        self.in_some_year(items, Yearly { calendar, what: What::Day(month, day) }, weekday)
    }

    /// «دهم ماه جاری».
    fn day_of_relative_month(&self, items: Items<'_>) -> Option<Place> {
        const PARTS: [Class; 6] = [Class::Hafte, Class::Half, Class::Dahe, Class::Number, Class::Sal, Class::Final];
        let nth = items.get(Class::Ordinal).filter(|_| items.has(Class::Mah) && items.any(&PARTS).is_none())?;
        let month = self.month(items)?;
        let Some(whole) = month.time.interval else { return Some(month) };
        let day = Some(whole.start.plus(nth - 1)).filter(|day| (1..=31).contains(&nth) && *day < whole.end)?;
        Some(Place { time: Time::day(day, month.time.calendar), alternatives: Vec::new(), ..month })
    }

    fn numeric_day(&self, date: NumericDate) -> Option<Place> {
        let year = if date.short { self.short_year(date.year, Calendar::Persian) } else { date.year };
        let calendar = if (1200..=1500).contains(&year) { Calendar::Persian } else { Calendar::Gregorian };
        let day = calendar.day(year, date.month, date.day)?;
        Some(Place::new(Time::day(day, Some(calendar)), Resolution::Explicit))
    }

    /// The day so far from the document's.
    fn days_away(&self, offset: i32) -> Place {
        match self.memory.document {
            Some(document) => Place::new(Time::day(document.plus(offset), None), Resolution::DocumentDate),
            None => {
                let value = ["PAST_REF", "PRESENT_REF", "FUTURE_REF"];
                let value = value.get((offset.signum() + 1) as usize).copied().unwrap_or_default();
                Place::new(Time::open(value.to_owned(), Granularity::Day, None), Resolution::Unresolved)
            }
        }
    }

    /// The day that a bare time of day belongs to, or `that` day.
    pub(super) fn day_at_hand(&self, that: bool) -> Option<Place> {
        // A day long past may be told of in its own sentence only.
        let near = |day: Day| self.memory.document.is_none_or(|document| (day.0 - document.0).abs() <= NEAR_DAYS);
        let at_hand = |(day, ago): &(Day, u32)| that || *ago == 0 || *ago <= MEMORY_OF_DAYS && near(*day);
        if let Some((day, _)) = self.memory.day.filter(at_hand) {
            let place = Place::new(Time::day(day, None), Resolution::Mention).by("resolve.last-day");
            let document = self.memory.document.filter(|document| *document != day);
            return Some(place.or(document.map(|day| Time::day(day, None)), "the document's day"));
        }
        match self.memory.document {
            Some(document) => Some(Place::new(Time::day(document, None), Resolution::DocumentDate)),
            None => Some(Place::new(Time::open("XXXX-XX-XX".into(), Granularity::Day, None), Resolution::Unresolved)),
        }
    }

    /// A weekday, in the week or on the side of the document's day that is told.
    fn weekday(&self, weekday: i32, items: Items<'_>) -> Place {
        let Some(document) = self.memory.document else {
            return Place::new(
                Time::open(format!("XXXX-WXX-{weekday}"), Granularity::Day, None),
                Resolution::Unresolved,
            );
        };
        let back = (document.weekday() - weekday).rem_euclid(7);
        let latest = document.plus(-back);
        let next = latest.plus(7);
        let day = |day: Day| Time::day(day, None);
        let place = |time: Day, rule| Place::new(day(time), Resolution::DocumentDate).by(rule);
        // «تا دوشنبه» on a Monday is today.
        let direction = items.direction().or_else(|| self.around.listed_week());
        let in_week = items.has(Class::Hafte) || items.direction().is_none();
        let is_ahead = matches!(self.tense(), Tense::Future | Tense::Planned) && !(back == 0 && self.around.until());
        match direction {
            Some(weeks) if in_week || weeks == 0 => {
                // Saturday is the first day of the week, Friday the last.
                let start = document.week_start().plus(weeks * 7);
                place(start.plus((weekday + 1) % 7), "resolve.week")
            }
            Some(-1) => place(if back == 0 { latest.plus(-7) } else { latest }, "resolve.before"),
            Some(_) => place(next, "resolve.after"),
            None if is_ahead => place(next, "resolve.future").or(Some(day(latest)), "the weekday before"),
            None => place(latest, "resolve.past").or(Some(day(next)), "the weekday after"),
        }
    }

    /// A day or period with a name.
    fn named(&self, value: i32, items: Items<'_>) -> Option<Place> {
        let named = self.lexicon.named(value)?;
        let day = Yearly { calendar: named.calendar, what: What::Named(named) };
        self.in_some_year(items, day, None)
    }
}

/// «شب جمعه», which is the night from Thursday to Friday; «جمعه‌شب» is not.
fn is_eve_of_friday(items: Items<'_>) -> bool {
    let place = |class| items.0.iter().position(|item| item.class == class);
    items.get(Class::Weekday) == Some(5) && place(Class::Night).is_some_and(|night| Some(night) < place(Class::Weekday))
}

/// The day before a weekday; the weekday itself is the other reading.
fn on_the_eve(place: Place) -> Place {
    let Some(interval) = place.time.interval else { return place };
    let eve = Place { time: Time::day(interval.start.plus(-1), None), alternatives: Vec::new(), ..place.clone() };
    eve.or(Some(place.time), "the night of the weekday itself")
}

/// Stands for the last day of a month, whichever that is.
pub(super) const LAST_OF_MONTH: u8 = 0;

/// Days that a time of day in a later sentence may belong to.
const NEAR_DAYS: i32 = 14;
