//! Ranges: two ends, of which each takes from the other what it leaves out.

use super::Resolver;
use super::clock::{at_time, time_of_day};
use super::items::{Item, Items};
use super::memory::Memory;
use super::place::Place;
use crate::dates::class::Class;
use crate::dates::tense::Tense;
use crate::dates::time::Time;
use crate::dates::{Granularity, Resolution};

impl Resolver<'_> {
    /// Two ends; each takes from the other what it leaves out.
    pub(super) fn range(&self, items: Items<'_>) -> Option<Place> {
        let split = items
            .0
            .iter()
            .rposition(|i| matches!(i.class, Class::To | Class::Dash))
            .or_else(|| items.0.iter().rposition(|i| i.class == Class::And))?;
        let (left, right) = (items.0.get(..split)?, items.0.get(split + 1..)?);
        let lend = |to: &[Item], from: &[Item], classes: &[Class]| {
            let lacks = |class: &Class| !to.iter().any(|item| item.class == *class);
            let lent = from.iter().filter(|item| classes.contains(&item.class) && lacks(&item.class));
            to.iter().copied().chain(lent.copied()).collect::<Vec<Item>>()
        };
        let bare_year = left.iter().all(|item| {
            matches!(item.class, Class::Year4 | Class::Year2 | Class::YearBare | Class::Sal | Class::Salha)
        });
        let mut months: Vec<Class> = vec![Class::Era];
        if !left.iter().any(|item| matches!(item.class, Class::Month | Class::WordMonth | Class::RareMonth)) {
            months.extend([Class::Month, Class::WordMonth, Class::RareMonth]);
        }
        let own_year = |items: &[Item]| {
            Items(items).any(&[Class::Year4, Class::Year2, Class::YearBare, Class::ThisYear]).is_some()
                || Items(items).has(Class::Sal)
        };
        if !own_year(left) {
            months.extend([
                Class::Year4,
                Class::Year2,
                Class::ThisYear,
                Class::Sal,
                Class::Last,
                Class::Next,
                Class::Ago,
                Class::Current,
                Class::Ahead,
            ]);
        }
        if bare_year || Items(left).has(Class::Weekday) {
            months = vec![Class::Era, Class::Hafte, Class::Last, Class::Next, Class::Ago, Class::Ahead];
        }
        // «ساعت 8 تا 10 فردا».
        if !Items(left).0.iter().any(|item| DAY.contains(&item.class)) && time_of_day(Items(left)).is_some() {
            months.extend(DAY);
        }
        let first = lend(left, right, &months);
        let second =
            lend(right, left, &[Class::Saat, Class::Dahe, Class::Daheha, Class::Sal, Class::Salha, Class::Hafte]);
        let (mut a, mut b) = (self.point(Items(&first))?, self.point(Items(&second))?);
        let out_of_order = |a: &Place, b: &Place| match (a.time.interval, b.time.interval) {
            (Some(a), Some(b)) => a.start > b.start,
            _ => false,
        };
        let years = a.time.granularity == Granularity::Year && b.time.granularity == Granularity::Year;
        if years && out_of_order(&a, &b) {
            // «1404-1403» reads from the right.
            std::mem::swap(&mut a, &mut b);
        } else if out_of_order(&a, &b) {
            a = self.before(&first, &b)?;
        }
        let far = self.memory.document.and_then(|_| far_apart(&a, &b)).unwrap_or(false);
        if far && !own_year(left) {
            a = self.before(&first, &b).unwrap_or(a);
        }
        if out_of_order(&a, &b) {
            return None;
        }
        let calendar = a.time.calendar.or(b.time.calendar);
        let from = if Items(left).get(Class::Edge) == Some(0) && a.time.granularity == Granularity::Month {
            first_day(&a.time)
        } else {
            a.time.clone()
        };
        let to = match b.time.interval {
            Some(i) if b.time.granularity == Granularity::Day => Time::day(i.start, calendar),
            _ => b.time,
        };
        let time = Time { granularity: a.time.granularity, ..Time::range(&from, &to) };
        Some(Place { time, alternatives: Vec::new(), ..a })
    }

    /// `items` resolved so that it lies before `end`.
    pub(super) fn before(&self, items: &[Item], end: &Place) -> Option<Place> {
        let end = end.time.interval?;
        if let Some(weekday) = Items(items).get(Class::Weekday) {
            let back = (end.start.weekday() - weekday).rem_euclid(7);
            let place = Place::new(Time::day(end.start.plus(-back), None), Resolution::DocumentDate);
            return Some(match time_of_day(Items(items)) {
                Some(time) => at_time(place, &time),
                None => place,
            });
        }
        // A year of its own stays; without one it is the end's or the one before.
        let memory = Memory { document: Some(end.start), sentence_year: None, ..*self.memory };
        let assumed = Some(Tense::Past);
        let bare: Vec<Item> = items
            .iter()
            .filter(|i| {
                !matches!(
                    i.class,
                    Class::Year4
                        | Class::Year2
                        | Class::Sal
                        | Class::ThisYear
                        | Class::Last
                        | Class::Next
                        | Class::Ago
                        | Class::Current
                        | Class::Ahead
                )
            })
            .copied()
            .collect();
        Resolver { memory: &memory, assumed, ..*self }.point(Items(&bare))
    }
}

/// What tells the day of a time of day.
const DAY: [Class; 10] = [
    Class::Weekday,
    Class::Today,
    Class::Dom,
    Class::DomWord,
    Class::Month,
    Class::WordMonth,
    Class::NumDate,
    Class::Year4,
    Class::Last,
    Class::Next,
];

/// The beginning of `time` as a day of its calendar.
fn first_day(time: &Time) -> Time {
    time.interval.map_or_else(|| time.clone(), |interval| Time::day(interval.start, time.calendar))
}

fn far_apart(a: &Place, b: &Place) -> Option<bool> {
    let (a, b) = (a.time.interval?, b.time.interval?);
    Some(b.start.0 - a.start.0 > 366)
}
