//! The trained model: words with their joints, and weights for the others.

use super::features::{Context, SLOTS, Word, choice_features};
use crate::text::letters::joins_next;

/// Places in a word before which a ZWNJ stands: bit `n` is set for one after
/// the first `n` letters.
pub(crate) type Joints = u32;

/// A weight of 1 in the file.
#[cfg(feature = "train")]
pub(crate) const SCALE: f32 = 16.0;

/// The embedded file; `models/zwnj.md` is its card.
const FILE: &[u8] = include_bytes!("../../../models/zwnj.bin");

/// The model. Its file: the number of entries as a little-endian `u32`, the
/// entries as `u64`, the weights as `i8`, the gate.
pub(crate) struct Model {
    pub lexicon: Lexicon,
    weights: Vec<i8>,
    /// A bit for each of [`Word::gate`].
    gate: Vec<u8>,
}

impl Model {
    /// The embedded one.
    pub fn embedded() -> Self {
        Self::read(FILE)
    }

    /// A model of a lexicon, [`SLOTS`] weights, and a bit for each
    /// [`Word::gate`].
    pub fn new(lexicon: Lexicon, weights: Vec<i8>, gate: Vec<u8>) -> Self {
        Self { lexicon, weights, gate }
    }

    fn read(file: &[u8]) -> Self {
        let (count, rest) = file.split_first_chunk().map_or((0, file), |(n, rest)| (u32::from_le_bytes(*n), rest));
        let (entries, rest) = rest.split_at_checked(8 * count as usize).unwrap_or_default();
        let (weights, gate) = rest.split_at_checked(SLOTS).unwrap_or_default();
        let entries = entries.as_chunks().0.iter().map(|entry| u64::from_le_bytes(*entry));
        Self::new(Lexicon::new(entries), weights.iter().map(|&weight| weight as i8).collect(), gate.to_vec())
    }

    /// The joints of `word`, which is given without ZWNJs, by the weights.
    pub fn predict(&self, word: &str) -> Joints {
        let Some(codes) = Word::new(word, &self.lexicon) else { return 0 };
        // The forms with می are all known: «میزبان» is none.
        let first = ["نمی", "می"].iter().find(|mi| word.starts_with(**mi)).map_or(1, |mi| mi.len() / 2 + 1);
        let (mut joints, mut last) = (0, 0);
        for (at, before) in word.chars().enumerate().map(|(before, letter)| (before + 1, letter)).skip(first - 1) {
            if at == codes.len || !joins_next(before) || !self.may_join(&codes, at) {
                continue;
            }
            let score = self.score(&codes, at);
            // A letter alone is no part of a word: the surer of two joints stays.
            let beside = joints >> (at - 1) & 1 == 1;
            if score > 0 && !(beside && last >= score) {
                joints = joints & !(Joints::from(beside) << (at - 1)) | 1 << at;
                last = score;
            }
        }
        self.with_settled_stem(word, joints)
    }

    /// `joints` of `word`; what stands before the last of them is spelt as it is
    /// when it stands alone: «قطعنامه‌ای» like «قطعنامه».
    fn with_settled_stem(&self, word: &str, joints: Joints) -> Joints {
        let Some(last) = joints.checked_ilog2() else { return joints };
        let stem = word.get(..2 * last as usize).filter(|stem| stem.len() > SHORT_STEM);
        match stem.and_then(|stem| self.lexicon.joints(stem)) {
            Some(of_stem) => 1 << last | of_stem,
            None => joints,
        }
    }

    /// Whether a joint was ever seen between such letters.
    fn may_join(&self, word: &Word, at: usize) -> bool {
        let place = word.gate(at);
        self.gate.get(place / 8).is_some_and(|bits| bits >> (place % 8) & 1 == 1)
    }

