//! Who said what: direct and reported speech.

use super::lexicon::{Class, Cue};
use super::reading::{Found, Quote, Reading};
use super::speakers::{Focus, Speaker, Speakers};
use super::{Quotation, QuotationKind};
use crate::text::Span;

/// Words of a judgement that is somebody's speech: «…» خواند.
const SHORTEST_JUDGEMENT: usize = 3;

/// Appends the quotations of the article to `out`, in order.
pub fn quotations(reading: &Reading<'_>, out: &mut Vec<Quotation>) {
    let mut finder =
        Finder { reading, speakers: Speakers::new(reading), focus: Focus::default(), out, done: 0 };
    for index in 0..reading.sentences.len() {
        finder.read_sentence(index);
    }
    finder.out.sort_by_key(|quotation| (quotation.content.start, quotation.content.end));
}

struct Finder<'r, 'a, 'o> {
    reading: &'r Reading<'a>,
    speakers: Speakers<'r, 'a>,
    focus: Focus,
    out: &'o mut Vec<Quotation>,
    /// Tokens before this one are somebody's words already.
    done: usize,
}

impl Finder<'_, '_, '_> {
    fn read_sentence(&mut self, index: usize) {
        let reading = self.reading;
        let Some(sentence) = reading.sentences.get(index) else { return };
        let (first, last) = (sentence.tokens.start.max(self.done), sentence.tokens.end);
        // Where the clause of the next cue begins.
        let mut clause = first;
        let mut at = first;
        while at < last {
            if let Some(quote) = reading.quote_at(at) {
                at = self.read_quote(quote, first, clause, last, index);
                clause = at;
                continue;
            }
            if let Some(found) = reading.phrase_at(at, last) {
                let next = self.read_cue(&found, first, clause, last);
                if next > found.end {
                    clause = next;
                }
                at = next.max(at + 1);
                continue;
            }
            if reading.is(at, Class::COLON) {
                let next = self.read_colon(at, first, clause, last);
                if next > at + 1 {
                    clause = next;
                }
                at = next;
                continue;
            }
            at += 1;
        }
        self.done = self.done.max(at.min(last));
        // Who was named in a sentence without words is who speaks next.
        if let Some(person) = self.speakers.subject(first, last, &self.focus).and_then(|s| s.entity)
            && reading.entities.get(person).is_some_and(|e| e.kind == crate::entities::EntityKind::Person)
        {
            self.focus.person = Some(person);
        }
    }

    /// Reads a cue; returns where to go on.
    fn read_cue(&mut self, found: &Found, first: usize, clause: usize, last: usize) -> usize {
        let reading = self.reading;
        let phrase = found.phrase;
        if phrase.is(Cue::According) {
            return self.read_according(found, last);
        }
        if !phrase.is_verb() {
            return found.end;
        }
        if reading.is(found.start.wrapping_sub(1), Class::MUTE) || reading.is(found.end, Class::PASSIVE) {
            return found.end;
        }
        let mut after = found.end;
        while after < last && reading.is(after, Class::AUXILIARY) {
            after += 1;
        }
        let cue = reading.span(found.start, after);
        let marked = reading.is(after, Class::THAT.and(Class::COLON));
        while after < last && reading.is(after, Class::THAT.and(Class::COLON).and(Class::COMMA)) {
            after += 1;
        }
        let quote = reading.quote_at(after);
        let follows = match () {
            () if quote.is_some() => true,
            () if phrase.is(Cue::Say) => true,
            () if phrase.is(Cue::Tell) => marked,
            () if phrase.is(Cue::Ask) => true,
            () => false,
        };
        if !follows || after >= last {
            return found.end;
        }
        let (content, next, kind) = match quote {
            Some(quote) if self.is_whole(quote, last) => {
                (reading.span(quote.open + 1, self.trimmed(quote.open + 1, quote.close)), quote.close + 1, QuotationKind::Direct)
            }
            _ => {
                let end = self.content_end(after, last);
                let trimmed = self.trimmed(after, end);
                if !reading.has_verb(after, trimmed) {
                    return found.end;
                }
                (reading.span(after, trimmed), end, QuotationKind::Reported)
            }
        };
        let speaker = self.speaker(first, clause, found.start, phrase.plural);
        self.push(content, Some(cue), speaker, kind);
        next
    }

    /// Reads «به گفته X …»; returns where to go on.
    fn read_according(&mut self, found: &Found, last: usize) -> usize {
        let reading = self.reading;
        let mut at = found.end;
        let mut speaker = None;
        while at < last {
            if let Some(mention) = reading.mention_at(at) {
                speaker = Some(Speaker { span: Some(mention.span), entity: Some(mention.entity), confidence: 0.9 });
                let end = mention.end.max(at + 1);
                if !reading.is(at, Class::ROLE) {
                    at = end;
                    break;
                }
                at = end;
                continue;
            }
            if let Some((meant, end)) = self.speakers.reference(at, last, &self.focus) {
                speaker = speaker.or(Some(meant));
                at = end.max(at + 1);
                break;
            }
            if reading.is(at, Class::PUNCTUATION.and(Class::THAT).and(Class::VERB)) {
                break;
            }
            at += 1;
        }
        // What stands beside the name: «، سخنگوی …،».
        let mut after = at;
        while after < last && (reading.is(after, Class::ROLE) || reading.is(after, Class::COMMA) && reading.is(after + 1, Class::ROLE)) {
            after += 1;
        }
        while after < last && reading.is(after, Class::COMMA.and(Class::COLON).and(Class::THAT)) {
            after += 1;
        }
        let Some(speaker) = speaker else { return found.end };
        let cue = reading.span(found.start, found.end);
        if let Some(quote) = reading.quote_at(after).filter(|quote| self.is_whole(*quote, last)) {
            let content = reading.span(quote.open + 1, self.trimmed(quote.open + 1, quote.close));
            self.push(content, Some(cue), speaker, QuotationKind::Direct);
            return quote.close + 1;
        }
        let end = self.content_end(after, last);
        let trimmed = self.trimmed(after, end);
        if !reading.has_verb(after, trimmed) {
            return found.end;
        }
        self.push(reading.span(after, trimmed), Some(cue), speaker, QuotationKind::Reported);
        end
    }

    /// Reads a colon after a clause without a verb of speech.
    fn read_colon(&mut self, at: usize, first: usize, clause: usize, last: usize) -> usize {
        let reading = self.reading;
        let after = at + 1;
        let quote = reading.quote_at(after);
        let is_clause = reading.has_verb(clause, at) && reading.has_verb(after, quote.map_or(last, |q| q.close));
        if !is_clause {
            return after;
        }
        let Some(speaker) = self.speakers.subject(first, at, &self.focus).filter(|s| self.is_person(s)) else {
            return after;
        };
        match quote {
            Some(quote) => {
                let content = reading.span(quote.open + 1, self.trimmed(quote.open + 1, quote.close));
                self.push(content, None, speaker, QuotationKind::Direct);
                quote.close + 1
            }
            None => {
                let end = self.content_end(after, last);
                self.push(reading.span(after, self.trimmed(after, end)), None, speaker, QuotationKind::Reported);
                end
            }
        }
    }

    /// Reads quotation marks that no cue leads to; returns where to go on.
    fn read_quote(&mut self, quote: Quote, first: usize, clause: usize, last: usize, index: usize) -> usize {
        let reading = self.reading;
        let next = quote.close + 1;
        let content = reading.span(quote.open + 1, self.trimmed(quote.open + 1, quote.close));
        let limit = match reading.sentences.iter().skip(index).find(|s| s.tokens.end > quote.close) {
            Some(sentence) => sentence.tokens.end,
            None => last,
        };
        // «…»، X گفت.
        let mut after = next;
        while after < limit && reading.is(after, Class::COMMA.and(Class::STOP).and(Class::SEMICOLON)) {
            after += 1;
        }
        let whole = reading.has_verb(quote.open + 1, quote.close);
        // A judgement: X آن را «…» خواند.
        if after == next && quote.close - quote.open > SHORTEST_JUDGEMENT {
            let named = (after..limit.min(after + 2)).find_map(|at| reading.cue_at(at, limit, Cue::Name));
            if let Some(found) = named {
                let speaker = self.speaker(first, clause, quote.open, found.phrase.plural);
                self.push(content, Some(reading.span(found.start, found.end)), speaker, QuotationKind::Direct);
                return found.end;
            }
        }
        if !whole {
            return next;
        }
        let opens = quote.open == first || reading.is(quote.open - 1, Class::STOP);
        if !opens {
            return next;
        }
        // The clause after the words: in this sentence, or in the next.
        let (from, to) = if after < limit {
            (after, limit)
        } else {
            match reading.sentences.iter().skip(index + 1).find(|s| s.tokens.start >= after) {
                Some(sentence) if reading.is(sentence.tokens.start, Class::THIS) => {
                    (sentence.tokens.start, sentence.tokens.end)
                }
                _ => (after, after),
            }
        };
        let cue = (from..to)
            .take_while(|&at| reading.quote_at(at).is_none())
            .find_map(|at| reading.phrase_at(at, to).filter(|found| found.phrase.is_verb()));
        let subject = self.speakers.subject(from, to, &self.focus);
        let speaker = match (subject, cue) {
            (Some(speaker), _) if from < to => speaker,
            _ => self.unnamed(false),
        };
        let end = cue.map_or(next, |found| found.end.max(next));
        self.push(content, cue.map(|found| reading.span(found.start, found.end)), speaker, QuotationKind::Direct);
        if from == after { end } else { next }
    }

    /// Who says the words of a cue that begins at `cue`: the subject of its
    /// clause, else of its sentence, else who was spoken of before.
    fn speaker(&self, first: usize, clause: usize, cue: usize, plural: bool) -> Speaker {
        self.speakers
            .subject(clause, cue, &self.focus)
            .or_else(|| self.speakers.subject(first, clause.min(cue), &self.focus))
            .unwrap_or_else(|| self.unnamed(plural))
    }

    /// Who speaks when nothing says it.
    fn unnamed(&self, plural: bool) -> Speaker {
        let entity = if plural { None } else { self.focus.speaker.or(self.focus.person) };
        Speaker { span: None, entity, confidence: 0.5 }
    }

    fn push(&mut self, content: Span, cue: Option<Span>, speaker: Speaker, kind: QuotationKind) {
        if content.is_empty() {
            return;
        }
        let entity = speaker.entity.and_then(|index| self.reading.entities.get(index));
        self.out.push(Quotation {
            content,
            cue,
            speaker: speaker.span,
            speaker_id: entity.map(|entity| entity.id.clone()).unwrap_or_default(),
            kind,
            confidence: speaker.confidence,
        });
        if speaker.entity.is_some() {
            self.focus.speaker = speaker.entity;
            if self.is_person(&speaker) {
                self.focus.person = speaker.entity;
            }
        }
    }

    fn is_person(&self, speaker: &Speaker) -> bool {
        speaker
            .entity
            .and_then(|index| self.reading.entities.get(index))
            .is_some_and(|entity| entity.kind == crate::entities::EntityKind::Person)
    }

    /// Whether the quotation marks hold all that is said, not a word of it:
    /// the clause ends with them.
    fn is_whole(&self, quote: Quote, last: usize) -> bool {
        let after = quote.close + 1;
        self.reading.has_verb(quote.open + 1, quote.close)
            || after >= last
            || self.reading.is(after, Class::PUNCTUATION)
    }

    /// One past the last token of the words that begin at `from` in a
    /// sentence that ends at `last`: they end where another clause of speech
    /// begins.
    fn content_end(&self, from: usize, last: usize) -> usize {
        let reading = self.reading;
        // One past the last verb, and whether a new clause has begun since.
        let mut clause: Option<usize> = None;
        let mut at = from;
        while at < last {
            if let Some(quote) = reading.quote_at(at) {
                at = quote.close + 1;
                continue;
            }
            let found = reading.phrase_at(at, last);
            if let (Some(end), Some(found)) = (clause, found)
                && (found.phrase.is(Cue::Say) || found.phrase.is(Cue::According))
                && end > from
            {
                return end;
            }
            let class = reading.class(at);
            if class.has(Class::VERB) {
                let joined = Class::CONJUNCTION.and(Class::SEMICOLON).and(Class::COMMA);
                clause = reading.is(at + 1, joined).then_some(at + 1);
            }
            if class.has(Class::SEMICOLON) && reading.is(at + 1, Class::THIS) && reading.has_verb(from, at) {
                return at;
            }
            at += 1;
        }
        last
    }

    /// `end`, less the punctuation that closes a sentence.
    fn trimmed(&self, from: usize, mut end: usize) -> usize {
        let reading = self.reading;
        while end > from && reading.is(end - 1, Class::PUNCTUATION) && !matches!(reading.raw(end - 1), "؟" | "!" | "?") {
            end -= 1;
        }
        end
    }
}
