//! Phrases of the text that tell what it is about.
//!
//! Candidates are the names of entities, and runs of words that are neither
//! function words nor verbs, up to three. A candidate weighs
//! `log2(1 + words) · C · rarity · place`: C is the C-value, the number of
//! sentences that hold it less what longer candidates account for
//! (Frantzi, Ananiadou and Mima 2000); rarity the mean inverse document
//! frequency of its words; place more at the beginning.

use rustc_hash::FxHashMap;

use super::lexicon::{Class, RAREST};
use super::reading::Reading;
use crate::entities::{EntityKind, fold};
use crate::segment::TokenKind;
use crate::text::Span;

/// The most words of a candidate.
const LONGEST: usize = 3;

/// Endings that come off where a known word is left: «صومعه‌ای», «خانه‌ام», «سندی».
const ENDINGS: [&str; 5] = ["ای", "ام", "ات", "م", "ی"];

/// The candidates of an article.
pub(super) struct Ranking<'r, 'a> {
    reading: &'r Reading<'a>,
    /// The heaviest first.
    pub(super) ranked: Vec<Ranked>,
    /// The words that may be part of a phrase, from 1; inflected forms are one.
    terms: Vec<Phrase>,
    /// For each token which term it is; 0 when it is none.
    term_of: Vec<u32>,
    /// Phrases of two words and more.
    phrases: Vec<Phrase>,
    /// Every place of each of them.
    places: Vec<(u32, Span)>,
}

/// A candidate and its weight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) weight: f32,
    pub(super) names: Names,
    /// Where it begins; candidates of equal weight go by that.
    start: u32,
}

/// What a candidate is, and its number among those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Entity(usize),
    Term(u32),
    Phrase(u32),
}

/// A term or a phrase of terms.
#[derive(Clone, Copy, Debug)]
struct Phrase {
    /// Sentences that hold it, and the last of them.
    sentences: u32,
    last: u32,
    /// The first of them.
    first: u32,
    rarity: f32,
    /// The shortest form that it has in the text.
    form: Span,
    /// Zeros after its words.
    words: [u32; LONGEST],
    /// The phrase that it is without its last word; of two words the term.
    prefix: u32,
    /// The sentences and the number of longer candidates that hold it.
    longer: (u32, u32),
}

impl Phrase {
    fn new(form: Span, sentence: usize, rarity: f32, words: [u32; LONGEST], prefix: u32) -> Self {
        Self { sentences: 0, last: u32::MAX, first: sentence as u32, rarity, form, words, prefix, longer: (0, 0) }
    }

    /// Counts one more place.
    fn add(&mut self, form: Span, sentence: usize) {
        self.sentences += u32::from(self.last != sentence as u32);
        self.last = sentence as u32;
        if form.len() < self.form.len() {
            self.form = form;
        }
    }

    fn is_inside(&mut self, longer: u32) {
        self.longer = (self.longer.0 + longer, self.longer.1 + 1);
    }

    fn weight(&self, reading: &Reading<'_>) -> f32 {
        let length = self.words.iter().filter(|&&word| word != 0).count();
        let alone = self.sentences as f32 - self.longer.0 as f32 / self.longer.1.max(1) as f32;
        weight(length, alone, self.rarity, self.first as usize, reading)
    }
}

/// The weight of a candidate of `words` words that stands in `sentences`
/// sentences, of which `first` is the first.
pub(super) fn weight(words: usize, sentences: f32, rarity: f32, first: usize, reading: &Reading<'_>) -> f32 {
    let place = 2.0 + 1.0 / (1.0 + first as f32) - first as f32 / reading.sentences.len().max(1) as f32;
    (1.0 + words as f32).log2() * sentences * rarity * place
}

/// The mean rarity of the words `start..end`.
pub(super) fn rarity(reading: &Reading<'_>, start: usize, end: usize) -> f32 {
    let sum: u32 = (start..end).map(|at| u32::from(reading.word(at).rarity)).sum();
    sum as f32 / end.saturating_sub(start).max(1) as f32
}

