//! The name itself: in quotes, bare, or at the end of everyday nouns.

use super::super::EntityKind;
use super::super::gazetteer::{Flags, Head};
use super::super::reading::{Part, Reading, Shape};
use super::words::{is_and, is_place, joins, longest};
use super::{Chain, odds};

/// The name in quotes at `at`: «…» of at most five words, without its quotes.
pub(super) fn quoted(reading: &Reading<'_>, at: usize, limit: usize) -> Option<(usize, usize)> {
    if reading.raw(at) != "«" {
        return None;
    }
    let close = (at + 2..limit.min(at + 7)).find(|&close| reading.raw(close) == "»")?;
    Some((at + 1, close))
}

/// The bare name at `at` and its odds: a person's name after شهید or امام, or a
/// few words that no table knows as ordinary.
pub(super) fn name(reading: &Reading<'_>, at: usize, limit: usize, head: Head) -> Option<(usize, f32)> {
    let titled = reading.word(at).flags.has(Flags::HONORIFIC);
    let start = if titled { at + 1 } else { at };
    let most = match head.kind {
        EntityKind::Person => 2,
        EntityKind::Location if !titled => 2,
        _ => 3,
    };
    let everyday = Flags::ORDINARY.and(Flags::EVERYDAY).and(Flags::NATIONALITY).and(Flags::COMMON).and(Flags::SCARCE);
    let mut end = start;
    while end < limit && end - start < most {
        let word = reading.word(end);
        let first = end == start;
        let hyphen = !first && reading.raw(end) == "-" && reading.is_inside_word(end) && end + 1 < limit;
        if hyphen {
            end += 2;
            continue;
        }
        let fits = match word.part {
            // After شهید any word is a name.
            _ if titled && first => word.shape == Shape::Letters && !word.flags.has(Flags::STOP),
            Part::No | Part::Link | Part::Common | Part::Scarce => word.shape == Shape::Latin,
            // An unknown word ends the name of a place: it is seldom longer.
            Part::Unknown => first || !matches!(head.kind, EntityKind::Location | EntityKind::Person),
            _ if word.flags.has(Flags::HEAD) => false,
            Part::Given => !word.flags.has(everyday) && (first || head.kind != EntityKind::Person),
            Part::Surname | Part::Shaped | Part::Prefix => !word.flags.has(everyday),
        };
        let light = !first && reading.word(end + 1).flags.has(Flags::VERB);
        if !fits || light && !matches!(word.part, Part::Surname | Part::Shaped) {
            break;
        }
        end += 1;
    }
    if end > start {
        let known = |at: usize| matches!(reading.word(at).part, Part::Given | Part::Surname);
        let person = end - start > 1 && (start..end).all(known);
        return Some((end.min(limit), if person { odds::ROW } else { odds::NAME }));
    }
    // An everyday noun can be the name after a head that is mostly followed by
    // one, when the phrase ends there: «میدان انقلاب».
    let word = reading.word(at);
    let next = reading.word(at + 1);
    let mut never = Flags::STOP.and(Flags::ADJECTIVE).and(Flags::HEAD).and(Flags::REPORT_NOUN);
    if head.weight < 0.9 {
        never = never.and(Flags::POST);
    }
    let says = next.flags.has(Flags::REPORT);
    let ends = at + 1 >= limit
        || next.shape != Shape::Letters
        || next.flags.has(Flags::LOCATION)
        || next.flags.has(Flags::STOP) && (says || !next.flags.has(Flags::VERB));
    let least = if head.kind == EntityKind::Location { 0.45 } else { 0.6 };
    let fits = word.flags.has(everyday) && !word.flags.has(never) && !head.complement && at < limit && ends;
    (fits && head.weight >= least).then_some((at + 1, if says { odds::NAME } else { odds::EVERYDAY }))
}

/// Everyday nouns after a head that lead to the place or body at their end
/// belong to the name: «انجمن کشاورزان ملکو», «هیئت تطبیق مصوبات فرمانداری کرج»;
/// in a `list` commas may stand between them.
pub(super) fn anchored(
    reading: &Reading<'_>,
    at: usize,
    limit: usize,
    most: usize,
    list: bool,
    nested: &impl Fn(usize) -> Option<Chain>,
) -> Option<usize> {
    // «حکومت جدید دمشق»: a judgement or a time parts head and place.
    if reading.word(at).flags.has(Flags::ADJECTIVE) {
        return None;
    }
    let mut end = at;
    while end < limit && end - at <= if list { most + 3 } else { most } {
        let after_and = end > at && is_and(reading, end - 1);
        if let Some(chain) = nested(end).filter(|c| c.end <= limit && joins(EntityKind::Organization, c.kind)) {
            return (end > at && !after_and).then_some(chain.end);
        }
        if end > at && !after_and {
            if let Some(next) = longest(reading, end, |entry| is_place(reading, entry)) {
                return Some(next);
            }
            if reading.raw(end) == "کشور" {
                return Some(end + 1);
            }
        }
        let word = reading.word(end);
        // A post opens the name of its own body: «انجمن وکلای …», else another phrase.
        let noun = word.shape == Shape::Letters
            && (word.part != Part::Given || word.flags.has(Flags::EVERYDAY.and(Flags::ORDINARY)))
            && !word.flags.has(Flags::STOP.and(Flags::HONORIFIC).and(Flags::REPORT_NOUN))
            && (end == at || !word.flags.has(Flags::POST));
        let and = end > at && (reading.raw(end) == "و" || list && reading.word(end).shape == Shape::Comma);
        if !(noun || and) {
            return None;
        }
        end += 1;
    }
    None
}
