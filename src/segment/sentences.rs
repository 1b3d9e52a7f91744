//! Sentences.

use super::{Sentence, Token};
use crate::text::Span;

/// Appends the sentences of `section` to `out`, in order. `tokens` are those
/// of all of `text`.
pub fn sentences(_text: &str, section: Span, tokens: &[Token], out: &mut Vec<Sentence>) {
    let first = tokens.partition_point(|t| t.span.start < section.start);
    let last = tokens.partition_point(|t| t.span.end <= section.end);
    if first < last {
        out.push(Sentence { span: section, tokens: first..last });
    }
}
