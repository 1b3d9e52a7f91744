//! Where the words came from: the chain of outlets.

use super::Source;
use super::lexicon::{Class, Cue, Phrase};
use super::outlets::Outlets;
use super::reading::{Found, Place, Reading};
use crate::entities::EntityKind;
use crate::text::Span;

/// How far after a cue its outlet begins, in tokens.
const FARTHEST: usize = 4;
/// The most words of a name that no entity is.
const LONGEST_NAME: usize = 4;

/// Appends the outlets that the article's words came through to `out`, in order.
pub fn sources(reading: &Reading<'_>, out: &mut Vec<Source>) {
    for sentence in reading.sentences {
        let mut finder = Finder { reading, out, last: sentence.tokens.end, hop: 0, subject: None };
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            at = finder.read(at);
        }
    }
}

/// What is named as an outlet.
struct Outlet {
    span: Span,
    entity: Option<usize>,
    name: String,
    confidence: f32,
    /// One past its last token.
    end: usize,
}

struct Finder<'r, 'a, 'o> {
    reading: &'r Reading<'a>,
    out: &'o mut Vec<Source>,
    last: usize,
    /// How far the last outlet of the sentence is from the reader.
    hop: u32,
    /// An outlet that may be the subject of a verb to come.
    subject: Option<Outlet>,
}

