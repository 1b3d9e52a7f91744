//! Names that no table holds, known by the words around them: an outlet after
//! «به گزارش», a place after «در», a body after a post.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Flags;
use super::reading::{Part, Reading, Shape};
use super::rows::quotes_source;
use super::titles::post;
use crate::segment::Sentence;
use crate::text::joints::Lexicon;

/// The longest such name, in tokens.
const MAX_NAME: usize = 3;

/// Appends the names in `sentence` that only their surroundings tell.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let (first, limit) = (sentence.tokens.start, sentence.tokens.end);
    let mut at = first;
    while at < limit {
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

/// Whether neither a table nor the lexicon knows the word, nor the word
/// without the ی of «گزارشی».
fn is_unknown(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    let known = |stem: &str| Lexicon::get().commonness(stem).is_some_and(|class| class >= 4);
    word.part == Part::Unknown
        && word.flags == Flags::NONE
        && !word.has_known_stem()
        && !reading.raw(at).strip_suffix('ی').is_some_and(known)
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
    if before.flags.has(Flags::PLACE) {
        return Some((EntityKind::Location, 0.55, "place.after-preposition"));
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
