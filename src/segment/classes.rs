//! Classes of characters that token boundaries depend on.

use std::sync::LazyLock;

use crate::text::letters::is_arabic_letter;

/// What a character is to the tokeniser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// White space and control characters: in no token.
    Space,
    /// A letter of the Arabic script.
    Arabic,
    /// A letter of another script that writes words with letters.
    Letter,
    /// ASCII, Persian and Arabic digits.
    Digit,
    /// `_`
    Underscore,
    /// A mark or joiner that belongs to what is before it.
    Extend,
    /// A punctuation mark.
    Punctuation,
    /// A symbol.
    Symbol,
    /// Left to the Unicode algorithm: emoji, ideographs and other scripts.
    Other,
}

/// Code points below this one take at most two bytes of UTF-8.
const LOW: usize = 0x800;

/// The classes of the characters of one and two bytes.
pub(super) struct Classes(Vec<Class>);

impl Classes {
    pub fn get() -> &'static Self {
        static CLASSES: LazyLock<Classes> =
            LazyLock::new(|| Classes((0..LOW as u32).map(|c| classify(char::from_u32(c).unwrap_or(' '))).collect()));
        &CLASSES
    }

    /// The class of the character at byte `at` of `text`, and its width in
    /// bytes; at the end of the text, white space of no width.
    pub fn at(&self, text: &str, at: usize) -> (Class, usize) {
        let bytes = text.as_bytes();
        match bytes.get(at) {
            None => (Class::Space, 0),
            Some(&first @ 0..0x80) => (self.low(first.into()), 1),
            Some(&first @ 0x80..0xE0) => {
                let second = bytes.get(at + 1).copied().unwrap_or_default();
                (self.low(usize::from(first & 0x1F) << 6 | usize::from(second & 0x3F)), 2)
            }
            Some(_) => match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(character) => (classify(character), character.len_utf8()),
                None => (Class::Space, 1),
            },
        }
    }

    fn low(&self, code: usize) -> Class {
        self.0.get(code).copied().unwrap_or(Class::Other)
    }
}

fn classify(c: char) -> Class {
    match c {
        c if c.is_whitespace() || c.is_control() => Class::Space,
        '_' => Class::Underscore,
        '0'..='9' | '٠'..='٩' | '۰'..='۹' => Class::Digit,
        '\u{300}'..='\u{36F}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5BD}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}'
        | '\u{200C}'..='\u{200F}'
        | '\u{20D0}'..='\u{20F0}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FE20}'..='\u{FE2F}'
        | '\u{1F3FB}'..='\u{1F3FF}' => Class::Extend,
        '\u{640}' => Class::Arabic,
        c if is_arabic_letter(c) => Class::Arabic,
        '\0'..='\u{DFF}' | '\u{1E00}'..='\u{1FFF}' | '\u{AC00}'..='\u{D7A3}' if c.is_alphabetic() => Class::Letter,
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' | '%' | '٪' | '#' | '&' | '@' | '*' | '؋' => {
            Class::Symbol
        }
        '\u{A2}'..='\u{A9}' | '\u{AC}' | '\u{AE}'..='\u{B1}' | '\u{B4}' | '\u{B8}' | '×' | '÷' => Class::Symbol,
        '\u{2070}'..='\u{209C}' => Class::Letter,
        '\u{20A0}'..='\u{20CF}' | '\u{2200}'..='\u{22FF}' | '\u{FDFA}'..='\u{FDFF}' => Class::Symbol,
        '\0'..='\u{7FF}' if c.is_numeric() => Class::Other,
        '\0'..='\u{7FF}' | '\u{2010}'..='\u{205E}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' => {
            Class::Punctuation
        }
        '\u{FD3E}' | '\u{FD3F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' => Class::Punctuation,
        _ => Class::Other,
    }
}