impl Finder<'_, '_, '_> {
    /// Reads what begins at `at`; returns where to go on.
    fn read(&mut self, at: usize) -> usize {
        let reading = self.reading;
        let quoted = reading.is(at, Class::QUOTED) && !self.is_quoted_name(at);
        if quoted {
            return at + 1;
        }
        if let Some(found) = reading.phrase_at(at, self.last) {
            let is = |cue| found.phrase.is(cue);
            if is(Cue::From) {
                // «X به نقل از Y نوشت»: X is nearer to the reader.
                if let Some(subject) = self.subject.take().or_else(|| self.writer(&found)) {
                    self.push(subject, &found, 1);
                }
                return self.read_source(&found, self.hop + 1);
            }
            if is(Cue::Source) {
                return self.read_source(&found, 1);
            }
            if is(Cue::According) {
                return self.read_reporter(&found);
            }
            if is(Cue::Say) || is(Cue::Tell) || is(Cue::Inform) || is(Cue::Publish) {
                if let Some(subject) = self.subject.take().or_else(|| self.writer(&found))
                    && !reading.is(found.end, Class::PASSIVE)
                {
                    self.push(subject, &found, 1);
                }
                return found.end;
            }
        }
        let Some(mention) = reading.mention_at(at).copied() else {
            return at + 1;
        };
        let end = mention.end.max(at + 1);
        if reading.is(at, Class::ROLE) {
            return end;
        }
        if let Some(reporter) = self.reporter(&mention).filter(|_| reading.is_outlet(&mention)) {
            let found = Found { start: reporter, end: mention.start, phrase: Phrase::default() };
            if let Some(outlet) = self.outlet(&mention) {
                self.push(outlet, &found, 1);
            }
            return end;
        }
        let told = self.is_told(&mention);
        let before = at.checked_sub(1).map(|before| reading.class(before)).unwrap_or_default();
        if let Some(verb) = told {
            if let Some(outlet) = self.outlet(&mention) {
                self.push(outlet, &verb, 1);
            }
        } else if reading.is_outlet(&mention) && !before.has(Class::PREPOSITION) {
            self.subject = self.outlet(&mention);
        } else if matches!(mention.kind, EntityKind::Person | EntityKind::Organization) {
            self.subject = None;
        }
        end
    }

    /// The outlet right before the verb `found`.
    fn writer(&self, found: &Found) -> Option<Outlet> {
        let reading = self.reading;
        let mention = found.start.checked_sub(1).and_then(|before| reading.mention_at(before))?;
        let governed = mention.start.checked_sub(1).is_some_and(|before| reading.is(before, Class::PREPOSITION));
        let writes = !governed && !reading.is(mention.start, Class::ROLE) && reading.writes(mention, found);
        writes.then(|| self.outlet(mention)).flatten()
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
            if let Some(mention) = reading.mention_at(at).copied() {
                let fits = reading.is_outlet(&mention)
                    || self.may_be_outlet(&mention)
                    || !talk && mention.kind == EntityKind::Organization;
                if mention.kind == EntityKind::Nationality {
                    at = mention.end.max(at + 1);
                    continue;
                }
                if fits && !reading.is(at, Class::ROLE) {
                    let Some(outlet) = self.outlet(&mention) else { break };
                    let end = outlet.end;
                    self.push(outlet, found, hop);
                    return end.max(at + 1);
                }
                break;
            }
            if let Some(outlet) = self.unmarked(at) {
                let end = outlet.end;
                self.push(outlet, found, hop);
                return end.max(at + 1);
            }
            if reading.is(at, Class::PUNCTUATION.and(Class::VERB).and(Class::THAT).and(Class::THIS)) {
                break;
            }
            at += 1;
        }
        found.end
    }

    /// Reads «به گفته X» and «به گفته خبرنگار X»; returns where to go on.
    fn read_reporter(&mut self, found: &Found) -> usize {
        let reading = self.reading;
        let reporter = reading.is(found.end, Class::REPORTER);
        let at = found.end + usize::from(reporter);
        let mention = reading.mention_at(at).copied().filter(|mention| mention.start == at);
        let outlet = mention.filter(|mention| reporter || reading.is_outlet(mention));
        match outlet.and_then(|mention| self.outlet(&mention)) {
            Some(outlet) => {
                let end = outlet.end;
                self.push(outlet, found, 1);
                end
            }
            None => found.end,
        }
    }

    /// The verb of «به X گفت», for the outlet X.
    fn is_told(&self, mention: &Place) -> Option<Found> {
        let reading = self.reading;
        let known = reading.is_outlet(mention);
        if !known && (mention.kind != EntityKind::Organization || !self.may_be_outlet(mention)) {
            return None;
        }
        let before = mention.start.checked_sub(1)?;
        let before = if reading.is(before, Class::REPORTER) { before.checked_sub(1)? } else { before };
        if !matches!(reading.raw(before), "به" | "برای") {
            return None;
        }
        // To any other body one says things, but hardly writes.
        let fits = |found: &Found| found.phrase.is_verb() && !found.phrase.is(Cue::Ask) && (known || !found.phrase.is(Cue::Write));
        let reach = if known { self.last } else { (mention.end + 1).min(self.last) };
        (mention.end..reach)
            .take_while(|&at| !reading.is(at, Class::STOP))
            .find_map(|at| reading.phrase_at(at, self.last).filter(fits))
            .filter(|found| !reading.is(found.end, Class::PASSIVE))
    }

    /// The token «خبرنگار» before the mention.
    fn reporter(&self, mention: &Place) -> Option<usize> {
        mention.start.checked_sub(1).filter(|&before| self.reading.is(before, Class::REPORTER))
    }

    /// Whether the mention may be of an outlet that nothing in its name tells.
    fn may_be_outlet(&self, mention: &Place) -> bool {
        matches!(mention.kind, EntityKind::Organization | EntityKind::Product)
            && !self.reading.is(mention.start, Class::BODY)
    }

    /// The outlet that the mention names.
    fn outlet(&self, mention: &Place) -> Option<Outlet> {
        let reading = self.reading;
        let entity = reading.entities.get(mention.entity)?;
        let surface = mention.span.of(reading.text);
        let (name, confidence) = canonical(surface, Some(&entity.name));
        let span = match self.reporter(mention) {
            Some(reporter) => Span { start: reading.span(reporter, mention.end).start, end: mention.span.end },
            None => mention.span,
        };
        Some(Outlet { span, entity: Some(mention.entity), name, confidence, end: mention.end })
    }

    /// The outlet at `at` that no entity is: a known name, a misspelt one, or
    /// what follows «خبرگزاری».
    fn unmarked(&self, at: usize) -> Option<Outlet> {
        let reading = self.reading;
        let ends = Class::PUNCTUATION
            .and(Class::PREPOSITION)
            .and(Class::VERB)
            .and(Class::THAT)
            .and(Class::THIS)
            .and(Class::CONJUNCTION);
        let limit = (at..self.last.min(at + LONGEST_NAME))
            .find(|&at| reading.is(at, ends) || reading.mention_at(at).is_some())
            .unwrap_or(self.last.min(at + LONGEST_NAME));
        let outlets = Outlets::get();
        let outlet = |end: usize, name: String, confidence: f32| {
            Outlet { span: reading.span(at, end), entity: None, name, confidence, end }
        };
        let known = (at + 1..=limit).rev().find_map(|end| Some((end, outlets.find(reading.span(at, end).of(reading.text))?)));
        if let Some((end, name)) = known {
            return Some(outlet(end, name.to_owned(), 0.85));
        }
        if reading.is(at, Class::OUTLET) && at + 1 < limit {
            return Some(outlet(limit, reading.span(at, limit).of(reading.text).to_owned(), 0.6));
        }
        let (name, confidence) = outlets.find_misspelt(reading.raw(at)).filter(|_| at < limit)?;
        Some(outlet(at + 1, name.to_owned(), confidence))
    }

    fn push(&mut self, outlet: Outlet, found: &Found, hop: u32) {
        self.hop = hop;
        if self.out.last().is_some_and(|source| source.span.overlaps(outlet.span)) {
            return;
        }
        let entity = outlet.entity.and_then(|index| self.reading.entities.get(index));
        self.out.push(Source {
            span: outlet.span,
            cue: self.reading.span(found.start, found.end),
            entity_id: entity.map(|entity| entity.id.clone()).unwrap_or_default(),
            name: outlet.name,
            hop,
            confidence: outlet.confidence,
        });
    }
}

/// The canonical name of an outlet, and how sure it is.
fn canonical(surface: &str, entity: Option<&str>) -> (String, f32) {
    let outlets = Outlets::get();
    if let Some(name) = outlets.find(surface) {
        return (name.to_owned(), 0.95);
    }
    match outlets.find_misspelt(surface) {
        Some((name, confidence)) => (name.to_owned(), confidence),
        None => (entity.unwrap_or(surface).to_owned(), 0.9),
    }
}
