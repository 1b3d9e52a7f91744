//! The tagger's names as candidates.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::OWN;
use super::licences::is_distinct;
use super::marks::marks;
use super::reading::Reading;
use super::rows::row_of;
use super::tagger::labels::{KINDS, spans};
use super::tagger::{Model, Tagger, features};

/// Tokens of the longest name; what is longer is no name, and would cost its
/// square in the document pass.
const LONGEST: usize = 30;

/// The names that `model` finds, given what the rules chose; in order, not
/// overlapping.
pub(super) fn by_model(reading: &Reading<'_>, model: &Model, chosen: &[Candidate]) -> Vec<Candidate> {
    let marks = marks(reading, chosen);
    let mut tagger = Tagger::new(model);
    let mut words = Words::default();
    let mut found = Vec::new();
    for sentence in reading.sentences {
        let first = sentence.tokens.start;
        words.read(reading, sentence.tokens.clone());
        let tagged = tagger.tag(words.iter(), marks.get(sentence.tokens.clone()).unwrap_or_default());
        for (range, kind) in spans(&tagged.labels) {
            let Some(&kind) = KINDS.get(kind) else { continue };
            let margins = tagged.margins.get(range.clone()).unwrap_or_default();
            let least = margins.iter().copied().fold(f32::INFINITY, f32::min);
            let (mut start, end) = unbroken(reading, first + range.start, first + range.end);
            if end > start + 1 && is_idiom(reading, start, first, sentence.tokens.end) {
                start += 1;
            }
            if start == end || end - start > LONGEST {
                continue;
            }
            found.push(Candidate {
                start,
                end,
                kind,
                confidence: (1.0 / (1.0 + (-least).exp())).clamp(0.5, 0.99),
                rule: "tagger",
                row: row_of(reading, start, end, kind),
            });
        }
    }
    join(reading, chosen, &mut found);
    agree(reading, &mut found);
    found
}

/// Adds to the tagger's names what the rules know better: sums and percentages,
/// which have a grammar; the names of a user's own table, which win over all but
/// longer ones; and what is all but certain where the tagger has nothing.
pub(super) fn add_certain(reading: &Reading<'_>, chosen: &[Candidate], found: &mut Vec<Candidate>) {
    let is_own = |c: &Candidate| reading.row(c).is_some_and(|row| row.table == OWN);
    let overlaps = |found: &[Candidate], c: &Candidate| {
        found.get(found.partition_point(|other| other.end <= c.start)).is_some_and(|other| other.start < c.end)
    };
    let is_certain = |c: &&Candidate| {
        let known = c.kind == EntityKind::Person && c.row.is_some();
        let counted = matches!(c.kind, EntityKind::Money | EntityKind::Percent);
        counted || is_own(c) || (known || c.confidence >= 0.95) && !overlaps(found, c)
    };
    let certain: Vec<Candidate> = chosen.iter().filter(is_certain).copied().collect();
    let own: Vec<Candidate> = certain.iter().filter(|c| is_own(c)).copied().collect();
    found.retain(|c| {
        let longer =
            |own: &Candidate| c.start <= own.start && own.end <= c.end && own.end - own.start < c.end - c.start;
        let from = own.partition_point(|own| own.end <= c.start);
        own.iter().skip(from).take_while(|own| own.start < c.end).all(longer)
    });
    found.extend(certain);
}

/// The longest part of `start..end` that no bracket and no end of a sentence cuts.
fn unbroken(reading: &Reading<'_>, start: usize, end: usize) -> (usize, usize) {
    let count = |quote: &str| (start..end).filter(|&at| reading.raw(at) == quote).count();
    let balanced = count("«") == count("»");
    let cuts = |at: &usize| match reading.raw(*at) {
        "«" | "»" => !balanced,
        "(" | ")" | "[" | "]" => true,
        "." | "!" | "؟" | "?" | "؛" | ";" | ":" | "…" => !reading.is_inside_word(*at),
        _ => false,
    };
    let mut best = (start, start);
    let mut from = start;
    for at in (start..end).filter(cuts).chain([end]) {
        if at - from >= best.1 - best.0 {
            best = (from, at);
        }
        from = at + 1;
    }
    best
}

/// «از سد … گذشت»: beaten, and no dam.
fn is_idiom(reading: &Reading<'_>, at: usize, first: usize, limit: usize) -> bool {
    reading.raw(at) == "سد"
        && at > first
        && reading.raw(at - 1) == "از"
        && (at + 2..limit.min(at + 7)).any(|at| {
            let word = reading.raw(at);
            ["گذش", "می‌گذر", "بگذر", "عبور"].iter().any(|stem| word.starts_with(stem))
        })
}

