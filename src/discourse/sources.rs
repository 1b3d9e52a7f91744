//! Where the words came from: the chain of outlets.

use super::Source;
use super::lexicon::{Class, Cue, Phrase};
use super::outlets::Outlets;
use super::reading::{Found, Reading};
use crate::entities::{EntityKind, fold};
use crate::segment::TokenKind;
use crate::text::zwnj;

/// How far after a cue its outlet begins, in tokens.
const FARTHEST: usize = 4;
/// The most words after «خبرگزاری» that are the name.
const LONGEST_NAME: usize = 3;
/// What no word of an outlet's name is.
const NO_NAME: Class = Class::PUNCTUATION
    .and(Class::PREPOSITION)
    .and(Class::VERB)
    .and(Class::THAT)
    .and(Class::THIS)
    .and(Class::OBJECT)
    .and(Class::PRONOUN)
    .and(Class::ADVERB);
/// From this class of the lexicon on a word is an everyday word.
const COMMON: u8 = 6;

/// The outlets that the article's words came through, in order.
pub fn sources(reading: &Reading<'_>) -> Vec<Source> {
    let mut out = Vec::new();
    for sentence in reading.sentences {
        let mut finder = Finder {
            reading,
            out: &mut out,
            first: sentence.tokens.start,
            last: sentence.tokens.end,
            hop: 0,
            subject: None,
        };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            at = finder.read(at).max(at + 1);
        }
    }
    // A subject is noted at its verb.
    out.sort_by_key(|source| source.span);
    out.dedup_by(|later, first| later.span.overlaps(first.span));
    out
}

/// What may be an outlet: tokens `start..end`.
#[derive(Clone, Copy, Debug)]
struct Named {
    start: usize,
    end: usize,
    /// Index of the entity, when it is one.
    entity: Option<usize>,
    kind: EntityKind,
    /// Its own name says that it is an outlet.
    is_outlet: bool,
}

struct Finder<'r, 'a, 'o> {
    reading: &'r Reading<'a>,
    out: &'o mut Vec<Source>,
    /// The first token of the sentence, and one past the last.
    first: usize,
    last: usize,
    /// How far the last outlet of the sentence is from the reader.
    hop: u32,
    /// An outlet that may be the subject of a verb to come.
    subject: Option<Named>,
}

