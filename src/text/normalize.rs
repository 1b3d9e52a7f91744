//! One form for letters, digits and spaces.

use super::characters::{Action, Characters};
use super::letters::{is_arabic_letter, joins_next};
use super::{Alignment, Language};

/// Normalised text and where it came from.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    /// The text that every stage reads.
    pub text: String,
    /// Its map to the source.
    pub alignment: Alignment,
}

/// Normalises `source` by the rules of `data/text/characters.tsv`. Letters are
/// unified only in words of a Persian text, or of one whose language is not
/// plain; a word with a letter that Persian does not have is left alone.
pub fn normalize(source: &str, language: Language) -> Normalized {
    let mut writer = Writer {
        source,
        characters: Characters::get(),
        is_persian: matches!(language, Language::Persian | Language::Undetermined),
        text: String::with_capacity(source.len() + source.len() / 16),
        alignment: Alignment::default(),
        copied: 0,
        at: 0,
        word: 0..0,
        word_is_foreign: false,
    };
    writer.run();
    Normalized { text: writer.text, alignment: writer.alignment }
}

const ZWNJ: &str = "\u{200C}";

struct Writer<'a> {
    source: &'a str,
    characters: &'static Characters,
    is_persian: bool,
    text: String,
    alignment: Alignment,
    /// Up to where the source is in `text`; from here to `at` it is unchanged.
    copied: usize,
    /// The next source byte to look at.
    at: usize,
    /// The source word that was last looked at for foreign letters.
    word: std::ops::Range<usize>,
    word_is_foreign: bool,
}

