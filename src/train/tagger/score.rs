//! Strict scores of a model: a name counts when its bounds and type are right.

use super::corpus::{Example, gold_labels};
use crate::entities::EntityKind;
use crate::entities::tagger::labels::{KINDS, spans};
use crate::entities::tagger::{Model, Tagger};

/// Counts of one type.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Found and right.
    pub right: usize,
    /// Found.
    pub found: usize,
    /// In the annotation.
    pub gold: usize,
}

impl Counts {
    /// Harmonic mean of precision and recall, in per cent.
    pub fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.found + self.gold).max(1) as f64
    }
}

/// Counts by type, then for PERSON, LOCATION (with FACILITY) and ORGANIZATION,
/// then for all types.
pub fn score(model: &Model, examples: &[Example]) -> (Vec<(EntityKind, Counts)>, Counts, Counts) {
    let mut by_kind = [Counts::default(); KINDS.len()];
    let (mut three, mut all) = (Counts::default(), Counts::default());
    let place = KINDS.iter().position(|k| *k == EntityKind::Location);
    let facility = KINDS.iter().position(|k| *k == EntityKind::Facility);
    let mut tagger = Tagger::new(model);
    for example in examples {
        let gold: Vec<_> = spans(&gold_labels(example)).collect();
        let found: Vec<_> =
            spans(&tagger.tag(example.words.iter().map(String::as_str), &example.marks).labels).collect();
        let count = |counts: &mut Counts, gold: &[(std::ops::Range<usize>, usize)], found: &[_]| {
            counts.gold += gold.len();
            counts.found += found.len();
            counts.right += found.iter().filter(|span| gold.contains(span)).count();
        };
        for (kind, counts) in by_kind.iter_mut().enumerate() {
            let of = |spans: &[(std::ops::Range<usize>, usize)]| -> Vec<_> {
                spans.iter().filter(|(_, k)| *k == kind).cloned().collect()
            };
            count(counts, &of(&gold), &of(&found));
        }
        count(&mut all, &gold, &found);
        let merged = |spans: &[(std::ops::Range<usize>, usize)]| -> Vec<_> {
            let merge = |k: usize| if Some(k) == facility { place.unwrap_or(k) } else { k };
            spans.iter().map(|(range, k)| (range.clone(), merge(*k))).filter(|(_, k)| *k < 3).collect()
        };
        count(&mut three, &merged(&gold), &merged(&found));
    }
    (KINDS.into_iter().zip(by_kind).collect(), three, all)
}
