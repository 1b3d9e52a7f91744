//! What stands around a match, and what the article has told before it.

use crate::dates::calendar::Day;
use crate::dates::class::{Class, ClassSet};
use crate::dates::lexer::Lexeme;
use crate::dates::lexicon::Lexicon;
use crate::dates::tense::{Clause, Clauses, Tense, Verbs};
use crate::dates::{Calendar, DateMention, Kind, Modifier, Resolution};

/// What stands around a match, to be looked at when it is needed.
#[derive(Clone, Copy, Debug)]
pub(in crate::dates) struct Around<'a> {
    pub(in crate::dates) text: &'a str,
    pub(in crate::dates) verbs: &'a Verbs,
    pub(in crate::dates) clauses: &'a Clauses,
    /// The lexemes of the sentence, and which of them are the match.
    pub(in crate::dates) lexemes: &'a [Lexeme],
    pub(in crate::dates) first: usize,
    pub(in crate::dates) end: usize,
}

impl Around<'_> {
    /// The tense of the clause.
    pub(super) fn tense(&self) -> Tense {
        let clause = Clause { text: self.text, lexemes: self.lexemes, seen: self.clauses };
        self.verbs.tense(clause, self.first, self.end)
    }

    fn before(&self) -> Option<&Lexeme> {
        self.first.checked_sub(1).and_then(|at| self.lexemes.get(at))
    }

    /// Whether «تا» stands before.
    pub(super) fn until(&self) -> bool {
        self.before().is_some_and(|lexeme| lexeme.classes.has(Class::To))
    }

    /// The year after a list that it is in: «مهر و آبان ۱۴۰۳».
    pub(super) fn listed_year(&self) -> Option<i32> {
        const JOINT: ClassSet = ClassSet::of(Class::And).with(Class::Comma);
        const NAMES: ClassSet = ClassSet::of(Class::Month).with(Class::WordMonth).with(Class::Season);
        const REST: ClassSet = ClassSet::of(Class::Mah).with(Class::Sal).with(Class::Year4);
        let is_listed = |lexeme: &&Lexeme| [JOINT, NAMES, REST].iter().any(|set| lexeme.classes.meets(*set));
        let mut list = self.lexemes.get(self.end..)?.iter().take(LONGEST_LIST).take_while(is_listed);
        list.next().filter(|first| first.classes.meets(JOINT))?;
        list.next().filter(|second| second.classes.meets(NAMES))?;
        list.find(|lexeme| lexeme.classes.has(Class::Year4)).map(Lexeme::number)
    }

    /// The week after a list of weekdays: «دوشنبه و چهارشنبه هفته گذشته».
    pub(super) fn listed_week(&self) -> Option<i32> {
        const JOINT: ClassSet = ClassSet::of(Class::And).with(Class::Comma);
        let mut rest = self.lexemes.get(self.end..)?.iter().take(LONGEST_LIST);
        let mut lexeme = rest.next().filter(|lexeme| lexeme.classes.meets(JOINT))?;
        while lexeme.classes.meets(JOINT) {
            rest.next().filter(|lexeme| lexeme.classes.has(Class::Weekday))?;
            lexeme = rest.next()?;
        }
        let direction = rest.next().filter(|_| lexeme.classes.has(Class::Hafte))?.classes;
        match direction {
            _ if direction.has(Class::Last) => Some(-1),
            _ if direction.has(Class::Current) => Some(0),
            _ if direction.has(Class::Next) => Some(1),
            _ => None,
        }
    }

    /// «حدود», «بیش از» before it.
    pub(super) fn approximation(&self, lexicon: &Lexicon) -> Option<Modifier> {
        let before = self.before().filter(|lexeme| lexeme.classes.has(Class::Approx))?;
        let modifiers = [Modifier::Approx, Modifier::MoreThan, Modifier::LessThan];
        modifiers.get(before.value(Class::Approx, lexicon) as usize).copied()
    }
}

/// A list of months that share their year, in words.
const LONGEST_LIST: usize = 8;

/// What the article has told so far.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::dates) struct Memory {
    /// The document's day.
    pub(super) document: Option<Day>,
    /// The last year that was written in this sentence.
    pub(super) sentence_year: Option<(Calendar, i32)>,
    /// The last day mentioned, and how many sentences ago.
    pub(super) day: Option<(Day, u32)>,
    /// The last year mentioned.
    pub(super) year: Option<(Calendar, i32)>,
    /// How many dates each calendar has had.
    persian: u32,
    gregorian: u32,
}

/// A day is not carried over farther than this many sentences.
pub(super) const MEMORY_OF_DAYS: u32 = 6;

impl Memory {
    pub(in crate::dates) fn new(document: Option<Day>) -> Self {
        Self { document, ..Self::default() }
    }

    /// Begins the next sentence.
    pub(in crate::dates) fn next_sentence(&mut self) {
        self.sentence_year = None;
        self.day = self.day.map(|(day, ago)| (day, ago + 1));
    }

    /// Learns from a mention.
    pub(in crate::dates) fn note(&mut self, mention: &DateMention) {
        let Some(interval) = mention.interval.filter(|_| matches!(mention.kind, Kind::Date | Kind::Time)) else {
            return;
        };
        match mention.calendar {
            Some(Calendar::Persian) => self.persian += 1,
            Some(Calendar::Gregorian) => self.gregorian += 1,
            _ => {}
        }
        if interval.end == interval.start.plus(1) {
            self.day = Some((interval.start, 0));
        }
        if let Some(calendar) = mention.calendar {
            let year = calendar.fields(interval.start).0;
            self.year = Some((calendar, year));
            if mention.resolution == Resolution::Explicit {
                self.sentence_year = Some((calendar, year));
            }
        }
    }

    /// The same on another day, with no year written.
    pub(super) fn on(&self, day: Day) -> Self {
        Self { document: Some(day), sentence_year: None, ..*self }
    }

    /// The calendar of «سال گذشته».
    pub(super) fn calendar(&self) -> Calendar {
        if self.gregorian > self.persian { Calendar::Gregorian } else { Calendar::Persian }
    }
}
