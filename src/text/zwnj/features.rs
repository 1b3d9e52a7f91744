//! What a joint between two letters is judged by; training and serving share
//! this code, so that they cannot drift.

use super::model::{Lexicon, fingerprint};

/// The letters that have a code of their own; each is two bytes of UTF-8.
const LETTERS: [char; 43] = [
    'ا', 'آ', 'ب', 'پ', 'ت', 'ث', 'ج', 'چ', 'ح', 'خ', 'د', 'ذ', 'ر', 'ز', 'ژ', 'س', 'ش', 'ص', 'ض', 'ط', 'ظ', 'ع', 'غ',
    'ف', 'ق', 'ک', 'گ', 'ل', 'م', 'ن', 'و', 'ه', 'ی', 'ء', 'أ', 'ؤ', 'إ', 'ئ', 'ة', 'ي', 'ك', 'ى', '\u{654}',
];
/// Any other letter.
const OTHER: u64 = 62;
/// Beyond the word.
const EDGE: u64 = 63;
/// Bits of a code.
const BITS: u32 = 6;

/// The codes of U+0600 to U+06FF.
const CODES: [u8; 256] = {
    let mut codes = [OTHER as u8; 256];
    let mut at = 0;
    #[allow(clippy::indexing_slicing, reason = "at compile time")]
    while at < LETTERS.len() {
        codes[LETTERS[at] as usize - 0x600] = at as u8 + 1;
        at += 1;
    }
    codes
};

/// The longest word that is judged, in letters.
pub(crate) const LONGEST: usize = 30;
/// The weights' number, a power of two.
pub(crate) const SLOTS: usize = 1 << 18;

/// A word as codes, with how common each of its beginnings and endings is.
pub(crate) struct Word {
    codes: [u8; LONGEST],
    /// Letters.
    pub len: usize,
    /// The class of the first n letters.
    before: [u8; LONGEST + 1],
    /// The class of what follows the first n letters.
    after: [u8; LONGEST + 1],
}

/// How many places [`Word::gate`] tells apart.
#[cfg(feature = "train")]
pub(crate) const GATES: usize = 1 << (3 * BITS);

impl Word {
    /// `text` as codes; `None` when it is too long, or not all of letters of
    /// two bytes.
    pub fn new(text: &str, lexicon: &Lexicon) -> Option<Self> {
        let mut word = Self { codes: [0; LONGEST], len: 0, before: [0; LONGEST + 1], after: [0; LONGEST + 1] };
        for letter in text.chars() {
            let code = *CODES.get((u32::from(letter) as usize).checked_sub(0x600)?)?;
            *word.codes.get_mut(word.len)? = code;
            word.len += 1;
        }
        for n in 1..=word.len {
            if let (Some(before), Some(slot)) = (text.get(..2 * n), word.before.get_mut(n)) {
                *slot = lexicon.class(before);
            }
        }
        for n in 0..word.len {
            if let (Some(after), Some(slot)) = (text.get(2 * n..), word.after.get_mut(n)) {
                *slot = lexicon.class(after);
            }
        }
        Some(word)
    }

    /// The letter before a joint after the first `at` letters and the two after
    /// it, as a number below [`GATES`].
    pub fn gate(&self, at: usize) -> usize {
        let before = at.checked_sub(1).map_or(EDGE, |last| self.code(last));
        (before << (2 * BITS) | self.code(at) << BITS | self.code(at + 1)) as usize
    }

    fn code(&self, at: usize) -> u64 {
        if at < self.len { self.codes.get(at).map_or(EDGE, |&code| code.into()) } else { EDGE }
    }

    /// 1 for a word of the lexicon.
    fn is_known(&self) -> u64 {
        (self.class_before(self.len) > 0).into()
    }

    fn class_before(&self, n: usize) -> u64 {
        self.before.get(n).map_or(0, |&class| class.into())
    }

    fn class_after(&self, n: usize) -> u64 {
        self.after.get(n).map_or(0, |&class| class.into())
    }

