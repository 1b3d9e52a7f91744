//! The article as the rules read it: what the tables say of each token, and
//! which of their phrases begin there.

use super::amounts::Amount;
use super::candidates::Candidate;
use super::fold::{self, fold_into};
use super::gazetteer::{Ending, Entry, Flags, Gazetteer, Known, Row};
use crate::segment::{Sentence, Token};
use crate::text::Span;
use crate::text::verbs::Verbs;
use crate::text::zwnj::commonness;

/// The longest phrase looked for, in tokens.
const MAX_PHRASE: usize = 14;

/// From these classes of the lexicon on a word that no table has is a scarce
/// or an everyday word.
const SCARCE: u8 = 5;
const COMMON: u8 = 6;

/// What a token is made of, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Letters,
    Latin,
    Number,
    Comma,
    /// « “ ( [
    Open,
    /// » ” ) ]
    Close,
    Other,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Of the folded form: equal words have equal hashes.
    pub(super) hash: u64,
    /// What the tables, the lexicon and its shape say of it.
    pub(super) flags: Flags,
    /// The word's number and node in the gazetteer; 0 when it has none.
    id: u32,
    node: u32,
    /// The same of the word without its ending.
    stem_id: u32,
    stem_node: u32,
    ending: Ending,
    pub(super) shape: Shape,
    /// What it can be in a person's name.
    pub(super) part: Part,
}

impl Word {
    /// Whether a table has the word without its ending.
    pub(super) fn has_known_stem(&self) -> bool {
        self.stem_id != 0
    }
}

/// What a word can be in a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing.
    No,
    Prefix,
    Link,
    Given,
    Surname,
    /// Unknown, with the shape of a surname: …زاده, ال….
    Shaped,
    /// Unknown to every table.
    Unknown,
    /// Unknown to the tables, in the lexicon, but no common word.
    Scarce,
    /// Unknown to the tables, but a common word or shaped like one.
    Common,
}

/// A phrase of the tables in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    /// One past its last token.
    pub(super) end: usize,
    pub(super) entry: Entry,
    /// What the last word carries beyond the phrase.
    pub(super) ending: Ending,
}

/// The article as the rules read it. Indices are those of the document's tokens.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) sentences: &'a [Sentence],
    pub(super) gazetteer: &'a Gazetteer,
    words: Vec<Word>,
    matches: Vec<Match>,
    /// For each token, where its matches begin in `matches`; one more at the end.
    starts: Vec<u32>,
}

const NOTHING: Word = Word {
    hash: 0,
    flags: Flags::NONE,
    id: 0,
    node: 0,
    stem_id: 0,
    stem_node: 0,
    ending: Ending::None,
    shape: Shape::Other,
    part: Part::No,
};

impl<'a> Reading<'a> {
    pub(super) fn new(text: &'a str, sentences: &'a [Sentence], tokens: &'a [Token], gazetteer: &'a Gazetteer) -> Self {
        let mut reading =
            Self { text, tokens, sentences, gazetteer, words: Vec::new(), matches: Vec::new(), starts: Vec::new() };
        reading.words.resize(tokens.len(), NOTHING);
        reading.starts.reserve(tokens.len() + 1);
        let mut folded = String::new();
        for sentence in sentences {
            for at in sentence.tokens.clone() {
                let Some(raw) = tokens.get(at).map(|token| token.span.of(text)) else { continue };
                if let Some(slot) = reading.words.get_mut(at) {
                    *slot = word(raw, gazetteer, &mut folded);
                }
            }
        }
        for sentence in sentences {
            for at in sentence.tokens.clone() {
                reading.find_phrases(at, sentence.tokens.end);
            }
        }
        reading.starts.resize(tokens.len() + 1, reading.matches.len() as u32);
        reading
    }

    /// Whether the tokens on both sides of `at` touch it: a hyphen inside a word.
    pub(super) fn is_inside_word(&self, at: usize) -> bool {
        let end = |at: usize| self.tokens.get(at).map(|token| token.span.end);
        let start = |at: usize| self.tokens.get(at).map(|token| token.span.start);
        at > 0 && end(at - 1) == start(at) && end(at) == start(at + 1)
    }

    /// The word at `at`; an empty one outside of the running text.
    pub(super) fn word(&self, at: usize) -> &Word {
        self.words.get(at).unwrap_or(&NOTHING)
    }

    /// The word before `at`, inside the sentence that begins at `first`.
    pub(super) fn before(&self, at: usize, first: usize) -> &Word {
        if at > first { self.word(at - 1) } else { &NOTHING }
    }

    /// The phrases that begin at `at`.
    pub(super) fn matches(&self, at: usize) -> &[Match] {
        let start = self.starts.get(at).copied().unwrap_or_default() as usize;
        let end = self.starts.get(at + 1).copied().unwrap_or_default() as usize;
        self.matches.get(start..end).unwrap_or_default()
    }

