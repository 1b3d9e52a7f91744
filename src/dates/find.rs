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
        let mut search = Search { first, best: None, steps: MOST_STEPS };
        self.path.clear();
        self.walk(&mut search, 0, first);
        search.best
    }

    fn walk(&mut self, search: &mut Search<'g>, state: u32, at: usize) {
        if at > search.first && search.best.as_ref().is_none_or(|best| at > best.end) {
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
        let before = self.lexemes.get(first.saturating_sub(EVENT_REACH)..first).unwrap_or_default();
        self.fits(&rule.left, before.last(), before) && self.fits(&rule.right, self.lexemes.get(end), &[])
    }

    /// Whether `lexeme` is such a neighbour; `before` ends with it when it is
    /// the left one.
    fn fits(&self, beside: &Beside, lexeme: Option<&Lexeme>, before: &[Lexeme]) -> bool {
        let is = |neighbour: &Neighbour| match (neighbour, lexeme) {
            (Neighbour::AfterEvent, _) => {
                let near =
                    before.iter().rev().take_while(|l| !l.classes.has(Class::Stop) && !l.classes.has(Class::TimePrep));
                near.into_iter().any(|l| l.classes.has(Class::Event))
            }
            (Neighbour::AfterYear, Some(lexeme)) => {
                let joins = lexeme.classes.has(Class::And) || lexeme.classes.has(Class::Comma);
                joins && before.iter().rev().nth(1).is_some_and(|l| l.classes.has(Class::YearBare))
            }
            (Neighbour::Edge, None) => true,
            (_, None) => false,
            (Neighbour::Edge, Some(lexeme)) => lexeme.classes.has(Class::Stop),
            (Neighbour::Of(class), Some(lexeme)) => lexeme.classes.has(*class),
            (Neighbour::PluralNoun, Some(lexeme)) => lexeme.span.of(self.text).ends_with("های"),
            (Neighbour::Word, Some(lexeme)) => lexeme.classes.is_empty(),
            (Neighbour::Surname, Some(lexeme)) => lexeme.classes.is_empty() && is_surname(lexeme.span.of(self.text)),
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

/// How surnames end. «آذر منصوری» is a name, «آذر دو بار» a month.
fn is_surname(word: &str) -> bool {
    const ENDINGS: [&str; 9] = ["ی", "پور", "زاده", "نژاد", "یان", "فر", "وند", "لو", "نیا"];
    ENDINGS.iter().any(|ending| word.strip_suffix(ending).is_some_and(|name| name.len() > 4 || name.is_empty()))
}
