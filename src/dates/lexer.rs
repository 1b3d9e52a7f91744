//! Turns tokens into lexemes: words of the tables, numbers, dates in digits.

use super::class::{Class, ClassSet};
use super::digits::{Digits, Group, NumericDate, begins_with_digit, digit, number_classes, numeric_date};
use super::lexicon::{Lexicon, Word};
use crate::segment::Token;
use crate::text::Span;

/// Longer words are in no table.
const LONGEST_WORD: usize = 64;

/// A word or number as the grammar sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub(super) classes: ClassSet,
    pub(super) span: Span,
    /// The number it is; the index in [`Lexemes::dates`]; seconds of the day.
    value: i32,
    /// Its word in the lexicon; 0 for none.
    word: u16,
    /// How many digits it is written with; 0 when spelled or no number.
    digits: u8,
}

/// The lexemes of a sentence; reused from one to the next.
#[derive(Debug, Default)]
pub(super) struct Lexemes {
    pub(super) all: Vec<Lexeme>,
    pub(super) dates: Vec<NumericDate>,
    buffer: String,
}

/// The classes whose value is the number itself.
const NUMERIC: ClassSet = ClassSet::of(Class::Number)
    .with(Class::Ordinal)
    .with(Class::Dom)
    .with(Class::DomWord)
    .with(Class::Hour)
    .with(Class::Minute)
    .with(Class::Year4)
    .with(Class::YearBare)
    .with(Class::Year2)
    .with(Class::Tens)
    .with(Class::NumDate)
    .with(Class::NumMonth)
    .with(Class::Clock)
    .with(Class::Decimal);

impl Lexeme {
    /// What it is worth as `class`.
    pub(super) fn value(&self, class: Class, lexicon: &Lexicon) -> i32 {
        if NUMERIC.has(class) {
            return self.value;
        }
        lexicon.word(self.word).and_then(|word| word.value(class)).unwrap_or_default()
    }

    /// The number it is.
    pub(super) const fn number(&self) -> i32 {
        self.value
    }

    const fn unknown(span: Span) -> Self {
        Self { classes: ClassSet(0), span, value: 0, word: 0, digits: 0 }
    }

    fn is_cardinal(&self) -> bool {
        self.classes.has(Class::Number)
    }
}

