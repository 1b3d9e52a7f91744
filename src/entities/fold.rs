//! The form in which words are compared: letters unified, digits ASCII, ZWNJ
//! and marks left out. «رئیس» and «رییس», «سه‌شنبه» and «سهشنبه» are alike.

use std::hash::{BuildHasher, Hasher};

use rustc_hash::FxBuildHasher;

/// Writes the folded form of `word` to `out`, which is cleared first.
pub(crate) fn fold_into(word: &str, out: &mut String) {
    out.clear();
    for c in word.chars() {
        match c {
            'ا'..='ب' | 'پ' | 'ت'..='غ' | 'ف'..='ق' | 'ل'..='و' | 'ی' | 'ک' | 'گ' | 'چ' | 'ژ' | 'آ' => {
                out.push(c)
            }
            'ي' | 'ى' | 'ئ' | 'ې' | 'ۍ' => out.push('ی'),
            'ك' | 'ڪ' => out.push('ک'),
            'أ' | 'إ' | 'ٱ' => out.push('ا'),
            'ؤ' => out.push('و'),
            'ة' | 'ۀ' | 'ە' | 'ہ' => out.push('ه'),
            'ء' | 'ـ' | '\u{200B}'..='\u{200F}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0610}'..='\u{061A}' => {}
            '۰'..='۹' => out.push(digit(c as u32 - '۰' as u32)),
            '٠'..='٩' => out.push(digit(c as u32 - '٠' as u32)),
            _ => out.push(c.to_ascii_lowercase()),
        }
    }
}

/// Whether `word` is plainly its own folded form; most words of normalised
/// text are.
pub(crate) fn is_folded(word: &str) -> bool {
    let mut lead = 0;
    word.bytes().all(|byte| {
        // Of two bytes: ا ب ت … غ, ف … و, پ, چ, ژ, ک, گ, ی; or small ASCII.
        let same = match lead {
            0xD8 => matches!(byte, 0xA2 | 0xA7 | 0xA8 | 0xAA..=0xBA),
            0xD9 => matches!(byte, 0x81 | 0x82 | 0x84..=0x88 | 0xBE),
            0xDA => matches!(byte, 0x86 | 0x98 | 0xA9 | 0xAF),
            0xDB => byte == 0x8C,
            _ => matches!(byte, 0xD8..=0xDB | b'a'..=b'z' | b'0'..=b'9'),
        };
        lead = if lead == 0 && byte >= 0xD8 { byte } else { 0 };
        same
    })
}

/// The folded form of `word`.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// The hash of a folded word.
pub(crate) fn hash(folded: &str) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(folded.as_bytes());
    hasher.finish()
}

/// The key of a phrase, from the hashes of its words.
pub(crate) fn key(words: impl Iterator<Item = u64>) -> u64 {
    words.fold(0, |key, word| (key.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn digit(value: u32) -> char {
    char::from(b'0' + value as u8)
}

/// What was taken off a word to find it in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Ending {
    /// Nothing.
    #[default]
    None,
    /// ی after ا, و or ه: «نماینده‌ی».
    Ezafe,
    /// «ها», «های».
    Plural,
    /// A possessive: «مدیرعاملش».
    Possessive,
    /// The copula after a vowel: «آمریکاست».
    Copula,
}

/// Endings, the longer of two that fit first.
const ENDINGS: [(&str, Ending); 12] = [
    ("هایشان", Ending::Plural),
    ("هایش", Ending::Plural),
    ("هایی", Ending::Plural),
    ("های", Ending::Plural),
    ("ها", Ending::Plural),
    ("شان", Ending::Possessive),
    ("مان", Ending::Possessive),
    ("اش", Ending::Possessive),
    ("ش", Ending::Possessive),
    ("ست", Ending::Copula),
    ("اند", Ending::Copula),
    ("ی", Ending::Ezafe),
];

/// The stem of a folded word and the ending that was taken off; `None` when
/// it has no ending or too little would be left.
pub(crate) fn stem(folded: &str) -> Option<(&str, Ending)> {
    let (stem, ending) = ENDINGS.iter().find_map(|(suffix, ending)| Some((folded.strip_suffix(suffix)?, *ending)))?;
    let fits = match ending {
        Ending::Ezafe => stem.ends_with(['ا', 'و', 'ه']),
        Ending::Copula => stem.ends_with(['ا', 'و', 'ه', 'ی']),
        _ => true,
    };
    (stem.len() >= 6 && fits).then_some((stem, ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        for (a, b) in [
            ("سه‌شنبه", "سهشنبه"),
            ("رئیس", "رییس"),
            ("مؤسسه", "موسسه"),
            ("كتابي", "کتابی"),
            ("۱۲٣", "123"),
            ("مُحَمَّد", "محمد"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_plainly_folded_is() {
        for code in 0..0x1_0000 {
            let word: String = char::from_u32(code).into_iter().chain(['س', '1']).collect();
            assert!(!is_folded(&word) || fold(&word) == word, "{word} {code:x}");
        }
        for word in ["سوریه", "آذربایجان", "گزارش", "چپ", "ژرف", "1403", "bbc", "نوشت"] {
            assert!(is_folded(word), "{word}");
        }
    }

    #[test]
    fn endings_come_off_once_and_leave_a_stem() {
        assert_eq!(stem("سوریها"), Some(("سوری", Ending::Plural)));
        assert_eq!(stem("نمایندهی"), Some(("نماینده", Ending::Ezafe)));
        assert_eq!(stem("مدیرعاملش"), Some(("مدیرعامل", Ending::Possessive)));
        assert_eq!(stem("تهرانی"), None);
        assert_eq!(stem("ها"), None);
        assert_eq!(stem(""), None);
    }
}
