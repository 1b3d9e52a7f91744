//! What single words and rows are to the grammar of heads.

use super::super::EntityKind;
use super::super::gazetteer::{Entry, Flags};
use super::super::reading::{Part, Reading, Shape};

/// Words that no name with a head goes over.
pub(super) const NEVER_INSIDE: Flags =
    Flags::STOP.and(Flags::POST).and(Flags::HONORIFIC).and(Flags::REPORT_NOUN).and(Flags::TIME);

/// Whether a name of kind `inner` can end one of kind `outer`.
pub(super) fn joins(outer: EntityKind, inner: EntityKind) -> bool {
    use EntityKind::{Event, Facility, Location, Organization, Product};
    match outer {
        Organization => matches!(inner, Organization | Location | Facility),
        Location => matches!(inner, Location),
        Facility => matches!(inner, Location | Facility | EntityKind::Person),
        Event => matches!(inner, Event | Location | Organization),
        Product => matches!(inner, Product | Organization | Location),
        _ => false,
    }
}

pub(super) fn is_place(reading: &Reading<'_>, entry: Entry) -> bool {
    matches!(entry, Entry::Row(index, _) if reading.gazetteer.row(index).is_some_and(|row| row.kind == EntityKind::Location))
}

/// A number, or an ordinal: «سوم».
pub(super) fn is_number(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    word.shape == Shape::Number || word.flags.has(Flags::ORDINAL)
}

pub(super) fn is_and(reading: &Reading<'_>, at: usize) -> bool {
    let raw = reading.raw(at);
    raw == "و" || raw == "،"
}

/// Adjectives that stand between head and name: in -ی, and no name themselves.
/// `late`, after a complement, only those that a table has.
pub(super) fn is_adjective(reading: &Reading<'_>, at: usize, late: bool) -> bool {
    let word = reading.word(at);
    let names = Flags::STOP.and(Flags::LOCATION).and(Flags::GIVEN).and(Flags::SURNAME).and(Flags::HEAD);
    let listed = Flags::ADJECTIVE.and(Flags::COMPLEMENT).and(Flags::NATIONALITY);
    reading.raw(at).ends_with('ی')
        && word.shape == Shape::Letters
        && (word.flags.has(Flags::NATIONALITY)
            || !word.flags.has(names) && post_free(word.flags) && word.part != Part::Unknown)
        && (!late || word.flags.has(listed))
}

pub(super) fn post_free(flags: Flags) -> bool {
    !flags.has(Flags::POST.and(Flags::HONORIFIC).and(Flags::VERB))
}

pub(super) fn is_nationality(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    end == at + 1 && reading.word(at).flags.has(Flags::NATIONALITY) && !reading.word(at).flags.has(Flags::LOCATION)
}

/// Whether a country ends `at..end`.
pub(super) fn ends_in_country(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    (at + 1..end).any(|at| is_country(reading, at, end))
}

/// Whether `at..end` is a country.
pub(super) fn is_country(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    reading.matches(at).iter().any(|m| match m.entry {
        Entry::Row(index, _) => {
            m.end == end && reading.gazetteer.row(index).is_some_and(|row| &*row.class == "country")
        }
        _ => false,
    })
}

/// Whether the one word at `at` is a country, a province or a sizeable city.
pub(super) fn is_large_place(reading: &Reading<'_>, at: usize) -> bool {
    let rows = reading.matches(at).iter().filter_map(|m| match m.entry {
        Entry::Row(index, _) if m.end == at + 1 => reading.gazetteer.row(index),
        _ => None,
    });
    rows.filter(|row| row.kind == EntityKind::Location && !row.ambiguous)
        .any(|row| matches!(&*row.class, "country" | "province") || &*row.country == "IR" || row.population >= 100_000)
}

/// Whether `entry` is a complement that goes with the head phrase or its first word.
pub(super) fn is_complement(reading: &Reading<'_>, entry: Entry, (start, end): (usize, usize)) -> bool {
    let Entry::Complement(index) = entry else { return false };
    let goes_with = |end| reading.gazetteer.goes_with(index, reading.key(start, end));
    goes_with(end) || goes_with(start + 1)
}

/// Where the longest phrase at `at` that `fits` ends.
pub(super) fn longest(reading: &Reading<'_>, at: usize, fits: impl Fn(Entry) -> bool) -> Option<usize> {
    reading.matches(at).iter().filter(|m| fits(m.entry)).map(|m| m.end).max()
}
