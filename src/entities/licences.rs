//! The second reading: what the article itself has named in full, it may
//! name in short. «اسعد الشیبانی» licenses «الشیبانی», «بانک بیرلیک» licenses
//! «بیرلیک», and a name that is sure once is surer everywhere.

use rustc_hash::{FxHashMap, FxHashSet};

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::{Entry, Flags};
use super::reading::{Part, Reading, Shape};

/// How many names that begin with one word are kept; more are hostile.
const MOST: usize = 4;

/// A short form that the article has licensed.
struct Licence {
    /// The hashes of its words after the first.
    rest: Vec<u64>,
    kind: EntityKind,
}

/// Appends the short forms of what `chosen` names in full, and raises the
/// candidates in `out` that have the form and kind of a sure one.
pub(super) fn propose(reading: &Reading<'_>, chosen: &[Candidate], out: &mut Vec<Candidate>) {
    let mut licences: FxHashMap<u64, Vec<Licence>> = FxHashMap::default();
    let mut grant = |start: usize, end: usize, kind: EntityKind| {
        let short = licences.entry(reading.word(start).hash).or_default();
        let rest: Vec<u64> = (start + 1..end).map(|at| reading.word(at).hash).collect();
        if short.len() < MOST && !short.iter().any(|licence| licence.kind == kind && licence.rest == rest) {
            short.push(Licence { rest, kind });
        }
    };
    for candidate in chosen.iter().filter(|candidate| candidate.confidence >= 0.65) {
        match candidate.kind {
            EntityKind::Person => {
                for at in surname_starts(reading, candidate) {
                    grant(at, candidate.end, EntityKind::Person);
                    if at + 1 < candidate.end && is_distinct(reading, at) {
                        grant(at, at + 1, EntityKind::Person);
                    }
                }
            }
            EntityKind::Organization => {
                if let Some(name) = name_after_head(reading, candidate)
                    && candidate.end - name <= 2
                    && (name..candidate.end).all(|at| is_distinct(reading, at))
                {
                    grant(name, candidate.end, EntityKind::Organization);
                }
            }
            _ => {}
        }
    }
    raise(reading, chosen, out);
    // Chosen mentions are in order: the first that ends after the token at hand.
    let mut chosen = chosen.iter().peekable();
    for sentence in reading.sentences {
        for at in sentence.tokens.clone() {
            while chosen.next_if(|candidate| candidate.end <= at).is_some() {}
            let inside = chosen.peek().filter(|candidate| candidate.start <= at && candidate.end - candidate.start > 1);
            let Some(short) = licences.get(&reading.word(at).hash) else { continue };
            for licence in short {
                let end = at + 1 + licence.rest.len();
                let same = end <= sentence.tokens.end
                    && licence.rest.iter().zip(at + 1..end).all(|(hash, at)| reading.word(at).hash == *hash);
                if same && inside.is_none_or(|candidate| candidate.kind != licence.kind) {
                    let (confidence, kind) = (short_form(reading, at, end, sentence.tokens.start), licence.kind);
                    out.push(Candidate { start: at, end, kind, confidence, rule: "article.short-form", row: None });
                }
            }
        }
    }
}

/// Where the surname of a full name can begin: after each given name.
fn surname_starts(reading: &Reading<'_>, person: &Candidate) -> impl Iterator<Item = usize> {
    let starts = (person.start + 1..person.end).filter(|&at| {
        let word = reading.word(at);
        let before = reading.word(at - 1);
        word.part != Part::Link
            && before.part != Part::Prefix
            && word.part != Part::Prefix
            && (at + 1 == person.end || word.part != Part::Given)
    });
    // Eastern names begin with the surname.
    let eastern = reading.word(person.start).part == Part::Unknown && person.end - person.start > 1;
    let first = eastern.then_some(person.start);
    starts.chain(first).collect::<Vec<_>>().into_iter()
}

/// Where the name begins in a chosen name with a head.
pub(super) fn name_after_head(reading: &Reading<'_>, candidate: &Candidate) -> Option<usize> {
    let heads = reading.matches(candidate.start).iter().filter(|m| matches!(m.entry, Entry::Head(_)));
    heads.map(|m| m.end).max().filter(|&end| end < candidate.end)
}

/// Whether the word means little but a name.
pub(super) fn is_distinct(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    let everyday = Flags::STOP
        .and(Flags::ORDINARY)
        .and(Flags::EVERYDAY)
        .and(Flags::COMPLEMENT)
        .and(Flags::NATIONALITY)
        .and(Flags::LOCATION)
        .and(Flags::GIVEN);
    word.shape == Shape::Letters && !word.flags.has(everyday) && word.part != Part::Link
}

/// How surely a licensed short form at `at..end` is the name.
fn short_form(reading: &Reading<'_>, at: usize, end: usize, first: usize) -> f32 {
    if end - at > 1 {
        return 0.85;
    }
    if is_distinct(reading, at) {
        return 0.88;
    }
    // A word with another meaning needs something beside it.
    let previous = reading.before(at, first);
    let next = reading.word(end);
    let mut confidence = if reading.word(at).flags.has(Flags::ORDINARY.and(Flags::STOP)) { 0.2 } else { 0.4 };
    if next.flags.has(Flags::REPORT) || previous.flags.has(Flags::HONORIFIC) {
        confidence += 0.35;
    } else if next.flags.has(Flags::STOP) || next.shape == Shape::Comma {
        confidence += 0.15;
    }
    if at == first {
        confidence += 0.1;
    }
    confidence
}

/// A form that is sure once is surer wherever it is proposed as the same kind;
/// a city whose name is an everyday word is surer where its country is named.
fn raise(reading: &Reading<'_>, chosen: &[Candidate], out: &mut [Candidate]) {
    let row = |candidate: &Candidate| candidate.row.and_then(|row| reading.gazetteer.row(row));
    let countries: FxHashSet<&str> = chosen
        .iter()
        .filter_map(row)
        .filter(|row| &*row.class == "country" || row.kind == EntityKind::Nationality)
        .map(|row| &*row.country)
        .filter(|country| !country.is_empty())
        .collect();
    for candidate in out.iter_mut() {
        if row(candidate).is_some_and(|row| row.ambiguous && &*row.class == "city" && countries.contains(&*row.country))
        {
            candidate.confidence = (candidate.confidence + 0.15).min(0.97);
        }
    }
    let mut sure: FxHashMap<(u64, EntityKind), f32> = FxHashMap::default();
    for candidate in chosen.iter().filter(|candidate| candidate.confidence >= 0.75) {
        let key = (reading.key(candidate.start, candidate.end), candidate.kind);
        let best = sure.entry(key).or_default();
        *best = best.max(candidate.confidence);
    }
    for candidate in out.iter_mut().filter(|candidate| candidate.confidence < 0.7) {
        if let Some(best) = sure.get(&(reading.key(candidate.start, candidate.end), candidate.kind)) {
            candidate.confidence = candidate.confidence.max(best - 0.15);
        }
    }
}
