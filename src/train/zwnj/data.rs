//! What there is to learn from: how words are written in running text, what
//! the lexicon knows, and words made with affixes.

use std::collections::{BTreeMap, BTreeSet};

use super::regression::{Example, Random};
use crate::text::letters::joins_next;
use crate::text::rows;
use crate::text::zwnj::model::{Joints, Lexicon, Model, NAME, pack};
use crate::text::zwnj::{GATES, Word, without_joints, words};

/// A word that was seen keeps its spelling when more than this part of its
/// occurrences has it.
const AGREEMENT: f32 = 0.5;
/// The weight of a compound that the lexicon alone knows.
const LISTED: f32 = 0.5;
/// The weight of a word of a name.
const NAMED: f32 = 0.25;
/// The weight of a word that was made, and how many are made with each affix.
const MADE: f32 = 0.3;
const MADE_EACH: usize = 100;
/// Stems that words are made with are at least this common.
const COMMON: u8 = 5;

/// How a word was written in the running text.
type Spellings = BTreeMap<Joints, u32>;

/// All of it; words are without their ZWNJs.
pub(super) struct Data {
    /// The lexicon's words: their classes and their joints.
    pub classes: BTreeMap<String, (u8, Joints)>,
    /// The words of the running text.
    pub seen: BTreeMap<String, Spellings>,
    /// The words of names that the running text does not have.
    names: BTreeMap<String, Joints>,
    /// Words made with affixes.
    made: Vec<(String, Joints)>,
    /// The classes alone, as the model reads them.
    pub lexicon: Lexicon,
}

impl Data {
    /// Reads the tables and the running text, which is normalised; so are `names`,
    /// one a line.
    pub fn new(lexicon: &str, names: &str, texts: &[String]) -> Self {
        let mut classes: BTreeMap<String, (u8, Joints)> = BTreeMap::new();
        for (class, words) in rows(lexicon).filter_map(|row| row.split_once('\t')) {
            for word in words.split(' ') {
                let (bare, joints) = without_joints(word);
                classes.entry(bare.into()).or_insert((class.parse().unwrap_or(0), joints));
            }
        }
        let mut seen: BTreeMap<String, Spellings> = BTreeMap::new();
        for (_, word) in texts.iter().flat_map(|text| words(text)) {
            let (bare, joints) = without_joints(word);
            *seen.entry(bare.into()).or_default().entry(joints).or_default() += 1;
        }
        let names: BTreeMap<String, Joints> =
            words(names).map(|(_, word)| without_joints(word)).map(|(bare, joints)| (bare.into(), joints)).collect();
        let known = classes.iter().map(|(word, &(class, _))| (word, class));
        let unknown = names.keys().filter(|name| !classes.contains_key(*name)).map(|name| (name, NAME));
        let entries: Vec<u64> = known.chain(unknown).filter_map(|(word, class)| pack(word, class, None)).collect();
        let lexicon = Lexicon::new(entries.into_iter());
        for (word, spellings) in &mut seen {
            if is_careless(word, &lexicon) {
                spellings.remove(&0);
            }
        }
        seen.retain(|_, spellings| !spellings.is_empty());
        let mut names = names;
        names.retain(|name, _| !seen.contains_key(name));
        let made = made(&classes, &seen, &names);
        Self { classes, seen, names, made, lexicon }
    }

    /// The places where the words that `wanted` picks have a joint or none.
    pub fn examples(&self, wanted: impl Fn(&str) -> bool) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut add = |word: &str, joints: Joints, weight: f32, looked_at: Joints| {
            let Some(codes) = Word::new(word, &self.lexicon).filter(|_| wanted(word)) else { return };
            for at in places(word).filter(|at| looked_at >> at & 1 == 1) {
                let mut slots = Vec::new();
                codes.features(at, |slot| slots.push(slot as u32));
                examples.push(Example { slots, answer: joints >> at & 1 == 1, weight });
            }
        };
        for (word, spellings) in &self.seen {
            for (&joints, &count) in spellings {
                add(word, joints, (1.0 + count as f32).ln(), Joints::MAX);
            }
        }
        for (word, joints) in self.compounds() {
            add(word, joints, LISTED, Joints::MAX);
        }
        for (word, &joints) in &self.names {
            add(word, joints, NAMED, Joints::MAX);
        }
        for (word, joints) in &self.made {
            // Of what is inside of the stem nothing is known.
            add(word, *joints, MADE, joints >> 1 | joints | joints << 1);
        }
        examples
    }

    /// The words that the lexicon writes with ZWNJs and neither the texts nor the
    /// names have.
    fn compounds(&self) -> impl Iterator<Item = (&str, Joints)> {
        let compounds = self.classes.iter().map(|(word, (_, joints))| (word.as_str(), *joints));
        compounds
            .filter(|(word, joints)| *joints != 0 && !self.seen.contains_key(*word) && !self.names.contains_key(*word))
    }

    /// A bit for each [`Word::gate`] that a joint was seen at, or that an affix
    /// has one at.
    pub fn gate(&self) -> Vec<u8> {
        let mut bits = vec![0; GATES / 8];
        let seen = self.seen.iter().flat_map(|(word, spellings)| spellings.keys().map(move |&j| (word.as_str(), j)));
        let mut open = |word: &str, joints: Joints| {
            let Some(codes) = Word::new(word, &self.lexicon) else { return };
            for place in places(word).filter(|at| joints >> at & 1 == 1).map(|at| codes.gate(at)) {
                if let Some(byte) = bits.get_mut(place / 8) {
                    *byte |= 1 << (place % 8);
                }
            }
        };
        let names = self.names.iter().map(|(word, &joints)| (word.as_str(), joints));
        seen.chain(self.compounds()).chain(names).for_each(|(word, joints)| open(word, joints));
        for affix in affixes() {
            for stem in stems(&self.classes, &self.names, affix.class).filter(|stem| affix.fits(stem)) {
                let (word, joint) = affix.with(stem);
                open(&word, 1 << joint);
            }
        }
        bits
    }

    /// The entries of all words: the class, and the joints as they were seen or
    /// else as `model` has them.
    pub fn entries(&self, model: &Model) -> Vec<u64> {
        let all: BTreeSet<&String> = self.classes.keys().chain(self.seen.keys()).chain(self.names.keys()).collect();
        let entry = |word: &String| {
            let class = self.lexicon.class(word);
            let joints = match self.seen.get(word) {
                Some(spellings) => settled(spellings),
                None => Some(self.names.get(word).copied().unwrap_or_else(|| model.predict(word))),
            };
            pack(word, class, joints)
        };
        let mut entries: Vec<u64> = all.into_iter().filter_map(entry).collect();
        entries.sort_unstable();
        entries.dedup_by_key(|entry| *entry >> 32);
        entries
    }
}

