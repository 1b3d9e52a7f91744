//! Lengths of time, sets and vague references.

use super::calendar::Day;
use super::class::Class;
use super::lexicon::{Lexicon, PARTS, SEASONS, UNITS};
use super::resolve::Items;
use super::{Calendar, DateMention, Granularity, Interval, Kind, Resolution};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    granularity: Granularity,
    /// Its letter in a TIMEX3 length, after `P` or `PT`.
    letter: &'static str,
    /// Whether it is shorter than a day.
    clock: bool,
    /// How many of the letter's units it is.
    times: i32,
}

fn unit_name(index: i32) -> Option<&'static str> {
    usize::try_from(index).ok().and_then(|at| UNITS.get(at)).copied()
}

fn unit(index: i32) -> Option<Unit> {
    let name = unit_name(index)?;
    let (granularity, letter, clock, times) = match name {
        "second" => (Granularity::Second, "S", true, 1),
        "minute" => (Granularity::Minute, "M", true, 1),
        "hour" => (Granularity::Hour, "H", true, 1),
        "day" | "night" => (Granularity::Day, "D", false, 1),
        "week" => (Granularity::Week, "W", false, 1),
        "month" => (Granularity::Month, "M", false, 1),
        "year" => (Granularity::Year, "Y", false, 1),
        "decade" => (Granularity::Decade, "Y", false, 10),
        _ => return None,
    };
    Some(Unit { granularity, letter, clock, times })
}

impl Unit {
    /// The length of `count` of them: `P3D`, `PT40M`.
    fn length(self, count: &str) -> String {
        format!("P{}{count}{}", if self.clock { "T" } else { "" }, self.letter)
    }

    fn counted(self, count: i32) -> String {
        self.length(&count.saturating_mul(self.times).to_string())
    }

    /// Half of it, or a quarter (`fraction` is in sixtieths), as whole smaller
    /// units: 30 minutes, 6 months.
    fn fraction(self, fraction: i32) -> Option<(i32, Unit)> {
        let (whole, smaller) = match (self.granularity, self.clock) {
            (Granularity::Minute, _) => (60, 0),
            (Granularity::Hour, _) => (60, 1),
            (Granularity::Day, _) => (24, 2),
            (Granularity::Month, _) => (30, 3),
            (Granularity::Year, _) => (12, 6),
            (Granularity::Decade, _) => (10, 8),
            _ => return None,
        };
        Some((whole * fraction / 60, unit(smaller)?))
    }
}

/// Whether the unit is too short for days to be counted: «ده دقیقه دیگر».
pub(super) fn is_within_a_day(items: Items<'_>) -> bool {
    items.get(Class::Unit).and_then(unit).is_some_and(|unit| unit.clock)
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
    let units: Vec<Unit> = items
        .0
        .iter()
        .filter(|i| matches!(i.class, Class::Unit | Class::Long | Class::Aged | Class::One))
        .filter_map(|i| unit(i.value))
        .collect();
    let counts: Vec<i32> = items.0.iter().filter(|i| i.class == Class::Number).map(|i| i.value).collect();
    let first = *units.first()?;
    let last = *units.last()?;
    // «یک شب» is a night, not a length.
    let night = items.get(Class::Unit).and_then(unit_name) == Some("night");
    if night && counts.first() == Some(&1) {
        return None;
    }
    let whole = |value, unit: Unit| Some(mention(Kind::Duration, value, Some(unit.granularity)));
    if items.has(Class::Vague) {
        return whole(first.length("X"), first);
    }
    if let Some(tenths) = items.get(Class::Decimal) {
        return whole(first.length(&format!("{}.{}", tenths / 10, tenths % 10)), first);
    }
    if let Some(fraction) = items.get(Class::Fraction) {
        let (part, smaller) = first.fraction(fraction)?;
        let value = match counts.first() {
            Some(count) => joined(first.counted(*count), smaller, part, first.clock),
            None => smaller.counted(part),
        };
        return whole(value, smaller);
    }
    match (counts.as_slice(), units.len()) {
        ([], 1) => whole(first.counted(1), first),
        ([count], 1) => whole(first.counted(*count), first),
        ([a, b], 2) if !items.has(Class::To) => whole(joined(first.counted(*a), last, *b, first.clock), last),
        ([a, b], 1) => whole(format!("{}/{}", first.counted(*a), first.counted(*b)), first),
        _ => None,
    }
}

