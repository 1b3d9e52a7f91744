//! The grammar: rules over lexical classes, compiled into one automaton.

use rustc_hash::FxHashMap;

use super::class::{Class, ClassSet};
use super::lexicon::rows;

/// How the words of a rule are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A place in the calendar.
    Date,
    /// From one place to another.
    Range,
    /// A place that is counted from the document's.
    Ago,
    /// A length that ends or begins at the document's day.
    Recent,
    /// A length.
    Duration,
    /// Something that recurs.
    Set,
    /// A vague reference.
    Ref,
    /// No expression at all.
    None,
}

/// What must stand beside a match.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Beside {
    /// Nothing is asked.
    Any,
    /// One of these.
    One(Vec<Neighbour>),
    /// None of these.
    None(Vec<Neighbour>),
}

/// A kind of neighbour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Neighbour {
    /// A word of the class.
    Of(Class),
    /// An end of the sentence, or a stop.
    Edge,
    /// A word that looks like a surname.
    Surname,
    /// A word that no table knows.
    Word,
    /// A plural that takes what follows as its own: «پروازهای صبح».
    PluralNoun,
    /// «و» or a comma, and beyond it one of these.
    Listed(ClassSet),
    /// An event a few words away, whose year it may be.
    Event,
}

const MONTHS: ClassSet = ClassSet::of(Class::Month).with(Class::WordMonth).with(Class::May).with(Class::Season);

/// A rule of the table.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) frame: Frame,
    pub(super) left: Beside,
    pub(super) right: Beside,
}

impl Rule {
    /// Whether it holds only by what stands beside: its words alone might be
    /// something else.
    pub(super) const fn is_licensed(&self) -> bool {
        matches!(self.left, Beside::One(_)) || matches!(self.right, Beside::One(_))
    }
}

/// A state of the automaton: where each class leads, and the rules that end here.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    classes: ClassSet,
    /// Its edges begin here, one a class in the order of the classes.
    edges: u32,
    rules: (u32, u32),
}

/// All rules.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    rules: Vec<Rule>,
    states: Vec<State>,
    edges: Vec<u32>,
    accepts: Vec<u16>,
}

impl Grammar {
    /// Compiles what is embedded.
    ///
    /// # Errors
    /// The line of the table that cannot be read.
    pub(super) fn embedded() -> Result<Self, String> {
        let mut builder = Builder::default();
        for row in rows(include_str!("../../data/dates/grammar.tsv")) {
            builder.row(&row).ok_or_else(|| row.join("\t"))?;
        }
        Ok(builder.finish())
    }

    /// The classes that a match can begin with.
    pub(super) fn starts(&self) -> ClassSet {
        self.states.first().map_or(ClassSet::default(), |state| state.classes)
    }

    /// The classes that lead on from `state`.
    pub(super) fn classes(&self, state: u32) -> ClassSet {
        self.states.get(state as usize).map_or(ClassSet::default(), |state| state.classes)
    }

    /// Where `class` leads from `state`.
    pub(super) fn next(&self, state: u32, class: Class) -> Option<u32> {
        let state = self.states.get(state as usize)?;
        if !state.classes.has(class) {
            return None;
        }
        let before = (state.classes.0 & ((1 << class as u8) - 1)).count_ones();
        self.edges.get((state.edges + before) as usize).copied()
    }

    /// The rules that a match up to `state` satisfies, first come first.
    pub(super) fn accepted(&self, state: u32) -> impl Iterator<Item = &Rule> {
        let (first, last) = self.states.get(state as usize).map_or((0, 0), |state| state.rules);
        let accepts = self.accepts.get(first as usize..last as usize).unwrap_or_default();
        accepts.iter().filter_map(|rule| self.rules.get(usize::from(*rule)))
    }

    #[cfg(test)]
    pub(super) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        (self.states.len(), self.edges.len())
    }
}

/// A pattern as written.
#[derive(Clone, Debug)]
enum Pattern {
    One(Class),
    All(Vec<Pattern>),
    Any(Vec<Pattern>),
}

/// A state of the automaton before it is made deterministic.
#[derive(Clone, Debug, Default)]
struct Node {
    edges: Vec<(Class, usize)>,
    free: Vec<usize>,
    rule: Option<u16>,
}

#[derive(Debug)]
struct Builder {
    parts: FxHashMap<&'static str, Pattern>,
    rules: Vec<Rule>,
    nodes: Vec<Node>,
}

impl Default for Builder {
    fn default() -> Self {
        Self { parts: FxHashMap::default(), rules: Vec::new(), nodes: vec![Node::default()] }
    }
}

