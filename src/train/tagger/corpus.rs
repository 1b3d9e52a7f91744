//! Corpora, read from paths and cut by the service's own tokens.

use std::path::Path;

use serde_json::Value;

use crate::entities::tagger;
use crate::entities::tagger::labels::{self, KINDS, LABELS, Label, Position};
use crate::entities::{self, EntityKind, Gazetteer};
use crate::segment::{Sentence, Token};
use crate::text::{Language, OffsetIndex, OffsetUnit, Span};
use crate::{Article, Cancel, Enricher, Feature, Options};

/// Which labels a token may have: bit `l` for label `l`.
pub type Allowed = u32;

/// A sentence to learn from.
#[derive(Clone, Debug)]
pub struct Example {
    /// Folded words.
    pub words: Vec<String>,
    /// What tables and rules say of each word.
    pub marks: Vec<u128>,
    /// Which labels each word may have; one bit where the annotation is plain.
    pub allowed: Vec<Allowed>,
}

/// What a corpus does not tell: types that it leaves unmarked or merges.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gaps {
    /// Types that stand unmarked in it.
    pub unmarked: &'static [EntityKind],
    /// Its places may be facilities.
    pub facilities_are_places: bool,
}

/// ParsTwiNER marks no products and no facilities of their own.
pub const PARSTWINER: Gaps =
    Gaps { unmarked: &[EntityKind::Product, EntityKind::Facility], facilities_are_places: true };

/// The PEYMA and NSURL guides: no events, products and nationalities.
pub const RESEARCH: Gaps =
    Gaps { unmarked: &[EntityKind::Event, EntityKind::Product, EntityKind::Nationality], facilities_are_places: true };

/// A gold name: code points of the text, and its type.
type Gold = (u32, u32, EntityKind);

/// Reads JSON lines: `{text, spans}` with one sentence each, or
/// `{text, entities}` with a whole article each.
///
/// # Errors
/// When the file cannot be read or has another form.
pub fn read_jsonl(path: &Path, enricher: &Enricher) -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut examples = Vec::new();
    for line in std::fs::read_to_string(path)?.lines().filter(|line| !line.trim().is_empty()) {
        let case: Value = serde_json::from_str(line)?;
        let text = case.get("text").and_then(Value::as_str).ok_or("a line without text")?;
        if let Some(entities) = case.get("entities").and_then(Value::as_array) {
            let mut gold = Vec::new();
            for entity in entities {
                let Some(kind) = entity.get("type").and_then(Value::as_str).and_then(kind_of) else { continue };
                for mention in entity.get("mentions").and_then(Value::as_array).into_iter().flatten() {
                    gold.push(span(mention, kind).ok_or("a mention of another form")?);
                }
            }
            article(text, &gold, enricher, &mut examples)?;
        } else {
            let mut gold = Vec::new();
            for item in case.get("spans").and_then(Value::as_array).into_iter().flatten() {
                let Some(kind) = item.get(2).and_then(Value::as_str).and_then(kind_of) else { continue };
                gold.push(span(item, kind).ok_or("a span of another form")?);
            }
            sentence(text, &gold, Gaps::default(), enricher, &mut examples);
        }
    }
    Ok(examples)
}

/// Reads running text, a paragraph a line, as words in the tagger's form.
///
/// # Errors
/// When the file cannot be read.
pub fn read_text(path: &Path) -> std::io::Result<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(path)?;
    let words = |line: &str| {
        let normalized = crate::text::normalize::normalize(line, Language::Persian).text;
        let tokens = crate::segment::tokens(&normalized);
        tokens.iter().map(|token| tagger::features::word(token.span.of(&normalized))).collect()
    };
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(words).collect())
}

/// Reads marked-up articles, as `corpus/README.md` describes them.
///
/// # Errors
/// When the file cannot be read or its brackets do not match.
pub fn read_markup(path: &Path, enricher: &Enricher) -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut examples = Vec::new();
    let file = std::fs::read_to_string(path)?;
    let mut marked = String::new();
    for line in file.lines().chain(["==="]) {
        if line.trim_end() != "===" {
            marked.push_str(line);
            marked.push('\n');
        } else if !marked.trim().is_empty() {
            let (text, gold) = unmark(&marked)?;
            article(&text, &gold, enricher, &mut examples)?;
            marked.clear();
        }
    }
    Ok(examples)
}

