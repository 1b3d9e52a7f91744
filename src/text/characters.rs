//! What normalisation does with each character: the tables
//! `data/text/characters.tsv` and `data/text/presentation.tsv`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// It stays.
    Copy,
    /// It stays, and its word is not Persian.
    Foreign,
    /// A space.
    Space,
    /// A line break.
    Newline,
    /// Nothing.
    Drop,
    /// Nothing; it belongs to the letter before.
    Mark,
    /// These letters, in words of a Persian text.
    Letter(&'static str),
    /// This text, in a Persian text.
    Text(&'static str),
    /// This text, everywhere; its letters have actions of their own.
    Always(&'static str),
    /// An ASCII digit.
    Digit(u8),
    /// Hamza above.
    Hamza,
    /// Madda above.
    Madda,
    /// Hamza below.
    HamzaBelow,
    /// The stretching dash.
    Tatweel,
    /// ZWNJ, or what served as one.
    Joiner,
    /// ¬
    NotSign,
    /// Zero-width joiner.
    Zwj,
}

/// The actions of all characters.
pub(super) struct Characters {
    /// Of the characters of one and two bytes.
    low: Vec<Action>,
    /// Of the others; what is absent is copied.
    high: FxHashMap<u32, Action>,
}

/// Code points below this one take at most two bytes of UTF-8.
const LOW: u32 = 0x800;

impl Characters {
    /// The tables, read once.
    pub fn get() -> &'static Self {
        static CHARACTERS: LazyLock<Characters> = LazyLock::new(Characters::read);
        &CHARACTERS
    }

    /// What becomes of `code`.
    pub fn action(&self, code: u32) -> Action {
        if code < LOW {
            self.low.get(code as usize).copied().unwrap_or(Action::Copy)
        } else {
            self.high.get(&code).copied().unwrap_or(Action::Copy)
        }
    }

    fn read() -> Self {
        let mut characters = Self { low: vec![Action::Copy; LOW as usize], high: FxHashMap::default() };
        for row in rows(include_str!("../../data/text/presentation.tsv")) {
            let mut columns = row.split('\t');
            let (Some(code), Some(letters)) = (columns.next(), columns.next()) else { continue };
            let action = if letters.is_empty() { Action::Mark } else { Action::Always(letters) };
            characters.set(hexadecimal(code), action);
        }
        for row in rows(include_str!("../../data/text/characters.tsv")) {
            let mut columns = row.split('\t');
            let (Some(codes), Some(name), result) = (columns.next(), columns.next(), columns.next()) else { continue };
            let (first, last) = codes.split_once("..").unwrap_or((codes, codes));
            let (first, last) = (hexadecimal(first), hexadecimal(last));
            for code in first..=last {
                characters.set(code, Self::named(name, result.unwrap_or_default(), code - first));
            }
        }
        characters
    }

    fn named(name: &str, result: &'static str, offset: u32) -> Action {
        match name {
            "foreign" => Action::Foreign,
            "space" => Action::Space,
            "newline" => Action::Newline,
            "drop" => Action::Drop,
            "mark" => Action::Mark,
            "letter" => Action::Letter(result),
            "text" => Action::Text(result),
            "always" => Action::Always(result),
            "digit" => Action::Digit(b'0' + offset as u8),
            "hamza" => Action::Hamza,
            "madda" => Action::Madda,
            "hamza-below" => Action::HamzaBelow,
            "tatweel" => Action::Tatweel,
            "joiner" => Action::Joiner,
            "not-sign" => Action::NotSign,
            "zwj" => Action::Zwj,
            _ => Action::Copy,
        }
    }

    fn set(&mut self, code: u32, action: Action) {
        match self.low.get_mut(code as usize) {
            Some(slot) => *slot = action,
            None => {
                self.high.insert(code, action);
            }
        }
    }
}

/// The rows of a table, comments left out.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn hexadecimal(code: &str) -> u32 {
    u32::from_str_radix(code, 16).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_understood() {
        for row in rows(include_str!("../../data/text/characters.tsv")) {
            let columns: Vec<_> = row.split('\t').collect();
            assert!(columns.len() == 4, "{row}");
            assert_ne!(Characters::named(columns[1], columns[2], 0), Action::Copy, "{row}");
            for code in columns[0].split("..") {
                assert_ne!(hexadecimal(code), u32::MAX, "{row}");
            }
        }
    }
}