impl Finder<'_, '_, '_> {
    /// Reads what begins at `at`; returns where to go on.
    fn read(&mut self, at: usize) -> usize {
        let reading = self.reading;
        if reading.is(at, Class::QUOTED) && !self.is_quoted_name(at) {
            return at + 1;
        }
        if let Some(found) = reading.phrase_at(at, self.last) {
            let is = |cue| found.phrase.is(cue);
            if is(Cue::From) {
                // «X به نقل از Y نوشت»: X is nearer to the reader.
                if let Some(subject) = self.subject.take().or_else(|| self.writer(&found)) {
                    self.push(&subject, &found, 1);
                }
                return self.read_source(&found, self.hop + 1);
            }
            if is(Cue::Source) {
                return self.read_source(&found, 1);
            }
            if is(Cue::According) {
                return self.read_reporter(&found);
            }
            if is(Cue::Say)
                && found.end == found.start + 1
                && let Some(named) = self.unknown_told(&found)
            {
                self.push(&named, &found, 1);
                return found.end;
            }
            if is(Cue::Say) || is(Cue::Tell) || is(Cue::Inform) || is(Cue::Publish) {
                if let Some(subject) = self.subject.take().or_else(|| self.writer(&found))
                    && !reading.is(found.end, Class::PASSIVE)
                {
                    self.push(&subject, &found, 1);
                }
                return found.end;
            }
        }
        let Some(named) = self.named_at(at) else {
            return at + 1;
        };
        if reading.is(at, Class::ROLE) {
            return named.end;
        }
        let before = at.checked_sub(1).map(|before| reading.class(before)).unwrap_or_default();
        if let Some(reporter) = self.reporter(&named).filter(|_| named.is_outlet) {
            let found = Found { start: reporter, end: named.start, phrase: Phrase::default() };
            self.push(&named, &found, 1);
        } else if let Some(verb) = self.is_told(&named) {
            self.push(&named, &verb, 1);
        } else if named.is_outlet && !before.has(Class::PREPOSITION.and(Class::THIS)) {
            self.subject = Some(named).filter(|named| !self.is_everyday(named));
        } else if matches!(named.kind, EntityKind::Person | EntityKind::Organization) {
            self.subject = None;
        }
        named.end
    }

    /// What is named at `at`: a mention, or the outlet that the words
    /// themselves tell.
    fn named_at(&self, at: usize) -> Option<Named> {
        let reading = self.reading;
        let mention = reading.mention_at(at).copied();
        if let Some(mention) = mention
            && (mention.start < at
                || matches!(mention.kind, EntityKind::Organization | EntityKind::Product)
                || mention.is_outlet)
        {
            let is_outlet = mention.is_outlet;
            return Some(Named {
                start: at,
                end: mention.end,
                entity: Some(mention.entity),
                kind: if is_outlet { EntityKind::Organization } else { mention.kind },
                is_outlet,
            });
        }
        let outlet = |end: usize, entity: Option<usize>| Named {
            start: at,
            end,
            entity,
            kind: EntityKind::Organization,
            is_outlet: true,
        };
        if let Some((end, _)) = reading.known_outlet(at, self.last) {
            return Some(outlet(end, None));
        }
        if reading.is(at, Class::OUTLET)
            && let Some((end, entity)) = self.name_after(at + 1)
        {
            return Some(outlet(end, entity));
        }
        mention.map(|mention| Named {
            start: at,
            end: mention.end.max(at + 1),
            entity: Some(mention.entity),
            kind: mention.kind,
            is_outlet: false,
        })
    }

    /// One past the name that begins at `at`, after «خبرگزاری», and the body
    /// that it is.
    fn name_after(&self, at: usize) -> Option<(usize, Option<usize>)> {
        let reading = self.reading;
        if let Some((end, _)) = reading.known_outlet(at, self.last) {
            return Some((end, None));
        }
        let ends = NO_NAME.and(Class::CONJUNCTION);
        let mut end = at;
        let is_word = |at: usize| reading.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word);
        while end < self.last.min(at + LONGEST_NAME) && is_word(end) && !reading.is(end, ends) {
            if reading.phrase_at(end, self.last).is_some_and(|found| found.phrase.is_verb()) {
                break;
            }
            if let Some(mention) = reading.mention_at(end) {
                let body = (mention.kind == EntityKind::Organization).then_some(mention.entity);
                return Some((mention.end.max(end + 1), body));
            }
            end += 1;
        }
        (end > at).then_some((end, None))
    }

    /// Whether a single word that is no entity is an everyday word too: «موج».
    fn is_everyday(&self, named: &Named) -> bool {
        let raw = self.reading.raw(named.start);
        named.entity.is_none()
            && named.end == named.start + 1
            && zwnj::commonness(raw).is_some_and(|class| class >= COMMON)
    }

    /// The outlet right before the verb `found`.
    fn writer(&self, found: &Found) -> Option<Named> {
        let reading = self.reading;
        let clear = Class::PREPOSITION.and(Class::ROLE).and(Class::THIS);
        let starts = (1..=LONGEST_NAME).filter_map(|length| found.start.checked_sub(length));
        let mut named = starts.filter_map(|start| self.named_at(start)).filter(|named| named.end == found.start);
        let Some(named) = named.next() else { return self.unknown_writer(found) };
        let mention = reading.mention_at(named.start).is_some_and(|mention| reading.writes(mention, found));
        let governed = named.start.checked_sub(1).is_some_and(|before| reading.is(before, clear));
        (!governed && !reading.is(named.start, Class::ROLE) && (mention || named.is_outlet)).then_some(named)
    }

    /// The outlet that no table knows between the beginning of a sentence and
    /// the verb `found`: «X نوشت که …».
    fn unknown_writer(&self, found: &Found) -> Option<Named> {
        let first = self.first;
        let near = found.phrase.is(Cue::Write) && found.start <= first + LONGEST_NAME;
        near.then(|| self.unknown(first, found.start)).flatten()
    }

    /// The outlet between «به» and the verb `found` that no table knows: a
    /// name, at any rate no everyday word.
    fn unknown_told(&self, found: &Found) -> Option<Named> {
        let starts = (1..=LONGEST_NAME).filter_map(|length| found.start.checked_sub(length));
        let start = starts.into_iter().find(|&start| start > 0 && self.reading.raw(start - 1) == "به")?;
        self.unknown(start, found.start)
    }

    /// Tokens `start..end` as the name of an unknown outlet.
    fn unknown(&self, start: usize, end: usize) -> Option<Named> {
        let reading = self.reading;
        let common = NO_NAME.and(Class::REPORTER).and(Class::PERSON).and(Class::BODY).and(Class::FIRST);
        let is_name = |at: usize| {
            reading.word(at).hash != 0
                && !reading.is(at, common)
                && reading.mention_at(at).is_none()
                && reading.title_at(at, end).is_none()
        };
        let is_rare = |at: usize| {
            // «خانواده‌اش», «انتقادها», «کارگران»
            let folded = reading.folded(at);
            let people = || folded.strip_suffix("ان").filter(|stem| zwnj::commonness(stem).is_some());
            let stem = fold::stem(folded).map(|(stem, _)| stem).or_else(people);
            zwnj::commonness(stem.unwrap_or(folded)).is_none_or(|class| class < COMMON && stem.is_none())
        };
        let is_like = Outlets::get().is_like(reading.joined(start, end));
        let fits = start < end && (start..end).all(is_name) && (is_like || (start..end).all(is_rare));
        fits.then_some(Named { start, end, entity: None, kind: EntityKind::Organization, is_outlet: true })
    }

    /// Whether what stands between the quotation marks around `at` is one name.
    fn is_quoted_name(&self, at: usize) -> bool {
        let reading = self.reading;
        reading.mention_at(at).is_some_and(|mention| {
            mention.start.checked_sub(1).is_some_and(|open| reading.is(open, Class::OPEN))
                && reading.is(mention.end, Class::CLOSE)
        })
    }

    /// Reads the outlet after «به گزارش»; returns where to go on.
    fn read_source(&mut self, found: &Found, hop: u32) -> usize {
        let reading = self.reading;
        let talk = !found.phrase.is(Cue::From) && reading.is(found.end - 1, Class::PREPOSITION);
        let mut at = found.end;
        while at < self.last.min(found.end + FARTHEST) {
            if let Some(named) = self.named_at(at) {
                if named.kind == EntityKind::Nationality {
                    at = named.end;
                    continue;
                }
                let fits =
                    named.is_outlet || self.may_be_outlet(&named) || !talk && named.kind == EntityKind::Organization;
                if !fits || reading.is(at, Class::ROLE) {
                    break;
                }
                self.push(&named, found, hop);
                return named.end;
            }
            if reading.is(at, Class::PUNCTUATION.and(Class::VERB).and(Class::THAT).and(Class::THIS)) {
                break;
            }
            let close = (at..self.last.min(at + LONGEST_NAME + 1)).find(|&at| reading.is(at, Class::PUNCTUATION));
            if let Some(named) = close.filter(|_| at == found.end && !talk).and_then(|close| self.unknown(at, close)) {
                self.push(&named, found, hop);
                return named.end;
            }
            if at == found.end && Outlets::get().find_misspelt(reading.folded(at)).is_some() {
                let kind = EntityKind::Organization;
                self.push(&Named { start: at, end: at + 1, entity: None, kind, is_outlet: true }, found, hop);
                return at + 1;
            }
            at += 1;
        }
        found.end
    }

    /// Reads «به گفته X» and «به گفته خبرنگار X»; returns where to go on.
    fn read_reporter(&mut self, found: &Found) -> usize {
        let reporter = self.reading.is(found.end, Class::REPORTER);
        let named = self.named_at(found.end + usize::from(reporter));
        match named.filter(|named| reporter && named.kind == EntityKind::Organization || named.is_outlet) {
            Some(named) => {
                self.push(&named, found, 1);
                named.end
            }
            None => found.end,
        }
    }

    /// The verb of «به X گفت», for the outlet X.
    fn is_told(&self, named: &Named) -> Option<Found> {
        let reading = self.reading;
        let known = named.is_outlet;
        if !known && (named.kind != EntityKind::Organization || !self.may_be_outlet(named)) {
            return None;
        }
        let before = self.reporter(named).unwrap_or(named.start).checked_sub(1)?;
        if !matches!(reading.raw(before), "به" | "برای") {
            return None;
        }
        // To any other body one says things, but hardly writes.
        let fits = |found: &Found| {
            found.phrase.is_verb() && !found.phrase.is(Cue::Ask) && (known || !found.phrase.is(Cue::Write))
        };
        let reach = if known { self.last.min(named.end + FARTHEST * 4) } else { (named.end + 1).min(self.last) };
        (named.end..reach)
            .take_while(|&at| !reading.is(at, Class::STOP))
            .find_map(|at| reading.phrase_at(at, self.last).filter(fits))
            .filter(|found| !reading.is(found.end, Class::PASSIVE))
    }

    /// The token «خبرنگار» before the name.
    fn reporter(&self, named: &Named) -> Option<usize> {
        named.start.checked_sub(1).filter(|&before| self.reading.is(before, Class::REPORTER))
    }

    /// Whether the name may be of an outlet though nothing in it tells.
    fn may_be_outlet(&self, named: &Named) -> bool {
        matches!(named.kind, EntityKind::Organization | EntityKind::Product)
            && !self.reading.is(named.start, Class::BODY)
    }

    fn push(&mut self, named: &Named, found: &Found, hop: u32) {
        let reading = self.reading;
        self.hop = hop;
        let from = self.reporter(named).unwrap_or(named.start);
        let span = reading.span(from, named.end);
        if span.is_empty() {
            return;
        }
        let entity = named.entity.and_then(|index| reading.entities.get(index));
        let (name, confidence) = self.canonical(named, entity.map(|entity| &*entity.name));
        self.out.push(Source {
            span,
            cue: reading.span(found.start, found.end),
            entity_id: entity.map(|entity| entity.id.clone()).unwrap_or_default(),
            name,
            hop,
            confidence,
        });
    }

    /// The canonical name of an outlet, and how sure it is.
    fn canonical(&self, named: &Named, entity: Option<&str>) -> (String, f32) {
        let (outlets, folded) = (Outlets::get(), self.reading.joined(named.start, named.end));
        if let Some(name) = outlets.find(folded) {
            return (name.to_owned(), 0.95);
        }
        if let Some((name, confidence)) = outlets.find_misspelt(folded) {
            return (name.to_owned(), confidence);
        }
        match entity {
            Some(name) => (name.to_owned(), 0.9),
            None => (self.reading.span(named.start, named.end).of(self.reading.text).to_owned(), 0.7),
        }
    }
}
