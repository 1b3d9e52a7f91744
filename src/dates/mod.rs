//! When: finds temporal expressions and resolves them to days.

pub mod calendar;
mod class;
mod digits;
#[cfg(test)]
mod documentation;
mod find;
mod grammar;
mod header;
mod islamic;
mod lengths;
mod lexer;
mod lexicon;
mod outlines;
mod resolve;
mod tense;
mod time;
mod unit;

pub use calendar::Day;
pub use header::date_in_line;

use std::sync::LazyLock;

use crate::segment::{Sentence, Token};
use crate::text::Span;
use find::Finder;
use grammar::{Frame, Grammar};
use lexer::Lexemes;
use lexicon::Lexicon;
use resolve::{Around, Memory, Resolver};
use tense::{Clauses, Verbs};

/// A temporal expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DateMention {
    /// Where it is.
    pub span: Span,
    /// The TIMEX3 type.
    pub kind: Kind,
    /// The smallest unit that the words fix; `None` for references such as
    /// «اخیراً».
    pub granularity: Option<Granularity>,
    /// The calendar of `value`; `None` for weekdays, relative days and weeks.
    pub calendar: Option<Calendar>,
    /// TIMEX3-shaped, in the mention's own calendar.
    pub value: String,
    /// Gregorian TIMEX3 where that is exact, else empty.
    pub timex3: String,
    /// TIMEX3 `mod`.
    pub modifier: Option<Modifier>,
    /// TIMEX3 `quant`: `EVERY`, or empty.
    pub quant: &'static str,
    /// TIMEX3 `freq`, for example `2X`, or empty.
    pub freq: String,
    /// The days meant.
    pub interval: Option<Interval>,
    /// What the value was resolved by.
    pub resolution: Resolution,
    /// The day it was resolved against, when not explicit.
    pub anchor: Option<Day>,
    /// When a weekday is written beside a full date: whether they agree.
    pub weekday_agrees: Option<bool>,
    /// The days may be off by one.
    pub approximate: bool,
    /// 0 to 1.
    pub confidence: f32,
    /// Other readings, likeliest first.
    pub alternatives: Vec<Alternative>,
    /// The grammar rules that found and resolved it.
    pub rules: Vec<&'static str>,
}

/// Another reading of the same words.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// As [`DateMention::value`].
    pub value: String,
    /// As [`DateMention::timex3`].
    pub timex3: String,
    /// As [`DateMention::interval`].
    pub interval: Option<Interval>,
    /// Why it is possible, in English.
    pub reason: &'static str,
}

/// Whole days, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The first day.
    pub start: Day,
    /// The day after the last.
    pub end: Day,
}

/// The TIMEX3 type of a mention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A day or a longer unit of the calendar.
    #[default]
    Date,
    /// A part of a day or a clock time.
    Time,
    /// A length of time.
    Duration,
    /// Something that recurs.
    Set,
}

/// The smallest unit that the words fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says; the contract documents them")]
pub enum Granularity {
    Second,
    Minute,
    Hour,
    PartOfDay,
    Day,
    Week,
    Weekend,
    Month,
    Quarter,
    Season,
    HalfYear,
    Year,
    Decade,
    Century,
    Period,
}

/// A calendar that dates are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Solar Hijri.
    Persian,
    /// The common calendar.
    Gregorian,
    /// Lunar Hijri.
    Islamic,
}

/// TIMEX3 `mod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says; the contract documents them")]
pub enum Modifier {
    Start,
    Mid,
    End,
    Approx,
    MoreThan,
    LessThan,
}

impl Modifier {
    /// Its name in TIMEX3.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "START",
            Self::Mid => "MID",
            Self::End => "END",
            Self::Approx => "APPROX",
            Self::MoreThan => "MORE_THAN",
            Self::LessThan => "LESS_THAN",
        }
    }
}

/// What a value was resolved by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// The words alone.
    Explicit,
    /// The document date.
    DocumentDate,
    /// Another mention in the article.
    Mention,
    /// Nothing.
    #[default]
    Unresolved,
}

/// What the article tells about time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The publication day. Without it relative dates stay unresolved.
    pub document_date: Option<Day>,
    /// IANA name of the zone it is in; `None` is `Asia/Tehran`.
    pub time_zone: Option<&'a str>,
}

/// Appends the temporal expressions of `sentences` to `out`, in order, not
/// overlapping. `text` is normalised; ZWNJs may be missing anywhere. `tokens`
/// are those of the whole document; `sentences` are in running text only.
pub fn extract(
    text: &str,
    sentences: &[Sentence],
    tokens: &[Token],
    context: &Context<'_>,
    out: &mut Vec<DateMention>,
) {
    let engine = &*ENGINE;
    let mut lexemes = Lexemes::default();
    let mut clauses = Clauses::default();
    let (mut path, mut items) = (Vec::new(), Vec::new());
    let mut memory = Memory::new(context.document_date);
    let time_zone = context.time_zone.unwrap_or(DEFAULT_ZONE);
    let starts = engine.grammar.starts();
    for sentence in sentences {
        memory.next_sentence();
        lexemes.read(text, tokens.get(sentence.tokens.clone()).unwrap_or_default(), &engine.lexicon);
        let all = lexemes.all.as_slice();
        clauses.begin(all.len());
        let mut at = 0;
        while let Some(lexeme) = all.get(at) {
            let first = at;
            at += 1;
            if !lexeme.classes.meets(starts) {
                continue;
            }
            let (grammar, lexicon) = (&engine.grammar, &engine.lexicon);
            let mut finder = Finder { text, lexemes: all, grammar, lexicon, path: &mut path, items: &mut items };
            let Some(found) = finder.find(first) else { continue };
            if found.rule.frame == Frame::None {
                at = found.end;
                continue;
            }
            let end = all.get(found.end - 1).map_or(lexeme.span, |last| last.span).end;
            let around = Around { text, verbs: &engine.verbs, clauses: &clauses, lexemes: all, first, end: found.end };
            let resolver =
                Resolver { lexicon, memory: &memory, dates: &lexemes.dates, around, time_zone, assumed: None };
            let span = Span { start: lexeme.span.start, end };
            if let Some(mention) = resolver.mention(found.rule, &items, span) {
                memory.note(&mention);
                out.push(mention);
                at = found.end;
            }
        }
    }
}

/// The zone of a document that names none.
const DEFAULT_ZONE: &str = "Asia/Tehran";

/// Reads and compiles the tables, which else the first call does: some
/// milliseconds.
pub fn prepare() {
    LazyLock::force(&ENGINE);
}

/// The tables, read and compiled.
struct Engine {
    lexicon: Lexicon,
    grammar: Grammar,
    verbs: Verbs,
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine {
    lexicon: Lexicon::embedded(),
    // A test checks that it compiles.
    grammar: Grammar::embedded().unwrap_or_default(),
    verbs: Verbs::embedded(),
});
