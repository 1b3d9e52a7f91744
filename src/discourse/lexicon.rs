//! The words and phrases that the rules go by, from the tables in
//! `data/discourse`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::outlets::Outlets;
use super::ranking::stem;
use crate::entities::fold::{self, fold};
use crate::segment;
use crate::text::verbs::Verbs;
use crate::text::{rows, zwnj};

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

    /// The subject of the sentence: «به گفته خودش».
    pub(super) const SELF: Class = Class(1 << 29);
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

    const fn without(self, other: Class) -> Class {
        Class(self.0 & !other.0)
    }

    fn named(name: &str) -> Class {
        match name {
            "pronoun" => Self::PRONOUN,
            "self" => Self::SELF,
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
    /// A judgement without quotation marks stands before it.
    Call,
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
            "call" => Self::Call,
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
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) class: Class,
    /// The most words of a phrase that it opens; 0 when it opens none.
    pub(super) opens: u8,
    /// The most words of a post that it opens; 0 when it opens none.
    pub(super) titles: u8,
    /// The binary logarithm of the number of documents for each that has it.
    pub(super) rarity: u8,
    /// Of the stem of its folded form: inflected forms of a word have one.
    pub(super) stem: u64,
}

impl Known {
    /// A word that no table has.
    fn new(folded: &str, is_word: impl Fn(&str) -> bool) -> Self {
        let stem = fold::hash(stem(folded, is_word));
        Self { class: by_form(folded), opens: 0, titles: 0, rarity: RAREST, stem }
    }
}

/// Every table.
pub(super) struct Lexicon {
    /// By the hash of the folded word.
    words: FxHashMap<u64, Known>,
    /// By the key of the folded words.
    phrases: FxHashMap<u64, Phrase>,
    /// Posts, by the key of their words.
    titles: FxHashSet<u64>,
}

/// The class of words that the table of document frequencies has not.
pub(super) const RAREST: u8 = 11;
/// Words up to this class of document frequency are no part of a keyphrase.
const FREQUENT: u8 = 2;

impl Lexicon {
    /// The embedded tables, read once.
    pub(super) fn get() -> &'static Self {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);
        &LEXICON
    }

    /// What the tables, or else its own form, say of the word whose folded
    /// form is `folded` and has this hash.
    pub(super) fn word(&self, folded: &str, hash: u64) -> Known {
        match self.words.get(&hash) {
            Some(known) => *known,
            None => Known::new(folded, |stem| self.words.contains_key(&fold::hash(stem))),
        }
    }

    /// The phrase of these words.
    pub(super) fn phrase(&self, key: u64) -> Option<Phrase> {
        self.phrases.get(&key).copied()
    }

    /// Whether these words are a post: «وزیر».
    pub(super) fn is_title(&self, key: u64) -> bool {
        self.titles.contains(&key)
    }

    fn embedded() -> Self {
        let mut lexicon =
            Self { words: FxHashMap::default(), phrases: FxHashMap::default(), titles: FxHashSet::default() };
        for (class, words) in columns(include_str!("../../data/discourse/words.tsv")) {
            for word in words.split(' ') {
                let known = lexicon.add(&fold(word));
                known.class = match class {
                    "noun" => known.class.without(Class::VERB.and(Class::FIRST)),
                    _ => known.class.and(Class::named(class)),
                };
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
            for word in words.split(' ') {
                let known = lexicon.add(word);
                known.rarity = class;
                if class <= FREQUENT {
                    known.class = known.class.and(Class::FUNCTION);
                }
            }
        }
        for (word, class) in columns(include_str!("../../data/gazetteer/stop_words.tsv")) {
            if !matches!(class.trim(), "adj" | "noun" | "person" | "kin" | "modifier") {
                let known = lexicon.add(&fold(word));
                known.class = known.class.and(Class::FUNCTION);
            }
        }
        for name in Outlets::forms() {
            let known = lexicon.add(&key(name).2);
            known.class = known.class.and(Class::OUTLET_NAME);
        }
        for row in rows(include_str!("../../data/gazetteer/titles.tsv")) {
            let mut columns = row.split('\t');
            if let (Some(title), Some("post")) = (columns.next(), columns.next()) {
                let (key, length, first) = key(title);
                lexicon.titles.insert(key);
                let known = lexicon.add(&first);
                known.titles = known.titles.max(length);
            }
        }
        // Stems can be told only when every word is known.
        for (_, words) in columns(include_str!("../../data/discourse/document_frequencies.tsv")) {
            for word in words.split(' ') {
                let stem = fold::hash(stem(word, |stem| lexicon.words.contains_key(&fold::hash(stem))));
                lexicon.add(word).stem = stem;
            }
        }
        lexicon
    }

    /// The entry of a folded word.
    fn add(&mut self, folded: &str) -> &mut Known {
        self.words.entry(fold::hash(folded)).or_insert_with(|| Known::new(folded, |_| false))
    }

    fn add_phrase(&mut self, phrase: &str, cue: Cue, plural: bool) {
        let (key, length, first) = key(phrase);
        let entry = self.phrases.entry(key).or_default();
        entry.cues |= 1 << cue as u8;
        entry.plural |= plural;
        let known = self.add(&first);
        known.opens = known.opens.max(length);
    }
}

/// The key of a phrase, how many tokens it has, and the folded form of its first.
fn key(phrase: &str) -> (u64, u8, String) {
    let words: Vec<String> = segment::tokens(phrase).iter().map(|token| fold(token.span.of(phrase))).collect();
    let key = fold::key(words.iter().map(|word| fold::hash(word)));
    (key, words.len() as u8, words.into_iter().next().unwrap_or_default())
}

/// What the form of a folded word tells: whether it closes a clause, and who
/// speaks in it.
fn by_form(folded: &str) -> Class {
    let verbs = Verbs::get();
    // «رفتم», «می‌گوییم», «پشیمانیم»
    let first = folded.ends_with('م');
    if verbs.is_finite(folded) || verbs.is_participle(folded) || has_copula(folded) {
        return if first { Class::VERB.and(Class::FIRST) } else { Class::VERB };
    }
    let stem = folded.strip_suffix("یم").filter(|stem| stem.len() > 4);
    match stem.is_some_and(|stem| zwnj::commonness(stem).is_some()) {
        true => Class::VERB.and(Class::FIRST),
        false => Class::NONE,
    }
}

/// Whether a word that is no verb ends with «است» or «اند»: «کجاست», «پرونده‌اند».
fn has_copula(folded: &str) -> bool {
    let is = || folded.strip_suffix("ست").filter(|stem| stem.ends_with(['ا', 'ه', 'و']));
    let stem = folded.strip_suffix("اند").or_else(is).filter(|stem| stem.len() > 4);
    stem.is_some_and(|stem| stem.ends_with("ها") || zwnj::commonness(stem).is_some())
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
            assert!(class == "noun" || Class::named(class) != Class::NONE, "{class}");
        }
        for (class, _) in columns(include_str!("../../data/discourse/phrases.tsv"))
            .chain(columns(include_str!("../../data/discourse/verbs.tsv")))
        {
            assert!(Cue::named(class).is_some(), "{class}");
        }
    }
}
