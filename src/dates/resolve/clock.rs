//! Parts of the day and clock times.

use super::items::Items;
use super::place::Place;
use crate::dates::Granularity;
use crate::dates::class::Class;
use crate::dates::lexicon::PARTS;

/// A part of the day or a clock time, as it ends a TIMEX3 value.
pub(super) struct TimeOfDay {
    pub(super) value: String,
    pub(super) granularity: Granularity,
}

pub(super) fn time_of_day(items: Items<'_>) -> Option<TimeOfDay> {
    let part = items.any(&[Class::Part, Class::Night, Class::SurePart]);
    let part = part.or(items.get(Class::Tonight).map(|_| 4));
    let seconds = match (items.get(Class::Clock), items.get(Class::Hour)) {
        (Some(seconds), _) => Some(seconds),
        (None, Some(hour)) => {
            let minute = items.get(Class::Minute).or(items.get(Class::Fraction)).unwrap_or(0);
            Some(hour * 3600 + minute * 60)
        }
        _ => None,
    };
    let Some(seconds) = seconds else {
        let part = PARTS.get(usize::try_from(part?).ok()?)?;
        return Some(TimeOfDay { value: format!("T{part}"), granularity: Granularity::PartOfDay });
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
    Some(TimeOfDay { value, granularity })
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
