//! Where somebody's words begin and end.

use super::lexicon::{Class, Cue};
use super::reading::{Quote, Reading};
use crate::entities::EntityKind;
use crate::text::Span;

/// The most tokens of reported speech in one sentence: a sentence may have no end.
pub(super) const LONGEST_CONTENT: usize = 400;
/// How many sentences speech without quotation marks goes on for at most.
const LONGEST_SPEECH: usize = 4;

impl Reading<'_> {
    /// One past the last token of speech without quotation marks that goes on
    /// after the sentence at `index`, which ends at `last`: through the
    /// sentences of the paragraph in which somebody speaks for himself.
    pub(super) fn speech_end(&self, index: usize, last: usize) -> usize {
        let mut end = last;
        for (next, sentence) in self.sentences.iter().enumerate().skip(index + 1).take(LONGEST_SPEECH) {
            let tokens = sentence.tokens.clone();
            let is_other = |at: usize| {
                self.quote_at(at).is_some()
                    || self.phrase_at(at, tokens.end).is_some_and(|found| found.phrase.is(Cue::Say))
            };
            let opens_with_name = self.mention_at(tokens.start).is_some_and(|m| m.kind == EntityKind::Person);
            if self.opens_paragraph(next) || opens_with_name || tokens.clone().any(is_other) {
                break;
            }
            if tokens.clone().any(|at| self.is(at, Class::FIRST)) {
                end = tokens.end;
            }
        }
        end
    }

    /// What stands between the marks.
    pub(super) fn inside(&self, quote: Quote) -> Span {
        self.span(quote.open + 1, self.trimmed(quote.open + 1, quote.close))
    }

    /// Whether the quotation marks hold all that is said, not a word of it:
    /// the clause ends with them.
    pub(super) fn is_whole(&self, quote: Quote, last: usize) -> bool {
        let after = quote.close + 1;
        self.has_verb(quote.open + 1, quote.close)
            || after >= last
            || self.is(after, Class::PUNCTUATION)
            || self.is(quote.close - 1, Class::STOP)
    }

    /// One past the last token of the words that begin at `from` in a
    /// sentence that ends at `last`: they end where another clause of speech
    /// by as many begins.
    pub(super) fn content_end(&self, from: usize, last: usize, plural: bool) -> usize {
        let last = last.min(from + LONGEST_CONTENT);
        // One past the last verb, and whether a new clause has begun since.
        let mut clause: Option<usize> = None;
        let mut at = from;
        while at < last {
            if let Some(quote) = self.quote_at(at) {
                at = quote.close + 1;
                continue;
            }
            let found = self.phrase_at(at, last);
            if let (Some(end), Some(found)) = (clause, found)
                && (found.phrase.is(Cue::Say) && found.phrase.plural == plural || found.phrase.is(Cue::According))
                && end > from
            {
                return end;
            }
            let class = self.class(at);
            if class.has(Class::VERB) {
                let joined = Class::CONJUNCTION.and(Class::SEMICOLON).and(Class::COMMA);
                clause = self.is(at + 1, joined).then_some(at + 1);
            }
            let closes = self.is(at + 1, Class::THIS) && self.is(at + 2, Class::OBJECT);
            if class.has(Class::SEMICOLON) && closes && self.has_verb(from, at) {
                return at;
            }
            at += 1;
        }
        last
    }

    /// `end`, less the punctuation that closes a sentence.
    pub(super) fn trimmed(&self, from: usize, mut end: usize) -> usize {
        while end > from && self.is(end - 1, Class::PUNCTUATION) && !matches!(self.raw(end - 1), "؟" | "!" | "?") {
            end -= 1;
        }
        end
    }
}
