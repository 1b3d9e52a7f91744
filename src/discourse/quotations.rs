//! Who said what: direct and reported speech.

use super::lexicon::{Class, Cue};
use super::reading::{Found, Quote, Reading};
use super::speakers::{Focus, Speaker, Speakers};
use super::{Quotation, QuotationKind};
use crate::entities::EntityKind;
use crate::text::Span;

/// Words of a judgement that is somebody's speech: «…» خواند.
const SHORTEST_JUDGEMENT: usize = 2;
/// The most words of a judgement without quotation marks.
const LONGEST_JUDGEMENT: usize = 12;
/// The fewest words without a verb that are speech after a verb of speech and
/// a colon.
const SHORTEST_WORDS: usize = 4;
/// No words of speech begin with these.
const NO_WORDS: Class = Class::CONJUNCTION.and(Class::OBJECT).and(Class::PUNCTUATION);
/// How far around a cue its subject and its words are looked for, in tokens:
/// a sentence may have no end.
const REACH: usize = 120;
/// How far after «به گفته» the name of the speaker stands at most.
const LONGEST_TITLE: usize = 24;
/// The most tokens of reported speech in one sentence.
const LONGEST_CONTENT: usize = 400;
/// How many sentences speech without quotation marks goes on for at most.
const LONGEST_SPEECH: usize = 4;

/// The quotations of the article, in order.
pub fn quotations(reading: &Reading<'_>) -> Vec<Quotation> {
    let mut finder =
        Finder { reading, speakers: Speakers::new(reading), focus: Focus::default(), out: Vec::new(), done: 0 };
    finder.focus.person = reading.mentions.iter().find(|m| m.kind == EntityKind::Person).map(|m| m.entity);
    for index in 0..reading.sentences.len() {
        finder.read_sentence(index);
    }
    finder.out.sort_by_key(|quotation| (quotation.content.start, quotation.content.end));
    finder.out
}

struct Finder<'r, 'a> {
    reading: &'r Reading<'a>,
    speakers: Speakers<'r, 'a>,
    focus: Focus,
    out: Vec<Quotation>,
    /// Tokens before this one are somebody's words already.
    done: usize,
}

