//! Ranges: two ends, of which each takes from the other what it leaves out.

use super::Resolver;
use super::clock::{at_time, time_of_day};
use super::items::{Item, Items};
use super::place::Place;
use crate::dates::class::Class;
use crate::dates::tense::Tense;
use crate::dates::time::Time;
use crate::dates::{Granularity, Resolution};

/// What names a month.
const MONTH: [Class; 4] = [Class::Month, Class::WordMonth, Class::May, Class::RareMonth];
/// What tells the year of a month.
const YEAR: [Class; 11] = [
    Class::Year4,
    Class::YearBare,
    Class::Year2,
    Class::ThisYear,
    Class::Sal,
    Class::Last,
    Class::Next,
    Class::Ago,
    Class::Current,
    Class::Past,
    Class::Ahead,
];
/// What tells the week of a weekday.
const WEEK: [Class; 5] = [Class::Hafte, Class::Last, Class::Next, Class::Ago, Class::Ahead];
/// What tells the day of a time of day.
const DAY: [Class; 6] = [Class::Weekday, Class::Today, Class::Dom, Class::DomWord, Class::NumDate, Class::Ruz];
/// What stands before both ends: «سال‌های ۱۳۵۷ تا ۱۳۶۷».
const HEADS: [Class; 6] = [Class::Saat, Class::Dahe, Class::Daheha, Class::Sal, Class::Salha, Class::Hafte];

impl Resolver<'_> {
    /// Two ends; each takes from the other what it leaves out.
    pub(super) fn range(&self, items: Items<'_>) -> Option<Place> {
        let last = |is: &dyn Fn(Class) -> bool| items.0.iter().rposition(|item| is(item.class));
        let split =
            last(&|class| matches!(class, Class::To | Class::Dash)).or_else(|| last(&|class| class == Class::And))?;
        let (left, right) = (Items(items.0.get(..split)?), Items(items.0.get(split + 1..)?));
        let lent = lent_to_first(left);
        let (first, second) = (with_loan(left, right, &lent), with_loan(right, left, &HEADS));
        let (mut a, mut b) = (self.point(Items(&first))?, self.point(Items(&second))?);
        let is_year = |place: &Place| place.time.granularity == Granularity::Year;
        if is_out_of_order(&a, &b) && is_year(&a) && is_year(&b) {
            // «1404-1403» reads from the right.
            std::mem::swap(&mut a, &mut b);
        } else if is_out_of_order(&a, &b) || is_far_apart(&a, &b) && !has_year(left) {
            a = self.before(Items(&first), &b).unwrap_or(a);
        }
        if is_out_of_order(&a, &b) {
            return None;
        }
        let from_first_day = left.get(Class::Edge) == Some(0) && a.time.granularity == Granularity::Month;
        let from = if from_first_day { first_day(&a.time) } else { a.time.clone() };
        let to = match b.time.interval {
            Some(i) if b.time.granularity == Granularity::Day => {
                Time::day(i.start, a.time.calendar.or(b.time.calendar))
            }
            _ => b.time,
        };
        let time = Time { granularity: a.time.granularity, ..Time::range(&from, &to) };
        Some(Place { time, alternatives: Vec::new(), ..a })
    }

    /// `items` resolved so that it lies before `end`.
    fn before(&self, items: Items<'_>, end: &Place) -> Option<Place> {
        let end = end.time.interval?;
        if let Some(weekday) = items.get(Class::Weekday) {
            let back = (end.start.weekday() - weekday).rem_euclid(7);
            let place = Place::new(Time::day(end.start.plus(-back), None), Resolution::DocumentDate);
            return Some(match time_of_day(items) {
                Some(time) => at_time(place, &time),
                None => place,
            });
        }
        // Without its year it is in the end's or in the one before.
        let memory = self.memory.on(end.start);
        let bare: Vec<Item> = items.0.iter().filter(|item| !YEAR.contains(&item.class)).copied().collect();
        Resolver { memory: &memory, assumed: Some(Tense::Past), ..*self }.point(Items(&bare))
    }
}

/// What the first end takes from the second.
fn lent_to_first(first: Items<'_>) -> Vec<Class> {
    let mut lent = vec![Class::Era];
    let is_bare_year =
        |item: &Item| matches!(item.class, Class::Year4 | Class::Year2 | Class::YearBare | Class::Sal | Class::Salha);
    if first.has(Class::Weekday) || first.0.iter().all(is_bare_year) {
        lent.extend(WEEK);
        return lent;
    }
    if first.any(&MONTH).is_none() {
        lent.extend(MONTH);
    }
    if !has_year(first) {
        lent.extend(YEAR);
    }
    // «ساعت 8 تا 10 فردا».
    if first.any(&DAY).is_none() && time_of_day(first).is_some() {
        lent.extend(DAY);
    }
    lent
}

/// `to`, and what `from` has of `classes` that it lacks.
fn with_loan(to: Items<'_>, from: Items<'_>, classes: &[Class]) -> Vec<Item> {
    let loan = from.0.iter().filter(|item| classes.contains(&item.class) && !to.has(item.class));
    to.0.iter().chain(loan).copied().collect()
}

fn has_year(items: Items<'_>) -> bool {
    items.any(&[Class::Year4, Class::YearBare, Class::Year2, Class::ThisYear, Class::Sal]).is_some()
}

fn is_out_of_order(a: &Place, b: &Place) -> bool {
    a.time.interval.zip(b.time.interval).is_some_and(|(a, b)| a.start > b.start)
}

/// More than a year between the beginnings: one of them took the wrong year.
fn is_far_apart(a: &Place, b: &Place) -> bool {
    a.time.interval.zip(b.time.interval).is_some_and(|(a, b)| b.start.0 - a.start.0 > 366)
}

/// The beginning of `time` as a day of its calendar.
fn first_day(time: &Time) -> Time {
    time.interval.map_or_else(|| time.clone(), |interval| Time::day(interval.start, time.calendar))
}