    /// The bytes of tokens `start..end`.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        match (self.tokens.get(start), end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) => Span { start: first.span.start, end: last.span.end },
            _ => Span::default(),
        }
    }

    /// The key of the phrase `start..end`: equal phrases have equal keys.
    pub(super) fn key(&self, start: usize, end: usize) -> u64 {
        fold::key((start..end).map(|at| self.word(at).hash))
    }

    /// What the word at `at` is in an amount.
    pub(super) fn amount(&self, at: usize) -> Option<&Amount> {
        let id = self.word(at).id;
        if id == 0 { None } else { self.gazetteer.amount(id) }
    }

    /// The row that a candidate rests on.
    pub(super) fn row(&self, candidate: &Candidate) -> Option<&'a Row> {
        self.gazetteer.row(candidate.row?)
    }

    /// The text of the token at `at`.
    pub(super) fn raw(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.text))
    }

    fn find_phrases(&mut self, at: usize, limit: usize) {
        self.starts.resize(at + 1, self.matches.len() as u32);
        let word = *self.word(at);
        if word.stem_node != 0 && word.node == 0 {
            self.note(at, word.stem_node, at + 1, word.ending);
        }
        let mut node = word.node;
        let mut end = at + 1;
        while node != 0 {
            self.note(at, node, end, Ending::None);
            if end >= limit || end - at >= MAX_PHRASE {
                break;
            }
            let next = *self.word(end);
            if next.stem_id != 0 {
                let bare = self.gazetteer.step(node, next.stem_id);
                if bare != 0 {
                    self.note(at, bare, end + 1, next.ending);
                }
            }
            node = self.gazetteer.step(node, next.id);
            end += 1;
        }
    }

    fn note(&mut self, at: usize, node: u32, end: usize, ending: Ending) {
        let gazetteer = self.gazetteer;
        let before = self.matches.len();
        self.matches.extend(gazetteer.entries(node).map(|entry| Match { end, entry, ending }));
        if self.matches.len() > before && end - at > 3 {
            self.mark_inside(at, end);
        }
    }

    /// Marks the commas of a name that goes from `start` to `end`.
    pub(super) fn mark_inside(&mut self, start: usize, end: usize) {
        let words = self.words.get_mut(start..end).unwrap_or_default();
        for comma in words.iter_mut().filter(|word| word.shape == Shape::Comma) {
            comma.flags = comma.flags.and(Flags::INSIDE);
        }
    }
}

fn word(raw: &str, gazetteer: &Gazetteer, folded: &mut String) -> Word {
    let shape = shape(raw);
    fold_into(raw, folded);
    let hash = fold::hash(folded);
    let (known, stem, ending) = gazetteer.word(folded);
    let mut flags = known.flags;
    if known.flags == Flags::NONE {
        // An inflected word is what its stem is, but no longer a name or a head.
        flags = stem.flags.only(Flags::INFLECTED);
        if flags == Flags::NONE && shape == Shape::Letters {
            if Verbs::get().is_finite(raw) {
                flags = Flags::STOP.and(Flags::VERB);
            } else if Verbs::get().is_participle(raw) {
                flags = Flags::ORDINARY;
            } else {
                flags = match commonness(raw) {
                    Some(COMMON..) => Flags::COMMON,
                    Some(SCARCE) => Flags::SCARCE,
                    _ if gazetteer.has_shape_of_occupation(folded) => Flags::OCCUPATION,
                    _ if is_inflected(raw) => Flags::COMMON,
                    _ => Flags::NONE,
                };
            }
        }
    }
    let part = match shape {
        Shape::Letters => part(raw, folded, flags, gazetteer),
        Shape::Other if raw == "-" => Part::Link,
        _ => Part::No,
    };
    let (Known { id, node, .. }, Known { id: stem_id, node: stem_node, .. }) = (known, stem);
    Word { hash, flags, id, node, stem_id, stem_node, ending, shape, part }
}

/// Whether a word that the lexicon lacks is a known one with an ending: «نظرسنجی‌ها».
fn is_inflected(raw: &str) -> bool {
    const ENDINGS: [&str; 10] = ["ها", "های", "هایی", "ای", "اش", "ام", "شان", "تر", "ترین", "هایش"];
    raw.rsplit_once('\u{200C}')
        .is_some_and(|(base, ending)| ENDINGS.contains(&ending) && commonness(base).is_some_and(|class| class >= 4))
}

/// Whether a ZWNJ joins the word to a surname: «کریمی‌ثابت».
fn is_compound_surname(raw: &str, gazetteer: &Gazetteer) -> bool {
    let Some((first, last)) = raw.split_once('\u{200C}') else { return false };
    [first, last].iter().any(|part| {
        let flags = gazetteer.word(&fold::fold(part)).0.flags;
        flags.has(Flags::SURNAME) && !flags.has(Flags::ORDINARY.and(Flags::EVERYDAY).and(Flags::STOP))
    })
}

fn part(raw: &str, folded: &str, flags: Flags, gazetteer: &Gazetteer) -> Part {
    if flags.has(Flags::STOP) {
        return if flags.has(Flags::LINK) { Part::Link } else { Part::No };
    }
    if flags.has(Flags::PREFIX) {
        Part::Prefix
    } else if flags.has(Flags::GIVEN) {
        Part::Given
    } else if flags.has(Flags::SURNAME) {
        Part::Surname
    } else if flags.has(Flags::LINK) {
        Part::Link
    } else if flags.has(Flags::COMMON) {
        Part::Common
    } else if flags.has(Flags::SCARCE) {
        Part::Scarce
    } else if flags != Flags::NONE {
        Part::No
    } else if gazetteer.has_shape_of_surname(folded) || is_compound_surname(raw, gazetteer) {
        Part::Shaped
    } else if folded.len() < 4 {
        Part::No
    } else if gazetteer.has_shape_of_common_word(folded) {
        Part::Common
    } else {
        Part::Unknown
    }
}

fn shape(raw: &str) -> Shape {
    let Some(first) = raw.chars().next() else { return Shape::Other };
    match first {
        '،' | ',' => Shape::Comma,
        '«' | '“' | '(' | '[' | '"' => Shape::Open,
        '»' | '”' | ')' | ']' => Shape::Close,
        '\u{0621}'..='\u{064A}' | '\u{066E}'..='\u{06D3}' => Shape::Letters,
        c if c.is_numeric() => Shape::Number,
        c if c.is_ascii_alphabetic() => Shape::Latin,
        c if c.is_alphabetic() => Shape::Letters,
        _ => Shape::Other,
    }
}