/// The text of a marked-up article and the names marked in it.
fn unmark(marked: &str) -> Result<(String, Vec<Gold>), Box<dyn std::error::Error>> {
    let (mut text, mut gold, mut length) = (String::new(), Vec::new(), 0);
    // Where open names began; `None` for quotations, sources and roles.
    let mut open: Vec<Option<(u32, EntityKind)>> = Vec::new();
    let mut rest = marked;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '[' | '{' => {
                let (head, tail) = rest.split_once(' ').ok_or("a bracket with nothing inside")?;
                let (tag, _) = head.split_once('#').ok_or_else(|| format!("no number after {head:?}"))?;
                open.push(kind_of(tag).map(|kind| (length, kind)));
                rest = tail;
            }
            ']' | '}' => {
                if let Some((start, kind)) = open.pop().ok_or("a bracket that closes nothing")? {
                    gold.push((start, length, kind));
                }
            }
            _ => {
                text.push(c);
                length += 1;
            }
        }
    }
    if open.is_empty() { Ok((text, gold)) } else { Err("a bracket that is not closed".into()) }
}

/// Reads CoNLL: a token and a BIO tag a line, a blank line between sentences.
///
/// # Errors
/// When the file cannot be read.
pub fn read_conll(path: &Path, gaps: Gaps, enricher: &Enricher) -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut examples = Vec::new();
    let (mut text, mut gold, mut length) = (String::new(), Vec::<Gold>::new(), 0);
    for line in std::fs::read_to_string(path)?.lines().chain([""]) {
        let mut columns = line.split_whitespace();
        let (Some(word), Some(tag)) = (columns.next(), columns.next_back()) else {
            if line.trim().is_empty() && !text.is_empty() {
                sentence(&text, &gold, gaps, enricher, &mut examples);
                (text, gold, length) = (String::new(), Vec::new(), 0);
            }
            continue;
        };
        if !text.is_empty() {
            text.push(' ');
            length += 1;
        }
        let start = length;
        text.push_str(word);
        length += word.chars().count() as u32;
        let Some(kind) = tag.get(2..).and_then(kind_of) else { continue };
        match gold.last_mut() {
            Some(last) if tag.starts_with("I") && last.2 == kind && last.1 + 1 == start => last.1 = length,
            _ => gold.push((start, length, kind)),
        }
    }
    Ok(examples)
}

/// The type behind a tag; amounts and times are no concern of the tagger.
fn kind_of(name: &str) -> Option<EntityKind> {
    Some(match name {
        "PER" => EntityKind::Person,
        "ORG" | "POG" => EntityKind::Organization,
        "LOC" => EntityKind::Location,
        "FAC" => EntityKind::Facility,
        "EVE" => EntityKind::Event,
        "PRO" => EntityKind::Product,
        "NAT" => EntityKind::Nationality,
        _ => return None,
    })
}

fn span(value: &Value, kind: EntityKind) -> Option<Gold> {
    let at = |index| value.get(index)?.as_u64().map(|n: u64| n as u32);
    Some((at(0)?, at(1)?, kind))
}

fn article(
    text: &str,
    gold: &[Gold],
    enricher: &Enricher,
    examples: &mut Vec<Example>,
) -> Result<(), Box<dyn std::error::Error>> {
    let options = Options { features: [Feature::Sentences].into_iter().collect(), ..Options::default() };
    let article = Article::from_raw(text);
    let document = enricher.enrich(&article, &options, &Cancel::never())?.document;
    let index = OffsetIndex::new(text, OffsetUnit::CodePoints);
    let place = |span: Span| {
        let bytes = document.alignment.source_range(span);
        (index.position(bytes.start), index.position(bytes.end))
    };
    let running = document.running_text();
    push(&document.text, &running, &document.tokens, place, gold, Gaps::default(), enricher, examples);
    Ok(())
}

