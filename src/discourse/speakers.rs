//! Who speaks: the subject of a clause, by name, by pronoun or by title.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::lexicon::{Class, Cue};
use super::reading::Reading;
use crate::entities::EntityKind;
use crate::text::Span;

/// How far back from a name the preposition is looked for that governs it.
const LONGEST_COMPLEMENT: usize = 8;

/// How many mentions back an institution is looked for.
const MOST_MENTIONS: usize = 24;

/// Somebody who speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speaker {
    /// What names the speaker here.
    pub(super) span: Option<Span>,
    /// Index of the entity; `None` when it is none of the article's.
    pub(super) entity: Option<usize>,
    /// How surely, 0 to 1.
    pub(super) confidence: f32,
}

/// Whom a pronoun, or a verb without a subject, means.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Focus {
    /// The person named or heard last.
    pub(super) person: Option<usize>,
    /// The institution that spoke last.
    pub(super) body: Option<usize>,
    /// The last of both.
    pub(super) last: Option<usize>,
}

/// The speakers of an article.
pub(super) struct Speakers<'r, 'a> {
    reading: &'r Reading<'a>,
    /// Persons by the beginnings of their roles; made when the first title is met.
    titles: OnceCell<FxHashMap<u64, usize>>,
}

impl<'r, 'a> Speakers<'r, 'a> {
    pub(super) fn new(reading: &'r Reading<'a>) -> Self {
        Self { reading, titles: OnceCell::new() }
    }

    fn titles(&self) -> &FxHashMap<u64, usize> {
        self.titles.get_or_init(|| {
            let mut titles = FxHashMap::default();
            for (index, entity) in self.reading.entities.iter().enumerate() {
                for role in &entity.roles {
                    let tokens = self.reading.tokens_of(role.span);
                    for key in self.reading.title_keys(tokens.start, tokens.end) {
                        titles.entry(key).or_insert(index);
                    }
                }
            }
            titles
        })
    }

    /// The subject of the clause in tokens `from..to`; `None` when it has none.
    pub(super) fn subject(&self, from: usize, to: usize, focus: &Focus) -> Option<Speaker> {
        let reading = self.reading;
        let named = |entity, span| Speaker { span: Some(span), entity: Some(entity), confidence: 0.9 };
        // In order of preference after a person who is plainly the subject.
        let (mut other, mut body, mut weak) = (None, None, None);
        let mut at = from;
        while at < to {
            let class = reading.class(at);
            if class.has(Class::QUOTED) {
                at += 1;
                continue;
            }
            // «X به نقل از Y نوشت»: the words are Y's.
            if let Some(found) = reading.cue_at(at, to, Cue::From) {
                return Some(self.quoted_from(found.end, to, focus));
            }
            if let Some(mention) = reading.mention_at(at) {
                let end = mention.end.max(at + 1);
                let distance = self.preposition_before(at, from);
                let is_subject = distance.is_none() && !class.has(Class::ROLE) && !reading.is(end, Class::OBJECT);
                match mention.kind {
                    EntityKind::Person if is_subject => {
                        let owned = at > from && reading.is(at - 1, Class::KIN);
                        if !owned {
                            return Some(named(mention.entity, mention.span));
                        }
                    }
                    EntityKind::Person if distance.is_some_and(|distance| distance > 1) => {
                        weak.get_or_insert(named(mention.entity, mention.span));
                    }
                    EntityKind::Organization if is_subject => {
                        body.get_or_insert(named(mention.entity, mention.span));
                    }
                    EntityKind::Location | EntityKind::Facility if is_subject && at == from => {
                        weak.get_or_insert(named(mention.entity, mention.span));
                    }
                    _ => {}
                }
                at = end;
                continue;
            }
            if other.is_none() && reading.may_refer(at) && self.preposition_before(at, from).is_none() {
                let found = self.reference(at, to, focus);
                if let Some((speaker, end)) = found {
                    if !reading.is(end, Class::OBJECT) {
                        other = Some(speaker);
                    }
                    at = end.max(at + 1);
                    continue;
                }
            }
            at += 1;
        }
        other.or(body).or(weak)
    }

    /// Whose words are given by somebody else: «به نقل از Y»; nobody of the
    /// article when that is no person.
    fn quoted_from(&self, from: usize, to: usize, focus: &Focus) -> Speaker {
        let reading = self.reading;
        let until = (from..to).find(|&at| reading.is(at, Class::PUNCTUATION.and(Class::VERB))).unwrap_or(to);
        let mention =
            (from..until).filter_map(|at| reading.mention_at(at)).find(|place| place.kind == EntityKind::Person);
        match mention {
            Some(place) => Speaker { span: Some(place.span), entity: Some(place.entity), confidence: 0.85 },
            None => match self.reference(from, to, focus) {
                Some((speaker, _)) => speaker,
                None => Speaker { span: None, entity: None, confidence: 0.3 },
            },
        }
    }

