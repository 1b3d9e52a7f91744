//! What comes in: an article, and its parts: header line, title, lead, body,
//! keyword line, boilerplate.

mod header;
mod keywords;
mod layout;
mod words;

pub(crate) use keywords::without_label;
pub use layout::{split, split_fields};

use crate::dates::Day;
use crate::text::Span;

/// One article to enrich.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// The text.
    pub content: Content,
    /// The publication day. It wins over the header line's.
    pub document_date: Option<Day>,
    /// IANA name of the zone that the publication day is in; `None` is
    /// `Asia/Tehran`.
    pub time_zone: Option<String>,
    /// BCP-47; only compared with what is detected.
    pub language_hint: Option<String>,
}

/// The text of an article.
#[derive(Clone, Debug)]
pub enum Content {
    /// A dump, to be split.
    Raw(String),
    /// Split already.
    Fields(Fields),
}

impl Default for Content {
    fn default() -> Self {
        Self::Raw(String::new())
    }
}

/// The parts of an article that comes already split; empty parts are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The headline.
    pub title: String,
    /// The summary under the headline.
    pub lead: String,
    /// The paragraphs, separated by line breaks.
    pub body: String,
    /// The publisher's own keywords.
    pub keywords: Vec<String>,
}

impl Fields {
    /// Every part with its text, in reading order; absent ones are empty.
    fn parts(&self) -> impl Iterator<Item = (Field, &str)> {
        [(Field::Title, &self.title), (Field::Lead, &self.lead), (Field::Body, &self.body)]
            .into_iter()
            .chain(self.keywords.iter().enumerate().map(|(index, word)| (Field::Keywords(index as u32), word)))
            .map(|(field, text)| (field, text.as_str()))
    }

    /// Bytes of all parts together.
    pub fn byte_len(&self) -> usize {
        self.parts().map(|(_, text)| text.len()).sum()
    }

    /// Whether no part has any text.
    pub fn is_blank(&self) -> bool {
        self.parts().all(|(_, text)| text.trim().is_empty())
    }
}

impl Article {
    /// An article from a dump, with nothing else known.
    pub fn from_raw(text: impl Into<String>) -> Self {
        Self { content: Content::Raw(text.into()), ..Self::default() }
    }

    /// An article from its parts, with nothing else known.
    pub fn from_fields(fields: Fields) -> Self {
        Self { content: Content::Fields(fields), ..Self::default() }
    }
}

/// A part of a structured article, and which of the keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// [`Fields::title`].
    Title,
    /// [`Fields::lead`].
    Lead,
    /// [`Fields::body`].
    Body,
    /// One of [`Fields::keywords`].
    Keywords(u32),
}

/// The text of an article as one string: a dump as it was sent, or the fields
/// that are there joined by single line breaks.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The whole text.
    pub text: std::borrow::Cow<'a, str>,
    /// Each field's bytes in `text`, in order; empty for a dump.
    pub fields: Vec<(Field, std::ops::Range<usize>)>,
}

impl<'a> Source<'a> {
    /// The text of `content`.
    pub fn new(content: &'a Content) -> Self {
        let fields = match content {
            Content::Raw(text) => return Self { text: text.as_str().into(), fields: Vec::new() },
            Content::Fields(fields) => fields,
        };
        let mut text = String::new();
        let mut ranges = Vec::new();
        for (field, part) in fields.parts().filter(|(_, part)| !part.is_empty()) {
            if !text.is_empty() {
                text.push('\n');
            }
            let start = text.len();
            text.push_str(part);
            ranges.push((field, start..text.len()));
        }
        Self { text: text.into(), fields: ranges }
    }

    /// The field that source byte `at` lies in, and where that field begins;
    /// `None` for a dump.
    pub fn field_at(&self, at: usize) -> Option<(Field, usize)> {
        let index = self.fields.partition_point(|(_, range)| range.start <= at).checked_sub(1)?;
        self.fields.get(index).map(|(field, range)| (*field, range.start))
    }
}

/// A part of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// What the part is.
    pub kind: SectionKind,
    /// Where it is in the normalised text, surrounding white space left out.
    pub span: Span,
}

/// What a part of an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The crawler's line: date, language label, agency code.
    Header,
    /// The headline.
    Title,
    /// The summary under the headline.
    Lead,
    /// A paragraph of running text.
    Body,
    /// The publisher's keyword line.
    Keywords,
    /// «انتهای پیام», share lines, codes.
    Boilerplate,
}

impl SectionKind {
    /// Whether sentences, entities and dates are taken from it.
    pub const fn is_running_text(self) -> bool {
        matches!(self, Self::Title | Self::Lead | Self::Body)
    }
}

/// What the sections of an article tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The parts, in order, not overlapping.
    pub sections: Vec<Section>,
    /// The date in the header line and where it stands.
    pub header_date: Option<(Day, Span)>,
    /// The language label in the header line as a BCP-47 code, and where it
    /// stands.
    pub header_language: Option<(String, Span)>,
}
