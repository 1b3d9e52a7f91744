//! The article as the rules read it: what each token is, which entity it
//! names, and what stands between quotation marks.

use super::lexicon::{Class, Cue, Lexicon, Phrase};
use super::outlets::Outlets;
use crate::entities::fold::{self, fold_into};
use crate::entities::{Entity, EntityKind};
use crate::segment::{Sentence, Token, TokenKind};
use crate::text::Span;

/// The most words of a role or title that are compared.
const LONGEST_TITLE: usize = 12;

/// The most words of an outlet's name.
const LONGEST_OUTLET: usize = 4;

/// The article as the rules read it; made once for all of them. Indices are
/// those of the document's tokens.
#[derive(Debug)]
pub struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) sentences: &'a [Sentence],
    pub(super) entities: &'a [Entity],
    words: Vec<Word>,
    /// The folded forms of the words, one after another.
    folded: String,
    /// The mentions, in order.
    pub(super) mentions: Vec<Place>,
    /// For each token, one more than the index of its mention; 0 when there is none.
    mention_of: Vec<u32>,
    /// What stands between quotation marks.
    pub(super) quotes: Vec<Quote>,
    /// For each sentence, whether a paragraph begins with it.
    paragraphs: Vec<bool>,
}

/// One token.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    pub(super) class: Class,
    /// Of the folded form; 0 outside of the running text.
    pub(super) hash: u64,
    /// The most words of a phrase of the tables that it opens.
    opens: u8,
    /// The most words of a post that it opens.
    titles: u8,
    /// The binary logarithm of the number of documents for each that has it.
    pub(super) rarity: u8,
    /// Of its stem: inflected forms of a word have one.
    pub(super) stem: u64,
    /// Where its folded form lies.
    pub(super) folded: Span,
}

/// A mention, in tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Index of its entity.
    pub(super) entity: usize,
    pub(super) kind: EntityKind,
    pub(super) span: Span,
    /// Whether it is an outlet's by its name.
    pub(super) is_outlet: bool,
}

/// A pair of quotation marks: the tokens that they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    pub(super) open: usize,
    pub(super) close: usize,
}

/// A phrase of the tables in the text: tokens `start..end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) phrase: Phrase,
}

impl<'a> Reading<'a> {
    /// Reads `sentences`, which are those of the running text; `text` is
    /// normalised and `tokens` are those of the whole document.
    pub fn new(text: &'a str, sentences: &'a [Sentence], tokens: &'a [Token], entities: &'a [Entity]) -> Self {
        let mut reading = Self {
            text,
            tokens,
            sentences,
            entities,
            folded: String::new(),
            words: vec![Word::default(); tokens.len()],
            mentions: Vec::new(),
            mention_of: vec![0; tokens.len()],
            quotes: Vec::new(),
            paragraphs: Vec::with_capacity(sentences.len()),
        };
        reading.read_words();
        reading.place_mentions();
        reading.mark_roles();
        reading.pair_quotes();
        reading
    }

    /// The word at `at`; an empty one outside of the running text.
    pub(super) fn word(&self, at: usize) -> Word {
        self.words.get(at).copied().unwrap_or_default()
    }

    pub(super) fn class(&self, at: usize) -> Class {
        self.word(at).class
    }

    pub(super) fn is(&self, at: usize, class: Class) -> bool {
        self.class(at).has(class)
    }

    /// The mention that the token at `at` belongs to.
    pub(super) fn mention_at(&self, at: usize) -> Option<&Place> {
        let index = self.mention_of.get(at).copied().unwrap_or_default() as usize;
        self.mentions.get(index.checked_sub(1)?)
    }

