//! Phrases of the text that tell what it is about.
//!
//! Candidates are the names of entities, and runs of words that are neither
//! function words nor verbs, up to three. A candidate weighs
//! `log2(1 + words) · C · rarity · place`: C is the C-value, the number of
//! sentences that hold it less what longer candidates account for
//! (Frantzi, Ananiadou and Mima 2000); rarity the mean inverse document
//! frequency of its words; place more at the beginning.

use rustc_hash::FxHashMap;

use super::lexicon::{Class, Lexicon};
use super::reading::Reading;
use crate::entities::{EntityKind, fold};
use crate::segment::TokenKind;
use crate::text::Span;

/// The most words of a candidate.
const LONGEST: usize = 3;

/// Endings that come off where a known word is left: «صومعه‌ای», «خانه‌ام», «سندی».
const ENDINGS: [&str; 5] = ["ای", "ام", "ات", "م", "ی"];

/// A candidate and its weight.
#[derive(Clone, Debug)]
pub(super) struct Ranked {
    pub(super) weight: f32,
    /// The shortest form that it has in the text.
    pub(super) form: Span,
    /// Index of the entity that it names.
    pub(super) entity: Option<usize>,
    pub(super) spans: Vec<Span>,
    /// The words of a candidate that is no entity; zeros after them.
    pub(super) words: [u32; LONGEST],
}

/// The candidates of the article that stand in more than one sentence, or in
/// the first, the heaviest first.
pub(super) fn rank(reading: &Reading<'_>) -> Vec<Ranked> {
    let mut ranked = ranked_entities(reading);
    ranked.extend(ranked_phrases(reading));
    let order = |a: &Ranked, b: &Ranked| b.weight.total_cmp(&a.weight).then(a.form.start.cmp(&b.form.start));
    ranked.sort_by(order);
    ranked
}

/// The weight of a candidate of `words` words that stands in `sentences`
/// sentences, of which `first` is the first.
pub(super) fn weight(words: usize, sentences: f32, rarity: f32, first: usize, reading: &Reading<'_>) -> f32 {
    let place = 1.0 + 1.0 / (1.0 + first as f32) + 1.0 - first as f32 / reading.sentences.len().max(1) as f32;
    (1.0 + words as f32).log2() * sentences * rarity * place
}

/// The mean rarity of the words `start..end`.
pub(super) fn rarity(reading: &Reading<'_>, start: usize, end: usize) -> f32 {
    let sum: u32 = (start..end).map(|at| u32::from(Lexicon::get().rarity(reading.word(at).hash))).sum();
    sum as f32 / end.saturating_sub(start).max(1) as f32
}

fn ranked_entities(reading: &Reading<'_>) -> Vec<Ranked> {
    let mut found: Vec<Option<Ranked>> = vec![None; reading.entities.len()];
    let mut counts = vec![(0.0f32, usize::MAX, 0usize); reading.entities.len()];
    let mut sentence = 0;
    for mention in &reading.mentions {
        while reading.sentences.get(sentence).is_some_and(|s| s.tokens.end <= mention.start) {
            sentence += 1;
        }
        let (Some(slot), Some(count)) = (found.get_mut(mention.entity), counts.get_mut(mention.entity)) else {
            continue;
        };
        let entry = slot.get_or_insert_with(|| Ranked {
            weight: 0.0,
            form: mention.span,
            entity: Some(mention.entity),
            spans: Vec::new(),
            words: [0; LONGEST],
        });
        entry.spans.push(mention.span);
        if count.1 == usize::MAX {
            count.2 = sentence;
        }
        if count.1 != sentence {
            *count = (count.0 + 1.0, sentence, count.2);
        }
        if entry.weight == 0.0 {
            let words = (mention.end - mention.start).min(LONGEST);
            entry.weight = weight(words, 1.0, rarity(reading, mention.start, mention.end), count.2, reading);
        }
    }
    let weighed = found.into_iter().zip(counts).filter_map(|(entry, count)| {
        let mut entry = entry?;
        // Peoples and languages tell less.
        let people = reading.entities.get(entry.entity?)?.kind == EntityKind::Nationality;
        entry.weight *= count.0 * if people { 0.5 } else { 1.0 };
        Some(entry)
    });
    weighed.collect()
}

/// A word of the article: its inflected forms are one.
struct Term {
    sentences: u32,
    /// The sentence that it stood in last.
    last: u32,
    in_first: bool,
}

#[derive(Default)]
struct Phrase {
    sentences: u32,
    last: u32,
    first: u32,
    rarity: f32,
    form: Span,
    spans: Vec<Span>,
    words: [u32; LONGEST],
    /// The sentences and the number of longer candidates that hold it.
    longer: (u32, u32),
}

