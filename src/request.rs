//! What is asked: features, options, when to stop, and what can be wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::article::{Article, Content};

/// A kind of result that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says; the contract documents them")]
pub enum Feature {
    Language,
    Sections,
    Sentences,
    Tokens,
    Entities,
    Dates,
    Keyphrases,
    Quotations,
    Sources,
}

impl Feature {
    /// Every feature, in the order of the contract.
    pub const ALL: [Feature; 9] = [
        Feature::Language,
        Feature::Sections,
        Feature::Sentences,
        Feature::Tokens,
        Feature::Entities,
        Feature::Dates,
        Feature::Keyphrases,
        Feature::Quotations,
        Feature::Sources,
    ];
}

/// The features that read the entities, asked for or not.
pub(crate) const DISCOURSE: [Feature; 3] = [Feature::Keyphrases, Feature::Quotations, Feature::Sources];

/// A set of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(u16);

impl Features {
    /// All of them.
    pub const ALL: Features = Features((1 << Feature::ALL.len()) - 1);

    /// Whether `feature` is asked for.
    pub const fn contains(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u16) != 0
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Self {
        Self(features.into_iter().fold(0, |set, feature| set | 1 << feature as u16))
    }
}

/// What to compute.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The features.
    pub features: Features,
    /// Leave out entities, dates, quotations and sources below this confidence, 0 to 1.
    pub min_confidence: f32,
    /// The longest article accepted, in bytes.
    pub max_article_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { features: Features::ALL, min_confidence: 0.0, max_article_bytes: 1 << 20 }
    }
}

/// Says when work that nobody waits for should stop: at a deadline, or when
/// the caller has gone. It is looked at between stages and sentences.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    deadline: Option<Instant>,
    gone: Option<Arc<AtomicBool>>,
}

impl Cancel {
    /// Never stops.
    pub fn never() -> Self {
        Self::default()
    }

    /// Stops at `deadline`, and when `gone` becomes true.
    pub fn new(deadline: Option<Instant>, gone: Option<Arc<AtomicBool>>) -> Self {
        Self { deadline, gone }
    }

    /// # Errors
    /// [`Error::Cancelled`] when the work should stop.
    pub fn check(&self) -> Result<(), Error> {
        let gone = self.gone.as_ref().is_some_and(|gone| gone.load(Ordering::Relaxed));
        if gone || self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::Cancelled);
        }
        Ok(())
    }
}

/// Why an article was not enriched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The input is wrong: every violation, by field path of the contract.
    #[error("invalid request: {}", .0.iter().map(|v| format!("{}: {}", v.field, v.description)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Violation>),
    /// The deadline passed, or the caller has gone.
    #[error("stopped: the deadline passed or the caller has gone")]
    Cancelled,
}

/// One thing that is wrong with the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path in `EnrichRequest`, for example `article.document_date`.
    pub field: String,
    /// What is wrong, in English.
    pub description: String,
}

impl Violation {
    /// A violation of `field`.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// Everything that is wrong with a request for `options` over `article`, by
/// field path of the contract; empty when it can be enriched.
pub fn violations(article: &Article, options: &Options) -> Vec<Violation> {
    let mut violations = Vec::new();
    let (path, length, blank) = match &article.content {
        Content::Raw(text) => ("article.raw_text", text.len(), text.trim().is_empty()),
        Content::Fields(fields) => ("article.fields", fields.byte_len(), fields.is_blank()),
    };
    if length > options.max_article_bytes {
        let limit = options.max_article_bytes;
        violations.push(Violation::new(path, format!("{length} bytes long; the limit is {limit}")));
    } else if blank {
        violations.push(Violation::new(path, "no text"));
    }
    if let Some(zone) = &article.time_zone
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        violations.push(Violation::new("article.time_zone", format!("{zone:?} is no IANA time zone")));
    }
    if !(0.0..=1.0).contains(&options.min_confidence) {
        violations.push(Violation::new("min_confidence", "must be from 0 to 1"));
    }
    violations
}
