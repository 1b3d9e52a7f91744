//! The order of the stages.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use sha2::{Digest, Sha256};
use tracing::field::Empty;
use tracing::info_span;

use crate::article::{self, Article, Content, Layout, Section, SectionKind, Source};
use crate::dates::{self, DateMention, Day};
use crate::discourse::{self, Keyphrase, Quotation};
use crate::entities::{self, Entity};
use crate::resources::Resources;
use crate::segment::{self, Sentence, Token};
use crate::text::{self, Alignment, Language, Span};

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
const DISCOURSE: [Feature; 3] = [Feature::Keyphrases, Feature::Quotations, Feature::Sources];

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

/// The article as the stages see it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The normalised text; every [`Span`] counts its bytes.
    pub text: String,
    /// Its map to the source.
    pub alignment: Alignment,
    /// The main language.
    pub language: Language,
    /// 0 to 1.
    pub language_confidence: f32,
    /// The parts, in order.
    pub sections: Vec<Section>,
    /// The sentences of title, lead, body and boilerplate, in order.
    pub sentences: Vec<Sentence>,
    /// The tokens of the whole text, in order.
    pub tokens: Vec<Token>,
    /// The publication day, and whether the request gave it.
    pub document_date: Option<(Day, DateOrigin)>,
}

impl Document {
    /// The sentences that entities and dates are taken from.
    pub fn running_text(&self) -> Vec<Sentence> {
        running_text(&self.sections, &self.sentences)
    }
}

/// Where the publication day was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrigin {
    /// The request.
    Request,
    /// The header line.
    Header,
}

/// Everything found in one article.
#[derive(Clone, Debug)]
pub struct Enrichment<'a> {
    /// The text as it was sent.
    pub source: Source<'a>,
    /// The article as the stages see it.
    pub document: Document,
    /// Things named, in order of first mention.
    pub entities: Vec<Entity>,
    /// Temporal expressions, in order.
    pub dates: Vec<DateMention>,
    /// What the article is about: the publisher's keywords, then what the text
    /// tells, the most telling first.
    pub keyphrases: Vec<Keyphrase>,
    /// Who said what, in order.
    pub quotations: Vec<Quotation>,
    /// The outlets that the words came through, in order.
    pub sources: Vec<discourse::Source>,
    /// What a reader should know about this input.
    pub warnings: Vec<Warning>,
    /// How each feature asked for fared, in the order of the contract.
    pub stages: Vec<Stage>,
    /// SHA-256 of the source text, in hexadecimal.
    pub content_sha256: String,
    /// Microseconds for all of it.
    pub total_micros: u32,
}

/// Something a reader should know about this input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Stable, for programs.
    pub code: &'static str,
    /// For people, in English.
    pub message: String,
    /// Where, in the normalised text.
    pub span: Option<Span>,
}

/// How one feature fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The feature.
    pub feature: Feature,
    /// The outcome.
    pub status: StageStatus,
    /// Microseconds.
    pub micros: u32,
    /// Why it was skipped or degraded, in English; else empty.
    pub detail: &'static str,
}

/// The outcome of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageStatus {
    /// Done.
    Ok,
    /// Not done.
    Skipped,
    /// Done with less than it needs.
    Degraded,
}

/// Enriches articles. Immutable and cheap to share between threads.
#[derive(Debug)]
pub struct Enricher {
    resources: Resources,
}

impl Enricher {
    /// An enricher with the embedded tables and models.
    pub fn embedded() -> Self {
        Self::new(Resources::embedded())
    }