    /// The joints of `word`, a plural by its looks, in its context.
    pub fn joints_in(&self, word: &str, context: Context<'_>) -> Joints {
        let settled = self.lexicon.joints(word);
        let joints = settled.unwrap_or_else(|| self.predict(word));
        // «انتهای» is no plural.
        let is_plain = settled == Some(0);
        let Some(choice) = Choice::new(word, &self.lexicon).filter(|choice| !(choice.joins && is_plain)) else {
            return joints;
        };
        let lean = choice.lean(word, self);
        let mut sum = 0;
        choice.features(word, context, lean, |slot| sum += self.weight(slot));
        choice.made(joints, sum > 0)
    }

    fn weight(&self, slot: usize) -> i32 {
        self.weights.get(slot).map_or(0, |&weight| weight.into())
    }

    /// How much speaks for a joint after the first `at` letters, in parts of a
    /// weight.
    pub fn score(&self, word: &Word, at: usize) -> i32 {
        let mut sum = 0;
        word.features(at, |slot| sum += self.weight(slot));
        sum
    }
}

/// Bytes of a stem that may be a prefix: of four letters.
const SHORT_STEM: usize = 8;

/// A word that can be «X‌های» and «Xه‌ای»: «حرفهای».
pub(crate) struct Choice {
    /// Letters of X.
    pub letters: usize,
    /// Whether a joint after X can be seen.
    pub joins: bool,
    /// The classes of X and of Xه.
    stems: (u8, u8),
}

impl Choice {
    /// The choice that `word` leaves, if both stems are words.
    pub fn new(word: &str, lexicon: &Lexicon) -> Option<Self> {
        let shorter = word.strip_suffix("های")?;
        let joins = joins_next(shorter.chars().next_back()?);
        let stems = (lexicon.class(shorter), lexicon.class(word.strip_suffix("ای")?));
        (stems.0 > 0 && stems.1 > 0).then_some(Self { letters: shorter.len() / 2, joins, stems })
    }

    /// How much the letters alone speak for «Xه‌ای».
    pub fn lean(&self, word: &str, model: &Model) -> i32 {
        Word::new(word, &model.lexicon).map_or(0, |codes| {
            let shorter = if self.joins { model.score(&codes, self.letters) } else { 0 };
            model.score(&codes, self.letters + 1) - shorter
        })
    }

    /// Calls `each` with the slots of the features of the choice.
    pub fn features(&self, word: &str, context: Context<'_>, lean: i32, each: impl FnMut(usize)) {
        choice_features(word, context, self.stems, lean, each);
    }

    /// `joints` with the choice made.
    fn made(&self, joints: Joints, is_longer: bool) -> Joints {
        let here = 1 << self.letters;
        let others = joints & !(here | here << 1);
        match (is_longer, self.joins) {
            (true, _) => others | here << 1,
            (false, true) => others | here,
            (false, false) => others,
        }
    }
}

/// Words by their fingerprints: how common each is and, where that is settled,
/// its joints.
#[derive(Clone)]
pub(crate) struct Lexicon {
    /// Open addressing; empty slots are 0. An entry has the fingerprint in its
    /// upper half, then the class and the joints as [`pack`] lays them.
    slots: Vec<u64>,
}

impl Lexicon {
    /// A lexicon of `entries`, with room for more.
    pub fn new(entries: impl ExactSizeIterator<Item = u64>) -> Self {
        let slots = (entries.len() + ROOM) * 3 / 2;
        let mut lexicon = Self { slots: vec![0; slots.next_power_of_two()] };
        for entry in entries {
            if let Some(slot) = lexicon.slot((entry >> 32) as u32) {
                *slot = entry;
            }
        }
        lexicon
    }

    /// Settles the joints of `word`, which is given without ZWNJs.
    pub fn settle(&mut self, word: &str, joints: Joints) {
        let class = self.class(word);
        if let (Some(entry), Some(slot)) = (pack(word, class, Some(joints)), self.slot(fingerprint(word))) {
            *slot = entry;
        }
    }

