//! What the tagger sees of a word: shared by training and serving, so that the
//! two cannot drift.
//!
//! Every feature depends on one word alone (its distance is part of the
//! feature), so the rows of a word type can be summed once and for all. Words
//! come folded: no ZWNJ, one form of each letter, ASCII digits.

use crate::entities::fold::fold_into;

/// A feature: a hash of its kind and text, never 0.
pub type Feature = u64;

/// How far the tagger looks to both sides.
pub const REACH: isize = 2;

/// Distances at which a word is seen, `-REACH..=REACH`.
pub const DISTANCES: usize = 2 * REACH as usize + 1;

/// Longer words are seen by their first characters only.
const MAX_CHARS: usize = 24;

/// What stands before and after a sentence.
pub const EDGE: &str = "\u{1}";

/// Kinds of feature.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Kind {
    Word = 1,
    Prefix,
    Suffix,
    Gram,
    Shape,
    Bias,
    Cluster,
}

/// The form in which the tagger reads a word: folded, every digit 0.
pub fn word(raw: &str) -> String {
    let mut word = String::with_capacity(raw.len());
    word_into(raw, &mut word);
    word
}

/// Writes [`word`] to `out`, which is cleared first.
pub(in crate::entities) fn word_into(raw: &str, out: &mut String) {
    fold_into(raw, out);
    if out.bytes().any(|b| b.is_ascii_digit()) {
        *out = out.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    }
}

/// How many clusterings there are, coarse to fine.
pub const GRAINS: usize = 3;

/// A word's cluster in each clustering, from 1; 0 where it has none.
pub type InClusters = [u16; GRAINS];

/// Calls `emit` with each feature of `word`, which is in `clusters`, seen at `distance`: 0 is the word
/// that is labelled, -1 the word before it.
pub fn features(word: &str, clusters: InClusters, distance: isize, mut emit: impl FnMut(Feature)) {
    let place = (distance + REACH) as u8;
    emit(hash(Kind::Word, place, word.as_bytes()));
    for (grain, cluster) in (0_u8..).zip(clusters).filter(|(_, cluster)| *cluster != 0) {
        let [low, high] = cluster.to_le_bytes();
        emit(hash(Kind::Cluster, place, &[grain, low, high]));
    }
    if distance.abs() == REACH {
        return;
    }
    emit(hash(Kind::Shape, place, shape(word).as_bytes()));
    if word == EDGE {
        return;
    }
    let mut ends = [0usize; MAX_CHARS + 1];
    let mut count = 0;
    for (end, c) in ends.iter_mut().skip(1).zip(word.char_indices().map(|(at, c)| at + c.len_utf8())) {
        *end = c;
        count += 1;
    }
    let end_of = |chars: usize| ends.get(chars).copied().unwrap_or(0);
    let whole = end_of(count);
    let piece = |from: usize, to: usize| word.get(end_of(from)..end_of(to)).unwrap_or_default();
    let affixes = if distance == 0 { 1..=5 } else { 2..=4 };
    for length in affixes {
        if length < count {
            emit(hash(Kind::Prefix, place, piece(0, length).as_bytes()));
            emit(hash(Kind::Suffix, place, word.get(end_of(count - length)..whole).unwrap_or_default().as_bytes()));
        }
    }
    if distance == 0 {
        emit(hash(Kind::Bias, place, &[]));
        for length in 2..=4 {
            for from in 0..(count + 1).saturating_sub(length) {
                emit(hash(Kind::Gram, place, piece(from, from + length).as_bytes()));
            }
        }
    }
}

/// What a word is made of.
fn shape(word: &str) -> &'static str {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return "" };
    let digits = word.bytes().any(|b| b.is_ascii_digit());
    match first {
        '\u{1}' => "edge",
        '0'..='9' => "number",
        'a'..='z' => "latin",
        _ if first.is_alphabetic() && digits => "mixed",
        _ if first.is_alphabetic() => match word.chars().count() {
            1 => "1",
            2 => "2",
            3..=4 => "4",
            5..=7 => "7",
            _ => "long",
        },
        _ => "mark",
    }
}

/// A multiplicative hash over kind, place and bytes, eight at a time.
fn hash(kind: Kind, place: u8, bytes: &[u8]) -> Feature {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = (u64::from(kind as u8) << 16 | u64::from(place) << 8 | bytes.len() as u64).wrapping_mul(K);
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        hash = (hash ^ u64::from_le_bytes(*chunk)).wrapping_mul(K);
        hash ^= hash >> 29;
    }
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    hash = (hash ^ last).wrapping_mul(K);
    hash ^= hash >> 32;
    hash.wrapping_mul(K) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str, distance: isize) -> Vec<Feature> {
        let mut out = Vec::new();
        features(word, [0; GRAINS], distance, |f| out.push(f));
        out
    }

    #[test]
    fn places_are_told_apart_and_words_are_bounded() {
        assert!(of("تهران", 0).iter().all(|f| !of("تهران", 1).contains(f)));
        assert_eq!(of("تهران", -2).len(), 1);
        assert!(of(&"ب".repeat(10_000), 0).len() < 100);
        assert_eq!(of("", 0).len(), 3);
    }
}
