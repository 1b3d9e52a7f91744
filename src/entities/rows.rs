//! Names that a table holds whole.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::{Ending, Entry, Flags, OWN, Row};
use super::reading::{Part, Reading, Shape};
use crate::segment::Sentence;

/// Appends the names in `sentence` that a table holds.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let (first, limit) = (sentence.tokens.start, sentence.tokens.end);
    for at in first..limit {
        for m in reading.matches(at) {
            let Entry::Row(index, canonical) = m.entry else { continue };
            let Some(row) = reading.gazetteer.row(index) else { continue };
            let inflected = !matches!(m.ending, Ending::None | Ending::Ezafe | Ending::Copula);
            if inflected && row.kind != EntityKind::Nationality {
                continue;
            }
            let confidence = confidence(reading, row, canonical, at, m.end, first);
            let rule = row.table;
            if confidence > 0.3 {
                let (start, end) = (at, m.end);
                out.push(Candidate { start, end, kind: row.kind, confidence, rule, row: Some(index) });
            }
        }
    }
}

/// How surely tokens `at..end` name `row`.
fn confidence(reading: &Reading<'_>, row: &Row, canonical: bool, at: usize, end: usize, first: usize) -> f32 {
    if row.table == OWN {
        return 0.99;
    }
    let word = reading.word(at);
    let mut confidence: f32 = match (row.kind, end - at) {
        (_, 3..) => 0.95,
        (_, 2) => 0.9,
        (EntityKind::Nationality, _) => 0.85,
        (EntityKind::Location, _) => place(row),
        (EntityKind::Organization, _) => 0.8,
        (EntityKind::Person, _) => 0.8,
        _ => 0.7,
    };
    if !canonical {
        confidence -= 0.03;
    }
    if end - at > 1 {
        return confidence;
    }
    let flags = word.flags;
    let stated = row.ambiguous && (canonical || !matches!(row.kind, EntityKind::Location | EntityKind::Nationality));
    let everyday = match row.kind {
        // This table does not say itself which of its names are everyday words.
        EntityKind::Facility => flags.has(Flags::ORDINARY.and(Flags::EVERYDAY)),
        _ => stated || flags.has(Flags::ORDINARY),
    };
    if flags.has(Flags::STOP.and(Flags::VERB)) {
        confidence -= 0.6;
    } else if everyday || flags.has(Flags::POST.and(Flags::HEAD).and(Flags::HONORIFIC)) {
        confidence -= if row.kind == EntityKind::Nationality { 0.45 } else { 0.55 };
    } else if flags.has(Flags::GIVEN) {
        confidence -= 0.15;
    }
    let next = reading.word(end);
    let previous = reading.before(at, first);
    let listed = |at: usize| matches!(reading.raw(at), "و" | "،");
    if row.kind == EntityKind::Location {
        if flags.has(Flags::GIVEN) && matches!(next.part, Part::Surname | Part::Shaped | Part::Unknown) {
            confidence -= 0.3;
        }
        // «خاش: …» opens a report from there.
        if at == first && matches!(reading.raw(end), ":" | "-" | "–" | "—") {
            confidence += 0.35;
        }
        // «در دوشنبه» is the city: of days one says «روز دوشنبه».
        if flags.has(Flags::TIME) && previous.flags.has(Flags::PLACE) && row.population >= 500_000 {
            confidence += 0.3;
        }
        // «پدر سهند»: a given name after kin.
        if flags.has(Flags::GIVEN) && previous.flags.has(Flags::KIN) {
            confidence -= 0.5;
        }
        if previous.flags.has(Flags::PREPOSITION) && !flags.has(Flags::ORDINARY) {
            let closed = next.shape != Shape::Letters || next.flags.has(Flags::STOP);
            confidence += match (everyday, closed) {
                (false, _) => 0.15,
                (true, true) => 0.12,
                (true, false) => 0.0,
            };
        }
        // «فرماندار …،», «نماینده …،»
        if previous.flags.has(Flags::GOVERNOR) && next.shape == Shape::Comma {
            confidence += 0.35;
        }
        let list_before = at >= first + 2 && listed(at - 1) && is_place(reading, at - 2);
        let list_after = listed(end) && is_place(reading, end + 1);
        if list_before || list_after {
            confidence += 0.15;
        }
    }
    // «کارگر ترک», «میزبان گرجی»: after a noun.
    if row.kind == EntityKind::Nationality
        && everyday
        && !flags.has(Flags::VERB)
        && (previous.flags.has(NOUN)
            || listed(at - usize::from(at > first)) && is_people(reading, at.saturating_sub(2))
            || listed(end) && is_people(reading, end + 1))
        && !next.flags.has(Flags::VERB)
    {
        confidence += 0.2;
    }
    if row.kind == EntityKind::Organization {
        if quotes_source(reading, at, first) {
            confidence += 0.3;
        }
        if next.flags.has(Flags::REPORT) {
            confidence += 0.15;
        }
        if &*row.class == "club" && previous.flags.has(Flags::SPORT) {
            confidence += 0.35;
        }
        if previous.shape == Shape::Open && next.shape == Shape::Close {
            confidence += 0.1;
        }
    }
    confidence.min(0.97)
}

/// How surely the only word of a place's name is that place.
fn place(row: &Row) -> f32 {
    match (&*row.class, row.population) {
        ("country" | "province" | "continent", _) => 0.95,
        _ if &*row.country == "IR" => 0.85,
        ("city", 1_000_000..) => 0.88,
        ("city", 300_000..) => 0.8,
        ("city", 100_000..) => 0.65,
        ("city", 1..) => 0.5,
        _ => 0.8,
    }
}

/// What an adjective may follow.
const NOUN: Flags = Flags::ORDINARY.and(Flags::KIN).and(Flags::POST).and(Flags::COMMON).and(Flags::SCARCE);

fn is_people(reading: &Reading<'_>, at: usize) -> bool {
    reading.word(at).flags.has(Flags::NATIONALITY)
}

fn is_place(reading: &Reading<'_>, at: usize) -> bool {
    let flags = reading.word(at).flags;
    flags.has(Flags::LOCATION) && !flags.has(Flags::STOP.and(Flags::ORDINARY))
}

/// «به نوشته», «به نقل از», «گفت‌وگو با» right before.
pub(super) fn quotes_source(reading: &Reading<'_>, at: usize, first: usize) -> bool {
    let source = |back: usize| at >= first + back && reading.word(at - back).flags.has(Flags::SOURCE);
    source(1) || source(2) && matches!(reading.raw(at - 1), "از" | "با")
}

/// The row of that type that a table holds for just these tokens.
pub(super) fn row_of(reading: &Reading<'_>, start: usize, end: usize, kind: EntityKind) -> Option<u32> {
    reading.matches(start).iter().filter(|m| m.end == end).find_map(|m| match m.entry {
        Entry::Row(index, _) if reading.gazetteer.row(index).is_some_and(|row| row.kind == kind) => Some(index),
        _ => None,
    })
}
