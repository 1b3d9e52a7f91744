//! The tagger's names as candidates.

use std::ops::Range;

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Entry;
use super::marks::marks;
use super::reading::Reading;
use super::tagger::labels::{KINDS, spans};
use super::tagger::{Model, Tagger, features};

/// The names that `model` finds, given what the rules chose; in order, not
/// overlapping.
pub(super) fn by_model(reading: &Reading<'_>, model: &Model, chosen: &[Candidate]) -> Vec<Candidate> {
    let marks = marks(reading, chosen);
    let mut tagger = Tagger::new(model);
    let mut words = Words::default();
    let mut found = Vec::new();
    for sentence in reading.sentences {
        let first = sentence.tokens.start;
        words.read(reading, sentence.tokens.clone());
        let tagged = tagger.tag(words.iter(), marks.get(sentence.tokens.clone()).unwrap_or_default());
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

/// The words of a sentence in the form that the tagger reads, one after the
/// other.
#[derive(Default)]
struct Words {
    text: String,
    ends: Vec<usize>,
    word: String,
}

impl Words {
    fn read(&mut self, reading: &Reading<'_>, tokens: Range<usize>) {
        self.text.clear();
        self.ends.clear();
        for at in tokens {
            features::word_into(reading.raw(at), &mut self.word);
            self.text.push_str(&self.word);
            self.ends.push(self.text.len());
        }
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ends.iter().enumerate().map(|(at, &end)| {
            let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
            self.text.get(start..end).unwrap_or_default()
        })
    }
}

/// The row of that type that a table holds for just these tokens.
fn row(reading: &Reading<'_>, start: usize, end: usize, kind: EntityKind) -> Option<u32> {
    reading.matches(start).iter().filter(|m| m.end == end).find_map(|m| match m.entry {
        Entry::Row(index, _) if reading.gazetteer.row(index).is_some_and(|row| row.kind == kind) => Some(index),
        _ => None,
    })
}