impl Writer<'_> {
    fn run(&mut self) {
        let bytes = self.source.as_bytes();
        while let Some(&first) = bytes.get(self.at) {
            let (code, width) = match first {
                0..0x80 if first != b'\r' => {
                    self.at += 1;
                    continue;
                }
                0..0x80 => (u32::from(first), 1),
                0x80..0xE0 => {
                    let second = bytes.get(self.at + 1).copied().unwrap_or_default();
                    (u32::from(first & 0x1F) << 6 | u32::from(second & 0x3F), 2)
                }
                _ => match self.source.get(self.at..).and_then(|rest| rest.chars().next()) {
                    Some(character) => (character.into(), character.len_utf8()),
                    None => break,
                },
            };
            match self.characters.action(code) {
                Action::Copy | Action::Foreign => self.at += width,
                action => self.apply(action, width),
            }
        }
        self.flush();
    }

    fn apply(&mut self, action: Action, width: usize) {
        match action {
            Action::Copy | Action::Foreign => self.at += width,
            Action::Digit(digit) => {
                let stride = if width == 2 { 2 } else { 0 };
                self.flush();
                self.text.push(char::from(digit));
                self.alignment.push(1, self.at, self.at + width, stride);
                self.skip(width);
            }
            Action::Letter(letter) => {
                if self.is_persian && !self.is_in_foreign_word() && !self.is_inner_ae(width) {
                    self.replace(letter, width);
                } else {
                    self.at += width;
                }
            }
            Action::Text(text) if self.is_persian => self.replace(text, width),
            Action::Text(_) => self.at += width,
            Action::Always(letters) => self.replace_letters(letters, width),
            Action::Space => self.replace(" ", width),
            Action::Newline if self.rest(width).starts_with('\n') => self.drop(width),
            Action::Newline => self.replace("\n", width),
            Action::Drop => self.drop(width),
            Action::Mark => self.mark(width),
            Action::Hamza => match self.last_char() {
                Some('ه' | 'ۀ' | 'ە' | 'ہ') => self.at += width,
                Some('ا') => self.compose("أ", width),
                Some('و') => self.compose("ؤ", width),
                Some('ی' | 'ي' | 'ى') => self.compose("ئ", width),
                _ => self.mark(width),
            },
            Action::Madda if self.last_char() == Some('ا') => self.compose("آ", width),
            Action::HamzaBelow if self.last_char() == Some('ا') => self.compose("إ", width),
            Action::Madda | Action::HamzaBelow => self.mark(width),
            Action::Tatweel => {
                let before = self.last_char().is_some_and(is_arabic_letter);
                let after = self.rest(width).chars().next().is_some_and(is_arabic_letter);
                match (before, after) {
                    (true, _) => self.mark(width),
                    (_, true) => self.drop(width),
                    _ => self.replace("-", width),
                }
            }
            Action::Joiner => self.joiners(),
            Action::NotSign => {
                let before = self.last_char().is_some_and(joins_next);
                if before && self.rest(width).chars().next().is_some_and(is_arabic_letter) {
                    self.replace(ZWNJ, width);
                } else {
                    self.at += width;
                }
            }
            Action::Zwj => {
                let is_emoji = |c: char| c >= '\u{2190}' && !c.is_alphanumeric();
                if self.last_char().is_some_and(is_emoji) && self.rest(width).chars().next().is_some_and(is_emoji) {
                    self.at += width;
                } else {
                    self.mark(width);
                }
            }
        }
    }

    /// One ZWNJ for a run of them, and of what is dropped among them, when it
    /// stands between letters or digits and can be seen: after د it cannot.
    fn joiners(&mut self) {
        let (mut end, mut first_is_zwnj) = (self.at, None);
        for character in self.rest(0).chars() {
            match self.characters.action(character.into()) {
                Action::Joiner => first_is_zwnj = first_is_zwnj.or(Some(character == '\u{200C}')),
                Action::Drop | Action::Mark | Action::Hamza | Action::Madda | Action::HamzaBelow => {}
                _ => break,
            }
            end += character.len_utf8();
        }
        let before = self.last_char().unwrap_or(' ');
        let after = self.rest(end - self.at).chars().next().unwrap_or(' ');
        let is_zwnj = first_is_zwnj == Some(true);
        let is_kept = match (is_arabic_letter(before), is_arabic_letter(after)) {
            (true, true) => joins_next(before),
            _ => is_zwnj && before.is_alphanumeric() && after.is_alphanumeric(),
        };
        if is_kept {
            let width = if is_zwnj { ZWNJ.len() } else { end - self.at };
            self.replace(ZWNJ, width);
        }
        self.drop(end - self.at);
    }

    /// Writes the unchanged stretch that ends here.
    fn flush(&mut self) {
        let stretch = self.source.get(self.copied..self.at).unwrap_or_default();
        self.text.push_str(stretch);
        self.alignment.push(stretch.len(), self.copied, self.at, 1);
        self.copied = self.at;
    }

    /// Steps over `width` source bytes that have been dealt with.
    fn skip(&mut self, width: usize) {
        self.at += width;
        self.copied = self.at;
    }

    fn drop(&mut self, width: usize) {
        self.flush();
        self.skip(width);
    }

    fn replace(&mut self, with: &str, width: usize) {
        self.flush();
        self.text.push_str(with);
        self.alignment.push(with.len(), self.at, self.at + width, u8::from(with.len() == width));
        self.skip(width);
    }

    /// Writes `letters`, each as it would be in the source.
    fn replace_letters(&mut self, letters: &str, width: usize) {
        self.flush();
        let folds = self.is_persian && !self.is_in_foreign_word();
        let before = self.text.len();
        for letter in letters.chars() {
            match self.characters.action(letter.into()) {
                Action::Letter(folded) if folds => self.text.push_str(folded),
                _ => self.text.push(letter),
            }
        }
        self.alignment.push(self.text.len() - before, self.at, self.at + width, 0);
        self.skip(width);
    }

    /// Drops a mark; the letter before, if there is one, owns it.
    fn mark(&mut self, width: usize) {
        self.flush();
        if let Some(letter) = self.last_char().filter(|c| c.is_alphabetic()) {
            self.alignment.extend_last(letter.len_utf8(), self.at + width);
        }
        self.skip(width);
    }

    /// Makes one letter, as wide as the letter before, of that and the mark here.
    fn compose(&mut self, letter: &str, width: usize) {
        self.flush();
        self.text.pop();
        self.text.push_str(letter);
        self.alignment.extend_last(letter.len(), self.at + width);
        self.skip(width);
    }

    /// The last character of the normalised text so far.
    fn last_char(&self) -> Option<char> {
        let stretch = self.source.get(self.copied..self.at).unwrap_or_default();
        stretch.chars().next_back().or_else(|| self.text.chars().next_back())
    }

    /// The source from `offset` bytes after here.
    fn rest(&self, offset: usize) -> &str {
        self.source.get(self.at + offset..).unwrap_or_default()
    }

    /// Whether the letter here is ە inside a word: Persian has it at the end only.
    fn is_inner_ae(&self, width: usize) -> bool {
        let mut rest = self.rest(0).chars();
        rest.next() == Some('\u{6D5}') && self.rest(width).chars().next().is_some_and(is_arabic_letter)
    }

    /// Whether the word here has a letter that Persian does not have. Each word
    /// is looked at once.
    fn is_in_foreign_word(&mut self) -> bool {
        if !self.word.contains(&self.at) {
            let is_inside = |c: &char| c.is_alphabetic() || *c == '\u{200C}';
            let before = self.source.get(self.word.end.min(self.at)..self.at).unwrap_or_default();
            let start = self.at - before.chars().rev().take_while(is_inside).map(char::len_utf8).sum::<usize>();
            let end = self.at + self.rest(0).chars().take_while(is_inside).map(char::len_utf8).sum::<usize>();
            let word = self.source.get(start..end).unwrap_or_default();
            let mut letters = word.chars().peekable();
            self.word_is_foreign = false;
            while let Some(letter) = letters.next() {
                let inner_ae = letter == '\u{6D5}' && letters.peek().copied().is_some_and(is_arabic_letter);
                self.word_is_foreign |= inner_ae || self.characters.action(letter.into()) == Action::Foreign;
            }
            self.word = start..end;
        }
        self.word_is_foreign
    }
}

#[cfg(test)]
mod tests;