impl Builder {
    fn row(&mut self, row: &[&'static str]) -> Option<()> {
        match row {
            [name, pattern] if name.starts_with('$') => {
                let pattern = self.pattern(pattern)?;
                self.parts.insert(name, pattern);
            }
            [id, frame, left, right, pattern] => {
                let pattern = self.pattern(pattern)?;
                let rule = self.rules.len() as u16;
                let frame = match *frame {
                    "date" => Frame::Date,
                    "range" => Frame::Range,
                    "ago" => Frame::Ago,
                    "recent" => Frame::Recent,
                    "duration" => Frame::Duration,
                    "set" => Frame::Set,
                    "ref" => Frame::Ref,
                    "none" => Frame::None,
                    _ => return None,
                };
                self.rules.push(Rule { id, frame, left: beside(left)?, right: beside(right)? });
                let end = self.thread(&pattern, 0);
                // The end gets a node of its own, for others may share it.
                let last = self.node();
                self.nodes.get_mut(last)?.rule = Some(rule);
                self.nodes.get_mut(end)?.free.push(last);
            }
            _ => return None,
        }
        Some(())
    }

    fn pattern(&self, text: &'static str) -> Option<Pattern> {
        let mut words = text.split_whitespace();
        let pattern = self.alternatives(&mut words, None)?;
        words.next().is_none().then_some(pattern)
    }

    /// Reads up to `close`, or to the end.
    fn alternatives(&self, words: &mut dyn Iterator<Item = &'static str>, close: Option<&str>) -> Option<Pattern> {
        let (mut choices, mut sequence) = (Vec::new(), Vec::new());
        loop {
            match words.next() {
                None if close.is_none() => break,
                None => return None,
                Some(word) if Some(word) == close => break,
                Some("|") => choices.push(Pattern::All(std::mem::take(&mut sequence))),
                Some("[") => {
                    let inner = self.alternatives(words, Some("]"))?;
                    sequence.push(Pattern::Any(vec![inner, Pattern::All(Vec::new())]));
                }
                Some("(") => sequence.push(self.alternatives(words, Some(")"))?),
                Some(part) if part.starts_with('$') => sequence.push(self.parts.get(part)?.clone()),
                Some(class) => sequence.push(Pattern::One(Class::parse(class)?)),
            }
        }
        choices.push(Pattern::All(sequence));
        Some(Pattern::Any(choices))
    }

    fn node(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// Adds `pattern` after `from`; returns where it ends.
    fn thread(&mut self, pattern: &Pattern, from: usize) -> usize {
        match pattern {
            Pattern::One(class) => {
                let to = self.node();
                if let Some(node) = self.nodes.get_mut(from) {
                    node.edges.push((*class, to));
                }
                to
            }
            Pattern::All(patterns) => patterns.iter().fold(from, |at, pattern| self.thread(pattern, at)),
            Pattern::Any(patterns) => {
                let to = self.node();
                for pattern in patterns {
                    let end = self.thread(pattern, from);
                    if let Some(node) = self.nodes.get_mut(end) {
                        node.free.push(to);
                    }
                }
                to
            }
        }
    }

    /// What can be reached from `nodes` without a word.
    fn closure(&self, mut nodes: Vec<usize>) -> Vec<usize> {
        let mut at = 0;
        while let Some(&node) = nodes.get(at) {
            for &next in self.nodes.get(node).map_or(&[][..], |node| &node.free) {
                if !nodes.contains(&next) {
                    nodes.push(next);
                }
            }
            at += 1;
        }
        // Only nodes with edges or a rule tell states apart.
        nodes.retain(|&node| self.nodes.get(node).is_some_and(|n| !n.edges.is_empty() || n.rule.is_some()));
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// The subset construction.
    fn finish(self) -> Grammar {
        let mut grammar = Grammar::default();
        let start = self.closure(vec![0]);
        let mut known: FxHashMap<Vec<usize>, u32> = FxHashMap::from_iter([(start.clone(), 0)]);
        let mut queue = vec![start];
        let mut at = 0;
        while let Some(nodes) = queue.get(at).cloned() {
            let mut targets: std::collections::BTreeMap<Class, Vec<usize>> = Default::default();
            let mut rules = Vec::new();
            for node in nodes.iter().filter_map(|&node| self.nodes.get(node)) {
                for &(class, to) in &node.edges {
                    targets.entry(class).or_default().push(to);
                }
                rules.extend(node.rule);
            }
            rules.sort_unstable();
            rules.dedup();
            let mut state = State { edges: grammar.edges.len() as u32, ..State::default() };
            state.rules = (grammar.accepts.len() as u32, (grammar.accepts.len() + rules.len()) as u32);
            grammar.accepts.extend(rules);
            for (class, to) in targets {
                let to = self.closure(to);
                let fresh = known.len() as u32;
                let index = *known.entry(to.clone()).or_insert(fresh);
                if index == fresh {
                    queue.push(to);
                }
                state.classes = state.classes.with(class);
                grammar.edges.push(index);
            }
            grammar.states.push(state);
            at += 1;
        }
        grammar.rules = self.rules;
        grammar
    }
}

/// Reads the conditions of a column: `-`, `a|b` or `!a&!b`.
fn beside(text: &str) -> Option<Beside> {
    let neighbour = |name: &str| match name {
        "edge" => Some(Neighbour::Edge),
        "surname" => Some(Neighbour::Surname),
        "word" => Some(Neighbour::Word),
        "plural-noun" => Some(Neighbour::PluralNoun),
        "listed-year" => Some(Neighbour::Listed(ClassSet::of(Class::YearBare))),
        "listed-month" => Some(Neighbour::Listed(MONTHS)),
        "after-event" => Some(Neighbour::Event),
        class => Class::parse(class).map(Neighbour::Of),
    };
    if text == "-" {
        return Some(Beside::Any);
    }
    if text.starts_with('!') {
        let names = text.split('&').map(|name| neighbour(name.strip_prefix('!')?));
        return names.collect::<Option<_>>().map(Beside::None);
    }
    text.split('|').map(neighbour).collect::<Option<_>>().map(Beside::One)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_compiles() {
        let grammar = Grammar::embedded().unwrap();
        let (states, edges) = grammar.size();
        assert!(states < 20_000 && edges < 200_000, "{states} states, {edges} edges");
        let mut ids: Vec<_> = grammar.rules().iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id names two rules");
    }
}
