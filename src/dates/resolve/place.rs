//! A place in the calendar, and how it is known.

use crate::dates::time::Time;
use crate::dates::{Alternative, Calendar, Granularity, Resolution};

/// A year, and how it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Year {
    pub(super) calendar: Calendar,
    pub(super) year: i32,
    pub(super) resolution: Resolution,
    pub(super) rule: &'static str,
}

/// A place in the calendar, and how it is known.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) time: Time,
    pub(super) resolution: Resolution,
    pub(super) rule: Option<&'static str>,
    pub(super) weekday_agrees: Option<bool>,
    pub(super) alternatives: Vec<Alternative>,
}

impl Place {
    pub(super) fn new(time: Time, resolution: Resolution) -> Self {
        Self { time, resolution, rule: None, weekday_agrees: None, alternatives: Vec::new() }
    }

    pub(super) fn by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    pub(super) fn or(mut self, time: Option<Time>, reason: &'static str) -> Self {
        self.alternatives.extend(time.map(|time| alternative(&time, reason)));
        self
    }

    pub(super) fn in_year(time: Time, year: Year) -> Self {
        Self { rule: Some(year.rule), ..Self::new(time, year.resolution) }
    }
}

pub(super) fn alternative(time: &Time, reason: &'static str) -> Alternative {
    Alternative { value: time.value.clone(), timex3: time.timex3.clone(), interval: time.interval, reason }
}

pub(super) fn unresolved(direction: i32, granularity: Granularity) -> Place {
    let value = match direction {
        ..0 => "PAST_REF",
        0 => "PRESENT_REF",
        _ => "FUTURE_REF",
    };
    Place::new(Time::open(value.to_owned(), granularity, None), Resolution::Unresolved)
}
