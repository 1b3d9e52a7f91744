//! Who and where: finds named things, and makes one entity of all mentions of
//! the same.

mod amounts;
mod candidates;
mod clusters;
#[allow(clippy::module_inception, reason = "the entities themselves, the last step of the room")]
mod entities;
mod flags;
mod fold;
mod gazetteer;
mod heads;
mod licences;
mod links;
mod persons;
mod reading;
mod rows;
mod tables;
#[cfg(test)]
mod tests;
mod titles;
mod unknown;

pub use gazetteer::Gazetteer;
pub use tables::Tables;

use self::reading::Reading;
use crate::segment::{Sentence, Token};
use crate::text::Span;

/// One thing in the world, with every mention of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// `iso3166:SY`, `geonames:170654`, or `local:per:…` from the normalised
    /// name; unique in one article.
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

/// One naming of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// How often, of the mentions found in this way, span and kind are right; an
    /// estimate from 0 to 1, measured on the project's own news.
    pub confidence: f32,
    /// The rule that found it, for example `person.title-before`.
    pub rule: &'static str,
    /// The table row or model it rests on, for example `countries:SY`.
    pub resource: String,
}

/// An identifier in an outside register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `iso3166`, `geonames`.
    pub authority: &'static str,
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
pub fn extract(text: &str, sentences: &[Sentence], tokens: &[Token], gazetteer: &Gazetteer, out: &mut Vec<Entity>) {
    let reading = Reading::new(text, sentences, tokens, gazetteer);
    let mut candidates = Vec::new();
    for sentence in sentences {
        rows::propose(&reading, sentence, &mut candidates);
        heads::propose(&reading, sentence, &mut candidates);
        persons::propose(&reading, sentence, &mut candidates);
        amounts::propose(&reading, sentence, &mut candidates);
        unknown::propose(&reading, sentence, &mut candidates);
    }
    let sure = candidates::settle(candidates.clone(), tokens.len());
    licences::propose(&reading, &sure, &mut candidates);
    let chosen = candidates::settle(candidates, tokens.len());
    entities::build(&reading, &chosen, out);
}
