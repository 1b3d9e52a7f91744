//! The model: a row of weights over the labels for each feature, in an
//! open-addressing table, and the weights of transitions.
//!
//! File form, little-endian: `MAGIC`; u32 slots (a power of two), u32 frequent
//! words, f32 scale (what one unit of an integer weight stands for); `LABELS²` i16
//! transitions; `MARK_ROWS` rows; a u32 fingerprint for each slot (0: empty); a
//! row of `LABELS` i8 for each full slot, in order; the known words, a line
//! each with their clusters, tabs between; the frequent ones come first and are
//! summed when the model is read.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::features::{DISTANCES, EDGE, Feature, GRAINS, InClusters, REACH, features};
use super::labels::{LABELS, ROW};

/// The first bytes of a model file.
pub const MAGIC: &[u8; 8] = b"AETAG\0\0\x01";

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

/// A trained tagger; immutable, shared by all threads.
#[derive(Debug)]
pub struct Model {
    /// What one unit of a weight stands for.
    pub scale: f32,
    /// `transitions[from * LABELS + to]`.
    pub transitions: Vec<i16>,
    marks: Vec<WeightRow>,
    fingerprints: Vec<u32>,
    /// For each slot, the place of its row.
    places: Vec<u32>,
    rows: Vec<WeightRow>,
    words: FxHashMap<Box<str>, Word>,
    edge: Box<[ScoreRow; DISTANCES]>,
}

/// A known word.
#[derive(Debug)]
struct Word {
    clusters: InClusters,
    /// Its summed rows at each distance, when it is frequent.
    scores: Option<Box<[ScoreRow; DISTANCES]>>,
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
        let frequent = u32_of(take(4)?) as usize;
        let scale = f32::from_bits(u32_of(take(4)?));
        if !slots.is_power_of_two() || slots > 1 << 24 || !scale.is_finite() {
            return Err(NotAModel("absurd sizes"));
        }
        let transitions =
            take(2 * LABELS * LABELS)?.chunks_exact(2).map(|b| b.try_into().map_or(0, i16::from_le_bytes)).collect();
        let marks = take(MARK_ROWS * LABELS)?.chunks_exact(LABELS).map(row_of).collect();
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
        for (at, line) in words.lines().enumerate() {
            let mut columns = line.split('\t');
            let word = columns.next().unwrap_or_default();
            let mut clusters = [0; GRAINS];
            for (cluster, column) in clusters.iter_mut().zip(columns) {
                *cluster = column.parse().map_err(|_| NotAModel("a cluster that is no number"))?;
            }
            let scores = (at < frequent).then(|| Box::new(model.sum(word, clusters)));
            model.words.insert(word.into(), Word { clusters, scores });
        }
        Ok(model)
    }

    /// The summed rows of a folded word at each distance.
    pub(super) fn scores_of(&self, word: &str) -> Cow<'_, [ScoreRow; DISTANCES]> {
        match self.words.get(word) {
            Some(Word { scores: Some(scores), .. }) => Cow::Borrowed(scores),
            Some(known) => Cow::Owned(self.sum(word, known.clusters)),
            None => Cow::Owned(self.sum(word, [0; GRAINS])),
        }
    }

    /// The summed rows of what stands before and after a sentence.
    pub(super) fn edge(&self) -> &[ScoreRow; DISTANCES] {
        &self.edge
    }

    /// The row of mark `bit` of the token at `distance` (-1, 0 or 1).
    pub(super) fn mark(&self, bit: u32, distance: isize) -> Option<&WeightRow> {
        self.marks.get((distance + 1) as usize * MARKS + bit as usize)
    }

    fn sum(&self, word: &str, clusters: InClusters) -> [ScoreRow; DISTANCES] {
        let mut sums = [[0; ROW]; DISTANCES];
        for (sum, distance) in sums.iter_mut().zip(-REACH..) {
            features(word, clusters, distance, |feature| {
                if let Some(row) = self.row(feature) {
                    add(sum, row);
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

/// Adds a row of weights to a sum.
pub(super) fn add(sum: &mut ScoreRow, row: &WeightRow) {
    for (sum, &weight) in sum.iter_mut().zip(row) {
        *sum = sum.saturating_add(i16::from(weight));
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
