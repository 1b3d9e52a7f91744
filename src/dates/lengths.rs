//! Lengths of time, sets and vague references.

use super::calendar::Day;
use super::class::Class;
use super::lexicon::{Lexicon, SEASONS};
use super::resolve::{Items, time_of_day};
use super::unit::Unit;
use super::{Calendar, DateMention, Granularity, Interval, Kind, Resolution};

/// Whether the unit is too short for days to be counted: «ده دقیقه دیگر».
pub(super) fn is_within_a_day(items: Items<'_>) -> bool {
    items.get(Class::Unit).and_then(Unit::of).is_some_and(Unit::is_short)
}

/// A mention of `kind` with `value`, which is the same in every calendar.
fn mention(kind: Kind, value: String, granularity: Option<Granularity>) -> DateMention {
    DateMention {
        kind,
        granularity,
        timex3: value.clone(),
        value,
        resolution: Resolution::Explicit,
        confidence: 0.9,
        ..DateMention::default()
    }
}

/// «سه روز»، «یک سال و نیم»، «نیم ساعت»، «چهار سال و دو ماه».
pub(super) fn duration(items: Items<'_>) -> Option<DateMention> {
    let is_unit = |class| matches!(class, Class::Unit | Class::Long | Class::Aged | Class::One);
    let mut units = items.0.iter().filter(|item| is_unit(item.class)).filter_map(|item| Unit::of(item.value));
    let mut counts = items.0.iter().filter(|item| item.class == Class::Number).map(|item| item.value);
    let count = counts.next();
    let whole = |value, unit: Unit| Some(mention(Kind::Duration, value, Some(unit.granularity())));
    // «یک شب» is a night, not a length.
    if items.has(Class::Night) {
        return whole(Unit::Day.length(count.filter(|count| *count > 1)?), Unit::Day);
    }
    let first = units.next().filter(|unit| *unit != Unit::Season)?;
    if items.has(Class::Vague) || items.has(Class::Plural) {
        return whole(first.length_of("X"), first);
    }
    if let Some(tenths) = items.get(Class::Decimal) {
        return whole(first.length_of(&format!("{}.{}", tenths / 10, tenths % 10)), first);
    }
    if let Some(fraction) = items.get(Class::Fraction) {
        // «سه ربع ساعت», but «سه ساعت و ربع».
        let (whole_units, times) =
            if items.has(Class::And) { (count, 1) } else { (None, count.unwrap_or(1).min(MOST)) };
        let (part, smaller) = first.fraction(fraction.checked_mul(times)?)?;
        let length = whole_units.map(|count| first.length(count));
        return whole(length.map_or_else(|| smaller.length(part), |length| longer(length, smaller, part)), smaller);
    }
    let mut length = first.length(count.unwrap_or(1));
    let mut last = first;
    for count in counts {
        match units.next() {
            Some(unit) => (length, last) = (longer(length, unit, count), unit),
            // «سه تا پنج روز».
            None => return whole(format!("{length}/{}", first.length(count)), first),
        }
    }
    whole(length, last)
}

/// `length` and `count` of a smaller unit: `P1Y6M`, `P1DT12H`.
fn longer(length: String, unit: Unit, count: i32) -> String {
    let t = if unit.is_short() && !length.contains('T') { "T" } else { "" };
    let (times, letter) = unit.letter();
    format!("{length}{t}{}{letter}", count.saturating_mul(times))
}

/// «پنج سال اخیر», «ده روز آینده»: a length that ends or begins at the
/// document's day.
pub(super) fn recent(items: Items<'_>, document: Option<Day>) -> Option<DateMention> {
    let unit = Unit::of(items.get(Class::Unit)?)?;
    let ahead = items.has(Class::Ahead);
    if items.has(Class::Vague) {
        return Some(mention(Kind::Duration, unit.length_of("X"), Some(unit.granularity())));
    }
    let mut length = duration(items)?;
    let count = items.get(Class::Number).unwrap_or(0);
    let fraction = items.get(Class::Fraction).unwrap_or(0);
    let Some(document) = document.filter(|_| count <= MOST) else {
        length.resolution = Resolution::Unresolved;
        return Some(length);
    };
    let sign = if ahead { 1 } else { -1 };
    let days = |each: i32| document.plus(sign * (count * each + each * fraction / 60));
    let months = |each: i32| Calendar::Gregorian.plus_months(document, sign * (count * each + each * fraction / 60));
    let other = match unit {
        Unit::Second | Unit::Minute => document,
        Unit::Hour => document.plus(sign * ((count + 23) / 24).max(1)),
        Unit::Day => days(1),
        Unit::Week => days(7),
        Unit::Month => months(1)?,
        Unit::Season => months(3)?,
        Unit::Year => months(12)?,
        Unit::Decade => months(120)?,
        Unit::Century => months(1200)?,
    };
    let (start, end) = if ahead { (document, other) } else { (other, document) };
    length.interval = Some(Interval { start, end: end.plus(1) });
    length.resolution = Resolution::DocumentDate;
    length.anchor = Some(document);
    Some(length)
}

/// «هر جمعه»، «روزانه»، «هفته‌ای دو بار»، «شب‌ها».
pub(super) fn set(items: Items<'_>, lexicon: &Lexicon) -> Option<DateMention> {
    let time = time_of_day(items).map(|time| time.value);
    let count = items.get(Class::Number);
    let mut freq = String::new();
    let (value, granularity) = if let Some(weekday) = items.get(Class::Weekday) {
        (format!("XXXX-WXX-{weekday}{}", time.unwrap_or_default()), Granularity::Day)
    } else if let Some(time) = time {
        (format!("XXXX-XX-XX{time}"), Granularity::PartOfDay)
    } else if let Some(season) = items.get(Class::Season) {
        (format!("XXXX-{}", SEASONS.get(usize::try_from(season).ok()?)?), Granularity::Season)
    } else if let Some(value) = items.get(Class::Daily).or(items.get(Class::Rate)) {
        if items.has(Class::Rate) {
            freq = count.or(items.get(Class::Once).map(|_| 1)).map(|n| format!("{n}X")).unwrap_or_default();
        }
        let value = lexicon.string(value);
        (value.to_owned(), granularity_of(value))
    } else {
        let unit = items.0.iter().find_map(|item| match item.class {
            Class::Unit => Unit::of(item.value),
            Class::Ruz => Some(Unit::Day),
            Class::Hafte => Some(Unit::Week),
            Class::Mah => Some(Unit::Month),
            Class::Sal => Some(Unit::Year),
            _ => None,
        })?;
        if items.has(Class::Times) {
            freq = format!("{}X", count?);
            (unit.length(1), unit.granularity())
        } else {
            (unit.length(count.unwrap_or(1)), unit.granularity())
        }
    };
    let mut set = mention(Kind::Set, value, Some(granularity));
    set.quant = "EVERY";
    set.freq = freq;
    Some(set)
}

fn granularity_of(value: &str) -> Granularity {
    match value.chars().last() {
        Some('I') => Granularity::PartOfDay,
        Some('W') => Granularity::Week,
        Some('M') => Granularity::Month,
        Some('Y') => Granularity::Year,
        _ => Granularity::Day,
    }
}

/// «اکنون»، «اخیراً».
pub(super) fn reference(value: &'static str) -> DateMention {
    DateMention { confidence: 0.4, ..mention(Kind::Date, value.to_owned(), None) }
}

/// More of a unit than this are not counted in days.
const MOST: i32 = 10_000;
