//! Where the ZWNJs of a word are, by tables: exceptions, verbs, endings and a
//! lexicon.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::characters::rows;
use super::letters::joins_next;
use super::verbs::Verbs;

const ZWNJ: char = '\u{200C}';

/// Byte positions in a word before which a ZWNJ stands: bit `n` of the set is
/// position `n`. A longer word has none.
pub(crate) type Joints = u64;

/// What words are written with.
pub(crate) struct Lexicon {
    /// Words without their ZWNJs: where those are, and how common the word is,
    /// as a decimal logarithm.
    words: FxHashMap<Box<str>, (Joints, u8)>,
    /// The same from the table of exceptions.
    exceptions: FxHashMap<Box<str>, Joints>,
    /// Endings without their ZWNJs, longest first: where those are, and what
    /// the word before ends in; `None` is any letter that joins.
    endings: Vec<(&'static str, Option<char>)>,
    verbs: &'static Verbs,
}

impl Lexicon {
    /// The tables, read once.
    pub fn get() -> &'static Self {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);
        &LEXICON
    }

    /// How common a word is: the decimal logarithm of its occurrences in the
    /// lexicon's source; `None` when the lexicon lacks it. ZWNJs do not matter.
    pub fn commonness(&self, word: &str) -> Option<u8> {
        if word.contains(ZWNJ) {
            return self.commonness(&word.replace(ZWNJ, ""));
        }
        self.words.get(word).map(|&(_, class)| class)
    }

    /// The joints of `word`, which is given without ZWNJs.
    pub fn joints(&self, word: &str) -> Joints {
        if word.len() >= Joints::BITS as usize {
            return 0;
        }
        if let Some(&joints) = self.exceptions.get(word) {
            return joints;
        }
        if let Some(at) = self.verbs.mi_joint(word) {
            return 1 << at;
        }
        if let Some(joints) = self.perfect(word) {
            return joints;
        }
        if let Some(&(joints, _)) = self.words.get(word) {
            return joints;
        }
        let mut best: Option<(u8, Joints)> = None;
        for &(ending, after) in &self.endings {
            let Some(stem) = word.strip_suffix(ending) else { continue };
            let Some(last) = stem.chars().next_back() else { continue };
            if after.is_some_and(|letter| letter != last) {
                continue;
            }
            let Some((joints, class)) = self.stem(stem) else { continue };
            let joints = if joins_next(last) { joints | 1 << stem.len() } else { joints };
            // «بیانیهای» is of «بیانیه», «مقامهای» of «مقام»: the commoner wins.
            if best.is_none_or(|(other, _)| class > other) {
                best = Some((class, joints));
            }
        }
        best.map_or(0, |(_, joints)| joints)
    }

    /// «رفتهاند»: a participle and the copula.
    fn perfect(&self, word: &str) -> Option<Joints> {
        ["اند", "ام", "ای", "ایم", "اید", "است", "اش"].iter().find_map(|copula| {
            let stem = word.strip_suffix(copula)?;
            self.verbs.is_participle(stem).then_some(1 << stem.len())
        })
    }

    /// The joints inside of what stands before an ending, and how common it
    /// is, if it is a word.
    fn stem(&self, stem: &str) -> Option<(Joints, u8)> {
        let known = self.words.get(stem).copied();
        if let Some(&joints) = self.exceptions.get(stem) {
            return Some((joints, known.map_or(4, |(_, class)| class)));
        }
        // «کشوری» and the like are in no list.
        known.or_else(|| {
            let base = stem.strip_suffix('ی')?;
            self.words.get(base).map(|&(joints, class)| (joints, class.saturating_sub(2)))
        })
    }

    fn read() -> Self {
        let columns = |table| rows(table).filter_map(|row: &str| row.split_once('\t'));
        let mut lexicon = Self {
            words: FxHashMap::default(),
            exceptions: FxHashMap::default(),
            endings: Vec::new(),
            verbs: Verbs::get(),
        };
        for (class, words) in columns(include_str!("../../data/text/lexicon.tsv")) {
            let class: u8 = class.parse().unwrap_or(0);
            for word in words.split(' ') {
                let (bare, joints) = without_joints(word);
                lexicon.words.entry(bare).or_insert((joints, class));
            }
        }
        for (_, words) in columns(include_str!("../../data/text/joints.tsv")) {
            lexicon.exceptions.extend(words.split(' ').map(without_joints));
        }
        for (class, endings) in columns(include_str!("../../data/text/endings.tsv")) {
            let after = match class {
                "after-heh" => Some('ه'),
                "after-yeh" => Some('ی'),
                _ => None,
            };
            lexicon.endings.extend(endings.split(' ').map(|ending| (ending, after)));
        }
        lexicon.endings.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
        lexicon
    }
}

/// A word without its ZWNJs, and where those were.
fn without_joints(word: &str) -> (Box<str>, Joints) {
    let (mut bare, mut joints) = (String::with_capacity(word.len()), 0);
    for letter in word.chars() {
        if letter != ZWNJ {
            bare.push(letter);
        } else if bare.chars().next_back().is_some_and(joins_next) && bare.len() < Joints::BITS as usize {
            joints |= 1 << bare.len();
        }
    }
    (bare.into(), joints)
}