fn ranked_phrases(reading: &Reading<'_>) -> Vec<Ranked> {
    let (terms, of_token) = terms(reading);
    let recurs = |term: u32| terms.get(term as usize).is_some_and(|term| term.sentences > 1 || term.in_first);
    let mut phrases: FxHashMap<[u32; LONGEST], Phrase> = FxHashMap::default();
    for (index, sentence) in reading.sentences.iter().enumerate() {
        for start in sentence.tokens.clone() {
            let mut words = [0; LONGEST];
            for (length, slot) in (1..).zip(0..LONGEST) {
                let at = start + slot;
                let term = of_token.get(at).copied().unwrap_or_default();
                if at >= sentence.tokens.end || term == 0 || !recurs(term) {
                    break;
                }
                if let Some(word) = words.get_mut(slot) {
                    *word = term;
                }
                let span = reading.span(start, start + length);
                let phrase = phrases.entry(words).or_insert_with(|| Phrase {
                    last: u32::MAX,
                    first: index as u32,
                    rarity: rarity(reading, start, start + length),
                    form: span,
                    words,
                    ..Phrase::default()
                });
                if phrase.last != index as u32 {
                    phrase.sentences += 1;
                    phrase.last = index as u32;
                }
                if span.len() < phrase.form.len() {
                    phrase.form = span;
                }
                phrase.spans.push(span);
            }
        }
    }
    let mut phrases: Vec<Phrase> = phrases.into_values().filter(|p| p.sentences > 1).collect();
    phrases.sort_unstable_by_key(|phrase| (phrase.form.start, phrase.form.end));
    let by_words: FxHashMap<[u32; LONGEST], usize> = phrases.iter().enumerate().map(|(i, p)| (p.words, i)).collect();
    for index in 0..phrases.len() {
        let Some((words, sentences)) = phrases.get(index).map(|p| (p.words, p.sentences)) else { continue };
        for inner in parts(words) {
            if let Some(phrase) = by_words.get(&inner).and_then(|&at| phrases.get_mut(at)) {
                phrase.longer = (phrase.longer.0 + sentences, phrase.longer.1 + 1);
            }
        }
    }
    let weighed = phrases.into_iter().map(|phrase| {
        let length = phrase.words.iter().filter(|&&word| word != 0).count();
        let longer = phrase.longer.0 as f32 / phrase.longer.1.max(1) as f32;
        let alone = phrase.sentences as f32 - longer;
        let weight = weight(length, alone, phrase.rarity, phrase.first as usize, reading);
        Ranked { weight, form: phrase.form, entity: None, spans: phrase.spans, words: phrase.words }
    });
    weighed.filter(|ranked| ranked.weight > 0.0).collect()
}

/// The shorter phrases inside a phrase.
fn parts(words: [u32; LONGEST]) -> Vec<[u32; LONGEST]> {
    match words {
        [_, 0, _] => Vec::new(),
        [a, b, 0] => vec![[a, 0, 0], [b, 0, 0]],
        [a, b, c] => vec![[a, b, 0], [b, c, 0], [a, 0, 0], [b, 0, 0], [c, 0, 0]],
    }
}

/// The words that may be part of a phrase, from 1, and for each token which
/// it is; 0 when it is none.
fn terms(reading: &Reading<'_>) -> (Vec<Term>, Vec<u32>) {
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
    let mut terms = vec![Term { sentences: 0, last: u32::MAX, in_first: false }];
    let mut of_token = vec![0; reading.tokens.len()];
    for (index, sentence) in reading.sentences.iter().enumerate() {
        for at in sentence.tokens.clone() {
            let word = reading.word(at);
            let is_word = reading.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word);
            // Short words are written together with others; names are read as entities.
            if !is_word || word.class.has(never) || reading.folded(at).len() < 6 || reading.mention_at(at).is_some() {
                continue;
            }
            let hash = stem(reading.folded(at)).map_or(word.hash, fold::hash);
            let number = *by_stem.entry(hash).or_insert_with(|| {
                terms.push(Term { sentences: 0, last: u32::MAX, in_first: false });
                terms.len() as u32 - 1
            });
            if let Some(slot) = of_token.get_mut(at) {
                *slot = number;
            }
            if let Some(term) = terms.get_mut(number as usize) {
                term.sentences += u32::from(term.last != index as u32);
                term.last = index as u32;
                term.in_first |= index == 0;
            }
        }
    }
    (terms, of_token)
}

/// The stem of a folded word: without plural, possessive and indefinite
/// endings, where what is left is a word of its own.
fn stem(folded: &str) -> Option<&str> {
    if let Some((stem, _)) = fold::stem(folded) {
        return Some(stem);
    }
    let is_word = |stem: &&str| stem.len() >= 6 && Lexicon::get().is_known(fold::hash(stem));
    ENDINGS.iter().find_map(|ending| folded.strip_suffix(ending).filter(is_word))
}
