//! Who said it, where it came from, what it is about: quotations, the chain of
//! outlets, keyphrases. The rules read the tokens, the sentences and the
//! entities; the words they go by are tables in `data/discourse`.

mod content;
mod keyphrases;
mod lexicon;
mod outlets;
mod publisher;
mod quotations;
mod ranking;
mod reading;
mod sources;
mod speakers;
#[cfg(test)]
mod tests;

pub use keyphrases::keyphrases;
pub use quotations::quotations;
pub use reading::Reading;
pub use sources::sources;

use crate::text::Span;

/// Somebody's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Quotation {
    /// The words: a clause at least, without quotation marks and final full stop.
    pub content: Span,
    /// The verb or phrase that introduces them; `None` where speech goes on
    /// without one.
    pub cue: Option<Span>,
    /// What names the speaker beside the words: a name, a pronoun, a title;
    /// `None` where nothing does.
    pub speaker: Option<Span>,
    /// [`Entity::id`](crate::entities::Entity::id) of the speaker; empty when unknown.
    pub speaker_id: String,
    /// How the words are given.
    pub kind: QuotationKind,
    /// 0 to 1.
    pub confidence: f32,
}

/// How somebody's words are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotationKind {
    /// Between quotation marks.
    Direct,
    /// Retold.
    Reported,
}

/// An outlet through which the words of the article came.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its mention.
    pub span: Span,
    /// The phrase or verb that introduces it, «به نقل از».
    pub cue: Span,
    /// [`Entity::id`](crate::entities::Entity::id) of the outlet; empty when it is none of the article's.
    pub entity_id: String,
    /// Its canonical name.
    pub name: String,
    /// 1 is nearest to the reader.
    pub hop: u32,
    /// 0 to 1; lower for a misspelt name.
    pub confidence: f32,
}

/// What the article is about, in a word or a few.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyphrase {
    /// The phrase, without hash signs and underscores.
    pub text: String,
    /// 0 to 1; the most telling phrase of the article has 1.
    pub score: f32,
    /// Whether it stands in the publisher's keyword line.
    pub from_publisher: bool,
    /// [`Entity::id`](crate::entities::Entity::id) of what it names; empty when it names none.
    pub entity_id: String,
    /// Where it stands in the running text, in order.
    pub spans: Vec<Span>,
}