    /// Calls `each` with the slot of every feature of a joint after the first
    /// `at` letters, which is inside the word. Each kind of feature has a number.
    pub fn features(&self, at: usize, mut each: impl FnMut(usize)) {
        // The last n letters before the joint and the first n after it, packed.
        let (mut left, mut right) = ([0; 9], [0; 9]);
        for n in 1..9 {
            let before = at.checked_sub(n).map_or(EDGE, |place| self.code(place));
            let (last_left, last_right) = (packed(&left, n - 1), packed(&right, n - 1));
            if let (Some(left), Some(right)) = (left.get_mut(n), right.get_mut(n)) {
                *left = last_left << BITS | before;
                *right = last_right << BITS | self.code(at + n - 1);
            }
        }
        let (left, right) = (|n| packed(&left, n), |n| packed(&right, n));
        let mut put = |kind: u64, a: u64, b: u64| each(slot(kind, a, b));

        let after = self.len - at;
        put(0, 0, 0);
        for n in 1..7 {
            put(n, left(n as usize), 0);
            put(10 + n, 0, right(n as usize));
        }
        for (kind, l, r) in
            [(20, 1, 1), (21, 2, 1), (22, 1, 2), (23, 2, 2), (24, 3, 1), (25, 1, 3), (26, 3, 2), (27, 2, 3), (28, 3, 3)]
        {
            put(kind, left(l), right(r));
        }
        // All that is on one side, with a little of the other.
        if at < 8 {
            let whole = left(at + 1);
            for (kind, r) in [(30, 0), (31, 1), (32, 2), (33, 3)] {
                put(kind, whole, right(r));
            }
            put(34, whole, self.class_after(at));
            put(29, whole, bucket(self.class_after(at)) << 8 | self.is_known());
        }
        if after < 8 {
            let whole = right(after + 1);
            for (kind, l) in [(35, 0), (36, 1), (37, 2), (38, 3)] {
                put(kind, left(l), whole);
            }
            put(39, self.class_before(at), whole);
            put(40, self.class_before(at) << 8 | self.class_before(at + 1), whole);
            put(41, self.class_before(at) << 8 | self.class_before(at - 1), whole);
            put(42, self.class_before(at) << 8 | self.class_before(self.len), whole);
            put(48, bucket(self.class_before(at)) << 8 | self.is_known(), whole);
            // «X‌های» against «Xه‌ای»: which of the two stems is the commoner.
            let (shorter, here, longer) = (self.class_before(at - 1), self.class_before(at), self.class_before(at + 1));
            put(43, bucket(here) << 8 | bucket(longer), whole);
            put(44, bucket(here) << 8 | bucket(shorter), whole);
            put(45, (here > 0) as u64 | (8 + here - longer.min(here + 3)).min(11) << 8, whole);
            put(46, (here > 0) as u64 | (8 + here - shorter.min(here + 3)).min(11) << 8, whole);
            put(47, bucket(here) << 8 | bucket(longer), whole << BITS | left(1));
        }
        let (l, r, w) = (self.class_before(at), self.class_after(at), self.class_before(self.len));
        put(50, l, 0);
        put(51, r, 0);
        put(52, w, 0);
        put(53, l, r);
        put(54, l, w);
        put(55, r, w);
        put(56, l << 8 | r, w);
        put(57, l << 8 | r, (at.min(9) as u64) << 8 | after.min(9) as u64);
        put(58, at.min(12) as u64, after.min(12) as u64);
        put(59, l << 8 | r, left(1) << 8 | right(1));
    }
}

/// What stands around a word: the words beside it, or the mark right after it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context<'a> {
    /// The word before, a space between; `#` for a number; else empty.
    pub before: &'a str,
    /// The word after, a space between, or the mark that follows; else empty.
    pub after: &'a str,
}

/// Calls `each` with the slot of every feature of the choice between «X‌های»
/// and «Xه‌ای»; `stems` are the classes of X and Xه, `lean` says how much the
/// letters alone speak for the second.
pub(crate) fn choice_features(
    word: &str,
    context: Context<'_>,
    stems: (u8, u8),
    lean: i32,
    mut each: impl FnMut(usize),
) {
    // The words beside may have their ZWNJs or not.
    let bare = |word: &str| fingerprint(&word.replace('\u{200C}', ""));
    let (word, before, after) = (fingerprint(word), bare(context.before), bare(context.after));
    let (shorter, longer) = (u64::from(stems.0), u64::from(stems.1));
    let lean = (lean / 32).clamp(-6, 6) as u64;
    let mut put = |kind: u64, a: u64, b: u64| each(slot(kind, a, b));
    put(70, 0, 0);
    put(71, word.into(), 0);
    put(72, before.into(), 0);
    put(73, after.into(), 0);
    put(74, shorter, longer);
    put(75, (8 + shorter - longer.min(shorter + 8)).min(16), 0);
    put(76, lean, 0);
}

/// Classes that few words have, taken together.
fn bucket(class: u64) -> u64 {
    match class {
        0 => 0,
        1..4 => 1,
        4..6 => 2,
        _ => 3,
    }
}

fn packed(grams: &[u64; 9], n: usize) -> u64 {
    grams.get(n).copied().unwrap_or(0)
}

/// The slot of a feature.
fn slot(kind: u64, a: u64, b: u64) -> usize {
    let mixed = (a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.rotate_left(29)).wrapping_add(kind << 56 | kind);
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (mixed >> (64 - SLOTS.trailing_zeros())) as usize
}
