//! Units of time.

use super::Granularity;

/// A unit that is counted, or that recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Season,
    Year,
    Decade,
    Century,
}

impl Unit {
    const ALL: [(Unit, &'static str); 10] = [
        (Unit::Second, "second"),
        (Unit::Minute, "minute"),
        (Unit::Hour, "hour"),
        (Unit::Day, "day"),
        (Unit::Week, "week"),
        (Unit::Month, "month"),
        (Unit::Season, "season"),
        (Unit::Year, "year"),
        (Unit::Decade, "decade"),
        (Unit::Century, "century"),
    ];

    /// The value that stands for the unit that the tables call `name`.
    pub(super) fn value(name: &str) -> i32 {
        Self::ALL.iter().position(|(_, of)| *of == name).map_or(-1, |at| at as i32)
    }

    /// The unit that `value` stands for.
    pub(super) fn of(value: i32) -> Option<Unit> {
        usize::try_from(value).ok().and_then(|at| Self::ALL.get(at)).map(|(unit, _)| *unit)
    }

    /// Whether it is shorter than a day.
    pub(super) const fn is_short(self) -> bool {
        matches!(self, Self::Second | Self::Minute | Self::Hour)
    }

    pub(super) const fn granularity(self) -> Granularity {
        match self {
            Self::Second => Granularity::Second,
            Self::Minute => Granularity::Minute,
            Self::Hour => Granularity::Hour,
            Self::Day => Granularity::Day,
            Self::Week => Granularity::Week,
            Self::Month => Granularity::Month,
            Self::Season => Granularity::Season,
            Self::Year => Granularity::Year,
            Self::Decade => Granularity::Decade,
            Self::Century => Granularity::Century,
        }
    }

    /// How many of TIMEX3's own units it is, and their letter.
    pub(super) const fn letter(self) -> (i32, char) {
        match self {
            Self::Second => (1, 'S'),
            Self::Minute | Self::Month => (1, 'M'),
            Self::Hour => (1, 'H'),
            Self::Day => (1, 'D'),
            Self::Week => (1, 'W'),
            Self::Season => (3, 'M'),
            Self::Year => (1, 'Y'),
            Self::Decade => (10, 'Y'),
            Self::Century => (100, 'Y'),
        }
    }

    /// `count` of them as a TIMEX3 length: `P3D`, `PT40M`.
    pub(super) fn length(self, count: i32) -> String {
        let (times, _) = self.letter();
        self.length_of(&count.saturating_mul(times).to_string())
    }

    /// The same of a count that is no whole number: `PXD`, `PT2.5H`.
    pub(super) fn length_of(self, count: &str) -> String {
        let (_, letter) = self.letter();
        format!("P{}{count}{letter}", if self.is_short() { "T" } else { "" })
    }

    /// A part of it, in sixtieths, as whole smaller units: 30 minutes, 6 months.
    pub(super) const fn fraction(self, sixtieths: i32) -> Option<(i32, Unit)> {
        let (whole, smaller) = match self {
            Self::Minute => (60, Self::Second),
            Self::Hour => (60, Self::Minute),
            Self::Day => (24, Self::Hour),
            Self::Month => (30, Self::Day),
            Self::Year => (12, Self::Month),
            Self::Decade => (10, Self::Year),
            Self::Century => (100, Self::Year),
            Self::Second | Self::Week | Self::Season => return None,
        };
        Some((whole * sixtieths / 60, smaller))
    }
}
