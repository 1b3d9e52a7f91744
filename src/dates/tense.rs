//! The tense of a sentence: it tells on which side of the document's day a
//! weekday, or a month without a year, lies.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::class::{Class, ClassSet};
use super::lexer::{Lexeme, fold};
use super::lexicon::rows;

/// What the verb of a clause says of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// It has happened.
    Past,
    /// Somebody has said so; what was said may lie on either side.
    Reported,
    /// It has been set: «تا دوشنبه تعطیل کرد», «برای دوشنبه تعیین شد».
    Planned,
    /// It will happen, should happen or happens.
    Future,
    /// It is.
    Present,
    /// No verb was found.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    PastStem,
    PastNoun,
    PresentStem,
    Future,
    /// Future before «است»: قرار.
    Due,
    /// Tells that a limit was set: تمدید.
    Plan,
    Copula,
    /// What may follow a participle that ends a clause.
    Joint,
    Report,
    ReportNoun,
}

/// What the words of a sentence have been found to be, so that each is looked
/// at once however many expressions stand before it.
#[derive(Debug, Default)]
pub(super) struct Clauses(RefCell<Vec<Option<Reading>>>);

impl Clauses {
    /// Begins a sentence of so many lexemes.
    pub(super) fn begin(&mut self, lexemes: usize) {
        let seen = self.0.get_mut();
        seen.clear();
        seen.resize(lexemes, None);
    }
}

/// What a word says of its clause.
#[derive(Clone, Copy, Debug)]
struct Reading {
    tense: Option<Tense>,
    is_plan: bool,
}

/// A clause: its sentence, and what has been read of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'a> {
    pub(super) text: &'a str,
    pub(super) lexemes: &'a [Lexeme],
    pub(super) seen: &'a Clauses,
}

/// Stems and words of the table of verbs.
#[derive(Debug, Default)]
pub(super) struct Verbs {
    known: FxHashMap<&'static str, Vec<Kind>>,
}

/// The verb ends the Persian clause; farther words belong to another one.
const REACH: usize = 40;
/// What stands beside a unit of time is no verb («گذشته» is a participle too),
/// nor is the name of a day or month.
const NO_VERBS: ClassSet = ClassSet::of(Class::Last)
    .with(Class::Past)
    .with(Class::Next)
    .with(Class::Ahead)
    .with(Class::Weekday)
    .with(Class::Month)
    .with(Class::Today);
/// Words before an expression that may tell of a plan.
const REACH_BACK: usize = 10;
/// How far before «اعلام شد» the plan stands that was made known.
const PLAN_REACH: usize = 3;
/// How far before an expression «آینده» still tells of it.
const CUE_REACH: usize = 3;

impl Verbs {
    /// Reads what is embedded.
    pub(super) fn embedded() -> Self {
        let mut verbs = Self::default();
        for row in rows(include_str!("../../data/dates/verbs.tsv")) {
            let [kind, words] = row.as_slice() else { continue };
            let kind = match *kind {
                "past" => Kind::PastStem,
                "past-noun" => Kind::PastNoun,
                "present" => Kind::PresentStem,
                "future" => Kind::Future,
                "due" => Kind::Due,
                "plan" => Kind::Plan,
                "joint" => Kind::Joint,
                "present-copula" => Kind::Copula,
                "report" => Kind::Report,
                "report-noun" => Kind::ReportNoun,
                _ => continue,
            };
            for word in words.split(" | ") {
                verbs.known.entry(word).or_default().push(kind);
            }
        }
        verbs
    }

    /// The tense of the clause around `lexemes[first..last]`: that of the
    /// first verb after it.
    pub(super) fn tense(&self, clause: Clause<'_>, first: usize, last: usize) -> Tense {
        let Clause { text, lexemes, .. } = clause;
        let reach_back = first.saturating_sub(REACH_BACK);
        let before = lexemes.get(reach_back..first).unwrap_or_default();
        let near = before.iter().rev().take_while(|l| !l.classes.has(Class::Stop)).take(CUE_REACH);
        if near.into_iter().any(|l| l.classes.has(Class::Ahead) || l.classes.has(Class::Next)) {
            return Tense::Future;
        }
        let last_before = |class| before.last().is_some_and(|l: &Lexeme| l.classes.has(class));
        let (until, set_for) = (last_before(Class::To), last_before(Class::For));
        let is_plan = |at| self.read(clause, at).is_plan;
        let mut plan = set_for || until && (reach_back..first).any(is_plan);
        let mut last_plan = None;
        for (at, lexeme) in lexemes.iter().enumerate().skip(last).take(REACH) {
            if lexeme.classes.has(Class::Stop) && !matches!(lexeme.span.of(text), "«" | "»" | ":") {
                break;
            }
            if lexeme.classes.meets(NO_VERBS) {
                continue;
            }
            let Reading { tense, is_plan } = self.read(clause, at);
            if is_plan {
                plan |= until;
                last_plan = Some(at);
            }
            match tense {
                Some(Tense::Present) if until || set_for => return Tense::Future,
                Some(Tense::Past | Tense::Reported) if set_for || until && plan => return Tense::Planned,
                // «دوشنبه تعطیل رسمی اعلام شد».
                Some(Tense::Reported) if last_plan.is_some_and(|plan| at - plan <= PLAN_REACH) => {
                    return Tense::Planned;
                }
                // «قرار بود از مهر اعمال شود»: by now on either side.
                Some(Tense::Future) if (reach_back..first).any(|at| self.was_due(clause, at)) => return Tense::Unknown,
                Some(tense) => return tense,
                None => {}
            }
        }
        if until || set_for { Tense::Planned } else { Tense::Unknown }
    }