impl Finder<'_, '_> {
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
                let next = self.read_cue(&found, first, clause, last, index);
                if next > found.end {
                    clause = next;
                }
                at = next.max(at + 1);
                continue;
            }
            if reading.is(at, Class::COLON) {
                let next = self.read_colon(at, first, clause, last, index);
                if next > at + 1 {
                    clause = next;
                }
                at = next;
                continue;
            }
            at += 1;
        }
        self.done = self.done.max(at);
        // Who was named in a sentence without words is who speaks next.
        if let Some(person) = self.speakers.subject(first, last, &self.focus).and_then(|s| s.entity) {
            self.attend(person);
        }
    }

    /// Reads a cue; returns where to go on.
    fn read_cue(&mut self, found: &Found, first: usize, clause: usize, last: usize, index: usize) -> usize {
        let reading = self.reading;
        let (first, clause) =
            (first.max(found.start.saturating_sub(REACH)), clause.max(found.start.saturating_sub(REACH)));
        let phrase = found.phrase;
        if phrase.is(Cue::According) {
            return self.read_according(found, first, last);
        }
        if !phrase.is_verb() {
            return found.end;
        }
        let before = found.start.checked_sub(1);
        if before.is_some_and(|at| reading.is(at, Class::MUTE)) || reading.is(found.end, Class::PASSIVE) {
            return found.end;
        }
        if phrase.is(Cue::Call) {
            self.read_judgement(found, first, clause);
            return found.end;
        }
        let mut after = found.end;
        while after < last && reading.is(after, Class::AUXILIARY) {
            after += 1;
        }
        let cue = reading.span(found.start, after);
        if phrase.is(Cue::Say)
            && let Some(content) = self.words_before(first, clause, found.start, after, last)
        {
            let speaker = self.speaker(first, content.1, found.start, phrase.plural);
            self.push(content.0, Some(cue), speaker, QuotationKind::Reported);
            return after;
        }
        let colon = reading.is(after, Class::COLON);
        let marked = colon || reading.is(after, Class::THAT);
        while after < last && reading.is(after, Class::THAT.and(Class::COLON)) {
            after += 1;
        }
        let quote = reading.quote_at(after);
        let participle = found.end == found.start + 1
            && cue == reading.span(found.start, found.end)
            && reading.raw(found.start).ends_with('ه');
        if !marked
            && quote.is_none()
            && (reading.is(after, NO_WORDS) || participle && !self.is_said(clause, found.start))
        {
            return found.end;
        }
        let follows = quote.is_some()
            || phrase.is(Cue::Say)
            || phrase.is(Cue::Text)
            || phrase.is(Cue::Inform) && (colon || !self.asks_somebody(clause, found.start))
            || phrase.is(Cue::Tell) && marked
            || phrase.is(Cue::Ask) && (marked || self.asks_somebody(clause, found.start));
        // «داستان پسری را روایت می‌کند که …»
        let tells_of = reading.is(found.start.saturating_sub(1), Class::OBJECT)
            && !reading.is(found.start.saturating_sub(2), Class::THIS)
            && !colon
            && quote.is_none();
        // «این را X گفت که …»: the words stand before.
        let is_told =
            reading.is(clause, Class::THIS) && reading.is(clause + 1, Class::OBJECT) && quote.is_none() && !colon;
        if !follows || tells_of || is_told || after >= last {
            return found.end;
        }
        let speaker = match phrase.is(Cue::Text) {
            true => self.author(first, found.start),
            false => self.speaker(first, clause, found.start, phrase.plural),
        };
        if let Some(quote) = quote.filter(|quote| self.is_whole(*quote, last)) {
            let content = self.inside(quote);
            self.push(content, Some(cue), speaker, QuotationKind::Direct);
            return quote.close + 1;
        }
        // What an outlet reports is no speech of its own.
        if self.is_outlet(&speaker, found) {
            return found.end;
        }
        let end = self.content_end(after, last, phrase.plural);
        let trimmed = self.trimmed(after, end);
        if !(reading.has_verb(after, trimmed) || colon && trimmed >= after + SHORTEST_WORDS) {
            return found.end;
        }
        let goes_on = colon || (after..trimmed).any(|at| reading.is(at, Class::FIRST));
        let end = if goes_on && end == last { self.speech_end(index, last) } else { end };
        let trimmed = self.trimmed(after, end);
        self.push(reading.span(after, trimmed), Some(cue), speaker, QuotationKind::Reported);
        end
    }

    /// The words that stand before a cue with nothing after it, and one past
    /// them: «آب کم است، او گفت.», «آب کم است؛ این را او گفت.»
    fn words_before(
        &self,
        first: usize,
        clause: usize,
        cue: usize,
        after: usize,
        last: usize,
    ) -> Option<(Span, usize)> {
        let reading = self.reading;
        let is_last = after >= last || reading.is(after, Class::STOP);
        let bound = Class::COMMA.and(Class::SEMICOLON);
        let at = (clause..cue).rev().find(|&at| {
            let this = reading.is(at + 1, Class::THIS) && reading.is(at + 2, Class::OBJECT);
            let named = reading.mention_at(at + 1).is_some() || reading.may_refer(at + 1);
            reading.is(at, bound) && (this || is_last && named && reading.is(at.wrapping_sub(1), Class::VERB))
        })?;
        let has_subject = self.speakers.subject(at + 1, cue, &self.focus).is_some_and(|s| s.entity.is_some());
        let end = self.trimmed(first, at);
        (has_subject && first < end && reading.has_verb(first, end)).then(|| (reading.span(first, end), at + 1))
    }

    /// Whether a participle that stands alone at `cue` is a verb: a person is
    /// named before it, «X، رئیس …، گفته …».
    fn is_said(&self, clause: usize, cue: usize) -> bool {
        let comma = cue.checked_sub(1).is_some_and(|at| self.reading.is(at, Class::COMMA));
        let subject = self.speakers.subject(clause, cue, &self.focus);
        comma && subject.is_some_and(|speaker| self.is_person(&speaker))
    }

    /// Whether somebody is asked for something before the verb at `cue`: «از X خواست».
    fn asks_somebody(&self, clause: usize, cue: usize) -> bool {
        (clause..cue).any(|at| self.reading.raw(at) == "از")
    }

    /// The author of a text: «در بیانیه X آمده است».
    fn author(&self, first: usize, cue: usize) -> Speaker {
        let author = (first..cue)
            .rev()
            .filter_map(|at| self.reading.mention_at(at))
            .find(|place| matches!(place.kind, EntityKind::Organization | EntityKind::Person) && !place.is_outlet);
        match author {
            Some(place) => Speaker { span: Some(place.span), entity: Some(place.entity), confidence: 0.7 },
            None => Speaker { span: None, entity: self.focus.body, confidence: 0.4 },
        }
    }

    /// One past the last token of speech without quotation marks that goes on
    /// after the sentence at `index`, which ends at `last`: through the
    /// sentences of the paragraph in which somebody speaks for himself.
    fn speech_end(&self, index: usize, last: usize) -> usize {
        let reading = self.reading;
        let mut end = last;
        for (next, sentence) in reading.sentences.iter().enumerate().skip(index + 1).take(LONGEST_SPEECH) {
            let tokens = sentence.tokens.clone();
            let is_other = |at: usize| {
                reading.quote_at(at).is_some()
                    || reading.phrase_at(at, tokens.end).is_some_and(|found| found.phrase.is(Cue::Say))
            };
            let opens_with_name = reading.mention_at(tokens.start).is_some_and(|m| m.kind == EntityKind::Person);
            if reading.opens_paragraph(next) || opens_with_name || tokens.clone().any(is_other) {
                break;
            }
            if tokens.clone().any(|at| reading.is(at, Class::FIRST)) {
                end = tokens.end;
            }
        }
        end
    }

    /// Reads a judgement between «را» and a verb: «X آن را … نامید».
    fn read_judgement(&mut self, found: &Found, first: usize, clause: usize) {
        let reading = self.reading;
        let reach = clause.max(found.start.saturating_sub(LONGEST_JUDGEMENT));
        let object = (reach..found.start).rev().find(|&at| reading.is(at, Class::OBJECT.and(Class::PUNCTUATION)));
        let Some(object) = object.filter(|&at| reading.is(at, Class::OBJECT)) else { return };
        if found.start - object > SHORTEST_JUDGEMENT {
            let speaker = self.speaker(first, clause, object, found.phrase.plural);
            let cue = reading.span(found.start, found.end);
            self.push(reading.span(object + 1, found.start), Some(cue), speaker, QuotationKind::Reported);
        }
    }

    /// Reads «به گفته X …»; returns where to go on.
    fn read_according(&mut self, found: &Found, first: usize, last: usize) -> usize {
        let reading = self.reading;
        // A title beside the name: «به گفته سخنگوی …، X».
        let mut at = found.end;
        while at < last
            && (reading.is(at, Class::ROLE) || reading.is(at, Class::COMMA) && reading.is(at - 1, Class::ROLE))
        {
            at += 1;
        }
        let mut speaker = None;
        if reading.is(at, Class::SELF) {
            speaker = self.speakers.subject(first, found.start, &self.focus);
            at += 1;
        }
        let last_name = last.min(found.end + LONGEST_TITLE);
        while at < last_name && speaker.is_none() {
            if let Some(mention) = reading.mention_at(at) {
                let speaks = matches!(mention.kind, EntityKind::Person | EntityKind::Organization) || at == found.end;
                if !speaks {
                    at = mention.end.max(at + 1);
                    continue;
                }
                speaker = Some(Speaker { span: Some(mention.span), entity: Some(mention.entity), confidence: 0.9 });
                at = mention.end.max(at + 1);
                break;
            }
            if let Some((meant, end)) = self.speakers.reference(at, last_name, &self.focus) {
                speaker = speaker.or(Some(meant));
                at = end.max(at + 1);
                // «به گفته پزشک همراه، X، …»
                let beside = reading.mention_at(at + 1).filter(|m| reading.is(at, Class::COMMA) && m.start == at + 1);
                if let Some(person) = beside.filter(|m| m.kind == EntityKind::Person && reading.is(m.end, Class::COMMA))
                {
                    speaker = Some(Speaker { span: Some(person.span), entity: Some(person.entity), confidence: 0.9 });
                    at = person.end;
                }
                break;
            }
            if reading.is(at, Class::PUNCTUATION.and(Class::THAT).and(Class::VERB)) {
                break;
            }
            at += 1;
        }
        // What stands beside the name: «، سخنگوی …،».
        let mut after = at;
        while after < last
            && (reading.is(after, Class::ROLE) || reading.is(after, Class::COMMA) && reading.is(after + 1, Class::ROLE))
        {
            after += 1;
        }
        // «X که در … کار می‌کند، …»
        if reading.is(after, Class::THAT) {
            let close = (after + 1..last.min(after + REACH))
                .find(|&at| reading.is(at, Class::COMMA) && reading.is(at - 1, Class::VERB));
            after = close.unwrap_or(after);
        }
        while after < last && reading.is(after, Class::COMMA.and(Class::COLON).and(Class::THAT)) {
            after += 1;
        }
        let Some(speaker) = speaker else { return found.end };
        let cue = reading.span(found.start, found.end);
        if let Some(quote) = reading.quote_at(after).filter(|quote| self.is_whole(*quote, last)) {
            self.push(self.inside(quote), Some(cue), speaker, QuotationKind::Direct);
            return quote.close + 1;
        }
        if self.is_outlet(&speaker, found) {
            return found.end;
        }
        let end = self.content_end(after, last, false);
        let trimmed = self.trimmed(after, end);
        if !reading.has_verb(after, trimmed) {
            return found.end;
        }
        self.push(reading.span(after, trimmed), Some(cue), speaker, QuotationKind::Reported);
        end
    }

    /// Reads a colon after a clause without a verb of speech.
    fn read_colon(&mut self, at: usize, first: usize, clause: usize, last: usize, index: usize) -> usize {
        let reading = self.reading;
        let (first, clause) = (first.max(at.saturating_sub(REACH)), clause.max(at.saturating_sub(REACH)));
        let after = at + 1;
        let quote = reading.quote_at(after);
        let names = at > first && (reading.mention_at(at - 1).is_some() || reading.is(at - 1, Class::ROLE));
        let leads = reading.has_verb(clause, at) || names;
        if !leads || !reading.has_verb(after, quote.map_or(last, |quote| quote.close).min(after + LONGEST_CONTENT)) {
            return after;
        }
        let subject = self.speakers.subject(first, at, &self.focus);
        let speaker = match (subject, quote) {
            (Some(speaker), _) if self.is_person(&speaker) => speaker,
            // «سازمان …: …», a headline.
            (Some(speaker), None) if names && reading.mention_at(first).is_some_and(|m| m.end == at) => speaker,
            (None, Some(_)) => self.speaker(first, clause, at, false),
            _ => return after,
        };
        match quote {
            Some(quote) => {
                self.push(self.inside(quote), None, speaker, QuotationKind::Direct);
                quote.close + 1
            }
            None => {
                let end = self.content_end(after, last, false);
                let end = if end == last { self.speech_end(index, last) } else { end };
                self.push(reading.span(after, self.trimmed(after, end)), None, speaker, QuotationKind::Reported);
                end
            }
        }
    }

    /// Reads quotation marks that no cue leads to; returns where to go on.
    fn read_quote(&mut self, quote: Quote, first: usize, clause: usize, last: usize, index: usize) -> usize {
        let reading = self.reading;
        let next = quote.close + 1;
        let near = quote.open.saturating_sub(REACH);
        let (near_first, clause) = (first.max(near), clause.max(near));
        let content = self.inside(quote);
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
                let speaker = self.speaker(near_first, clause, quote.open, found.phrase.plural);
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
        let to = to.min(from + REACH);
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
        // «سه تن را شنید که می‌گویند …», «او که می‌گوید …»
        let that = cue.checked_sub(1).filter(|&at| self.reading.is(at, Class::THAT));
        if let Some(place) = that.map(|that| that.checked_sub(1).and_then(|at| self.reading.mention_at(at))) {
            let place = place.filter(|place| matches!(place.kind, EntityKind::Person | EntityKind::Organization));
            let (span, entity) = (place.map(|place| place.span), place.map(|place| place.entity));
            return Speaker { span, entity, confidence: 0.6 };
        }
        let own = self.own_clause(clause, cue);
        let named = self.speakers.subject(own, cue, &self.focus).filter(|s| own > clause && s.confidence > 0.8);
        if let Some(mut speaker) = named.or_else(|| self.speakers.subject(clause, cue, &self.focus)) {
            // Several are no one person.
            if plural && speaker.confidence < 0.8 && self.is_person(&speaker) {
                speaker.entity = None;
            }
            return speaker;
        }
        if self.speakers.has_other_subject(clause, cue) {
            return Speaker { span: None, entity: None, confidence: 0.3 };
        }
        self.speakers.subject(first, clause.min(cue), &self.focus).unwrap_or_else(|| self.unnamed(plural))
    }

    /// Where the clause begins whose verb stands at `cue`: after the last verb
    /// that a conjunction follows.
    fn own_clause(&self, clause: usize, cue: usize) -> usize {
        let reading = self.reading;
        let joint = Class::CONJUNCTION.and(Class::SEMICOLON).and(Class::COMMA);
        let last = (clause + 1..cue).rev().find(|&at| reading.is(at, joint) && reading.is(at - 1, Class::VERB));
        last.map_or(clause, |at| at + 1)
    }

    /// Who speaks when nothing says it.
    fn unnamed(&self, plural: bool) -> Speaker {
        let entity = if plural { self.focus.body } else { self.focus.last.or(self.focus.person) };
        Speaker { span: None, entity, confidence: 0.5 }
    }

    /// Takes the entity at `index` for the one spoken of.
    fn attend(&mut self, index: usize) {
        match self.reading.entities.get(index).map(|entity| entity.kind) {
            Some(EntityKind::Person) => self.focus.person = Some(index),
            Some(EntityKind::Organization) => self.focus.body = Some(index),
            _ => return,
        }
        self.focus.last = Some(index);
    }

    /// Whether the speaker of the words that `found` leads to is an outlet.
    fn is_outlet(&self, speaker: &Speaker, found: &Found) -> bool {
        let reading = self.reading;
        let mention_at = |span: Span| reading.mention_at(reading.tokens_of(span).start);
        let entity = speaker.entity.and_then(|index| reading.entities.get(index));
        let named = entity.and_then(|entity| mention_at(entity.mentions.first()?.span));
        named.is_some_and(|place| place.is_outlet)
            || speaker.span.and_then(mention_at).is_some_and(|place| reading.writes(place, found))
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
        if let Some(index) = speaker.entity {
            self.attend(index);
        }
    }

    fn is_person(&self, speaker: &Speaker) -> bool {
        speaker
            .entity
            .and_then(|index| self.reading.entities.get(index))
            .is_some_and(|entity| entity.kind == EntityKind::Person)
    }

    /// Whether the quotation marks hold all that is said, not a word of it:
    /// the clause ends with them.
    fn is_whole(&self, quote: Quote, last: usize) -> bool {
        let after = quote.close + 1;
        self.reading.has_verb(quote.open + 1, quote.close)
            || after >= last
            || self.reading.is(after, Class::PUNCTUATION)
            || self.reading.is(quote.close - 1, Class::STOP)
    }

    /// What stands between the marks.
    fn inside(&self, quote: Quote) -> Span {
        self.reading.span(quote.open + 1, self.trimmed(quote.open + 1, quote.close))
    }

    /// One past the last token of the words that begin at `from` in a
    /// sentence that ends at `last`: they end where another clause of speech
    /// by as many begins.
    fn content_end(&self, from: usize, last: usize, plural: bool) -> usize {
        let reading = self.reading;
        let last = last.min(from + LONGEST_CONTENT);
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
                && (found.phrase.is(Cue::Say) && found.phrase.plural == plural || found.phrase.is(Cue::According))
                && end > from
            {
                return end;
            }
            let class = reading.class(at);
            if class.has(Class::VERB) {
                let joined = Class::CONJUNCTION.and(Class::SEMICOLON).and(Class::COMMA);
                clause = reading.is(at + 1, joined).then_some(at + 1);
            }
            let closes = reading.is(at + 1, Class::THIS) && reading.is(at + 2, Class::OBJECT);
            if class.has(Class::SEMICOLON) && closes && reading.has_verb(from, at) {
                return at;
            }
            at += 1;
        }
        last
    }

    /// `end`, less the punctuation that closes a sentence.
    fn trimmed(&self, from: usize, mut end: usize) -> usize {
        let reading = self.reading;
        while end > from && reading.is(end - 1, Class::PUNCTUATION) && !matches!(reading.raw(end - 1), "؟" | "!" | "?")
        {
            end -= 1;
        }
        end
    }
}