    /// Whether a clause whose verb stands at `cue` has a subject that no
    /// entity is: «پدر یکی از مصدومان گفت».
    pub(super) fn has_other_subject(&self, clause: usize, cue: usize) -> bool {
        let reading = self.reading;
        let passed = Class::CONJUNCTION.and(Class::ADVERB).and(Class::PUNCTUATION).and(Class::THAT);
        let mut at = clause;
        while at < cue {
            if let Some(link) = reading.cue_at(at, cue, Cue::Link) {
                at = link.end;
                continue;
            }
            let class = reading.class(at);
            if class.has(passed) || reading.word(at).hash == 0 {
                at += 1;
                continue;
            }
            if class.has(Class::PREPOSITION) {
                match (at..cue).find(|&at| reading.is(at, Class::COMMA)) {
                    Some(comma) => at = comma + 1,
                    None => return false,
                }
                continue;
            }
            let is_noun =
                !class.has(Class::VERB.and(Class::THIS).and(Class::PRONOUN)) && reading.mention_at(at).is_none();
            let is_object = (at..cue.min(at + LONGEST_COMPLEMENT)).any(|at| reading.is(at, Class::OBJECT));
            return is_noun && !is_object;
        }
        false
    }

    /// Who is meant by the pronoun or title at `at`, and one past it.
    pub(super) fn reference(&self, at: usize, to: usize, focus: &Focus) -> Option<(Speaker, usize)> {
        let reading = self.reading;
        let class = reading.class(at);
        let meant = |entity: Option<usize>, end: usize, confidence| {
            (Speaker { span: Some(reading.span(at, end)), entity, confidence }, end)
        };
        if class.has(Class::PRONOUN) {
            return Some(meant(focus.person, at + 1, 0.75));
        }
        if class.has(Class::THIS) {
            let noun = reading.class(at + 1);
            let title = reading.title_at(at + 1, to);
            if at + 1 < to && (noun.has(Class::PERSON) || title.is_some()) {
                return Some(meant(focus.person, title.unwrap_or(at + 2), 0.6));
            }
            if at + 1 < to && noun.has(Class::BODY.and(Class::OUTLET)) {
                return Some(meant(self.body_called(at + 1).or(focus.body), at + 2, 0.6));
            }
            return None;
        }
        if class.has(Class::ROLE) {
            return None;
        }
        let title_end = reading.title_at(at, to).or_else(|| (class.has(Class::PERSON) && at < to).then_some(at + 1))?;
        let end = self.title_end(title_end, to);
        let known = reading
            .title_keys(at, end)
            .zip(at + 1..)
            .filter(|(_, end)| *end >= title_end)
            .filter_map(|(key, end)| Some((self.titles().get(&key).copied()?, end)))
            .last();
        Some(match known {
            Some((entity, known_end)) if known_end == end || known_end > title_end => {
                meant(Some(entity), known_end, 0.7)
            }
            // «یک مقام وزارت …»: the body speaks.
            _ => {
                let body = (title_end..end)
                    .filter_map(|at| reading.mention_at(at))
                    .find(|place| place.kind == EntityKind::Organization && !place.is_outlet);
                meant(body.map(|place| place.entity), end, 0.4)
            }
        })
    }

    /// The institution named last before `at` with the word there in its name:
    /// «شبکه» of «این شبکه».
    fn body_called(&self, at: usize) -> Option<usize> {
        let reading = self.reading;
        let noun = reading.word(at).hash;
        let before = reading.mentions.partition_point(|mention| mention.end <= at);
        let last = reading.mentions.get(..before).unwrap_or_default().iter().rev().take(MOST_MENTIONS);
        let bodies = last.filter(|mention| mention.kind == EntityKind::Organization);
        let mut called = bodies.filter(|mention| (mention.start..mention.end).any(|at| reading.word(at).hash == noun));
        called.next().map(|mention| mention.entity)
    }

    /// One past the complement of a title that ends at `at`.
    fn title_end(&self, mut at: usize, to: usize) -> usize {
        let reading = self.reading;
        let ends = Class::PUNCTUATION
            .and(Class::PREPOSITION)
            .and(Class::THAT)
            .and(Class::OBJECT)
            .and(Class::VERB)
            .and(Class::THIS)
            .and(Class::PRONOUN);
        let is_person = |at| reading.mention_at(at).is_some_and(|mention| mention.kind == EntityKind::Person);
        while at < to && !reading.is(at, ends) && reading.word(at).hash != 0 && !is_person(at) {
            at += 1;
        }
        at
    }

    /// How many tokens before `at` the preposition stands that governs what is
    /// there; `None` when none does.
    fn preposition_before(&self, at: usize, from: usize) -> Option<usize> {
        let reading = self.reading;
        let bounds = Class::PUNCTUATION.and(Class::CONJUNCTION).and(Class::THAT).and(Class::OBJECT).and(Class::VERB);
        // What governs a title governs the name after it: «از وزیر نیرو، X،».
        let mut end = at;
        if end > from && reading.is(end - 1, Class::COMMA) && end > from + 1 && reading.is(end - 2, Class::ROLE) {
            end -= 1;
        }
        while end > from && reading.is(end - 1, Class::ROLE) {
            end -= 1;
        }
        for distance in 1..=LONGEST_COMPLEMENT.min(end.saturating_sub(from)) {
            let before = end - distance;
            if reading.is(before, Class::PREPOSITION) {
                let link = reading.cue_at(before, at, Cue::Link).is_some();
                return (!link).then_some(distance);
            }
            if reading.is(before, bounds) || reading.mention_at(before).is_some() {
                return None;
            }
        }
        None
    }
}
