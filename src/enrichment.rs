//! What is found: the article as the stages see it, and all their findings.

use crate::article::{Section, Source};
use crate::dates::{DateMention, Day};
use crate::discourse::{self, Keyphrase, Quotation};
use crate::entities::Entity;
use crate::request::Feature;
use crate::segment::{Sentence, Token};
use crate::text::{Alignment, Language, Span};

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

/// The sentences that entities and dates are taken from.
pub(crate) fn running_text(sections: &[Section], sentences: &[Sentence]) -> Vec<Sentence> {
    let is_running = |sentence: &&Sentence| {
        let after = sections.partition_point(|section| section.span.start <= sentence.span.start);
        after.checked_sub(1).and_then(|at| sections.get(at)).is_none_or(|section| section.kind.is_running_text())
    };
    sentences.iter().filter(is_running).cloned().collect()
}
