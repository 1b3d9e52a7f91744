//! What a word is and what a sentence is.

mod addresses;
mod classes;
mod sentences;
mod tokens;

pub use sentences::sentences;
pub use tokens::tokens;

use crate::text::Span;

/// A unit of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a unit of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word; its ZWNJs and clitics are inside it.
    Word,
    /// A number.
    Number,
    /// Punctuation.
    Punctuation,
    /// Currency, mathematics and other symbols.
    Symbol,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// `#` and a tag.
    Hashtag,
    /// `@` and a user name.
    Mention,
    /// One emoji, joined sequences whole.
    Emoji,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it is, closing punctuation included.
    pub span: Span,
    /// Which of the document's tokens it holds: indices, half-open.
    pub tokens: std::ops::Range<usize>,
}
