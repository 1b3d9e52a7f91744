//! Restoration of lost ZWNJs: میکنند → می‌کنند.

mod features;
pub(crate) mod joints;
pub(crate) mod model;

#[cfg(feature = "train")]
pub(crate) use features::{GATES, SLOTS, Word};
#[cfg(feature = "train")]
pub(crate) use joints::without_joints;

use features::Context;
use joints::Speller;

use super::Normalized;
use super::letters::is_arabic_letter;

const ZWNJ: &str = "\u{200C}";
/// Its first byte; no letter has it.
const ZWNJ_LEAD: u8 = 0xE2;

/// Inserts the ZWNJs that a Persian text has lost, inside words only; returns
/// how many were inserted and how many were there already.
pub fn restore(normalized: &mut Normalized) -> Restored {
    let speller = Speller::get();
    let text = normalized.text.as_str();
    let mut restored = Restored::default();
    let mut positions: Vec<u32> = Vec::new();
    for (start, word) in words(text) {
        let present = word.bytes().filter(|&byte| byte == ZWNJ_LEAD).count();
        if present > 0 {
            restored.present += present;
            continue;
        }
        let mut joints = speller.joints(word, || context(text, start, start + word.len()));
        while joints != 0 {
            // Letters that have joints are two bytes each.
            let at = start as u32 + 2 * joints.trailing_zeros();
            if normalized.alignment.is_cuttable(at) {
                positions.push(at);
            }
            joints &= joints - 1;
        }
    }
    restored.inserted = positions.len();
    if !positions.is_empty() {
        normalized.text = with_insertions(text, &positions);
        normalized.alignment = normalized.alignment.with_insertions(&positions, ZWNJ.len() as u32);
    }
    restored
}

/// The Arabic-script words of `text` with their ZWNJs, each with the byte where
/// it begins.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = at + bytes.get(at..)?.iter().position(|lead| matches!(lead, 0xD8..=0xDB))?;
        while !is_letter_at(bytes, start) {
            start += 2 + bytes.get(start + 2..)?.iter().position(|lead| matches!(lead, 0xD8..=0xDB))?;
        }
        at = start;
        loop {
            if is_letter_at(bytes, at) {
                at += 2;
            } else if bytes.get(at) == Some(&ZWNJ_LEAD) && bytes.get(at..at + ZWNJ.len()) == Some(ZWNJ.as_bytes()) {
                at += ZWNJ.len();
            } else {
                return Some((start, text.get(start..at)?));
            }
        }
    })
}

/// Whether a letter of U+0600 to U+06FF, or the hamza on one, begins at byte `at`.
fn is_letter_at(bytes: &[u8], at: usize) -> bool {
    const LETTERS: [bool; 256] = {
        let mut letters = [false; 256];
        let mut code = 0;
        #[allow(clippy::indexing_slicing, reason = "at compile time")]
        while code < 256 {
            if let Some(letter) = char::from_u32(0x600 + code) {
                letters[code as usize] = is_arabic_letter(letter) || letter == '\u{654}';
            }
            code += 1;
        }
        letters
    };
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(&lead @ 0xD8..=0xDB), Some(&second)) => {
            LETTERS.get(usize::from(lead & 3) << 6 | usize::from(second & 0x3F)).is_some_and(|&letter| letter)
        }
        _ => false,
    }
}

/// What stands around the word from `start` to `end`.
pub(crate) fn context(text: &str, start: usize, end: usize) -> Context<'_> {
    let before = text.get(..start).unwrap_or_default();
    let before = match (before.strip_suffix(' '), before.trim_end().ends_with(|c: char| c.is_ascii_digit())) {
        (_, true) => "#",
        (Some(before), _) => before.get(before.trim_end_matches(is_inside).len()..).unwrap_or_default(),
        (None, _) => "",
    };
    let rest = text.get(end..).unwrap_or_default();
    let after = match rest.strip_prefix(' ') {
        Some(next) => next.get(..next.find(|c| !is_inside(c)).unwrap_or(next.len())),
        None => rest.get(..rest.chars().next().map_or(0, char::len_utf8)),
    };
    Context { before, after: after.unwrap_or_default() }
}

