//! What a character is: spans, normalisation with an alignment to the source,
//! restoration of lost ZWNJs, language.

pub mod alignment;
mod characters;
pub mod language;
pub(crate) mod letters;
pub mod normalize;
pub mod offsets;
pub(crate) mod verbs;
pub mod zwnj;

pub use alignment::{Alignment, Run};
pub(crate) use characters::rows;
pub use language::Language;
pub use normalize::Normalized;
pub use offsets::{OffsetIndex, OffsetUnit};

/// A half-open range of bytes of the normalised text. Both ends are character
/// boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The same as a range that indexes a `str`.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text it covers; empty when it lies outside of `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly inside.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}
