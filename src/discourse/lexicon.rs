//! The words and phrases that the rules go by, from the tables in
//! `data/discourse`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::outlets::Outlets;
use crate::entities::fold::{self, fold};
use crate::segment;
use crate::text::rows;

/// What a word is to the rules; a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Class(u32);

impl Class {
    pub(super) const NONE: Class = Class(0);
    pub(super) const PRONOUN: Class = Class(1);
    /// «این»
    pub(super) const THIS: Class = Class(1 << 1);
    /// «که»
    pub(super) const THAT: Class = Class(1 << 2);
    pub(super) const PREPOSITION: Class = Class(1 << 3);
    /// «را»
    pub(super) const OBJECT: Class = Class(1 << 4);
    pub(super) const CONJUNCTION: Class = Class(1 << 5);
    pub(super) const AUXILIARY: Class = Class(1 << 6);
    /// Makes a participle passive: «گفته شد».
    pub(super) const PASSIVE: Class = Class(1 << 7);
    /// Before a verb of speech: nothing is said, «تبریک گفت».
    pub(super) const MUTE: Class = Class(1 << 8);
    /// Before a name: somebody else, «برادر».
    pub(super) const KIN: Class = Class(1 << 9);
    /// An institution, «این وزارتخانه».
    pub(super) const BODY: Class = Class(1 << 10);
    /// A person, «این مقام».
    pub(super) const PERSON: Class = Class(1 << 11);
    /// «خبرگزاری»
    pub(super) const OUTLET: Class = Class(1 << 12);
    /// «خبرنگار»
    pub(super) const REPORTER: Class = Class(1 << 13);
    /// Closes a clause.
    pub(super) const VERB: Class = Class(1 << 14);
    pub(super) const COMMA: Class = Class(1 << 15);
    pub(super) const SEMICOLON: Class = Class(1 << 16);
    pub(super) const COLON: Class = Class(1 << 17);
    /// Full stops and what else ends sentences.
    pub(super) const STOP: Class = Class(1 << 18);
    pub(super) const OPEN: Class = Class(1 << 19);
    pub(super) const CLOSE: Class = Class(1 << 20);
    /// Other punctuation.
    pub(super) const MARK: Class = Class(1 << 21);
    /// Inside quotation marks, these left out.
    pub(super) const QUOTED: Class = Class(1 << 22);
    /// In the role of some person.
    pub(super) const ROLE: Class = Class(1 << 23);

    /// An outlet by the second word: «شبکه خبری».
    pub(super) const NEWS: Class = Class(1 << 24);
    /// No subject: «همچنین».
    pub(super) const ADVERB: Class = Class(1 << 25);
    /// Speaks for himself: «ما».
    pub(super) const FIRST: Class = Class(1 << 26);

    /// Opens the name of an outlet of the table.
    pub(super) const OUTLET_NAME: Class = Class(1 << 27);

    /// No part of a keyphrase.
    pub(super) const FUNCTION: Class = Class(1 << 28);

    pub(super) const PUNCTUATION: Class = Self::COMMA
        .and(Self::SEMICOLON)
        .and(Self::COLON)
        .and(Self::STOP)
        .and(Self::OPEN)
        .and(Self::CLOSE)
        .and(Self::MARK);

    pub(super) const fn has(self, any: Class) -> bool {
        self.0 & any.0 != 0
    }

    pub(super) const fn and(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }

    fn named(name: &str) -> Class {
        match name {
            "pronoun" => Self::PRONOUN,
            "this" => Self::THIS,
            "that" => Self::THAT,
            "preposition" => Self::PREPOSITION,
            "object" => Self::OBJECT,
            "conjunction" => Self::CONJUNCTION,
            "auxiliary" => Self::AUXILIARY,
            "passive" => Self::PASSIVE,
            "mute" => Self::MUTE,
            "kin" => Self::KIN,
            "body" => Self::BODY,
            "person" => Self::PERSON,
            "outlet" => Self::OUTLET,
            "reporter" => Self::REPORTER,
            "news" => Self::NEWS,
            "adverb" => Self::ADVERB,
            "verb" => Self::VERB,
            "first" => Self::FIRST,
            _ => Self::NONE,
        }
    }
}