    /// The text of the token at `at`.
    pub(super) fn raw(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.text))
    }

    /// The folded form of the word at `at`; empty for punctuation.
    pub(super) fn folded(&self, at: usize) -> &str {
        self.word(at).folded.of(&self.folded)
    }

    /// The bytes of tokens `start..end`.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        match (self.tokens.get(start), end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if start < end => Span { start: first.span.start, end: last.span.end },
            _ => Span::default(),
        }
    }

    /// Whether a paragraph begins with the sentence at `index`.
    pub(super) fn opens_paragraph(&self, index: usize) -> bool {
        self.paragraphs.get(index).copied().unwrap_or(true)
    }

    /// The quotation that opens at token `at`.
    pub(super) fn quote_at(&self, at: usize) -> Option<Quote> {
        let index = self.quotes.binary_search_by_key(&at, |quote| quote.open).ok()?;
        self.quotes.get(index).copied()
    }

    /// The longest phrase of the tables that begins at `at` and ends by `limit`.
    pub(super) fn phrase_at(&self, at: usize, limit: usize) -> Option<Found> {
        let opens = self.word(at).opens as usize;
        if opens == 0 {
            return None;
        }
        let lexicon = Lexicon::get();
        (1..=opens.min(limit.saturating_sub(at))).rev().find_map(|length| {
            let phrase = lexicon.phrase(self.key(at, at + length))?;
            Some(Found { start: at, end: at + length, phrase })
        })
    }

    /// The phrase at `at` that does what `cue` says.
    pub(super) fn cue_at(&self, at: usize, limit: usize, cue: Cue) -> Option<Found> {
        self.phrase_at(at, limit).filter(|found| found.phrase.is(cue))
    }

    /// One past the post that begins at `at`: «وزیر».
    pub(super) fn title_at(&self, at: usize, limit: usize) -> Option<usize> {
        let opens = self.word(at).titles as usize;
        if opens == 0 {
            return None;
        }
        let lexicon = Lexicon::get();
        let length =
            (1..=opens.min(limit.saturating_sub(at))).rev().find(|&n| lexicon.is_title(self.key(at, at + n)))?;
        Some(at + length)
    }

    /// Whether the word at `at` may name somebody without a name.
    pub(super) fn may_refer(&self, at: usize) -> bool {
        let word = self.word(at);
        word.titles > 0 || word.class.has(Class::PRONOUN.and(Class::THIS).and(Class::PERSON))
    }

    fn key(&self, start: usize, end: usize) -> u64 {
        fold::key((start..end).map(|at| self.word(at).hash))
    }

    /// The folded words of tokens `start..end`, nothing between them.
    pub(super) fn joined(&self, start: usize, end: usize) -> &str {
        let mut words = (start..end).map(|at| self.word(at)).filter(|word| word.hash != 0);
        let Some(first) = words.next() else { return "" };
        let last = words.last().unwrap_or(first);
        Span { start: first.folded.start, end: last.folded.end }.of(&self.folded)
    }

    /// Whether a name of this kind in tokens `start..end` is an outlet's.
    fn names_outlet(&self, start: usize, end: usize, kind: EntityKind) -> bool {
        let outlets = Outlets::get();
        let name = self.joined(start, end);
        let body = matches!(kind, EntityKind::Organization | EntityKind::Product);
        kind != EntityKind::Person && (self.is(start, Class::OUTLET) || self.is(start + 1, Class::NEWS))
            || body && outlets.find(name).is_some()
            || outlets.is_like(name)
    }

    /// The known outlet whose name begins at `at`, by `limit`; one past it.
    pub(super) fn known_outlet(&self, at: usize, limit: usize) -> Option<(usize, &'static str)> {
        if !self.is(at, Class::OUTLET_NAME) {
            return None;
        }
        let most = limit.min(at + LONGEST_OUTLET);
        (at + 1..=most).rev().find_map(|end| Some((end, Outlets::get().find(self.joined(at, end))?)))
    }

    /// Whether the mention is an outlet's by its name or by the verb `found`
    /// right after it: «X نوشت».
    pub(super) fn writes(&self, mention: &Place, found: &Found) -> bool {
        let alone = mention.start.checked_sub(1).is_none_or(|before| {
            self.is(before, Class::PUNCTUATION.and(Class::CONJUNCTION).and(Class::THAT).and(Class::ADVERB))
        });
        let says = found.phrase.is(Cue::Write) || found.phrase.is(Cue::From);
        mention.is_outlet || says && alone && mention.end == found.start && mention.kind == EntityKind::Organization
    }

    /// Whether a verb stands in tokens `start..end`.
    pub(super) fn has_verb(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| self.is(at, Class::VERB))
    }

    fn read_words(&mut self) {
        let lexicon = Lexicon::get();
        let mut folded = String::new();
        let mut last_end = None;
        for sentence in self.sentences {
            let gap = last_end.and_then(|end| self.text.get(end as usize..sentence.span.start as usize));
            self.paragraphs.push(gap.is_none_or(|gap| gap.contains('\n')));
            last_end = Some(sentence.span.end);
            for at in sentence.tokens.clone() {
                let (Some(token), Some(slot)) = (self.tokens.get(at), self.words.get_mut(at)) else { continue };
                let raw = token.span.of(self.text);
                if token.kind == TokenKind::Punctuation {
                    slot.class = punctuation(raw);
                    continue;
                }
                let word = if fold::is_folded(raw) {
                    raw
                } else {
                    fold_into(raw, &mut folded);
                    &folded
                };
                slot.hash = fold::hash(word);
                slot.folded = Span::new(self.folded.len(), self.folded.len() + word.len());
                self.folded.push_str(word);
                let known = lexicon.word(word, slot.hash);
                (slot.class, slot.opens, slot.titles) = (known.class, known.opens, known.titles);
                (slot.rarity, slot.stem) = (known.rarity, known.stem);
            }
        }
    }

    fn place_mentions(&mut self) {
        for (entity, found) in self.entities.iter().enumerate() {
            for mention in &found.mentions {
                let start = self.tokens.partition_point(|token| token.span.end <= mention.span.start);
                let end = self.tokens.partition_point(|token| token.span.start < mention.span.end);
                if start < end {
                    let is_outlet = self.names_outlet(start, end, found.kind);
                    self.mentions.push(Place { start, end, entity, kind: found.kind, span: mention.span, is_outlet });
                }
            }
        }
        self.mentions.sort_unstable_by_key(|place| (place.start, place.end));
        for (index, place) in self.mentions.iter().enumerate() {
            for slot in self.mention_of.get_mut(place.start..place.end).unwrap_or_default() {
                *slot = index as u32 + 1;
            }
        }
    }

    fn mark_roles(&mut self) {
        for role in self.entities.iter().flat_map(|entity| &entity.roles) {
            let start = self.tokens.partition_point(|token| token.span.end <= role.span.start);
            let end = self.tokens.partition_point(|token| token.span.start < role.span.end);
            for word in self.words.get_mut(start..end.max(start)).unwrap_or_default() {
                word.class = word.class.and(Class::ROLE);
            }
        }
    }

    /// Pairs the outermost quotation marks of each paragraph.
    fn pair_quotes(&mut self) {
        let mut open: Option<(usize, usize)> = None;
        for (index, sentence) in self.sentences.iter().enumerate() {
            if self.opens_paragraph(index) {
                open = None;
            }
            for at in sentence.tokens.clone() {
                let class = self.class(at);
                match (&mut open, self.raw(at)) {
                    (Some((start, _)), "\"") => {
                        self.quotes.push(Quote { open: *start, close: at });
                        open = None;
                    }
                    (None, "\"") => open = Some((at, 1)),
                    (Some((_, depth)), _) if class.has(Class::OPEN) => *depth += 1,
                    (None, _) if class.has(Class::OPEN) => open = Some((at, 1)),
                    (Some((start, depth)), _) if class.has(Class::CLOSE) => {
                        *depth -= 1;
                        if *depth == 0 {
                            self.quotes.push(Quote { open: *start, close: at });
                            open = None;
                        }
                    }
                    _ => {}
                }
            }
        }
        for quote in &self.quotes {
            for word in self.words.get_mut(quote.open + 1..quote.close).unwrap_or_default() {
                word.class = word.class.and(Class::QUOTED);
            }
        }
    }

    /// A number for each beginning of the title `start..end`, the longest
    /// last; equal for titles that differ in spaces and ezafe alone:
    /// «رئیس جمهور روسیه», «رئیس‌جمهوری روسیه».
    pub(super) fn title_keys(&self, start: usize, end: usize) -> impl Iterator<Item = u64> {
        (start..end.min(start + LONGEST_TITLE)).scan(0u64, move |key, at| {
            let folded = self.folded(at);
            let bare = folded.strip_suffix('ی').filter(|bare| bare.len() > 4).unwrap_or(folded);
            for byte in bare.bytes() {
                *key = (key.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517C_C1B7_2722_0A95);
            }
            Some(*key)
        })
    }

    /// The tokens of a span.
    pub(super) fn tokens_of(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.tokens.partition_point(|token| token.span.end <= span.start);
        let end = self.tokens.partition_point(|token| token.span.start < span.end);
        start..end.max(start)
    }
}

fn punctuation(raw: &str) -> Class {
    match raw.chars().next() {
        Some('«' | '“' | '"' | '„') => Class::OPEN,
        Some('»' | '”') => Class::CLOSE,
        Some('،' | ',') => Class::COMMA,
        Some('؛' | ';') => Class::SEMICOLON,
        Some(':') => Class::COLON,
        Some('.' | '!' | '؟' | '?' | '…') => Class::STOP,
        _ => Class::MARK,
    }
}