    /// Whether «قرار بود» begins at lexeme `at`.
    fn was_due(&self, clause: Clause<'_>, at: usize) -> bool {
        let word = |at: usize| clause.lexemes.get(at).map_or("", |lexeme| lexeme.span.of(clause.text));
        word(at + 1) == "بود" && self.is_word(word(at), Kind::Due)
    }

    /// What lexeme `at` says of its clause.
    fn read(&self, clause: Clause<'_>, at: usize) -> Reading {
        if let Some(&Some(reading)) = clause.seen.0.borrow().get(at) {
            return reading;
        }
        let word = |at: usize| clause.lexemes.get(at).map_or("", |lexeme| lexeme.span.of(clause.text));
        let previous = at.checked_sub(1).map_or("", word);
        let (tense, is_plan) = (self.of_word(word(at), previous, word(at + 1)), self.is_word(word(at), Kind::Plan));
        let reading = Reading { tense, is_plan };
        if let Some(seen) = clause.seen.0.borrow_mut().get_mut(at) {
            *seen = Some(reading);
        }
        reading
    }

    /// Whether `word`, as it stands in the text, is of `kind`.
    fn is_word(&self, word: &str, kind: Kind) -> bool {
        let mut buffer = [0; 64];
        fold(word, &mut buffer).is_some_and(|word| self.is(word, kind))
    }

    fn is(&self, word: &str, kind: Kind) -> bool {
        self.known.get(word).is_some_and(|kinds| kinds.contains(&kind))
    }

    fn of_word(&self, word: &str, previous: &str, next: &str) -> Option<Tense> {
        let mut buffer = [0; 64];
        let plain = fold(word, &mut buffer)?;
        if self.is(plain, Kind::Future) {
            return Some(Tense::Future);
        }
        if self.is(plain, Kind::Due) && self.is_word(next, Kind::Copula) {
            return Some(Tense::Future);
        }
        if self.is(plain, Kind::Copula) {
            return Some(Tense::Present);
        }
        if self.is(plain, Kind::Report) {
            return Some(Tense::Reported);
        }
        if plain == "می" || plain == "نمی" {
            return self.of_stem(next, true);
        }
        let verb = ["", "باز", "بر", "در", "فرا", "وا", "فرو"].iter().find_map(|prefix| {
            let verb = plain.strip_prefix(prefix)?;
            verb.strip_prefix("نمی").or_else(|| verb.strip_prefix("می"))
        });
        if let Some(tense) = verb.and_then(|stem| self.of_stem(stem, word.contains("می\u{200C}"))) {
            return Some(tense);
        }
        let bare = plain.strip_prefix('ن').filter(|rest| rest.len() > 4).unwrap_or(plain);
        let stem = |stem: &str| self.is(stem, Kind::PastStem) || self.is(stem, Kind::PastNoun);
        let ends = |word: &str, endings: &[&str]| endings.iter().any(|end| word.strip_suffix(end).is_some_and(stem));
        // Arabic letters; commas and the like are outside of the range.
        let last = next.chars().next().is_none_or(|c| !('\u{0620}'..='\u{06D3}').contains(&c));
        let past = |word: &str| {
            self.is(word, Kind::PastStem)
                || last && self.is(word, Kind::PastNoun)
                || ends(word, &["ند", "م", "یم", "هاست", "هاند", "هبود"])
        };
        let reported = || if self.is_word(previous, Kind::ReportNoun) { Tense::Reported } else { Tense::Past };
        if past(plain) || past(bare) {
            return Some(reported());
        }
        if ends(plain, &["ه"]) || ends(bare, &["ه"]) {
            // A participle is a verb by what follows: «گرفته می‌شود», «گرفته است».
            return match self.of_word(next, "", "") {
                Some(Tense::Future) => Some(Tense::Future),
                Some(Tense::Present | Tense::Past) => Some(reported()),
                _ if last || self.is_word(next, Kind::Joint) => Some(reported()),
                _ => None,
            };
        }
        None
    }

    /// The tense of «می» and `rest`; when it is not `sure` that this is a verb
    /// («میان»), its stem must be known.
    fn of_stem(&self, rest: &str, sure: bool) -> Option<Tense> {
        let endings = ["", "د", "ند", "م", "یم", "ید", "ی"];
        let stems = || endings.iter().filter_map(|end| rest.strip_suffix(end));
        let past = |stem| self.is(stem, Kind::PastStem) || self.is(stem, Kind::PastNoun);
        if stems().any(past) && !stems().any(|stem| stem != rest && self.is(stem, Kind::PresentStem)) {
            return Some(Tense::Past);
        }
        if stems().any(|stem| self.is(stem, Kind::PresentStem)) || sure {
            return Some(Tense::Future);
        }
        None
    }
}