/// What a phrase does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cue {
    /// Words follow with «که», a colon or nothing.
    Say,
    /// Words follow with «که» or a colon.
    Tell,
    /// Words follow as after `Say`, unless the news is named before: «از … خبر داد».
    Inform,
    /// What is wished for follows.
    Ask,
    /// A quoted judgement stands before it.
    Name,
    /// An outlet stands right before it.
    Write,
    /// What an outlet does.
    Publish,
    /// The words of a text follow, whose author stands before: «در بیانیه … آمده است».
    Text,
    /// A speaker follows, then the words.
    According,
    /// An outlet follows.
    Source,
    /// The outlet follows that another has it from.
    From,
    /// Opens a part of the sentence.
    Link,
}

impl Cue {
    fn named(name: &str) -> Option<Cue> {
        Some(match name {
            "say" => Self::Say,
            "tell" => Self::Tell,
            "inform" => Self::Inform,
            "ask" => Self::Ask,
            "name" => Self::Name,
            "write" => Self::Write,
            "publish" => Self::Publish,
            "text" => Self::Text,
            "according" => Self::According,
            "source" => Self::Source,
            "from" => Self::From,
            "link" => Self::Link,
            _ => return None,
        })
    }
}

/// A phrase of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrase {
    cues: u16,
    /// Whether several speak.
    pub(super) plural: bool,
}

impl Phrase {
    pub(super) const fn is(self, cue: Cue) -> bool {
        self.cues & (1 << cue as u8) != 0
    }

    pub(super) const fn is_verb(self) -> bool {
        self.is(Cue::Say)
            || self.is(Cue::Tell)
            || self.is(Cue::Inform)
            || self.is(Cue::Ask)
            || self.is(Cue::Name)
            || self.is(Cue::Text)
    }
}

/// One word of the tables.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) class: Class,
    /// The most words of a phrase that it opens; 0 when it opens none.
    pub(super) opens: u8,
}

/// Every table.
pub(super) struct Lexicon {
    /// By the hash of the folded word.
    words: FxHashMap<u64, Known>,
    /// By the key of the folded words.
    phrases: FxHashMap<u64, Phrase>,
    /// Posts, by the key of their words.
    titles: FxHashSet<u64>,
    /// Classes of document frequency, by the hash of the folded word.
    frequencies: FxHashMap<u64, u8>,
}

/// The class of words that the table of document frequencies has not.
const RAREST: u8 = 11;
/// Words up to this class of document frequency are no part of a keyphrase.
const FREQUENT: u8 = 2;