/// Makes one of neighbours that a rule reads as one body or building:
/// «وزارت … | دولت …».
fn join(reading: &Reading<'_>, chosen: &[Candidate], found: &mut Vec<Candidate>) {
    let whole = |c: &&Candidate| matches!(c.kind, EntityKind::Organization | EntityKind::Facility);
    for name in chosen.iter().filter(whole) {
        let from = found.partition_point(|c| c.start < name.start);
        let to = found.partition_point(|c| c.end <= name.end);
        let Some([first, rest @ ..]) = found.get(from..to) else { continue };
        let mut end = first.end;
        for part in rest {
            // «سفارت … در …», «گروه دوستی … و …»
            let joint = part.start == end + 1 && matches!(reading.raw(end), "در" | "و");
            if part.start == end || joint {
                end = part.end;
            }
        }
        if !rest.is_empty() && first.start == name.start && end == name.end && first.kind == name.kind {
            let least = rest.iter().fold(first.confidence, |least, part| least.min(part.confidence));
            found.splice(from..to, [Candidate { confidence: least, ..*name }]);
        }
    }
}

/// Makes one form mean one thing in the article: the surname of a person it
/// names in full is that person, and what a table has is what the table says
/// where the tagger is of two minds.
fn agree(reading: &Reading<'_>, found: &mut [Candidate]) {
    let mut surnames = FxHashSet::default();
    for person in found.iter().filter(|c| c.kind == EntityKind::Person) {
        let later = person.start + 1..person.end;
        surnames.extend(later.clone().map(|at| reading.key(at, person.end)));
        surnames.extend(later.filter(|&at| is_distinct(reading, at)).map(|at| reading.key(at, at + 1)));
    }
    let form = |c: &Candidate| reading.key(c.start, c.end);
    let in_tables: FxHashMap<u64, (EntityKind, Option<u32>)> =
        found.iter().filter(|c| c.row.is_some()).map(|c| (form(c), (c.kind, c.row))).collect();
    // For each form its surest kind, and whether it is a person anywhere.
    let mut surest: FxHashMap<u64, (f32, EntityKind, bool)> = FxHashMap::default();
    for c in found.iter() {
        let (confidence, kind, person) = surest.entry(form(c)).or_insert((0.0, c.kind, false));
        *person |= c.kind == EntityKind::Person;
        if c.confidence > *confidence {
            (*confidence, *kind) = (c.confidence, c.kind);
        }
    }
    for candidate in found.iter_mut().filter(|c| c.row.is_none()) {
        if surnames.contains(&form(candidate)) {
            candidate.kind = EntityKind::Person;
        } else if let Some(&(_, kind, true)) = surest.get(&form(candidate)) {
            candidate.kind = kind;
        } else if let Some(&(kind, row)) = in_tables.get(&form(candidate)) {
            (candidate.kind, candidate.row) = (kind, row);
        }
    }
}

/// The words of a sentence in the form that the tagger reads, one after the
/// other.
#[derive(Default)]
struct Words {
    text: String,
    ends: Vec<usize>,
    word: String,
}

impl Words {
    fn read(&mut self, reading: &Reading<'_>, tokens: Range<usize>) {
        self.text.clear();
        self.ends.clear();
        for at in tokens {
            features::word_into(reading.raw(at), &mut self.word);
            self.text.push_str(&self.word);
            self.ends.push(self.text.len());
        }
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ends.iter().enumerate().map(|(at, &end)| {
            let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
            self.text.get(start..end).unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::{Gazetteer, Tables};
    use crate::segment::{self, Sentence, Token};
    use crate::text::Span;

    /// Runs `test` on a reading of `text`, by tables without a line, and its number of tokens.
    fn read<T>(text: &str, test: impl FnOnce(&Reading<'_>, usize) -> T) -> T {
        let gazetteer = Gazetteer::from_tables(&Tables::EMPTY);
        let tokens: Vec<Token> = segment::tokens(text);
        let mut sentences: Vec<Sentence> = Vec::new();
        segment::sentences(text, Span::new(0, text.len()), &tokens, &mut sentences);
        test(&Reading::new(text, &sentences, &tokens, &gazetteer), tokens.len())
    }

    #[test]
    fn names_end_at_brackets_and_sentences() {
        for (text, name) in [
            ("دفتر) نهاد ریاست", "نهاد ریاست"),
            ("شورای شهر تبریز (استان", "شورای شهر تبریز"),
            ("مجله «راه نو", "راه نو"),
            ("مجله «راه نو»", "مجله «راه نو»"),
            ("نهاد ملی. دیروز", "نهاد ملی"),
            ("نهاد ملی", "نهاد ملی"),
        ] {
            let found = read(text, |reading, tokens| {
                let (start, end) = unbroken(reading, 0, tokens);
                reading.span(start, end).of(text).to_owned()
            });
            assert_eq!(found, name, "{text}");
        }
    }

    #[test]
    fn a_beaten_rival_is_no_dam() {
        assert!(read("تیم از سد فولاد گذشت", |reading, tokens| is_idiom(reading, 2, 0, tokens)));
        assert!(!read("آب از سد کرخه رها شد", |reading, tokens| is_idiom(reading, 2, 0, tokens)));
    }

    #[test]
    fn a_surname_is_the_person_it_belongs_to() {
        let candidate = |start, end, kind| Candidate { start, end, kind, confidence: 0.9, rule: "tagger", row: None };
        read("ناوار تیگران آمد و تیگران رفت", |reading, _| {
            let mut found = vec![candidate(0, 2, EntityKind::Person), candidate(4, 5, EntityKind::Organization)];
            agree(reading, &mut found);
            assert!(found.iter().all(|c| c.kind == EntityKind::Person));
        });
    }
}