impl<'r, 'a> Ranking<'r, 'a> {
    /// Ranks the entities, and the phrases that stand in more than one sentence.
    pub(super) fn new(reading: &'r Reading<'a>) -> Self {
        let mut ranking = Self {
            reading,
            ranked: Vec::new(),
            terms: Vec::new(),
            term_of: vec![0; reading.tokens.len()],
            phrases: Vec::new(),
            places: Vec::new(),
        };
        ranking.find_terms();
        ranking.find_phrases();
        ranking.weigh_entities();
        ranking.weigh_phrases();
        ranking.ranked.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then(a.start.cmp(&b.start)));
        ranking
    }

    /// The candidate as it stands in the text.
    pub(super) fn form(&self, names: Names) -> Span {
        match names {
            Names::Entity(index) => {
                let first = self.reading.entities.get(index).and_then(|entity| entity.mentions.first());
                first.map(|mention| mention.span).unwrap_or_default()
            }
            Names::Term(term) => self.terms.get(term as usize).map(|term| term.form).unwrap_or_default(),
            Names::Phrase(phrase) => self.phrases.get(phrase as usize).map(|phrase| phrase.form).unwrap_or_default(),
        }
    }

    /// The folded words of the candidate, nothing between them.
    pub(super) fn joined(&self, names: Names) -> &'r str {
        let tokens = self.reading.tokens_of(self.form(names));
        self.reading.joined(tokens.start, tokens.end)
    }

    /// Whether the words of `inner` are all in `outer`.
    pub(super) fn is_part(&self, inner: Names, outer: Names) -> bool {
        let (inner, outer) = (self.words(inner), self.words(outer));
        let mut words = inner.iter().filter(|&&word| word != 0).peekable();
        words.peek().is_some() && words.all(|word| outer.contains(word))
    }

    fn words(&self, names: Names) -> [u32; LONGEST] {
        let found = match names {
            Names::Entity(_) => None,
            Names::Term(term) => self.terms.get(term as usize),
            Names::Phrase(phrase) => self.phrases.get(phrase as usize),
        };
        found.map(|phrase| phrase.words).unwrap_or_default()
    }

    /// Every place of the candidate, in order.
    pub(super) fn spans(&self, names: Names) -> Vec<Span> {
        match names {
            Names::Entity(index) => {
                let mentions = self.reading.entities.get(index).map(|entity| entity.mentions.as_slice());
                mentions.unwrap_or_default().iter().map(|mention| mention.span).collect()
            }
            Names::Term(term) => {
                let places = self.term_of.iter().enumerate().filter(|(_, found)| **found == term);
                places.map(|(at, _)| self.reading.span(at, at + 1)).collect()
            }
            Names::Phrase(phrase) => {
                self.places.iter().filter(|(found, _)| *found == phrase).map(|(_, span)| *span).collect()
            }
        }
    }

    fn find_terms(&mut self) {
        let reading = self.reading;
        let never = Class::PRONOUN
            .and(Class::THIS)
            .and(Class::THAT)
            .and(Class::PREPOSITION)
            .and(Class::OBJECT)
            .and(Class::CONJUNCTION)
            .and(Class::AUXILIARY)
            .and(Class::PASSIVE)
            .and(Class::ADVERB)
            .and(Class::VERB)
            .and(Class::FIRST)
            .and(Class::FUNCTION)
            .and(Class::PUNCTUATION);
        let mut by_stem: FxHashMap<u64, u32> = FxHashMap::default();
        by_stem.reserve(reading.tokens.len() / 4);
        self.terms.push(Phrase::new(Span::default(), 0, 0.0, [0; LONGEST], 0));
        for (index, sentence) in reading.sentences.iter().enumerate() {
            for at in sentence.tokens.clone() {
                let word = reading.word(at);
                let is_word = reading.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word);
                // Two letters that no table knows are part of something; names are read as entities.
                let is_short = word.folded.len() < 4 || word.folded.len() < 6 && word.rarity >= RAREST;
                if word.class.has(never) || !is_word || is_short || reading.mention_at(at).is_some() {
                    continue;
                }
                let form = reading.span(at, at + 1);
                let terms = &mut self.terms;
                let number = *by_stem.entry(word.stem).or_insert_with(|| {
                    let number = terms.len() as u32;
                    terms.push(Phrase::new(form, index, f32::from(word.rarity), [number, 0, 0], 0));
                    number
                });
                if let (Some(slot), Some(term)) = (self.term_of.get_mut(at), terms.get_mut(number as usize)) {
                    *slot = number;
                    term.add(form, index);
                }
            }
        }
    }

    /// Finds the phrases whose words all stand in more than one sentence.
    fn find_phrases(&mut self) {
        let reading = self.reading;
        let term_at = |term_of: &[u32], terms: &[Phrase], at: usize| {
            let term = term_of.get(at).copied().filter(|&term| term != 0)?;
            terms.get(term as usize).filter(|found| found.sentences > 1).map(|_| term)
        };
        // By the term or phrase before and the term after it.
        let mut numbers: FxHashMap<(bool, u32, u32), u32> = FxHashMap::default();
        for (index, sentence) in reading.sentences.iter().enumerate() {
            for start in sentence.tokens.clone() {
                let Some(first) = term_at(&self.term_of, &self.terms, start) else { continue };
                let (mut words, mut prefix) = ([first, 0, 0], first);
                for (at, slot) in (start + 1..sentence.tokens.end).zip(1..LONGEST) {
                    let Some(term) = term_at(&self.term_of, &self.terms, at) else { break };
                    if let Some(word) = words.get_mut(slot) {
                        *word = term;
                    }
                    let form = reading.span(start, at + 1);
                    let phrases = &mut self.phrases;
                    let number = *numbers.entry((slot == 1, prefix, term)).or_insert_with(|| {
                        phrases.push(Phrase::new(form, index, rarity(reading, start, at + 1), words, prefix));
                        phrases.len() as u32 - 1
                    });
                    if let Some(phrase) = phrases.get_mut(number as usize) {
                        phrase.add(form, index);
                    }
                    self.places.push((number, form));
                    prefix = number;
                }
            }
        }
        for index in 0..self.phrases.len() {
            let Some(Phrase { sentences: longer @ 2.., words, prefix, .. }) = self.phrases.get(index).copied() else {
                continue;
            };
            for &word in words.iter().filter(|&&word| word != 0) {
                if let Some(term) = self.terms.get_mut(word as usize) {
                    term.is_inside(longer);
                }
            }
            let [_, second, third] = words;
            if third != 0 {
                let suffix = numbers.get(&(true, second, third)).copied();
                for inner in [Some(prefix), suffix].into_iter().flatten() {
                    if let Some(phrase) = self.phrases.get_mut(inner as usize) {
                        phrase.is_inside(longer);
                    }
                }
            }
        }
    }

    fn weigh_phrases(&mut self) {
        let reading = self.reading;
        let terms = (0..).zip(&self.terms).map(|(number, term)| (Names::Term(number), term));
        let phrases = (0..).zip(&self.phrases).map(|(number, phrase)| (Names::Phrase(number), phrase));
        let weighed = terms.chain(phrases).filter(|(_, phrase)| phrase.sentences > 1);
        let weighed =
            weighed.map(|(names, phrase)| Ranked { weight: phrase.weight(reading), names, start: phrase.form.start });
        self.ranked.extend(weighed.filter(|ranked| ranked.weight > 0.0));
    }

    fn weigh_entities(&mut self) {
        let reading = self.reading;
        // For each entity the sentences that name it, the last of them, and
        // what it weighs in one.
        let mut counts = vec![(0u32, usize::MAX, 0.0f32); reading.entities.len()];
        let mut sentence = 0;
        for mention in &reading.mentions {
            while reading.sentences.get(sentence).is_some_and(|s| s.tokens.end <= mention.start) {
                sentence += 1;
            }
            let Some((sentences, last, once)) = counts.get_mut(mention.entity) else { continue };
            if *sentences == 0 {
                let words = (mention.end - mention.start).min(LONGEST);
                *once = weight(words, 1.0, rarity(reading, mention.start, mention.end), sentence, reading);
            }
            *sentences += u32::from(*last != sentence);
            *last = sentence;
        }
        for (index, (entity, (sentences, _, once))) in reading.entities.iter().zip(counts).enumerate() {
            // Peoples and languages tell less.
            let share = if entity.kind == EntityKind::Nationality { 0.5 } else { 1.0 };
            if sentences > 0 {
                let start = entity.mentions.first().map_or(0, |mention| mention.span.start);
                let weight = once * sentences as f32 * share;
                self.ranked.push(Ranked { weight, names: Names::Entity(index), start });
            }
        }
    }
}

/// The stem of a folded word: without plural, possessive and indefinite
/// endings, where what is left is a word of its own.
pub(super) fn stem(folded: &str, is_word: impl Fn(&str) -> bool) -> &str {
    if let Some((stem, _)) = fold::stem(folded) {
        return stem;
    }
    let fits = |stem: &&str| stem.len() >= 6 && is_word(stem);
    ENDINGS.iter().find_map(|ending| folded.strip_suffix(ending).filter(fits)).unwrap_or(folded)
}
