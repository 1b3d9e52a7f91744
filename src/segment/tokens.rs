//! Tokens: Unicode word boundaries (UAX #29) and an override layer.
//!
//! Words of the scripts that write words with letters, numbers and punctuation
//! are read by a scanner of their own; emoji, ideographs and the rest go
//! through the Unicode algorithm. Beyond UAX #29:
//! - a full stop or colon without a space after it ends an Arabic-script word;
//!   single letters with full stops between them stay together («ه.ش»);
//! - a number takes in `/` and `:` between digits, and stands apart from an
//!   Arabic-script letter that touches it («سال1403»);
//! - web and mail addresses, hashtags, mentions, HTML entities and tags are
//!   whole; a run of full stops is one token.

use unicode_segmentation::UnicodeSegmentation;

use super::addresses::Addresses;
use super::classes::{Class, Classes};
use super::{Token, TokenKind};
use crate::text::Span;

/// The tokens of normalised `text`, in order, white space left out.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { text, classes: Classes::get(), addresses: Addresses::default() };
    // Persian news has a token for every eight to nine bytes.
    let mut tokens = Vec::with_capacity(text.len() / 8 + 1);
    let mut at = 0;
    while at < text.len() {
        let (class, width) = scanner.classes.at(text, at);
        if class == Class::Space || (class == Class::Extend && width == 3) {
            at += width.max(1);
            continue;
        }
        let (end, kind) = scanner.token(at, class, width);
        let end = end.max(at + width);
        tokens.push(Token { span: Span::new(at, end), kind });
        at = end;
    }
    tokens
}

/// The longest HTML tag that is taken whole, in bytes.
const LONGEST_TAG: usize = 256;

struct Scanner<'a> {
    text: &'a str,
    classes: &'static Classes,
    addresses: Addresses,
}

