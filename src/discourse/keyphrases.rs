//! What the article is about: the publisher's keywords and phrases of the text.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Keyphrase;
use super::publisher::keywords;
use super::ranking::{Names, Ranked, Ranking, rarity, weight};
use super::reading::Reading;
use crate::entities::fold::fold;
use crate::text::Span;

/// The most phrases that are ranked from the text.
const MOST: usize = 10;
/// A ranked phrase weighs at least this share of the heaviest.
const LEAST: f32 = 0.2;
/// The most keywords that are looked for in the text.
const MOST_KEYWORDS: usize = 64;
/// The longest of them, in bytes.
const LONGEST_KEYWORD: usize = 200;
/// What may follow a keyword in the last word of its place in the text, folded.
const ENDINGS: [&str; 16] =
    ["", "ی", "ها", "های", "هایی", "هایش", "هایشان", "ان", "ش", "شان", "اش", "مان", "م", "ست", "را", "ات"];

/// The keyphrases of the article: the publisher's in their order, then the
/// ranked, the most telling first. `lines` are the keyword lines; each is one
/// keyword when they are `fields` of a structured article.
pub fn keyphrases(reading: &Reading<'_>, lines: &[Span], fields: bool) -> Vec<Keyphrase> {
    let mut out = Vec::new();
    let mut folded: Vec<String> = Vec::new();
    if !lines.is_empty() {
        let mentions = reading.mentions.iter().rev();
        let names: FxHashMap<&str, usize> = mentions.map(|m| (reading.joined(m.start, m.end), m.entity)).collect();
        let is_one = fields || lines.len() > 1;
        let keywords = |line: &Span| keywords(line.of(reading.text), is_one, |name| names.contains_key(name));
        let mut seen = FxHashSet::default();
        for text in lines.iter().flat_map(keywords) {
            let name = joined(&text);
            if seen.insert(name.clone()) {
                let entity = names.get(&*name).and_then(|&index| reading.entities.get(index));
                let entity_id = entity.map(|entity| entity.id.clone()).unwrap_or_default();
                out.push(Keyphrase { text, score: 0.0, from_publisher: true, entity_id, spans: Vec::new() });
                folded.push(name);
            }
        }
        find(reading, &folded, &mut out);
    }
    let mut seen: FxHashSet<&str> = folded.iter().map(String::as_str).collect();
    let ranking = Ranking::new(reading);
    let most = ranking.ranked.first().map_or(0.0, |ranked| ranked.weight);
    let known: FxHashSet<String> = out.iter().map(|phrase| phrase.entity_id.clone()).collect();
    let mut chosen: Vec<Names> = Vec::new();
    for &Ranked { weight, names, .. } in ranking.ranked.iter().take_while(|ranked| ranked.weight >= most * LEAST) {
        let entity = match names {
            Names::Entity(index) => reading.entities.get(index),
            _ => None,
        };
        let is_known = entity.is_some_and(|entity| known.contains(&entity.id));
        // A word of a phrase that was chosen says no more.
        if is_known || chosen.iter().any(|&outer| ranking.is_part(names, outer)) {
            continue;
        }
        if !seen.insert(ranking.joined(names)) {
            continue;
        }
        let text = entity.map_or_else(|| ranking.form(names).of(reading.text), |entity| &entity.name);
        chosen.push(names);
        out.push(Keyphrase {
            text: text.to_owned(),
            score: weight,
            from_publisher: false,
            entity_id: entity.map(|entity| entity.id.clone()).unwrap_or_default(),
            spans: ranking.spans(names),
        });
        if chosen.len() == MOST {
            break;
        }
    }
    let most = out.iter().map(|phrase| phrase.score).fold(f32::MIN_POSITIVE, f32::max);
    for phrase in &mut out {
        phrase.score /= most;
    }
    out
}

/// The folded words of `text`, nothing between them.
fn joined(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(char::is_alphanumeric);
    folded
}

/// Finds the keywords, given in folded form, in the running text: their
/// places and weights go to `phrases`, which are the same in order.
fn find(reading: &Reading<'_>, keywords: &[String], phrases: &mut [Keyphrase]) {
    let mut by_beginning: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    // Most words begin like no keyword.
    let mut begins = [false; 256];
    let slot = |beginning: u32| (beginning.wrapping_mul(0x9E37_79B1) >> 24) as usize;
    for (index, keyword) in
        keywords.iter().enumerate().filter(|(_, word)| word.len() <= LONGEST_KEYWORD).take(MOST_KEYWORDS)
    {
        by_beginning.entry(beginning(keyword)).or_default().push(index);
        if let Some(slot) = begins.get_mut(slot(beginning(keyword))) {
            *slot = true;
        }
    }
    // Sentences with it, the last and the first of them.
    let mut counts: Vec<Option<(f32, usize, usize, f32)>> = vec![None; keywords.len()];
    for (index, sentence) in reading.sentences.iter().enumerate() {
        for at in sentence.tokens.clone() {
            let word = reading.folded(at);
            let beginning = beginning(word);
            if word.is_empty() || !begins.get(slot(beginning)).is_some_and(|known| *known) {
                continue;
            }
            let Some(candidates) = by_beginning.get(&beginning) else { continue };
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

/// A number made of the first two letters of a folded word.
fn beginning(word: &str) -> u32 {
    let mut letters = word.chars().map(u32::from);
    let (first, second) = (letters.next().unwrap_or_default(), letters.next().unwrap_or_default());
    first << 16 ^ second
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
