//! Names that no table holds, known by the words around them: an outlet after
//! «به گزارش», a place after «در», a body after a post.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Flags;
use super::reading::{Part, Reading, Shape};
use super::rows::quotes_source;
use super::titles::post;
use crate::segment::Sentence;
use crate::text::zwnj::commonness;

/// The longest such name, in tokens.
const MAX_NAME: usize = 3;
/// The longest list of places, in tokens.
const MAX_LIST: usize = 20;

/// Appends the names in `sentence` that only their surroundings tell.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let (first, limit) = (sentence.tokens.start, sentence.tokens.end);
    let mut at = first;
    while at < limit {
        places_listed(reading, at, limit, out);
        let mut end = at;
        while end < limit && end - at < MAX_NAME && is_unknown(reading, end) {
            end += 1;
        }
        if end == at {
            at += 1;
            continue;
        }
        if let Some((kind, confidence, rule)) = kind(reading, at, end, first, limit) {
            out.push(Candidate { start: at, end, kind, confidence, rule, row: None });
        }
        at = end;
    }
}

/// The places that the plural of a head announces: «روستاهای هروز، ترز و …».
fn places_listed(reading: &Reading<'_>, at: usize, limit: usize, out: &mut Vec<Candidate>) {
    if !reading.word(at).flags.has(Flags::PLACES) {
        return;
    }
    let mut item = at + 1;
    while item < limit.min(at + MAX_LIST) {
        let word = reading.word(item);
        let never = Flags::STOP.and(Flags::ADJECTIVE).and(Flags::HEAD).and(Flags::POST).and(Flags::NATIONALITY);
        let name = word.flags.has(Flags::LOCATION)
            || matches!(word.part, Part::Unknown | Part::Shaped | Part::Given | Part::Surname);
        let next = reading.word(item + 1);
        let last = reading.raw(item - 1) == "و" && matches!(next.part, Part::No | Part::Common);
        let closed = last || item + 1 >= limit || next.shape != Shape::Letters || next.flags.has(Flags::STOP);
        if !name || word.flags.has(never) || !closed {
            return;
        }
        let (kind, rule) = (EntityKind::Location, "place.listed");
        out.push(Candidate { start: item, end: item + 1, kind, confidence: 0.75, rule, row: None });
        if !matches!(reading.raw(item + 1), "و" | "،") {
            return;
        }
        item += 2;
    }
}

/// Whether neither a table nor the lexicon knows the word, nor the word
/// without the ی of «گزارشی».
fn is_unknown(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    let known = |stem: &str| commonness(stem).is_some_and(|class| class >= 4);
    matches!(word.part, Part::Unknown | Part::Shaped)
        && word.flags == Flags::NONE
        && !word.has_known_stem()
        && !reading.raw(at).strip_suffix('ی').is_some_and(known)
}

/// Whether the word begins with a known one: «بیست‌سالگی», «پایین‌دست».
fn is_compound(raw: &str) -> bool {
    let first = raw.split_once('\u{200C}').map(|(first, _)| first);
    first.is_some_and(|first| commonness(first).is_some_and(|class| class >= 5))
}

/// What the unknown words `at..end` name.
fn kind(
    reading: &Reading<'_>,
    at: usize,
    end: usize,
    first: usize,
    limit: usize,
) -> Option<(EntityKind, f32, &'static str)> {
    let next = reading.word(end);
    let before = reading.before(at, first);
    let closed = end >= limit || next.shape != Shape::Letters || next.flags.has(Flags::STOP);
    let says = next.flags.has(Flags::REPORT)
        || next.flags.has(Flags::REPORT_NOUN) && reading.word(end + 1).flags.has(Flags::VERB);
    if quotes_source(reading, at, first) && closed {
        return Some((EntityKind::Organization, 0.7, "organization.source"));
    }
    if reading.before(at, first).flags.has(Flags::PREPOSITION) && reading.raw(at - 1) == "به" && says {
        return Some((EntityKind::Organization, 0.7, "organization.told"));
    }
    if end > at + 1 || !closed {
        return None;
    }
    if before.flags.has(Flags::PLACE) && !is_compound(reading.raw(at)) {
        return Some((EntityKind::Location, 0.55, "place.after-preposition"));
    }
    if reading.word(at).part == Part::Shaped {
        return None;
    }
    // «سخنگوی …،», «فرماندار …،»: the body or place that a post is of.
    let opens = at.checked_sub(1).filter(|&at| at >= first && post(reading, at) == Some(1))?;
    let role = opens == first || reading.word(opens - 1).shape == Shape::Comma;
    let governor = reading.word(opens).flags.has(Flags::GOVERNOR);
    match (role && next.shape == Shape::Comma, governor) {
        (true, true) => Some((EntityKind::Location, 0.7, "place.of-post")),
        (true, false) => Some((EntityKind::Organization, 0.6, "organization.of-post")),
        _ => None,
    }
}