/// The spelling that most occurrences of a word have.
pub(super) fn settled(spellings: &Spellings) -> Option<Joints> {
    let total: u32 = spellings.values().sum();
    let (&joints, &count) = spellings.iter().max_by_key(|(_, count)| **count)?;
    (count as f32 > AGREEMENT * total as f32).then_some(joints)
}

/// Whether `word`, written without a ZWNJ, is a plural that has lost it.
fn is_careless(word: &str, lexicon: &Lexicon) -> bool {
    lexicon.class(word) == 0
        && word.strip_suffix('ی').is_none_or(|base| lexicon.class(base) == 0)
        && ["ها", "های", "هایی", "هایش", "هایشان"].iter().any(|ending| {
            word.strip_suffix(ending).is_some_and(|stem| stem.ends_with(joins_next) && lexicon.class(stem) > 3)
        })
}

/// The numbers of letters after which `word` can have a joint.
fn places(word: &str) -> impl Iterator<Item = usize> {
    let last = word.chars().count();
    let places = word.chars().enumerate().map(|(before, letter)| (before + 1, letter));
    places.filter(move |&(at, letter)| at < last && joins_next(letter)).map(|(at, _)| at)
}

/// Words that neither the lexicon nor the texts have, made of common stems and
/// the affixes of `data/text/affixes.tsv`: some of each affix.
fn made(
    classes: &BTreeMap<String, (u8, Joints)>,
    seen: &BTreeMap<String, Spellings>,
    names: &BTreeMap<String, Joints>,
) -> Vec<(String, Joints)> {
    let mut random = Random::default();
    let mut made = Vec::new();
    for affix in affixes() {
        let stems: Vec<&str> = stems(classes, names, affix.class).filter(|stem| affix.fits(stem)).collect();
        for _ in 0..MADE_EACH {
            let Some(stem) = stems.get(random.below(stems.len())) else { break };
            let (word, joint) = affix.with(stem);
            if !classes.contains_key(&word) && !seen.contains_key(&word) && !names.contains_key(&word) {
                made.push((word, 1 << joint));
            }
        }
    }
    made
}

/// The stems that join what follows, for affixes of `class`: names, or common
/// words.
fn stems<'a>(
    classes: &'a BTreeMap<String, (u8, Joints)>,
    names: &'a BTreeMap<String, Joints>,
    class: &'static str,
) -> impl Iterator<Item = &'a str> {
    let common = classes.iter().filter(move |(_, (commonness, _))| *commonness >= COMMON && class != "name");
    let common = common.map(|(word, (_, joints))| (word, joints));
    let names = names.iter().filter(move |_| class == "name");
    common
        .chain(names)
        .filter(|(word, joints)| **joints == 0 && word.chars().count() > 2)
        .map(|(word, _)| word.as_str())
        .filter(|word| word.ends_with(joins_next))
}

/// A row of `data/text/affixes.tsv` has the class of its affixes.
struct Affix {
    class: &'static str,
    form: &'static str,
}

fn affixes() -> impl Iterator<Item = Affix> {
    let table = rows(include_str!("../../../data/text/affixes.tsv")).filter_map(|row| row.split_once('\t'));
    table.flat_map(|(class, forms)| forms.split(' ').map(move |form| Affix { class, form }))
}

impl Affix {
    fn fits(&self, stem: &str) -> bool {
        match self.class {
            "after-heh" => stem.ends_with('ه'),
            "after-yeh" => stem.ends_with('ی'),
            _ => true,
        }
    }

    /// `stem` with the affix, and after how many letters the joint is.
    fn with(&self, stem: &str) -> (String, usize) {
        let (first, second) = if self.class == "before" { (self.form, stem) } else { (stem, self.form) };
        (format!("{first}{second}"), first.chars().count())
    }
}