impl Lexicon {
    /// The embedded tables, read once.
    pub(super) fn get() -> &'static Self {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);
        &LEXICON
    }

    /// What the tables say of the word with this hash.
    pub(super) fn word(&self, hash: u64) -> Known {
        self.words.get(&hash).copied().unwrap_or_default()
    }

    /// The phrase of these words.
    pub(super) fn phrase(&self, key: u64) -> Option<Phrase> {
        self.phrases.get(&key).copied()
    }

    /// Whether these words are a post: «وزیر».
    pub(super) fn is_title(&self, key: u64) -> bool {
        self.titles.contains(&key)
    }

    /// The binary logarithm of the number of documents for each that has the word.
    pub(super) fn rarity(&self, hash: u64) -> u8 {
        self.frequencies.get(&hash).copied().unwrap_or(RAREST)
    }

    /// Whether the table of document frequencies has the word.
    pub(super) fn is_known(&self, hash: u64) -> bool {
        self.frequencies.contains_key(&hash)
    }

    fn embedded() -> Self {
        let mut lexicon = Self {
            words: FxHashMap::default(),
            phrases: FxHashMap::default(),
            titles: FxHashSet::default(),
            frequencies: FxHashMap::default(),
        };
        for (class, words) in columns(include_str!("../../data/discourse/words.tsv")) {
            for word in words.split(' ') {
                let known = lexicon.words.entry(fold::hash(&fold(word))).or_default();
                known.class = known.class.and(Class::named(class));
            }
        }
        for (class, phrase) in columns(include_str!("../../data/discourse/phrases.tsv")) {
            if let Some(cue) = Cue::named(class) {
                lexicon.add_phrase(phrase, cue, phrase.ends_with("ند"));
            }
        }
        for row in rows(include_str!("../../data/discourse/verbs.tsv")) {
            let mut columns = row.split('\t');
            let (Some(class), Some(past), Some(present), Some(before)) =
                (columns.next(), columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let Some(cue) = Cue::named(class) else { continue };
            for word in before.split('|') {
                let word = if word == "-" { "" } else { word };
                for (form, plural) in forms(past, present) {
                    lexicon.add_phrase(&format!("{word} {form}"), cue, plural);
                }
            }
        }
        for (class, words) in columns(include_str!("../../data/discourse/document_frequencies.tsv")) {
            let class = class.parse().unwrap_or(RAREST);
            for hash in words.split(' ').map(fold::hash) {
                lexicon.frequencies.insert(hash, class);
                if class <= FREQUENT {
                    lexicon.add_function_word(hash);
                }
            }
        }
        for (word, class) in columns(include_str!("../../data/gazetteer/stop_words.tsv")) {
            if !matches!(class.trim(), "adj" | "noun" | "person" | "kin" | "modifier") {
                lexicon.add_function_word(fold::hash(&fold(word)));
            }
        }
        for name in Outlets::forms() {
            let known = lexicon.words.entry(key(name).2).or_default();
            known.class = known.class.and(Class::OUTLET_NAME);
        }
        for row in rows(include_str!("../../data/gazetteer/titles.tsv")) {
            let mut columns = row.split('\t');
            if let (Some(title), Some("post")) = (columns.next(), columns.next()) {
                let (key, length, first) = key(title);
                lexicon.titles.insert(key);
                let known = lexicon.words.entry(first).or_default();
                known.opens = known.opens.max(length);
            }
        }
        lexicon
    }

    fn add_function_word(&mut self, hash: u64) {
        let known = self.words.entry(hash).or_default();
        known.class = known.class.and(Class::FUNCTION);
    }

    fn add_phrase(&mut self, phrase: &str, cue: Cue, plural: bool) {
        let (key, length, first) = key(phrase);
        let entry = self.phrases.entry(key).or_default();
        entry.cues |= 1 << cue as u8;
        entry.plural |= plural;
        let known = self.words.entry(first).or_default();
        known.opens = known.opens.max(length);
    }
}

/// The key of a phrase, how many tokens it has, and the hash of its first.
fn key(phrase: &str) -> (u64, u8, u64) {
    let hashes: Vec<u64> =
        segment::tokens(phrase).iter().map(|token| fold::hash(&fold(token.span.of(phrase)))).collect();
    (fold::key(hashes.iter().copied()), hashes.len() as u8, hashes.first().copied().unwrap_or_default())
}

/// The forms of the third person in which news has a verb, and whether each is
/// a plural.
fn forms(past: &str, present: &str) -> Vec<(String, bool)> {
    vec![
        (past.to_owned(), false),
        (format!("{past}ند"), true),
        (format!("{past}ه"), false),
        (format!("{past}ه‌اند"), true),
        (format!("می‌{past}"), false),
        (format!("می‌{past}ند"), true),
        (format!("می‌{present}د"), false),
        (format!("می‌{present}ند"), true),
        (format!("خواهد {past}"), false),
        (format!("خواهند {past}"), true),
    ]
}

fn columns(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(table).filter_map(|row| row.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Option<Phrase> {
        Lexicon::get().phrase(key(text).0)
    }

    #[test]
    fn verbs_have_their_forms() {
        for form in ["گفت", "می‌گوید", "می‌گویند", "تاکید کرد", "تأکید می‌کند", "خاطرنشان ساخت", "نوشته"]
        {
            assert!(phrase(form).is_some_and(|p| p.is(Cue::Say)), "{form}");
        }
        assert!(phrase("می‌گویند").unwrap().plural);
        assert!(!phrase("به گفته").unwrap().is_verb());
        for form in ["رفت", "کرد", "نگفت"] {
            assert_eq!(phrase(form), None, "{form}");
        }
    }

    #[test]
    fn every_class_of_the_tables_is_known() {
        for (class, _) in columns(include_str!("../../data/discourse/words.tsv")) {
            assert_ne!(Class::named(class), Class::NONE, "{class}");
        }
        for (class, _) in columns(include_str!("../../data/discourse/phrases.tsv"))
            .chain(columns(include_str!("../../data/discourse/verbs.tsv")))
        {
            assert!(Cue::named(class).is_some(), "{class}");
        }
    }
}
