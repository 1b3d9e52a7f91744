//! The tagger's names as candidates.

use std::ops::Range;

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Entry;
use super::marks::marks;
use super::reading::Reading;
use super::tagger::labels::{KINDS, spans};
use super::tagger::{Model, features};

/// The names that `model` finds, given what the rules chose; in order, not
/// overlapping.
pub(super) fn by_model(reading: &Reading<'_>, model: &Model, chosen: &[Candidate]) -> Vec<Candidate> {
    let marks = marks(reading, chosen);
    let mut found = Vec::new();
    for sentence in reading.sentences {
        let first = sentence.tokens.start;
        let words = words(reading, sentence.tokens.clone());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let tagged = model.tag(&words, marks.get(sentence.tokens.clone()).unwrap_or_default());
        for (range, kind) in spans(&tagged.labels) {
            let Some(&kind) = KINDS.get(kind) else { continue };
            let margins = tagged.margins.get(range.clone()).unwrap_or_default();
            let least = margins.iter().copied().fold(f32::INFINITY, f32::min);
            let (start, end) = (first + range.start, first + range.end);
            found.push(Candidate {
                start,
                end,
                kind,
                confidence: (1.0 / (1.0 + (-least).exp())).clamp(0.5, 0.99),
                rule: "tagger",
                row: row(reading, start, end, kind),
            });
        }
    }
    found
}

/// The words of `tokens` in the form that the tagger reads.
pub(super) fn words(reading: &Reading<'_>, tokens: Range<usize>) -> Vec<String> {
    tokens.map(|at| features::word(reading.raw(at))).collect()
}

/// The row of that type that a table holds for just these tokens.
fn row(reading: &Reading<'_>, start: usize, end: usize, kind: EntityKind) -> Option<u32> {
    reading.matches(start).iter().filter(|m| m.end == end).find_map(|m| match m.entry {
        Entry::Row(index, _) if reading.gazetteer.row(index).is_some_and(|row| row.kind == kind) => Some(index),
        _ => None,
    })
}