/// `P1Y` and 6 months: `P1Y6M`; a part shorter than a day goes after `T`.
fn joined(length: String, smaller: Unit, count: i32, clock: bool) -> String {
    let t = if smaller.clock && !clock { "T" } else { "" };
    format!("{length}{t}{}{}", count.saturating_mul(smaller.times), smaller.letter)
}

/// «پنج سال اخیر», «ده روز آینده»: a length that ends or begins at the
/// document's day.
pub(super) fn recent(items: Items<'_>, document: Option<Day>) -> Option<DateMention> {
    let unit = unit(items.get(Class::Unit)?)?;
    let ahead = items.has(Class::Ahead);
    let Some(count) = items.get(Class::Number) else {
        return Some(mention(Kind::Duration, unit.length("X"), Some(unit.granularity)));
    };
    let mut length = mention(Kind::Duration, unit.counted(count), Some(unit.granularity));
    let Some(document) = document else {
        length.resolution = Resolution::Unresolved;
        return Some(length);
    };
    let sign = if ahead { 1 } else { -1 };
    let months = |months: i32| Calendar::Gregorian.plus_months(document, sign * months);
    let other = match unit.granularity {
        Granularity::Second | Granularity::Minute => document,
        Granularity::Hour => document.plus(sign * (count.saturating_add(23) / 24)),
        Granularity::Day => document.plus(sign * count),
        Granularity::Week => document.plus(sign * count.saturating_mul(7)),
        Granularity::Month => months(count)?,
        _ => months(count.checked_mul(12 * unit.times)?)?,
    };
    let (start, end) = if ahead { (document, other) } else { (other, document) };
    length.interval = Some(Interval { start, end: end.plus(1) });
    length.resolution = Resolution::DocumentDate;
    length.anchor = Some(document);
    Some(length)
}

/// «هر جمعه»، «روزانه»، «هفته‌ای دو بار»، «شب‌ها».
pub(super) fn set(items: Items<'_>, lexicon: &Lexicon) -> Option<DateMention> {
    let part = [Class::Part, Class::SurePart, Class::Night].into_iter().find_map(|class| items.get(class));
    let part = part.and_then(|at| PARTS.get(usize::try_from(at).ok()?)).copied();
    let count = items.get(Class::Number);
    let mut freq = String::new();
    let (value, granularity) = if let Some(weekday) = items.get(Class::Weekday) {
        let time = part.map(|part| format!("T{part}")).unwrap_or_default();
        (format!("XXXX-WXX-{weekday}{time}"), Granularity::Day)
    } else if let Some(part) = part {
        (format!("XXXX-XX-XXT{part}"), Granularity::PartOfDay)
    } else if let Some(season) = items.get(Class::Season) {
        (format!("XXXX-{}", SEASONS.get(usize::try_from(season).ok()?)?), Granularity::Season)
    } else if let Some(value) = items.get(Class::Daily).or(items.get(Class::Rate)) {
        if items.has(Class::Rate) {
            freq = count.or(items.get(Class::Once).map(|_| 1)).map(|n| format!("{n}X")).unwrap_or_default();
        }
        let value = lexicon.string(value);
        (value.to_owned(), granularity_of(value))
    } else {
        let unit = items.0.iter().find_map(|item| {
            Some(match item.class {
                Class::Unit => item.value,
                Class::Ruz => 3,
                Class::Hafte => 5,
                Class::Mah => 6,
                Class::Sal => 8,
                _ => return None,
            })
        });
        let unit = unit.and_then(unit_of_set)?;
        if items.has(Class::Times) {
            freq = format!("{}X", count?);
            (unit.counted(1), unit.granularity)
        } else {
            (unit.counted(count.unwrap_or(1)), unit.granularity)
        }
    };
    let mut set = mention(Kind::Set, value, Some(granularity));
    set.quant = "EVERY";
    set.freq = freq;
    Some(set)
}

fn unit_of_set(index: i32) -> Option<Unit> {
    unit(index).map(|unit| if unit.granularity == Granularity::Decade { Unit { times: 10, ..unit } } else { unit })
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
