//! Tokens: Unicode word boundaries and an override layer.

use super::{Token, TokenKind};
use crate::text::Span;

/// The tokens of normalised `text`, in order, white space left out.
pub fn tokens(text: &str) -> Vec<Token> {
    use unicode_segmentation::UnicodeSegmentation;
    text.split_word_bound_indices()
        .filter(|(_, word)| !word.trim().is_empty())
        .map(|(at, word)| Token { span: Span::new(at, at + word.len()), kind: TokenKind::Word })
        .collect()
}
