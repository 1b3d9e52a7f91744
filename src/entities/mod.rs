//! Who and where: finds named things, and makes one entity of all mentions of
//! the same.

mod amounts;
mod candidates;
mod clusters;
#[allow(clippy::module_inception, reason = "the entities themselves, the last step of the room")]
mod entities;
mod flags;
pub(crate) mod fold;
mod gazetteer;
mod heads;
mod licences;
mod links;
mod marks;
mod persons;
mod reading;
mod rows;
mod tables;
mod tagged;
pub mod tagger;
#[cfg(test)]
mod tests;
mod titles;
mod unknown;

pub use gazetteer::{Gazetteer, WrongTable};
pub use tables::Tables;

use std::borrow::Cow;

use self::candidates::Candidate;
use self::reading::Reading;
use self::tagger::Model;
use crate::segment::{Sentence, Token};
use crate::text::Span;

/// One thing in the world, with every mention of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// `iso3166:SY`, `geonames:170654`, or `local:per:…` from the normalised
    /// name, the table's where it has one; unique in one article.
    pub id: String,
    /// The canonical name.
    pub name: String,
    /// What kind of thing it is.
    pub kind: EntityKind,
    /// 0 to 1; the most central entity of the article has 1.
    pub salience: f32,
    /// Every place it is named, in order.
    pub mentions: Vec<Mention>,
    /// The other forms it is named by, in order of appearance.
    pub aliases: Vec<String>,
    /// Where it stands in outside registers.
    pub links: Vec<Link>,
    /// The titles beside its name.
    pub roles: Vec<Role>,
}

/// What kind of thing an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is what its name says; the contract documents them")]
pub enum EntityKind {
    Person,
    Organization,
    Location,
    Facility,
    Event,
    Product,
    Nationality,
    Money,
    Percent,
}

impl EntityKind {
    /// The kinds that this version finds.
    pub const AVAILABLE: [EntityKind; 9] = [
        EntityKind::Person,
        EntityKind::Organization,
        EntityKind::Location,
        EntityKind::Facility,
        EntityKind::Event,
        EntityKind::Product,
        EntityKind::Nationality,
        EntityKind::Money,
        EntityKind::Percent,
    ];
}

/// One naming of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// How surely span and kind are right, from 0 to 1: for tables and rules an
    /// estimate from the project's own news, for the tagger from its margin.
    pub confidence: f32,
    /// The rule that found it, for example `person.title-before`.
    pub rule: &'static str,
    /// The table row or model it rests on, for example `countries:SY`.
    pub resource: String,
}

/// An identifier in an outside register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `iso3166`, `geonames`, or what a user's own table has.
    pub authority: Cow<'static, str>,
    /// The identifier there.
    pub id: String,
    /// A page that shows it, or empty.
    pub url: String,
}

/// A title beside a person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Where.
    pub span: Span,
    /// Ids of the entities inside it.
    pub of: Vec<String>,
}

/// Appends the entities named in `sentences` to `out`, in order of first
/// mention; no two mentions overlap. `text` is normalised; `tokens` are those
/// of the whole document; `sentences` are in running text only.
///
/// First every source proposes candidates, sentence by sentence; then the
/// article as a whole is read again for the short forms of what it names in
/// full; overlaps are settled; what names the same thing becomes one entity.
pub fn extract(
    text: &str,
    sentences: &[Sentence],
    tokens: &[Token],
    gazetteer: &Gazetteer,
    tagger: Option<&Model>,
    out: &mut Vec<Entity>,
) {
    let mut reading = Reading::new(text, sentences, tokens, gazetteer);
    let mut chosen = by_rule(&reading);
    if let Some(model) = tagger {
        let mut candidates = tagged::by_model(&reading, model, &chosen);
        tagged::add_certain(&reading, &chosen, &mut candidates);
        let sure = candidates::settle(candidates.clone(), tokens.len());
        licences::propose(&reading, &sure, &mut candidates);
        chosen = candidates::settle(candidates, tokens.len());
    }
    for name in chosen.iter().filter(|c| c.end - c.start > 3) {
        reading.mark_inside(name.start, name.end);
    }
    entities::build(&reading, &chosen, out);
}

/// What tables and rules take for mentions, in order, not overlapping.
fn by_rule(reading: &Reading<'_>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for sentence in reading.sentences {
        rows::propose(reading, sentence, &mut candidates);
        heads::propose(reading, sentence, &mut candidates);
        persons::propose(reading, sentence, &mut candidates);
        amounts::propose(reading, sentence, &mut candidates);
        unknown::propose(reading, sentence, &mut candidates);
    }
    let sure = candidates::settle(candidates.clone(), reading.tokens.len());
    licences::propose(reading, &sure, &mut candidates);
    candidates::settle(candidates, reading.tokens.len())
}

/// What the tagger reads of each sentence, for its training: folded words,
/// their marks, and which tokens they are.
pub fn tagger_input(
    text: &str,
    sentences: &[Sentence],
    tokens: &[Token],
    gazetteer: &Gazetteer,
) -> Vec<(Vec<String>, Vec<u128>, std::ops::Range<usize>)> {
    let reading = Reading::new(text, sentences, tokens, gazetteer);
    let marks = marks::marks(&reading, &by_rule(&reading));
    let words = |range: std::ops::Range<usize>| range.map(|at| tagger::features::word(reading.raw(at))).collect();
    let marks = |range: std::ops::Range<usize>| marks.get(range).unwrap_or_default().to_vec();
    sentences.iter().map(|s| (words(s.tokens.clone()), marks(s.tokens.clone()), s.tokens.clone())).collect()
}