    /// An enricher with other tables and models.
    pub fn new(resources: Resources) -> Self {
        let enricher = Self { resources };
        // Some tables are read at first use: now, so that no call waits for it.
        let article = Article::from_raw("2025-09-09 Fa\nخبر\n\nاو سه‌شنبه به تهران رفت و «سلام» گفت.\n");
        tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::default(), || {
            let _ = enricher.enrich(&article, &Options::default(), &Cancel::never());
        });
        enricher
    }

    /// What it works with.
    pub fn resources(&self) -> &Resources {
        &self.resources
    }

    /// Enriches one article.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no text, it is longer than
    /// `options.max_article_bytes`, or the time zone is unknown;
    /// [`Error::Cancelled`] when `cancel` said so.
    pub fn enrich<'a>(
        &self,
        article: &'a Article,
        options: &Options,
        cancel: &Cancel,
    ) -> Result<Enrichment<'a>, Error> {
        let started = Instant::now();
        let wrong = violations(article, options);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let source = Source::new(&article.content);
        let mut clock = StageClock { features: options.features, stages: Vec::new() };
        let mut warnings = Vec::new();

        let (language, language_confidence) =
            clock.run(Feature::Language, "language", |_| 1, || text::language::detect(&source.text));
        // No feature of its own; its items are bytes.
        let normalized = stage_span(
            "normalize",
            |n: &text::Normalized| n.text.len(),
            || {
                let mut normalized = text::normalize::normalize(&source.text, language);
                if language == Language::Persian {
                    let restored = text::zwnj::restore(&mut normalized);
                    if restored.is_plainly_stripped() {
                        warnings.push(Warning {
                            code: "ZWNJ_STRIPPED",
                            message: format!(
                                "the text has lost its ZWNJs: {} restored, {} found",
                                restored.inserted, restored.present
                            ),
                            span: None,
                        });
                    }
                }
                normalized
            },
        );
        let text = normalized.text;
        cancel.check()?;

        let count = |layout: &Layout| layout.sections.len();
        let layout = clock.run(Feature::Sections, "sections", count, || layout(&text, &normalized.alignment, &source));
        let document_date = match (article.document_date, layout.header_date) {
            (Some(day), _) => Some((day, DateOrigin::Request)),
            (None, Some((day, _))) => Some((day, DateOrigin::Header)),
            (None, None) => None,
        };
        let tokens = clock.run(Feature::Tokens, "tokens", Vec::len, || segment::tokens(&text));
        cancel.check()?;
        let sentences = clock.run(Feature::Sentences, "sentences", Vec::len, || {
            let mut sentences = Vec::new();
            for section in layout.sections.iter().filter(|s| s.kind.has_sentences()) {
                segment::sentences(&text, section.span, &tokens, &mut sentences);
            }
            sentences
        });
        cancel.check()?;

        let running = running_text(&layout.sections, &sentences);
        let wants = |feature| options.features.contains(feature);
        let mut dates = Vec::new();
        let mut entities = if wants(Feature::Entities) || DISCOURSE.into_iter().any(wants) {
            let mut entities = clock.run(Feature::Entities, "entities", Vec::len, || {
                let mut entities = Vec::new();
                let Resources { gazetteer, tagger, .. } = &self.resources;
                entities::extract(&text, &running, &tokens, gazetteer, tagger.as_ref(), &mut entities);
                entities
            });
            for entity in &mut entities {
                entity.mentions.retain(|mention| mention.confidence >= options.min_confidence);
            }
            entities.retain(|entity| !entity.mentions.is_empty());
            cancel.check()?;
            entities
        } else {
            Vec::new()
        };
        if wants(Feature::Dates) {
            let context = dates::Context {
                document_date: document_date.map(|(day, _)| day),
                time_zone: article.time_zone.as_deref(),
            };
            dates = clock.run(Feature::Dates, "dates", Vec::len, || {
                let mut dates = Vec::new();
                dates::extract(&text, &running, &tokens, &context, &mut dates);
                dates
            });
            cancel.check()?;
        }
        dates.retain(|date| date.confidence >= options.min_confidence);
        let (mut quotations, mut sources, mut keyphrases) = (Vec::new(), Vec::new(), Vec::new());
        if DISCOURSE.into_iter().any(wants) {
            let reading = discourse::Reading::new(&text, &running, &tokens, &entities);
            if wants(Feature::Keyphrases) {
                let lines: Vec<Span> = keyword_lines(&layout.sections).collect();
                keyphrases = clock.run(Feature::Keyphrases, "keyphrases", Vec::len, || {
                    discourse::keyphrases(&reading, &lines, !source.fields.is_empty())
                });
                cancel.check()?;
            }
            if wants(Feature::Quotations) {
                quotations = clock.run(Feature::Quotations, "quotations", Vec::len, || discourse::quotations(&reading));
                cancel.check()?;
            }
            if wants(Feature::Sources) {
                sources = clock.run(Feature::Sources, "sources", Vec::len, || discourse::sources(&reading));
                cancel.check()?;
            }
        }
        quotations.retain(|quotation| quotation.confidence >= options.min_confidence);
        sources.retain(|source| source.confidence >= options.min_confidence);
        if !wants(Feature::Entities) {
            entities.clear();
        }

        warnings.splice(0..0, language_warnings(article, &layout, language));
        Ok(Enrichment {
            content_sha256: Sha256::digest(source.text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect(),
            document: Document {
                text,
                alignment: normalized.alignment,
                language,
                language_confidence,
                sections: layout.sections,
                sentences,
                tokens,
                document_date,
            },
            source,
            entities,
            dates,
            keyphrases,
            quotations,
            sources,
            warnings,
            stages: clock.finish(language),
            total_micros: micros(started),
        })
    }
}

