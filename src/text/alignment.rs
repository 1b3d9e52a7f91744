//! Where each byte of the normalised text came from.

use super::Span;

/// A stretch of normalised text and the source bytes it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the normalised text.
    pub normalized: Span,
    /// First source byte.
    pub source_start: u32,
    /// One past the last source byte.
    pub source_end: u32,
    /// Source bytes for each normalised byte: 1 for a linear run, 2 where
    /// two-byte digits became ASCII. 0: the run maps only as a whole.
    pub stride: u8,
}

/// A monotone map from the normalised text to the source. Runs cover all of
/// the normalised text in order; source bytes between runs were dropped; an
/// insertion is a run whose source range is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    runs: Vec<Run>,
}

impl Alignment {
    /// The alignment of a text of `len` bytes with itself.
    pub fn identity(len: usize) -> Self {
        let runs = match len {
            0 => Vec::new(),
            _ => vec![Run { normalized: Span::new(0, len), source_start: 0, source_end: len as u32, stride: 1 }],
        };
        Self { runs }
    }

    /// The runs, in order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The source bytes that `span` came from. What was dropped at its edges
    /// stays outside.
    pub fn source_range(&self, span: Span) -> std::ops::Range<usize> {
        span.range()
    }

    /// The normalised bytes that the source bytes `range` became.
    pub fn normalized_span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}
