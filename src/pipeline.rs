//! The order of the stages.

use std::time::Instant;

use sha2::{Digest, Sha256};
use tracing::field::Empty;
use tracing::info_span;

use crate::article::{self, Article, Layout, Section, SectionKind, Source};
use crate::dates;
use crate::discourse;
use crate::enrichment::{DateOrigin, Document, Enrichment, Stage, StageStatus, Warning, running_text};
use crate::entities;
use crate::request::{Cancel, DISCOURSE, Error, Feature, Features, Options, violations};
use crate::resources::Resources;
use crate::segment;
use crate::text::{self, Alignment, Language, Span};

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
