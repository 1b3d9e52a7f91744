//! What the article is about: the publisher's keywords and phrases of the text.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Keyphrase;
use super::publisher::keywords;
use super::ranking::{Ranked, rank, rarity, weight};
use super::reading::Reading;
use crate::entities::fold::fold;
use crate::text::Span;

/// The most phrases that are ranked from the text.
const MOST: usize = 10;
/// A ranked phrase weighs at least this share of the heaviest.
const LEAST: f32 = 0.2;
/// The most keywords that are looked for in the text.
const MOST_KEYWORDS: usize = 64;
/// What may follow a keyword in the last word of its place in the text, folded.
const ENDINGS: [&str; 16] =
    ["", "ی", "ها", "های", "هایی", "هایش", "هایشان", "ان", "ش", "شان", "اش", "مان", "م", "ست", "را", "ات"];

/// The keyphrases of the article: the publisher's in their order, then the
/// ranked, the most telling first. `lines` are the keyword lines; each is one
/// keyword when they are `fields` of a structured article.
pub fn keyphrases(reading: &Reading<'_>, lines: &[Span], fields: bool) -> Vec<Keyphrase> {
    let mut out = Vec::new();
    let names = names(reading);
    let mut seen = FxHashSet::default();
    let mut places = Vec::new();
    if !lines.is_empty() {
        let multiword: FxHashSet<String> = names.keys().cloned().collect();
        let is_one = fields || lines.len() > 1;
        for text in lines.iter().flat_map(|line| keywords(line.of(reading.text), is_one, &multiword)) {
            let folded = joined(&text);
            if seen.insert(folded.clone()) {
                let entity = names.get(&folded).and_then(|&index| reading.entities.get(index));
                let entity_id = entity.map(|entity| entity.id.clone()).unwrap_or_default();
                out.push(Keyphrase { text, score: 0.0, from_publisher: true, entity_id, spans: Vec::new() });
                places.push(folded);
            }
        }
        find(reading, &places, &mut out);
    }
    let ranked = rank(reading);
    let most = ranked.first().map_or(0.0, |ranked| ranked.weight);
    let mut chosen: Vec<&Ranked> = Vec::new();
    for ranked in ranked.iter().take_while(|ranked| ranked.weight >= most * LEAST) {
        let entity = ranked.entity.and_then(|index| reading.entities.get(index));
        // A word of a phrase that was chosen says no more.
        let is_part = ranked.entity.is_none()
            && chosen
                .iter()
                .any(|c| c.entity.is_none() && ranked.words.iter().filter(|w| **w != 0).all(|w| c.words.contains(w)));
        let is_known = entity.is_some_and(|entity| out.iter().any(|known| known.entity_id == entity.id));
        let text = entity.map_or_else(|| ranked.form.of(reading.text), |entity| &entity.name);
        if is_part || is_known || !seen.insert(joined(text)) {
            continue;
        }
        if chosen.len() == MOST {
            break;
        }
        chosen.push(ranked);
        out.push(Keyphrase {
            text: text.to_owned(),
            score: ranked.weight,
            from_publisher: false,
            entity_id: entity.map(|entity| entity.id.clone()).unwrap_or_default(),
            spans: ranked.spans.clone(),
        });
    }
    let most = out.iter().map(|phrase| phrase.score).fold(f32::MIN_POSITIVE, f32::max);
    for phrase in &mut out {
        phrase.score /= most;
    }
    out
}

/// The entities by the folded forms of their names, spaces left out.
fn names(reading: &Reading<'_>) -> FxHashMap<String, usize> {
    let mut names = FxHashMap::default();
    for (index, entity) in reading.entities.iter().enumerate() {
        for name in std::iter::once(&entity.name).chain(&entity.aliases) {
            names.entry(joined(name)).or_insert(index);
        }
    }
    names
}

fn joined(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|c| c != ' ');
    folded
}

/// Finds the keywords, given in folded form, in the running text: their
/// places and weights go to `phrases`, which are the same in order.
fn find(reading: &Reading<'_>, keywords: &[String], phrases: &mut [Keyphrase]) {
    let beginning = |word: &str| word.chars().take(2).collect::<String>();
    let mut by_beginning: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (index, keyword) in keywords.iter().enumerate().take(MOST_KEYWORDS) {
        by_beginning.entry(beginning(keyword)).or_default().push(index);
    }
    // Sentences with it, the last and the first of them.
    let mut counts: Vec<Option<(f32, usize, usize, f32)>> = vec![None; keywords.len()];
    for (index, sentence) in reading.sentences.iter().enumerate() {
        for at in sentence.tokens.clone() {
            let word = reading.folded(at);
            let mut letters = word.char_indices().skip(2);
            let begins = letters.next().map_or(word, |(end, _)| word.get(..end).unwrap_or_default());
            let Some(candidates) = by_beginning.get(begins) else { continue };
            for &candidate in candidates {
                let Some(keyword) = keywords.get(candidate) else { continue };
                let Some(end) = match_at(reading, at, sentence.tokens.end, keyword) else { continue };
                let (Some(phrase), Some(count)) = (phrases.get_mut(candidate), counts.get_mut(candidate)) else {
                    continue;
                };
                let span = reading.span(at, end);
                if phrase.spans.last().is_some_and(|last| last.overlaps(span)) {
                    continue;
                }
                phrase.spans.push(span);
                let count = count.get_or_insert_with(|| (0.0, usize::MAX, index, rarity(reading, at, end)));
                if count.1 != index {
                    *count = (count.0 + 1.0, index, count.2, count.3);
                }
            }
        }
    }
    for (phrase, count) in phrases.iter_mut().zip(counts) {
        let words = phrase.text.split(' ').count().min(3);
        phrase.score =
            count.map_or(0.0, |(sentences, _, first, rarity)| weight(words, sentences, rarity, first, reading));
    }
}

/// One past the tokens from `at` that spell `keyword`, the last one with an
/// ending perhaps.
fn match_at(reading: &Reading<'_>, mut at: usize, limit: usize, keyword: &str) -> Option<usize> {
    let mut rest = keyword;
    while at < limit {
        let word = reading.folded(at);
        if word.is_empty() {
            return None;
        }
        if let Some(ending) = word.strip_prefix(rest) {
            return ENDINGS.contains(&ending).then_some(at + 1);
        }
        rest = rest.strip_prefix(word)?;
        at += 1;
    }
    None
}