/// Whether `c` is inside of a word.
fn is_inside(c: char) -> bool {
    is_arabic_letter(c) || matches!(c, '\u{200C}' | '\u{654}')
}

/// `text` with a ZWNJ before each of the bytes `positions`, which ascend.
fn with_insertions(text: &str, positions: &[u32]) -> String {
    let mut out = String::with_capacity(text.len() + positions.len() * ZWNJ.len());
    let mut copied = 0;
    for &position in positions {
        out.push_str(text.get(copied..position as usize).unwrap_or_default());
        out.push_str(ZWNJ);
        copied = position as usize;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

/// How common `word` is in running text: a decimal logarithm of a count; `None`
/// when it is not known, or from names alone. ZWNJs do not matter.
pub(crate) fn commonness(word: &str) -> Option<u8> {
    let lexicon = &Speller::get().model.lexicon;
    let class = match word.contains('\u{200C}') {
        true => lexicon.class(&word.replace('\u{200C}', "")),
        false => lexicon.class(word),
    };
    (class > model::NAME).then_some(class)
}

/// What [`restore`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// ZWNJs that the text had inside its words.
    pub present: usize,
    /// ZWNJs that were put in.
    pub inserted: usize,
}

impl Restored {
    /// Whether the text has plainly lost its ZWNJs.
    pub const fn is_plainly_stripped(self) -> bool {
        self.inserted >= 3 && self.present * 4 < self.inserted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{Language, Span, normalize::normalize};

    fn restored(text: &str) -> String {
        let mut normalized = normalize(text, Language::Persian);
        restore(&mut normalized);
        normalized.text
    }

    #[test]
    fn lost_joints_come_back() {
        for expected in [
            "آن‌ها می‌گویند کتاب‌های تازه‌ای رسیده‌است",
            "نمی‌شود به این سادگی‌ها تصمیم گرفت",
            "سه‌شنبه و پنجشنبه و یکشنبه",
            "دی‌ماه و بهمن‌ماه و تیرماه",
            "گفت‌وگو با رئیس‌جمهوری و نخست‌وزیر",
            "خانه‌هایشان و نامه‌اش و بینایی‌اش",
            "ساده‌ترین راه و سخت‌تر از آن",
            "رفته‌اند و گفته‌ایم و دیده‌ام",
            "تنها بها رها دختر کمتر بهتر بهترین میان میدان",
            "برمی‌گردد و درنمی‌آید",
            "بیانیه‌ای برای تحلیل‌ها",
        ] {
            assert_eq!(restored(&expected.replace(ZWNJ, "")), expected);
            assert_eq!(restored(expected), expected);
        }
    }

    #[test]
    fn offsets_do_not_move() {
        let source = "قبلاً آنها میگفتند";
        let mut normalized = normalize(source, Language::Persian);
        restore(&mut normalized);
        let start = normalized.text.find("می‌گفتند").unwrap();
        let range = normalized.alignment.source_range(Span::new(start, start + "می‌گفتند".len()));
        assert_eq!(&source[range], "میگفتند");
    }

    #[test]
    fn stripped_text_is_told() {
        let told = |text| restore(&mut normalize(text, Language::Persian)).is_plainly_stripped();
        assert!(told("آنها میگویند کتابها رسیدهاند و میخوانند"));
        assert!(!told("آن‌ها می‌گویند کتاب‌ها رسیده‌اند"));
        assert!(!told("هوا خوب است"));
    }

    proptest! {
        #[test]
        fn only_joints_are_put_in(text in "([ا-ی]{0,8}[ \u{200C}.]?){0,12}") {
            let mut normalized = normalize(&text, Language::Persian);
            let before = normalized.clone();
            restore(&mut normalized);
            prop_assert_eq!(normalized.text.replace(ZWNJ, ""), before.text.replace(ZWNJ, ""));
            let mut at = 0;
            for run in normalized.alignment.runs() {
                prop_assert_eq!(run.normalized.start, at);
                at = run.normalized.end;
            }
            prop_assert_eq!(at as usize, normalized.text.len());
        }
    }
}