impl Lexemes {
    /// Reads `tokens`, those of one sentence of `text`.
    pub(super) fn read(&mut self, text: &str, tokens: &[Token], lexicon: &Lexicon) {
        self.all.clear();
        self.dates.clear();
        let mut done = 0;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let (start, end) = (token.span.start as usize, token.span.end as usize);
            done = done.max(start);
            if done >= end {
                continue;
            }
            let bytes = text.as_bytes();
            if !begins_with_digit(bytes.get(done..end).unwrap_or_default()) {
                if !lexicon.may_have(bytes, done, end) {
                    self.all.push(Lexeme::unknown(Span::new(done, end)));
                    done = end;
                    continue;
                }
                at += self.word(text, tokens.get(at..).unwrap_or_default(), Span::new(done, end), lexicon);
                done = end;
                continue;
            }
            // A number may end before its token («12مهر») or after («1404/7/1»
            // as five tokens).
            while done < end {
                let rest = text.get(done..).unwrap_or_default();
                if begins_with_digit(rest.as_bytes()) {
                    done += self.number(rest, done);
                } else {
                    let inside = text.get(done..end).unwrap_or_default();
                    let until = inside.char_indices().find(|(_, c)| digit(*c).is_some()).map_or(end, |(n, _)| done + n);
                    self.word(text, &[], Span::new(done, until), lexicon);
                    done = until;
                }
            }
        }
    }

    /// Adds the word at `span`, and those of `following` that belong to it;
    /// returns how many.
    fn word(&mut self, text: &str, following: &[Token], span: Span, lexicon: &Lexicon) -> usize {
        let unknown = Lexeme::unknown(span);
        let mut folded = [0; LONGEST_WORD];
        let Some(form) = fold(span.of(text), &mut folded).and_then(|word| lexicon.get(word)) else {
            self.all.push(unknown);
            return 0;
        };
        let (mut best, mut taken, mut end) = (form, 0, span.end);
        let may_go_on = |token: &Token| {
            let (start, end) = (token.span.start as usize, token.span.end as usize);
            lexicon.may_go_on_with(text.as_bytes(), start, end)
        };
        if form.goes_on && following.first().is_some_and(may_go_on) {
            let mut joined = std::mem::take(&mut self.buffer);
            joined.clear();
            joined.push_str(fold(span.of(text), &mut folded).unwrap_or_default());
            for (n, token) in following.iter().enumerate() {
                let Some(word) = fold(token.span.of(text), &mut folded) else { break };
                joined.push(' ');
                joined.push_str(word);
                let Some(longer) = lexicon.get(&joined) else { break };
                if longer.words > 0 {
                    (best, taken, end) = (longer, n + 1, token.span.end);
                }
                if !longer.goes_on {
                    break;
                }
            }
            self.buffer = joined;
        }
        if best.words == 0 {
            self.all.push(unknown);
            return 0;
        }
        let span = Span { start: span.start, end };
        for index in best.word..best.word + u16::from(best.words) {
            if let Some(word) = lexicon.word(index) {
                self.push_word(index, word, span);
            }
        }
        taken
    }

    fn push_word(&mut self, index: u16, word: &Word, span: Span) {
        let mut lexeme = Lexeme { classes: word.classes, span, value: 0, word: index, digits: 0 };
        if word.classes.has(Class::Suffix)
            && let Some(number) = self.all.last_mut().filter(|last| last.digits > 0 && last.span.end == span.start)
        {
            number.span.end = span.end;
            number.classes = number_classes(number.value, usize::from(number.digits), true);
            return;
        }
        if !word.classes.meets(COUNTING) {
            self.all.push(lexeme);
            return;
        }
        let cardinal = word.value(Class::Number);
        if let Some(n) = cardinal.or(word.value(Class::Ordinal)) {
            lexeme.value = n;
            lexeme.classes.0 |= number_classes(n, 0, cardinal.is_none()).0;
            // «نه» is nine and no.
            if word.classes.has(Class::Prep) {
                lexeme.classes.0 &= !ClassSet::of(Class::DomWord).0;
            }
            self.push_number(lexeme);
        } else if word.classes.has(Class::Counted) && word.value(Class::Counted) == Some(MAGNITUDE) {
            self.spoil();
            self.all.push(lexeme);
        } else {
            self.all.push(lexeme);
        }
    }

    /// Adds a number, joined with what it belongs to before it: «سی و یکم»,
    /// «هزار و سیصد و یازده», «2 هزار».
    fn push_number(&mut self, number: Lexeme) {
        let spelled = number.digits == 0;
        let (joined, taken) = match self.all.as_slice() {
            [.., a] if a.is_cardinal() && spelled && number.value == 1000 && (1..1000).contains(&a.value) => {
                (a.value * 1000, 1)
            }
            [.., a, and]
                if and.classes.has(Class::And)
                    && a.is_cardinal()
                    && (a.digits == 0 || a.value >= 1000 && a.word == 0)
                    && fits_below(a.value, number.value)
                    && (spelled || a.value >= 1000 && a.digits == 0) =>
            {
                (a.value + number.value, 2)
            }
            _ => return self.all.push(number),
        };
        let at = self.all.len() - taken;
        let Some(first) = self.all.get(at) else { return };
        let ordinal = number.classes.has(Class::Ordinal) && !number.is_cardinal();
        let whole = Lexeme {
            classes: number_classes(joined, 0, ordinal),
            span: Span { start: first.span.start, end: number.span.end },
            value: joined,
            word: 0,
            digits: 0,
        };
        self.all.truncate(at);
        self.all.push(whole);
    }

    /// A magnitude follows: the number before it is no date.
    fn spoil(&mut self) {
        if let Some(last) = self.all.last_mut().filter(|last| last.is_cardinal()) {
            last.classes = ClassSet::default();
        }
    }

    /// Adds the number that `text` begins with, which is at byte `at` of the
    /// whole; returns its length.
    fn number(&mut self, text: &str, at: usize) -> usize {
        let digits = Digits::read(text);
        let span = Span::new(at, at + digits.end);
        let plain = Lexeme::unknown(span);
        let part = |index: usize| digits.groups.get(index).copied().unwrap_or_default();
        let integer = |group: Group| Lexeme {
            classes: number_classes(group.value, group.digits, false),
            span: Span::new(at + group.start, at + group.end),
            value: group.value,
            digits: group.digits.min(200) as u8,
            ..plain
        };
        match (digits.count, digits.separator) {
            (1, _) => self.push_number(integer(part(0))),
            (2, '-') => {
                self.all.push(integer(part(0)));
                let dash = Span::new(at + part(0).end, at + part(1).start);
                self.all.push(Lexeme { classes: ClassSet::of(Class::Dash), span: dash, ..plain });
                self.all.push(integer(part(1)));
            }
            (2 | 3, _) if self.is_clock(&digits) => {
                let seconds = part(0).value * 3600 + part(1).value * 60 + part(2).value;
                self.all.push(Lexeme { classes: ClassSet::of(Class::Clock), value: seconds, ..plain });
            }
            (2, '/') if part(0).digits == 4 && part(1).digits == 2 && (1..=12).contains(&part(1).value) => {
                let value = part(0).value * 100 + part(1).value;
                self.all.push(Lexeme { classes: ClassSet::of(Class::NumMonth), value, ..plain });
            }
            (2, '/' | '.') if part(0).digits <= 3 && part(1).digits == 1 => {
                let value = part(0).value * 10 + part(1).value;
                self.all.push(Lexeme { classes: ClassSet::of(Class::Decimal), value, ..plain });
            }
            (3, '/' | '-' | '.') => match numeric_date(part(0), part(1), part(2), digits.separator) {
                Some(date) => {
                    let value = self.dates.len() as i32;
                    self.dates.push(date);
                    self.all.push(Lexeme { classes: ClassSet::of(Class::NumDate), value, ..plain });
                    return digits.end + self.iso_time(text.get(digits.end..).unwrap_or_default(), at + digits.end);
                }
                None => self.all.push(plain),
            },
            _ => self.all.push(plain),
        }
        digits.end
    }

    /// «18:30»; with another separator only after ساعت.
    fn is_clock(&self, digits: &Digits) -> bool {
        let separator = match digits.separator {
            ':' => true,
            '.' | '/' => digits.count == 2 && self.all.last().is_some_and(|last| last.classes.has(Class::Saat)),
            _ => false,
        };
        let mut groups = digits.groups.iter().take(digits.count);
        let hour = groups.next().is_some_and(|hour| hour.digits <= 2 && hour.value <= 24);
        separator && hour && groups.all(|group| group.digits == 2 && group.value < 60)
    }

    /// The `T18:30:00Z` of an ISO date.
    fn iso_time(&mut self, text: &str, at: usize) -> usize {
        let Some(time) = text.strip_prefix('T') else { return 0 };
        let digits = Digits::read(time);
        if !begins_with_digit(time.as_bytes()) || !self.is_clock(&digits) {
            return 0;
        }
        let before = self.all.len();
        self.number(time, at + 1);
        let mut end = 1 + digits.end;
        let rest = text.get(end..).unwrap_or_default();
        if rest.starts_with('Z') {
            end += 1;
        } else if let Some(offset) = rest.strip_prefix(['+', '-']).filter(|offset| begins_with_digit(offset.as_bytes()))
        {
            end += 1 + Digits::read(offset).end;
        }
        if let Some(clock) = self.all.get_mut(before) {
            clock.span = Span::new(at, at + end);
        }
        end
    }
}

/// Words that are numbers, or say of one before them that it counts.
const COUNTING: ClassSet = ClassSet::of(Class::Number).with(Class::Ordinal).with(Class::Counted);

/// The value of class `counted` that marks million and more.
const MAGNITUDE: i32 = 6;

/// Whether «`high` و `low`» is one number.
fn fits_below(high: i32, low: i32) -> bool {
    low > 0
        && (high >= 1000 && high % 1000 == 0 && low < 1000
            || high >= 100 && high % 100 == 0 && low < 100
            || high % 100 >= 20 && high % 10 == 0 && low < 10)
}

/// `word` as the tables have it, without ZWNJs; `None` when it is too long to
/// be there.
pub(super) fn fold<'a>(word: &'a str, buffer: &'a mut [u8; LONGEST_WORD]) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    // The first byte of a ZWNJ, and of few other characters.
    if !word.as_bytes().contains(&0xE2) {
        return Some(word);
    }
    let mut length = 0;
    for c in word.chars().filter(|c| *c != '\u{200C}') {
        let encoded = c.encode_utf8(buffer.get_mut(length..)?.get_mut(..c.len_utf8())?);
        length += encoded.len();
    }
    std::str::from_utf8(buffer.get(..length)?).ok()
}
