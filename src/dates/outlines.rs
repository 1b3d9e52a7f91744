//! A filter before the lexicon: most words of a text are in no table.

/// The first three and the last two letters of words, as a small Bloom filter.
#[derive(Debug)]
pub(super) struct Outlines(Box<[u64; 512]>);

impl Default for Outlines {
    fn default() -> Self {
        Self(Box::new([0; 512]))
    }
}

/// The letters of a word that [`Outlines`] looks at.
#[derive(Clone, Copy)]
struct Key {
    /// Its first six bytes.
    first: u64,
    /// Its last four.
    last: u32,
}

impl Key {
    /// The key of the word in `text` from `start` to `end`.
    fn of(text: &[u8], start: usize, end: usize) -> Self {
        let length = end.saturating_sub(start);
        let mask = (1 << (length.min(6) * 8)) - 1;
        let spelled = |bytes: &[u8]| bytes.iter().rev().fold(0, |key, &byte| key << 8 | u64::from(byte));
        let first = match text.get(start..start + 8).and_then(|bytes| bytes.first_chunk::<8>()) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => spelled(text.get(start..end.min(start + 6)).unwrap_or_default()),
        };
        let last = match text.get(end.saturating_sub(4).max(start)..end).unwrap_or_default() {
            [a, b, c, d] => u32::from_le_bytes([*a, *b, *c, *d]),
            short => spelled(short) as u32,
        };
        Self { first: first & mask, last }
    }

    /// The place of its bit: an index and a mask.
    fn place(self) -> (usize, u64) {
        let hash =
            self.first.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(self.last).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let hash = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 49;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    /// Whether a ZWNJ (E2 80 8C) stands among its letters, so that they are not
    /// those of the folded word.
    const fn has_zwnj(self) -> bool {
        self.first >> 16 & 0xFF == 0xE2
            || self.first >> 32 & 0xFF == 0xE2
            || self.last & 0xFFFF == 0x8C80
            || self.last >> 8 & 0xFF == 0xE2
    }
}

impl Outlines {
    /// Adds a word.
    pub(super) fn insert(&mut self, word: &str) {
        let (index, mask) = Key::of(word.as_bytes(), 0, word.len()).place();
        if let Some(bits) = self.0.get_mut(index) {
            *bits |= mask;
        }
    }

    /// Whether the word in `text` from `start` to `end` may be one of them; one
    /// that is always may.
    pub(super) fn may_have(&self, text: &[u8], start: usize, end: usize) -> bool {
        let key = Key::of(text, start, end);
        let (index, mask) = key.place();
        self.0.get(index).is_some_and(|bits| bits & mask != 0) || key.has_zwnj()
    }
}
