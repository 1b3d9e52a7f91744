//! Finds the expressions of a sentence: runs the grammar over its lexemes.

use super::class::Class;
use super::grammar::{Beside, Grammar, Neighbour, Rule};
use super::lexer::Lexeme;
use super::lexicon::Lexicon;
use super::resolve::Item;

/// The longest expression, in words.
const LONGEST: usize = 32;
/// Steps from one word on: words with many readings must not cost more.
const MOST_STEPS: u32 = 2_000;

/// How far before its year an event may be named.
const EVENT_REACH: usize = 4;

/// An expression that the grammar accepts.
#[derive(Debug)]
pub(super) struct Match<'g> {
    pub(super) rule: &'g Rule,
    /// One past its last lexeme.
    pub(super) end: usize,
}

/// A search in one sentence; `path` is kept for the next.
pub(super) struct Finder<'a, 'g> {
    pub(super) text: &'a str,
    pub(super) lexemes: &'a [Lexeme],
    pub(super) grammar: &'g Grammar,
    pub(super) lexicon: &'a Lexicon,
    /// The classes that the words were read as, so far.
    pub(super) path: &'a mut Vec<Class>,
    /// The words of the best match.
    pub(super) items: &'a mut Vec<Item>,
}

impl<'g> Finder<'_, 'g> {
    /// The longest match that begins at lexeme `first`; its words are in
    /// `items`.
    pub(super) fn find(&mut self, first: usize) -> Option<Match<'g>> {
        if !self.between_words(first) {
            return None;
        }
        let mut search = Search { first, best: None, steps: MOST_STEPS };
        self.path.clear();
        self.walk(&mut search, 0, first);
        search.best
    }

    fn walk(&mut self, search: &mut Search<'g>, state: u32, at: usize) {
        if at > search.first && self.between_words(at) && search.best.as_ref().is_none_or(|best| at > best.end) {
            let mut rules = self.grammar.accepted(state);
            if let Some(rule) = rules.find(|rule| self.allowed(rule, search.first, at)) {
                search.best = Some(Match { rule, end: at });
                self.keep(search.first);
            }
        }
        let Some(lexeme) = self.lexemes.get(at) else { return };
        let mut open = lexeme.classes.0 & self.grammar.classes(state).0;
        while open != 0 && search.steps > 0 && self.path.len() < LONGEST {
            search.steps -= 1;
            let bit = open.trailing_zeros() as usize;
            open &= open - 1;
            let Some(class) = Class::ALL.get(bit).copied() else { return };
            if let Some(next) = self.grammar.next(state, class) {
                self.path.push(class);
                self.walk(search, next, at + 1);
                self.path.pop();
            }
        }
    }

    /// Whether a word ends before lexeme `at`: «دوشنبه‌شب» is two lexemes.
    fn between_words(&self, at: usize) -> bool {
        let start = self.lexemes.get(at).map(|next| next.span.start);
        let end = at.checked_sub(1).and_then(|before| self.lexemes.get(before)).map(|before| before.span.end);
        start.zip(end).is_none_or(|(start, end)| start >= end)
    }

    fn keep(&mut self, first: usize) {
        self.items.clear();
        let lexemes = self.lexemes.iter().skip(first);
        self.items.extend(
            self.path
                .iter()
                .zip(lexemes)
                .map(|(&class, lexeme)| Item { class, value: lexeme.value(class, self.lexicon) }),
        );
    }

    fn allowed(&self, rule: &Rule, first: usize, end: usize) -> bool {
        let left = |n: usize| first.checked_sub(n + 1).and_then(|at| self.lexemes.get(at));
        self.fits(&rule.left, &left) && self.fits(&rule.right, &|n| self.lexemes.get(end + n))
    }

    /// Whether what stands on one side is such; `nth` is the lexeme `n` words
    /// beyond the one that is next to the match.
    fn fits<'l>(&self, beside: &Beside, nth: &dyn Fn(usize) -> Option<&'l Lexeme>) -> bool {
        let has = |n, class| nth(n).is_some_and(|lexeme| lexeme.classes.has(class));
        let is = |neighbour: &Neighbour| match neighbour {
            Neighbour::Edge => nth(0).is_none() || has(0, Class::Stop),
            Neighbour::Of(class) => has(0, *class),
            Neighbour::Word => nth(0).is_some_and(|lexeme| lexeme.classes.is_empty()),
            Neighbour::Surname => {
                nth(0).is_some_and(|lexeme| lexeme.classes.is_empty() && is_surname(lexeme.span.of(self.text)))
            }
            Neighbour::PluralNoun => nth(0).is_some_and(|lexeme| lexeme.span.of(self.text).ends_with("های")),
            Neighbour::Listed(classes) => {
                let joins = has(0, Class::And) || has(0, Class::Comma);
                // «دی‌ماه و بهمن‌ماه»: ماه may stand between.
                let at = if has(1, Class::Mah) { 2 } else { 1 };
                joins && nth(at).is_some_and(|lexeme| lexeme.classes.meets(*classes))
            }
            Neighbour::Event => (0..EVENT_REACH)
                .map_while(nth)
                .take_while(|lexeme| !lexeme.classes.has(Class::Stop) && !lexeme.classes.has(Class::TimePrep))
                .any(|lexeme| lexeme.classes.has(Class::Event)),
        };
        match beside {
            Beside::Any => true,
            Beside::One(neighbours) => neighbours.iter().any(is),
            Beside::None(neighbours) => !neighbours.iter().any(is),
        }
    }
}

struct Search<'g> {
    first: usize,
    best: Option<Match<'g>>,
    steps: u32,
}

/// How surnames end, and nouns of action do not. «آذر منصوری» is a name, «آذر دو
/// بار» and «بهمن آبگیری خواهد شد» have a month.
fn is_surname(word: &str) -> bool {
    const ENDINGS: [&str; 9] = ["ی", "پور", "زاده", "نژاد", "یان", "فر", "وند", "لو", "نیا"];
    const ACTIONS: [&str; 16] = [
        "گیری",
        "سازی",
        "بندی",
        "رسانی",
        "دهی",
        "یابی",
        "برداری",
        "گذاری",
        "ریزی",
        "پذیری",
        "شماری",
        "زدایی",
        "پردازی",
        "نگاری",
        "گشایی",
        "اندازی",
    ];
    if ACTIONS.iter().any(|ending| word.ends_with(ending)) {
        return false;
    }
    ENDINGS.iter().any(|ending| word.strip_suffix(ending).is_some_and(|name| name.len() > 4 || name.is_empty()))
}