/// Times the stages and notes how each feature fared.
struct StageClock {
    features: Features,
    stages: Vec<Stage>,
}

impl StageClock {
    /// Runs the stage behind `feature`, whose findings `count` counts.
    fn run<T>(
        &mut self,
        feature: Feature,
        name: &'static str,
        count: impl FnOnce(&T) -> usize,
        stage: impl FnOnce() -> T,
    ) -> T {
        let started = Instant::now();
        let result = stage_span(name, count, stage);
        self.stages.push(Stage { feature, status: StageStatus::Ok, micros: micros(started), detail: "" });
        result
    }

    /// The outcome of every feature that was asked for.
    fn finish(self, language: Language) -> Vec<Stage> {
        let outcome = |feature: Feature| {
            let mut stage = match self.stages.iter().find(|stage| stage.feature == feature) {
                Some(stage) => stage.clone(),
                None => {
                    Stage { feature, status: StageStatus::Skipped, micros: 0, detail: "this version has no such stage" }
                }
            };
            let needs_persian = matches!(feature, Feature::Entities | Feature::Dates) || DISCOURSE.contains(&feature);
            if needs_persian && language != Language::Persian {
                stage.status = StageStatus::Degraded;
                stage.detail = "made for Persian; the text is in another language";
            }
            stage
        };
        Feature::ALL.into_iter().filter(|&feature| self.features.contains(feature)).map(outcome).collect()
    }
}

/// Runs a stage in a span of its own, which says how much the stage found and
/// never what.
fn stage_span<T>(name: &'static str, count: impl FnOnce(&T) -> usize, stage: impl FnOnce() -> T) -> T {
    let span = info_span!("stage", otel.name = name, enricher.items = Empty);
    let result = span.in_scope(stage);
    // OpenTelemetry counts with a sign.
    span.record("enricher.items", i64::try_from(count(&result)).unwrap_or(i64::MAX));
    result
}

fn micros(since: Instant) -> u32 {
    since.elapsed().as_micros().try_into().unwrap_or(u32::MAX)
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

fn layout(text: &str, alignment: &Alignment, source: &Source<'_>) -> Layout {
    if source.fields.is_empty() {
        return article::split(text);
    }
    let fields: Vec<_> =
        source.fields.iter().map(|(field, range)| (*field, alignment.normalized_span(range.clone()))).collect();
    article::split_fields(text, &fields)
}

/// The publisher's keyword lines.
fn keyword_lines(sections: &[Section]) -> impl Iterator<Item = Span> {
    sections.iter().filter(|section| section.kind == SectionKind::Keywords).map(|section| section.span)
}

/// The sentences that entities and dates are taken from.
fn running_text(sections: &[Section], sentences: &[Sentence]) -> Vec<Sentence> {
    let is_running = |sentence: &&Sentence| {
        let after = sections.partition_point(|section| section.span.start <= sentence.span.start);
        after.checked_sub(1).and_then(|at| sections.get(at)).is_none_or(|section| section.kind.is_running_text())
    };
    sentences.iter().filter(is_running).cloned().collect()
}

fn language_warnings(article: &Article, layout: &Layout, detected: Language) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let mut mismatch = |said: &str, who: &str, span: Option<Span>| {
        if detected != Language::Undetermined && primary(said) != detected.code() {
            let message = format!("{who} says {said}; the text is in {}", detected.code());
            warnings.push(Warning { code: "LANGUAGE_MISMATCH", message, span });
        }
    };
    if let Some((label, span)) = &layout.header_language {
        mismatch(label, "the header line", Some(*span));
    }
    if let Some(hint) = &article.language_hint {
        mismatch(hint, "language_hint", None);
    }
    if detected != Language::Persian {
        let message =
            format!("the text is not in Persian but {}: entities and dates are made for Persian", detected.code());
        warnings.push(Warning { code: "NOT_PERSIAN", message, span: None });
    }
    warnings
}

impl SectionKind {
    /// Whether sentences are told apart in it.
    const fn has_sentences(self) -> bool {
        self.is_running_text() || matches!(self, Self::Boilerplate)
    }
}
