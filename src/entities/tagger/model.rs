//! The model: a row of weights over the labels for each feature, in an
//! open-addressing table, and the weights of transitions.
//!
//! File form, little-endian: `MAGIC`; u32 slots (a power of two), f32 scale (what one unit of an integer weight stands for); `LABELS²` i16
//! transitions; `MARK_ROWS` rows; a u32 fingerprint for each slot (0: empty); a
//! row of `LABELS` i8 for each full slot, in order; the known words, a line
//! each with their clusters, tabs between.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::features::{DISTANCES, EDGE, Feature, GRAINS, InClusters, REACH, features};
use super::labels::{LABELS, ROW};
use super::viterbi::Transitions;

/// The first bytes of a model file.
pub const MAGIC: &[u8; 8] = b"AETAG\0\0\x02";

/// Bits that the tables and rules say of a token.
pub const MARKS: usize = 80;

/// Rows for the marks of the token before, the token itself, and the one after.
pub const MARK_ROWS: usize = 3 * MARKS;

/// Weights over the labels, for one feature.
pub type WeightRow = [i8; ROW];

/// Sums of weights over the labels.
pub type ScoreRow = [i16; ROW];

/// Why bytes are no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tagger model: {0}")]
pub struct NotAModel(&'static str);

/// Sums of the rows of one word at each distance.
pub type Scores = [ScoreRow; DISTANCES];

/// A trained tagger; immutable, shared by all threads.
#[derive(Debug)]
pub struct Model {
    /// What one unit of a weight stands for.
    pub(super) scale: f32,
    pub(super) transitions: Transitions,
    /// For each mark its rows when it is on the token before, the token
    /// itself, and the one after.
    marks: Vec<[ScoreRow; 3]>,
    fingerprints: Vec<u32>,
    /// For each slot, the place of its row.
    places: Vec<u32>,
    rows: Vec<WeightRow>,
    words: FxHashMap<Box<str>, Word>,
    edge: Box<Scores>,
}

/// A known word.
#[derive(Debug)]
struct Word {
    clusters: InClusters,
    /// Its summed rows; worked out when it is first met.
    scores: OnceLock<Box<Scores>>,
}

impl Model {
    /// Reads the file form.
    ///
    /// # Errors
    /// When the bytes are not of that form, or cut short.
    pub fn read(bytes: &[u8]) -> Result<Self, NotAModel> {
        let mut rest = bytes;
        let mut take = |length: usize| {
            let (head, tail) = rest.split_at_checked(length).ok_or(NotAModel("cut short"))?;
            rest = tail;
            Ok(head)
        };
        if take(MAGIC.len())? != MAGIC {
            return Err(NotAModel("wrong magic"));
        }
        let slots = u32_of(take(4)?) as usize;
        let scale = f32::from_bits(u32_of(take(4)?));
        if !slots.is_power_of_two() || slots > 1 << 24 || !scale.is_finite() {
            return Err(NotAModel("absurd sizes"));
        }
        let weights: Vec<i16> =
            take(2 * LABELS * LABELS)?.chunks_exact(2).map(|b| b.try_into().map_or(0, i16::from_le_bytes)).collect();
        let transitions = Transitions::new(|from, to| {
            weights.get(usize::from(from) * LABELS + usize::from(to)).copied().map_or(0, i32::from)
        });
        let rows: Vec<WeightRow> = take(MARK_ROWS * LABELS)?.chunks_exact(LABELS).map(row_of).collect();
        let mark =
            |bit: usize| [0, 1, 2].map(|at| rows.get(at * MARKS + bit).map_or([0; ROW], |row| row.map(i16::from)));
        let marks = (0..MARKS).map(mark).collect();
        let fingerprints: Vec<u32> = take(4 * slots)?.chunks_exact(4).map(u32_of).collect();
        let mut full = 0;
        let places = fingerprints
            .iter()
            .map(|&f| {
                full += u32::from(f != 0);
                full.saturating_sub(1)
            })
            .collect();
        if full as usize == slots {
            return Err(NotAModel("a table with no empty slot"));
        }
        let rows = take(full as usize * LABELS)?.chunks_exact(LABELS).map(row_of).collect();
        let words = std::str::from_utf8(rest).map_err(|_| NotAModel("words that are not UTF-8"))?;
        let mut model = Self {
            scale,
            transitions,
            marks,
            fingerprints,
            places,
            rows,
            words: FxHashMap::default(),
            edge: Box::new([[0; ROW]; DISTANCES]),
        };
        model.edge = Box::new(model.sum(EDGE, [0; GRAINS]));
        for line in words.lines() {
            let mut columns = line.split('\t');
            let word = columns.next().unwrap_or_default();
            let mut clusters = [0; GRAINS];
            for (cluster, column) in clusters.iter_mut().zip(columns) {
                *cluster = column.parse().map_err(|_| NotAModel("a cluster that is no number"))?;
            }
            model.words.insert(word.into(), Word { clusters, scores: OnceLock::new() });
        }
        Ok(model)
    }

    /// The summed rows of a folded word; `None` when the model does not hold it.
    pub(super) fn scores(&self, word: &str) -> Option<&Scores> {
        let known = self.words.get(word)?;
        Some(known.scores.get_or_init(|| Box::new(self.sum(word, known.clusters))))
    }

    /// The summed rows of a folded word that the model does not hold.
    pub(super) fn sum_unknown(&self, word: &str) -> Scores {
        self.sum(word, [0; GRAINS])
    }

    /// The summed rows of what stands before and after a sentence.
    pub(super) fn edge(&self) -> &Scores {
        &self.edge
    }

    /// The rows of mark `bit` on the token before, the token, the one after.
    pub(super) fn mark(&self, bit: u32) -> &[ScoreRow] {
        self.marks.get(bit as usize).map_or(&[], |rows| rows)
    }

    fn sum(&self, word: &str, clusters: InClusters) -> Scores {
        let mut sums = [[0; ROW]; DISTANCES];
        for (sum, distance) in sums.iter_mut().zip(-REACH..) {
            features(word, clusters, distance, |feature| {
                if let Some(row) = self.row(feature) {
                    for (sum, &weight) in sum.iter_mut().zip(row) {
                        *sum = i16::saturating_add(*sum, i16::from(weight));
                    }
                }
            });
        }
        sums
    }

    fn row(&self, feature: Feature) -> Option<&WeightRow> {
        let mask = self.fingerprints.len() - 1;
        let wanted = fingerprint(feature);
        let mut slot = slot(feature, mask);
        loop {
            match self.fingerprints.get(slot) {
                Some(&found) if found == wanted => {
                    return self.places.get(slot).and_then(|&place| self.rows.get(place as usize));
                }
                Some(0) | None => return None,
                Some(_) => slot = (slot + 1) & mask,
            }
        }
    }
}

/// What tells a feature from others in the same run of slots; never 0.
pub fn fingerprint(feature: Feature) -> u32 {
    (feature >> 32) as u32 | 1
}

/// Where the search for a feature begins.
pub fn slot(feature: Feature, mask: usize) -> usize {
    (feature >> 1) as usize & mask
}

fn u32_of(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

fn row_of(bytes: &[u8]) -> WeightRow {
    let mut row = [0; ROW];
    for (weight, &byte) in row.iter_mut().zip(bytes) {
        *weight = byte as i8;
    }
    row
}
