//! The learned tagger: a linear-chain model over BIOES labels. It sees words,
//! their parts and clusters, and the marks that tables and rules put on them.

pub mod features;
pub mod labels;
pub mod model;
mod viterbi;

use features::REACH;
use labels::{Label, O, ROW};
pub use model::{Model, NotAModel};
use model::{ScoreRow, Scores};
use rustc_hash::FxHashMap;

/// Tags the sentences of one article; keeps what it has worked out of the
/// words that the model does not hold.
#[derive(Debug)]
pub struct Tagger<'m> {
    model: &'m Model,
    unknown: FxHashMap<Box<str>, Box<Scores>>,
    emissions: Vec<ScoreRow>,
    back: Vec<[Label; ROW]>,
}

/// The best labels of a sentence, and for each how far it is ahead of "outside".
#[derive(Debug, Default)]
pub struct Tagged {
    /// One label a token.
    pub labels: Vec<Label>,
    /// For each token the score of its label above that of O, in log odds,
    /// transitions left out.
    pub margins: Vec<f32>,
}

impl<'m> Tagger<'m> {
    /// A tagger for one article.
    pub fn new(model: &'m Model) -> Self {
        Self { model, unknown: FxHashMap::default(), emissions: Vec::new(), back: Vec::new() }
    }

    /// Labels a sentence. `words` are folded; `marks` holds the bits that
    /// tables and rules say of each word.
    pub fn tag<'w>(&mut self, words: impl ExactSizeIterator<Item = &'w str>, marks: &[u128]) -> Tagged {
        self.emit(words, marks);
        let labels = self.model.transitions.best(&self.emissions, &mut self.back);
        let margin = |(row, &label): (&ScoreRow, &Label)| {
            let score = |label: Label| row.get(usize::from(label)).copied().map_or(0.0, f32::from);
            (score(label) - score(O)) * self.model.scale
        };
        let margins = self.emissions.iter().zip(&labels).map(margin).collect();
        Tagged { labels, margins }
    }

    /// Fills `emissions` with the sums of all rows that bear on each token.
    fn emit<'w>(&mut self, words: impl ExactSizeIterator<Item = &'w str>, marks: &[u128]) {
        let count = words.len();
        self.emissions.clear();
        self.emissions.resize(count, [0; ROW]);
        for at in (-REACH..0).chain(count as isize..count as isize + REACH) {
            add_scores(&mut self.emissions, at, self.model.edge());
        }
        for (at, word) in words.enumerate() {
            let scores = match self.model.scores(word) {
                Some(scores) => scores,
                None => match self.unknown.get(word) {
                    Some(scores) => scores,
                    None => {
                        let scores = Box::new(self.model.sum_unknown(word));
                        &*self.unknown.entry(word.into()).or_insert(scores)
                    }
                },
            };
            add_scores(&mut self.emissions, at as isize, scores);
        }
        for (at, &bits) in marks.iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let rows = self.model.mark(bits.trailing_zeros());
                bits &= bits - 1;
                for (row, distance) in rows.iter().zip(-1..) {
                    add_row(&mut self.emissions, at as isize - distance, row);
                }
            }
        }
    }
}

/// Adds the scores of the word at `at` to the tokens that see it.
fn add_scores(emissions: &mut [ScoreRow], at: isize, scores: &Scores) {
    for (row, distance) in scores.iter().zip(-REACH..) {
        add_row(emissions, at - distance, row);
    }
}

fn add_row(emissions: &mut [ScoreRow], at: isize, row: &ScoreRow) {
    if let Some(sum) = usize::try_from(at).ok().and_then(|at| emissions.get_mut(at)) {
        for (sum, score) in sum.iter_mut().zip(row) {
            *sum = sum.saturating_add(*score);
        }
    }
}