fn sentence(text: &str, gold: &[Gold], gaps: Gaps, enricher: &Enricher, examples: &mut Vec<Example>) {
    let mut normalized = crate::text::normalize::normalize(text, Language::Persian);
    crate::text::zwnj::restore(&mut normalized);
    let tokens = crate::segment::tokens(&normalized.text);
    let index = OffsetIndex::new(text, OffsetUnit::CodePoints);
    let place = |span: Span| {
        let bytes = normalized.alignment.source_range(span);
        (index.position(bytes.start), index.position(bytes.end))
    };
    let whole = Sentence { span: Span::new(0, normalized.text.len()), tokens: 0..tokens.len() };
    push(&normalized.text, &[whole], &tokens, place, gold, gaps, enricher, examples);
}

#[allow(clippy::too_many_arguments, reason = "the parts of a document, which a sentence of a corpus is none of")]
fn push(
    text: &str,
    sentences: &[Sentence],
    tokens: &[Token],
    place: impl Fn(Span) -> (u32, u32),
    gold: &[Gold],
    gaps: Gaps,
    enricher: &Enricher,
    examples: &mut Vec<Example>,
) {
    let gazetteer: &Gazetteer = &enricher.resources().gazetteer;
    for (words, marks, range) in entities::tagger_input(text, sentences, tokens, gazetteer) {
        let places: Vec<(u32, u32)> = tokens.get(range).unwrap_or_default().iter().map(|t| place(t.span)).collect();
        let allowed = allow(&places, gold, gaps);
        examples.push(Example { words, marks, allowed });
    }
}

/// The labels that tokens at `places` may have, given the gold names.
fn allow(places: &[(u32, u32)], gold: &[Gold], gaps: Gaps) -> Vec<Allowed> {
    let mut outside: Allowed = 1;
    for kind in gaps.unmarked {
        outside |= any_of(*kind);
    }
    let mut allowed = vec![outside; places.len()];
    for &(start, end, kind) in gold {
        let first = places.partition_point(|place| place.1 <= start);
        let last = places.partition_point(|place| place.0 < end);
        let Some(count) = last.checked_sub(first).filter(|count| *count > 0) else { continue };
        for (at, place) in allowed.iter_mut().skip(first).take(count).enumerate() {
            let position = match (at == 0, at + 1 == count) {
                (true, true) => Position::Single,
                (true, false) => Position::Begin,
                (false, false) => Position::Inside,
                (false, true) => Position::End,
            };
            *place = one_of(kind, position);
            if gaps.facilities_are_places && kind == EntityKind::Location {
                *place |= one_of(EntityKind::Facility, position);
            }
        }
    }
    allowed
}

fn number(kind: EntityKind) -> usize {
    KINDS.iter().position(|&k| k == kind).unwrap_or(0)
}

fn one_of(kind: EntityKind, position: Position) -> Allowed {
    1 << labels::label(number(kind), position)
}

fn any_of(kind: EntityKind) -> Allowed {
    (0..LABELS as Label)
        .filter(|&l| labels::parts(l).is_some_and(|(k, _)| k == number(kind)))
        .fold(0, |set, l| set | 1 << l)
}

/// The one label of each token of a plainly annotated example.
pub fn gold_labels(example: &Example) -> Vec<Label> {
    example.allowed.iter().map(|set| set.trailing_zeros() as Label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_gives_text_and_names() {
        let (text, gold) = unmark("{r#1 وزیر [LOC#2 عراق]} [PER#1 علی] آمد").unwrap();
        assert_eq!(text, "وزیر عراق علی آمد");
        assert_eq!(gold, [(5, 9, EntityKind::Location), (10, 13, EntityKind::Person)]);
        assert!(unmark("[PER#1 علی").is_err() && unmark("علی]").is_err() && unmark("[PER علی]").is_err());
    }

    #[test]
    fn tokens_get_the_labels_of_the_names_they_overlap() {
        let places = [(0, 4), (5, 9), (10, 13)];
        let allowed = allow(&places, &[(5, 13, EntityKind::Location)], PARSTWINER);
        let begin = one_of(EntityKind::Location, Position::Begin) | one_of(EntityKind::Facility, Position::Begin);
        assert_eq!(allowed[1], begin);
        assert_ne!(allowed[0] & one_of(EntityKind::Product, Position::Single), 0, "products stand unmarked");
        assert_eq!(allowed[0] & one_of(EntityKind::Person, Position::Single), 0);
    }
}
