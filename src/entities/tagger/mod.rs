//! The learned tagger: a linear-chain model over BIOES labels, its features
//! words and their parts, and the marks that tables and rules put on a token.

pub mod features;
pub mod labels;
pub mod model;

use std::borrow::Cow;

use features::{DISTANCES, REACH};
use labels::{LABELS, Label, ROW, closes, may_follow, opens};
pub use model::Model;
use model::{ScoreRow, add};

/// The best labels of a sentence, and for each how far it is ahead of "outside".
#[derive(Debug, Default)]
pub struct Tagged {
    /// One label a token.
    pub labels: Vec<Label>,
    /// For each token the score of its label above that of O, in the model's
    /// own unit (log odds, transitions left out).
    pub margins: Vec<f32>,
}

impl Model {
    /// Labels a sentence. `words` are folded; `marks` holds the bits that
    /// tables and rules say of each word.
    pub fn tag(&self, words: &[&str], marks: &[u128]) -> Tagged {
        let emissions = self.emissions(words, marks);
        let labels = self.best(&emissions);
        let margin = |(row, &label): (&ScoreRow, &Label)| {
            let score = |label: Label| row.get(usize::from(label)).copied().map_or(0.0, f32::from);
            (score(label) - score(labels::O)) * self.scale
        };
        let margins = emissions.iter().zip(&labels).map(margin).collect();
        Tagged { labels, margins }
    }

    fn emissions(&self, words: &[&str], marks: &[u128]) -> Vec<ScoreRow> {
        let mut emissions: Vec<ScoreRow> = vec![[0; ROW]; words.len()];
        let edge = Cow::Borrowed(self.edge());
        let padding = std::iter::repeat_n(edge, REACH as usize);
        let seen = padding.clone().chain(words.iter().map(|word| self.scores_of(word))).chain(padding);
        // The word at place `at` of `seen` is token `at - REACH`, and stands at
        // distance `d` of token `at - REACH - d`.
        for (at, scores) in seen.enumerate() {
            let scores: &[ScoreRow; DISTANCES] = &scores;
            for (row, distance) in scores.iter().zip(-REACH..) {
                let token = at as isize - REACH - distance;
                if let Some(sum) = usize::try_from(token).ok().and_then(|token| emissions.get_mut(token)) {
                    for (sum, &score) in sum.iter_mut().zip(row) {
                        *sum = sum.saturating_add(score);
                    }
                }
            }
        }
        for (at, &bits) in marks.iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let bit = bits.trailing_zeros();
                bits &= bits - 1;
                for distance in -1..=1 {
                    let token = at as isize - distance;
                    let sum = usize::try_from(token).ok().and_then(|token| emissions.get_mut(token));
                    if let (Some(sum), Some(row)) = (sum, self.mark(bit, distance)) {
                        add(sum, row);
                    }
                }
            }
        }
        emissions
    }

    /// Viterbi over the labels that may follow each other.
    fn best(&self, emissions: &[ScoreRow]) -> Vec<Label> {
        const NEVER: i32 = i32::MIN / 2;
        let mut back: Vec<[Label; ROW]> = Vec::with_capacity(emissions.len());
        let mut scores = [NEVER; LABELS];
        for (at, emission) in emissions.iter().enumerate() {
            let mut next = [NEVER; LABELS];
            let mut from = [0; ROW];
            for (to, (next, from)) in next.iter_mut().zip(&mut from).enumerate() {
                let to = to as Label;
                if at == 0 {
                    *next = if opens(to) { 0 } else { NEVER };
                } else {
                    for (before, &score) in scores.iter().enumerate() {
                        let before = before as Label;
                        if may_follow(before, to) {
                            let total = score + i32::from(self.transition(before, to));
                            if total > *next {
                                *next = total;
                                *from = before;
                            }
                        }
                    }
                }
                *next += emission.get(usize::from(to)).copied().map_or(0, i32::from);
            }
            scores = next;
            back.push(from);
        }
        let last =
            scores.iter().enumerate().filter(|(label, _)| closes(*label as Label)).max_by_key(|(_, score)| **score);
        let mut label = last.map_or(labels::O, |(label, _)| label as Label);
        let mut path = vec![labels::O; emissions.len()];
        for (place, from) in path.iter_mut().zip(&back).rev() {
            *place = label;
            label = from.get(usize::from(label)).copied().unwrap_or(labels::O);
        }
        path
    }

    fn transition(&self, from: Label, to: Label) -> i16 {
        self.transitions.get(usize::from(from) * LABELS + usize::from(to)).copied().unwrap_or(0)
    }
}
