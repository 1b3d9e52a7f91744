//! Parts of the day and clock times.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::items::Items;
use super::place::Place;
use crate::dates::Granularity;
use crate::dates::calendar::Day;
use crate::dates::class::Class;
use crate::dates::lexicon::PARTS;

/// A part of the day or a clock time, as it ends a TIMEX3 value.
pub(in crate::dates) struct TimeOfDay {
    pub(in crate::dates) value: String,
    pub(super) granularity: Granularity,
    /// Seconds from midnight, when it is a clock time.
    seconds: Option<i32>,
}

/// The time of day that the words tell.
pub(in crate::dates) fn time_of_day(items: Items<'_>) -> Option<TimeOfDay> {
    let part = items.any(&[Class::Part, Class::Night, Class::SurePart]);
    let part = part.or(items.get(Class::Tonight).map(|_| 4));
    let seconds = match (items.get(Class::Clock), items.get(Class::Hour)) {
        (Some(seconds), _) => Some(seconds),
        (None, Some(hour)) => {
            let fraction = items.get(Class::Fraction);
            let minute = match fraction {
                // «یک ربع به هفت».
                Some(fraction) if items.has(Class::Be) => -fraction * items.get(Class::Number).unwrap_or(1).clamp(1, 3),
                _ => items.get(Class::Minute).or(fraction).unwrap_or(0),
            };
            Some(hour * 3600 + minute * 60).filter(|seconds| *seconds >= 0)
        }
        _ => None,
    };
    let Some(seconds) = seconds else {
        let part = PARTS.get(usize::try_from(part?).ok()?)?;
        return Some(TimeOfDay { value: format!("T{part}"), granularity: Granularity::PartOfDay, seconds: None });
    };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let hour = match (part, hour) {
        // Noon to three, afternoon and evening, and the night before twelve.
        (Some(1), 1..=4) | (Some(2 | 3), 1..=11) | (Some(4), 6..=11) => hour + 12,
        (Some(0 | 4), 12) => 0,
        _ => hour,
    };
    let (value, granularity) = match second {
        0 => (format!("T{hour:02}:{minute:02}"), Granularity::Minute),
        _ => (format!("T{hour:02}:{minute:02}:{second:02}"), Granularity::Second),
    };
    Some(TimeOfDay { value, granularity, seconds: Some(hour * 3600 + minute * 60 + second) })
}

/// The offset from UTC, `+03:30`, that clocks in `zone` (an IANA name) show at
/// that time; `None` for a local time without a name.
pub(super) fn offset(zone: &str, day: Day, time: &TimeOfDay) -> Option<String> {
    let zone = TimeZone::get(zone).ok()?;
    let seconds = zone.to_offset(instant(&zone, day, time)?).seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
}

/// The day in the zone `home` when clocks in `zone` show that time, if it is
/// another one.
pub(super) fn day_elsewhere(zone: &str, home: &str, day: Day, time: &TimeOfDay) -> Option<Day> {
    let instant = instant(&TimeZone::get(zone).ok()?, day, time)?;
    let there = TimeZone::get(home).ok()?.to_datetime(instant).date();
    let there = Day::from_gregorian(there.year().into(), there.month().unsigned_abs(), there.day().unsigned_abs())?;
    Some(there).filter(|there| *there != day)
}

/// When clocks in `zone` show that time of that day.
fn instant(zone: &TimeZone, day: Day, time: &TimeOfDay) -> Option<Timestamp> {
    let (year, month, of_month) = day.gregorian();
    let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
    let midnight = jiff::civil::Date::new(year, month, i8::try_from(of_month).ok()?).ok()?.at(0, 0, 0, 0);
    let local = midnight.checked_add(jiff::SignedDuration::from_secs(time.seconds?.into())).ok()?;
    zone.to_timestamp(local).ok()
}

pub(super) fn at_time(mut place: Place, time: &TimeOfDay) -> Place {
    let add = |value: &mut String| {
        if !value.is_empty() {
            value.push_str(&time.value);
        }
    };
    if place.time.value.ends_with("_REF") {
        place.time.value = format!("XXXX-XX-XX{}", time.value);
        place.time.timex3 = place.time.value.clone();
    } else {
        add(&mut place.time.value);
        add(&mut place.time.timex3);
    }
    place.time.granularity = time.granularity;
    for other in &mut place.alternatives {
        add(&mut other.value);
        add(&mut other.timex3);
    }
    place
}