impl Scanner<'_> {
    /// The end and the kind of the token that begins at `at`.
    fn token(&mut self, at: usize, class: Class, width: usize) -> (usize, TokenKind) {
        match class {
            Class::Arabic => (self.arabic_word(at), TokenKind::Word),
            Class::Letter | Class::Underscore => self.addresses.at(self.text, at).unwrap_or_else(|| self.word(at)),
            Class::Digit => self.addresses.at(self.text, at).unwrap_or_else(|| self.number(at)),
            Class::Punctuation => (self.punctuation(at, width), TokenKind::Punctuation),
            Class::Symbol => self.symbol(at, width),
            Class::Other => self.other(at, width),
            Class::Extend | Class::Space => (self.extended(at + width), TokenKind::Symbol),
        }
    }

    /// The end of the marks that begin at `at`.
    fn extended(&self, mut at: usize) -> usize {
        while let (Class::Extend, width) = self.classes.at(self.text, at) {
            at += width;
        }
        at
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b' ')
    }

    fn arabic_word(&self, start: usize) -> usize {
        let mut at = start;
        loop {
            match self.classes.at(self.text, at) {
                (Class::Arabic | Class::Extend | Class::Letter | Class::Underscore, width) => at += width,
                // After a ZWNJ a digit is of the word: «کووید‌19».
                (Class::Digit, width) if self.text.get(..at).is_some_and(|t| t.ends_with('\u{200C}')) => at += width,
                _ => break,
            }
        }
        let first = self.classes.at(self.text, start).1;
        if at == start + first && self.byte(at) == b'.' {
            return self.initials(at);
        }
        at
    }

    /// The end of the single letters with full stops between them, the first
    /// of which ends at `at`.
    fn initials(&self, mut at: usize) -> usize {
        while self.byte(at) == b'.'
            && let (Class::Arabic, width) = self.classes.at(self.text, at + 1)
            && !matches!(self.classes.at(self.text, at + 1 + width).0, Class::Arabic | Class::Extend | Class::Digit)
        {
            at += 1 + width;
        }
        at
    }

    /// A word that begins with a letter of another script.
    fn word(&self, start: usize) -> (usize, TokenKind) {
        let mut at = start;
        let mut last = Class::Space;
        loop {
            match self.classes.at(self.text, at) {
                (Class::Arabic, _) if last == Class::Digit => break,
                (class @ (Class::Letter | Class::Digit | Class::Arabic | Class::Underscore), width) => {
                    last = class;
                    at += width;
                }
                (Class::Extend, width) => at += width,
                (Class::Punctuation, width) if self.joins(at, width, last) => at += width,
                _ => break,
            }
        }
        (at, TokenKind::Word)
    }

    /// Whether the mark at `at` holds what is on its sides together.
    fn joins(&self, at: usize, width: usize, before: Class) -> bool {
        let mark = self.text.get(at..at + width).unwrap_or_default();
        let after = self.classes.at(self.text, at + width).0;
        match before {
            Class::Letter => after == Class::Letter && matches!(mark, "." | "'" | "’" | "·"),
            Class::Digit => after == Class::Digit && matches!(mark, "." | "," | "٬" | "٫" | "/" | ":" | "،" | "'"),
            _ => false,
        }
    }

    fn number(&self, start: usize) -> (usize, TokenKind) {
        let (mut at, mut kind, mut last) = (start, TokenKind::Number, Class::Digit);
        loop {
            match self.classes.at(self.text, at) {
                (Class::Digit, width) => {
                    last = Class::Digit;
                    at += width;
                }
                (Class::Letter | Class::Underscore, width) => {
                    (last, kind) = (Class::Letter, TokenKind::Word);
                    at += width;
                }
                (Class::Arabic, width) if last == Class::Letter => at += width,
                (Class::Extend, width) => {
                    let after = self.classes.at(self.text, at + width).0;
                    // «10‌ساله» is a word; «1️⃣» is an emoji.
                    if after == Class::Arabic {
                        return (self.arabic_word(at + width), TokenKind::Word);
                    }
                    if self.text.get(at..).is_some_and(|t| t.starts_with(['\u{20E3}', '\u{FE0F}'])) {
                        kind = TokenKind::Emoji;
                    }
                    at += width;
                }
                (Class::Punctuation, width) if self.joins(at, width, last) => at += width,
                _ => break,
            }
        }
        (at, kind)
    }

    /// A mark, or a run of full stops.
    fn punctuation(&self, at: usize, width: usize) -> usize {
        let mut end = at + width;
        if self.byte(at) == b'.' {
            while self.byte(end) == b'.' {
                end += 1;
            }
        }
        self.extended(end)
    }

    fn symbol(&mut self, at: usize, width: usize) -> (usize, TokenKind) {
        let special = match self.byte(at) {
            b'#' => self.tag(at).map(|end| (end, TokenKind::Hashtag)),
            b'@' => self.tag(at).map(|end| (end, TokenKind::Mention)),
            b'&' => self.html_entity(at).map(|end| (end, TokenKind::Symbol)),
            b'<' => self.html_tag(at).map(|end| (end, TokenKind::Symbol)),
            _ => None,
        };
        special.unwrap_or_else(|| {
            let end = self.extended(at + width);
            let is_emoji = self.text.get(at + width..end).is_some_and(|marks| marks.contains('\u{FE0F}'));
            (end, if is_emoji { TokenKind::Emoji } else { TokenKind::Symbol })
        })
    }

    /// The end of a hashtag or mention.
    fn tag(&self, start: usize) -> Option<usize> {
        let mut at = start + 1;
        loop {
            match self.classes.at(self.text, at) {
                (Class::Extend, width) if at > start + 1 => at += width,
                (Class::Arabic | Class::Letter | Class::Digit | Class::Underscore, width) => at += width,
                _ => break,
            }
        }
        (at > start + 1).then_some(at)
    }

    /// The end of `&quot;`, `&#8204;`, `&#x200C;`.
    fn html_entity(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes().get(start + 1..)?;
        let length = bytes.iter().take(10).position(|&b| !b.is_ascii_alphanumeric() && b != b'#')?;
        (length >= 2 && bytes.get(length) == Some(&b';')).then_some(start + length + 2)
    }

    /// The end of `<b>`, `</a>`, `<br/>`, `<img src=…>`.
    fn html_tag(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes().get(start + 1..)?;
        let name = usize::from(bytes.first() == Some(&b'/'));
        if !bytes.get(name)?.is_ascii_alphabetic() {
            return None;
        }
        let end = bytes.iter().take(LONGEST_TAG).position(|&b| matches!(b, b'>' | b'<' | b'\n'))?;
        (bytes.get(end) == Some(&b'>')).then_some(start + end + 2)
    }

    /// What the Unicode algorithm makes of the text from `at`.
    fn other(&self, at: usize, width: usize) -> (usize, TokenKind) {
        let rest = self.text.get(at..).unwrap_or_default();
        let segment = rest.split_word_bounds().next().map_or(width, str::len);
        let kind = match rest.chars().next() {
            Some(c) if c.is_alphabetic() => TokenKind::Word,
            Some(c) if c.is_numeric() => TokenKind::Number,
            Some('\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}') => TokenKind::Emoji,
            Some('\u{231A}'..='\u{23FF}' | '\u{2190}'..='\u{21FF}')
                if rest.get(..segment).is_some_and(|s| s.contains('\u{FE0F}')) =>
            {
                TokenKind::Emoji
            }
            _ => TokenKind::Symbol,
        };
        (at + segment, kind)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text with its tokens set apart by `|`, and the kinds that are not
    /// `Word`, by their first letters.
    fn split(text: &str) -> (String, String) {
        let tokens = tokens(text);
        let letter = |kind: TokenKind| format!("{kind:?}").chars().next().unwrap_or(' ');
        let kinds = tokens.iter().map(|t| letter(t.kind)).filter(|&k| k != 'W').collect();
        (tokens.iter().map(|t| t.span.of(text)).collect::<Vec<_>>().join("|"), kinds)
    }

    #[test]
    fn tricky_cases() {
        for (text, expected, kinds) in [
            ("کتابم را می‌خوانم.", "کتابم|را|می‌خوانم|.", "P"),
            ("او گفت:سلام.بعد رفت", "او|گفت|:|سلام|.|بعد|رفت", "PP"),
            ("«سلام»،گفت؛نه!", "«|سلام|»|،|گفت|؛|نه|!", "PPPPP"),
            ("نرخ 34٫5 و 1٬250 و 3.14 و 1,000,000", "نرخ|34٫5|و|1٬250|و|3.14|و|1,000,000", "NNNN"),
            ("ساعت 23:59:01.", "ساعت|23:59:01|.", "NP"),
            ("در 1403/09/18، 1395-1398", "در|1403/09/18|،|1395|-|1398", "NPNPN"),
            ("سال1403 و 18شهریور", "سال|1403|و|18|شهریور", "NN"),
            ("پسر 10‌ساله", "پسر|10‌ساله", ""),
            ("قرن سوم ق.م و 1404 ه.ش.", "قرن|سوم|ق.م|و|1404|ه.ش|.", "NP"),
            ("سیب و... رفت", "سیب|و|...|رفت", "P"),
            ("سهم 45% و 5٪ شد", "سهم|45|%|و|5|٪|شد", "NSNS"),
            ("H2O و iPhone15 و don't و U.S.", "H2O|و|iPhone15|و|don't|و|U.S|.", "P"),
            ("سایت tabnak.ir.", "سایت|tabnak.ir|.", "UP"),
            ("(https://example.com/a_(b)?q=1&r=۲#x).", "(|https://example.com/a_(b)?q=1&r=۲#x|)|.", "PUPP"),
            ("www.example.ir/خبر، بعد", "www.example.ir/خبر|،|بعد", "UP"),
            ("ایمیل news.desk+fa@example.co.ir.", "ایمیل|news.desk+fa@example.co.ir|.", "EP"),
            ("#ایران_قوی #Iran1 @user_1 # @", "#ایران_قوی|#Iran1|@user_1|#|@", "HHMSS"),
            ("&quot;نه&quot; <b>مهم</b> a&b <3", "&quot;|نه|&quot;|<b>|مهم|</b>|a|&|b|<|3", "SSSSSSN"),
            ("😂😂 👨‍👩‍👧 🇮🇷 👍🏽 ❤️", "😂|😂|👨‍👩‍👧|🇮🇷|👍🏽|❤️", "EEEEEE"),
            ("1️⃣ و *️⃣", "1️⃣|و|*️⃣", "EE"),
            ("Президент و 中国 و カナダ", "Президент|و|中|国|و|カナダ", ""),
            ("خانهٔ ما", "خانهٔ|ما", ""),
            ("ﷺ ۱٤ $5", "ﷺ|۱٤|$|5", "SNSN"),
            ("متن\0صفر\t\u{B}دو", "متن|صفر|دو", ""),
        ] {
            assert_eq!(split(text), (expected.to_owned(), kinds.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn tokens_are_in_order_and_cover_all_that_is_seen(text in any::<String>()) {
            let mut last = 0;
            for token in tokens(&text) {
                let between = text.get(last..token.span.start as usize);
                prop_assert!(between.is_some_and(|b| !b.chars().any(char::is_alphanumeric)));
                prop_assert!(text.get(token.span.range()).is_some_and(|t| !t.is_empty()));
                last = token.span.end as usize;
            }
            prop_assert!(!text[last..].chars().any(char::is_alphanumeric));
        }
    }
}