    /// Where the entry with `fingerprint` is, or is to be put.
    fn slot(&mut self, fingerprint: u32) -> Option<&mut u64> {
        let mask = self.slots.len() - 1;
        let mut at = fingerprint as usize & mask;
        while self.slots.get(at).is_some_and(|&entry| entry != 0 && (entry >> 32) as u32 != fingerprint) {
            at = (at + 1) & mask;
        }
        self.slots.get_mut(at)
    }

    /// Whether `word`, given without ZWNJs, is known.
    pub fn contains(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// How common `word`, given without ZWNJs, is in running text: a decimal
    /// logarithm; 0 when it is not known.
    pub fn class(&self, word: &str) -> u8 {
        self.find(word).map_or(0, |entry| (entry & 0xF) as u8)
    }

    /// The joints of `word`, given without ZWNJs, if they are settled.
    pub fn joints(&self, word: &str) -> Option<Joints> {
        let entry = self.find(word)?;
        if entry & SETTLED == 0 {
            return None;
        }
        // Most words have none.
        if entry >> 5 & 0x7FF_FFFF == 0 {
            return Some(0);
        }
        let joints = (0..MOST_JOINTS).map(|n| entry >> (5 + 5 * n) & 0x1F).filter(|&at| at > 0);
        Some(joints.fold(0, |set, at| set | 1 << at))
    }

    fn find(&self, word: &str) -> Option<u64> {
        let fingerprint = fingerprint(word);
        let mask = self.slots.len() - 1;
        let mut at = fingerprint as usize & mask;
        loop {
            match self.slots.get(at) {
                Some(0) | None => return None,
                Some(&entry) if (entry >> 32) as u32 == fingerprint => return Some(entry),
                _ => at = (at + 1) & mask,
            }
        }
    }
}

/// The class of a word that is known from names alone.
pub(crate) const NAME: u8 = 1;
/// How many words can be settled beyond the entries of the file.
const ROOM: usize = 1 << 15;
/// The bit that says that the joints of an entry are settled.
const SETTLED: u64 = 1 << 4;
/// The most joints that an entry holds.
const MOST_JOINTS: u32 = 4;

/// The entry of `word`; `None` when it cannot hold `joints`.
pub(crate) fn pack(word: &str, class: u8, joints: Option<Joints>) -> Option<u64> {
    let mut entry = u64::from(fingerprint(word)) << 32 | u64::from(class & 0xF);
    if let Some(mut joints) = joints {
        if joints.count_ones() > MOST_JOINTS {
            return None;
        }
        entry |= SETTLED;
        for n in 0..joints.count_ones() {
            entry |= u64::from(joints.trailing_zeros()) << (5 + 5 * n);
            joints &= joints - 1;
        }
    }
    Some(entry)
}

/// 32 bits that stand for a word; never 0. With 200,000 words, one in 20,000
/// unknown words is taken for a known one.
pub(super) fn fingerprint(word: &str) -> u32 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = word.len() as u64;
    let (chunks, rest) = word.as_bytes().as_chunks::<8>();
    for chunk in chunks {
        hash = (hash ^ u64::from_le_bytes(*chunk)).wrapping_mul(K);
        hash ^= hash >> 29;
    }
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(K);
    hash ^= hash >> 32;
    (hash.wrapping_mul(K) >> 32) as u32 | 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::COMPONENTS;

    #[test]
    fn the_card_is_of_this_file() {
        let component = COMPONENTS.iter().find(|component| component.name == "zwnj-model").unwrap();
        assert!(include_str!("../../../models/zwnj.md").contains(&*component.sha256));
    }

    #[test]
    fn settled_words_are_found() {
        let mut lexicon = Lexicon::new([pack("کتاب", 7, None).unwrap()].into_iter());
        lexicon.settle("کتابها", 1 << 4);
        lexicon.settle("کتاب", 0);
        assert_eq!((lexicon.class("کتاب"), lexicon.joints("کتاب")), (7, Some(0)));
        assert_eq!((lexicon.class("کتابها"), lexicon.joints("کتابها")), (0, Some(1 << 4)));
        assert_eq!((lexicon.class("دفتر"), lexicon.joints("دفتر")), (0, None));
    }
}
