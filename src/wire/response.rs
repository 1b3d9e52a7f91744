//! The library's findings as messages of the contract. Here, and only here,
//! spans are mapped to the source and to the caller's unit.

use super::request::{Form, to_wire};
use super::v1;
use crate::article::{Field, SectionKind};
use crate::dates::{self, DateMention, Day};
use crate::discourse::{self, Keyphrase, Quotation, QuotationKind};
use crate::entities::{Entity, EntityKind, Mention};
use crate::resources::Component;
use crate::segment::TokenKind;
use crate::text::{Language, OffsetIndex, OffsetUnit, Span};
use crate::{DateOrigin, Enrichment, Feature, Features, StageStatus};

/// The answer to a request for `features`. `trace_id` is the OpenTelemetry
/// trace in hexadecimal, or empty.
pub fn write_response(
    enrichment: &Enrichment<'_>,
    components: &[Component],
    features: Features,
    form: Form,
    article_id: String,
    trace_id: String,
) -> v1::EnrichResponse {
    let writer = Writer { enrichment, form, index: OffsetIndex::new(&enrichment.source.text, form.offset_unit) };
    let document = &enrichment.document;
    let mut response = v1::EnrichResponse {
        article_id,
        offset_unit: unit(form.offset_unit) as i32,
        document_date: document.document_date.map(document_date),
        normalized_text: form.include_normalized_text.then(|| writer.normalized_text()),
        warnings: enrichment.warnings.iter().map(|w| writer.warning(w)).collect(),
        provenance: Some(writer.provenance(components, trace_id)),
        ..Default::default()
    };
    if features.contains(Feature::Language) {
        response.language = document.language.code().into();
        response.language_confidence = document.language_confidence;
    }
    if features.contains(Feature::Sections) {
        let section = |s: &crate::article::Section| v1::Section {
            kind: section_kind(s.kind) as i32,
            span: Some(writer.span(s.span)),
        };
        response.sections = document.sections.iter().map(section).collect();
    }
    if features.contains(Feature::Sentences) {
        response.sentences =
            document.sentences.iter().map(|s| v1::Sentence { span: Some(writer.span(s.span)) }).collect();
    }
    if features.contains(Feature::Tokens) {
        let token = |t: &crate::segment::Token| v1::Token {
            span: Some(writer.span(t.span)),
            normalized: t.span.of(&document.text).into(),
            kind: token_kind(t.kind) as i32,
        };
        response.tokens = document.tokens.iter().map(token).collect();
    }
    response.entities = enrichment.entities.iter().map(|e| writer.entity(e)).collect();
    response.dates = enrichment.dates.iter().map(|d| writer.date(d)).collect();
    response.keyphrases = enrichment.keyphrases.iter().map(|k| writer.keyphrase(k)).collect();
    response.quotations = enrichment.quotations.iter().map(|q| writer.quotation(q)).collect();
    response.sources = enrichment.sources.iter().map(|s| writer.source(s)).collect();
    response
}

/// What this server is and accepts. `max_request_bytes` and `max_batch_items`
/// are the transport's.
pub fn capabilities(
    components: &[Component],
    limits: v1::get_capabilities_response::Limits,
) -> v1::GetCapabilitiesResponse {
    v1::GetCapabilitiesResponse {
        service_version: env!("CARGO_PKG_VERSION").into(),
        limits: Some(limits),
        features: Feature::ALL.into_iter().map(|f| to_wire(f) as i32).collect(),
        entity_types: EntityKind::AVAILABLE.iter().map(|&kind| entity_type(kind) as i32).collect(),
        languages: Language::ALL.iter().map(|l| l.code().into()).collect(),
        components: write_components(components),
    }
}

struct Writer<'a> {
    enrichment: &'a Enrichment<'a>,
    form: Form,
    index: OffsetIndex<'a>,
}

impl Writer<'_> {
    fn span(&self, span: Span) -> v1::Span {
        let source = &self.enrichment.source;
        let bytes = self.enrichment.document.alignment.source_range(span);
        let (start, end) = (self.index.position(bytes.start), self.index.position(bytes.end));
        let mut out = v1::Span::default();
        let mut origin = 0;
        if let Some((field, field_start)) = source.field_at(bytes.start) {
            origin = self.index.position(field_start);
            out.field = field_name(field) as i32;
            out.field_index = match field {
                Field::Keywords(index) => Some(index),
                _ => None,
            };
        }
        if !self.form.omit_text {
            out.text = source.text.get(bytes).unwrap_or_default().into();
        }
        out.start = Some(start - origin);
        out.end = Some(end - origin);
        out
    }

    fn evidence(&self, rule: &str, resource: &str) -> Vec<v1::Evidence> {
        match self.form.explain {
            true => vec![v1::Evidence { rule: rule.into(), resource: resource.into(), score: None }],
            false => Vec::new(),
        }
    }

    fn entity(&self, entity: &Entity) -> v1::Entity {
        let mention = |m: &Mention| v1::entity::Mention {
            span: Some(self.span(m.span)),
            confidence: m.confidence,
            evidence: self.evidence(m.rule, &m.resource),
        };
        v1::Entity {
            id: entity.id.clone(),
            name: entity.name.clone(),
            r#type: entity_type(entity.kind) as i32,
            salience: entity.salience,
            confidence: entity.mentions.iter().map(|m| m.confidence).fold(0.0, f32::max),
            mentions: entity.mentions.iter().map(mention).collect(),
            aliases: entity.aliases.clone(),
            links: entity
                .links
                .iter()
                .map(|l| v1::entity::Link { authority: l.authority.to_string(), id: l.id.clone(), url: l.url.clone() })
                .collect(),
            roles: entity
                .roles
                .iter()
                .map(|r| v1::entity::Role { span: Some(self.span(r.span)), of: r.of.clone() })
                .collect(),
        }
    }

    fn date(&self, date: &DateMention) -> v1::DateMention {
        let alternative = |a: &dates::Alternative| v1::date_mention::Alternative {
            value: a.value.clone(),
            timex3: a.timex3.clone(),
            interval: a.interval.map(interval),
            reason: a.reason.into(),
        };
        v1::DateMention {
            span: Some(self.span(date.span)),
            kind: date_kind(date.kind) as i32,
            granularity: date.granularity.map_or(0, |g| granularity(g) as i32),
            calendar: date.calendar.map_or(0, |c| calendar(c) as i32),
            value: date.value.clone(),
            timex3: date.timex3.clone(),
            r#mod: date.modifier.map_or("", dates::Modifier::name).into(),
            quant: date.quant.into(),
            freq: date.freq.clone(),
            interval: date.interval.map(interval),
            resolution: resolution(date.resolution) as i32,
            anchor: date.anchor.map(Day::gregorian_string).unwrap_or_default(),
            relation: self.relation(date) as i32,
            weekday_agrees: date.weekday_agrees,
            approximate: date.approximate,
            confidence: date.confidence,
            alternatives: date.alternatives.iter().map(alternative).collect(),
            evidence: date.rules.iter().flat_map(|rule| self.evidence(rule, "")).collect(),
        }
    }

    fn keyphrase(&self, keyphrase: &Keyphrase) -> v1::Keyphrase {
        v1::Keyphrase {
            text: keyphrase.text.clone(),
            score: keyphrase.score,
            from_publisher: keyphrase.from_publisher,
            entity_id: keyphrase.entity_id.clone(),
            spans: keyphrase.spans.iter().map(|&span| self.span(span)).collect(),
        }
    }

    fn quotation(&self, quotation: &Quotation) -> v1::Quotation {
        use v1::quotation::Kind;
        let kind = match quotation.kind {
            QuotationKind::Direct => Kind::Direct,
            QuotationKind::Reported => Kind::Reported,
        };
        v1::Quotation {
            content: Some(self.span(quotation.content)),
            cue: quotation.cue.map(|span| self.span(span)),
            speaker: quotation.speaker.map(|span| self.span(span)),
            speaker_id: quotation.speaker_id.clone(),
            kind: kind as i32,
            confidence: quotation.confidence,
        }
    }

    fn source(&self, source: &discourse::Source) -> v1::Source {
        v1::Source {
            span: Some(self.span(source.span)),
            cue: Some(self.span(source.cue)),
            entity_id: source.entity_id.clone(),
            name: source.name.clone(),
            hop: source.hop,
            confidence: source.confidence,
        }
    }

    fn relation(&self, date: &DateMention) -> v1::date_mention::Relation {
        use v1::date_mention::Relation;
        match (date.interval, self.enrichment.document.document_date) {
            (Some(interval), Some((today, _))) if interval.end <= today => Relation::Before,
            (Some(interval), Some((today, _))) if interval.start > today => Relation::After,
            (Some(_), Some(_)) => Relation::Contains,
            _ => Relation::Unspecified,
        }
    }

    fn warning(&self, warning: &crate::Warning) -> v1::Warning {
        v1::Warning {
            code: warning.code.into(),
            message: warning.message.clone(),
            span: warning.span.map(|span| self.span(span)),
        }
    }

    fn normalized_text(&self) -> v1::NormalizedText {
        let document = &self.enrichment.document;
        let index = OffsetIndex::new(&document.text, self.form.offset_unit);
        let mut runs: Vec<v1::AlignmentRun> = Vec::new();
        for run in document.alignment.runs() {
            let next = v1::AlignmentRun {
                normalized_start: Some(index.position(run.normalized.start as usize)),
                normalized_end: Some(index.position(run.normalized.end as usize)),
                source_start: Some(self.index.position(run.source_start as usize)),
                source_end: Some(self.index.position(run.source_end as usize)),
            };
            match runs.last_mut() {
                Some(last) if is_linear(last) && is_linear(&next) && last.source_end == next.source_start => {
                    last.normalized_end = next.normalized_end;
                    last.source_end = next.source_end;
                }
                _ => runs.push(next),
            }
        }
        v1::NormalizedText { text: document.text.clone(), alignment: runs }
    }

    fn provenance(&self, components: &[Component], trace_id: String) -> v1::Provenance {
        let stage = |s: &crate::Stage| v1::provenance::Stage {
            feature: to_wire(s.feature) as i32,
            status: stage_status(s.status) as i32,
            micros: s.micros,
            detail: s.detail.into(),
        };
        v1::Provenance {
            service_version: env!("CARGO_PKG_VERSION").into(),
            components: write_components(components),
            content_sha256: self.enrichment.content_sha256.clone(),
            trace_id,
            stages: self.enrichment.stages.iter().map(stage).collect(),
            total_micros: self.enrichment.total_micros,
        }
    }
}

/// Whether positions of the run map one to one.
fn is_linear(run: &v1::AlignmentRun) -> bool {
    let length = |start: Option<u32>, end: Option<u32>| end.unwrap_or(0) - start.unwrap_or(0);
    length(run.normalized_start, run.normalized_end) == length(run.source_start, run.source_end)
}

fn write_components(components: &[Component]) -> Vec<v1::Component> {
    let component = |c: &Component| v1::Component {
        name: c.name.into(),
        version: c.version.into(),
        sha256: c.sha256.clone().into_owned(),
        license: c.license.into(),
    };
    components.iter().map(component).collect()
}

fn document_date((day, origin): (Day, DateOrigin)) -> v1::DocumentDate {
    use v1::document_date::Origin;
    let origin = match origin {
        DateOrigin::Request => Origin::Request,
        DateOrigin::Header => Origin::Header,
    };
    v1::DocumentDate { gregorian: day.gregorian_string(), persian: day.persian_string(), origin: origin as i32 }
}

fn interval(interval: dates::Interval) -> v1::Interval {
    v1::Interval {
        start: interval.start.gregorian_string(),
        end: interval.end.gregorian_string(),
        persian_start: interval.start.persian_string(),
        persian_end: interval.end.persian_string(),
    }
}

const fn unit(unit: OffsetUnit) -> v1::enrich_request::OffsetUnit {
    match unit {
        OffsetUnit::CodePoints => v1::enrich_request::OffsetUnit::CodePoints,
        OffsetUnit::Utf8Bytes => v1::enrich_request::OffsetUnit::Utf8Bytes,
        OffsetUnit::Utf16CodeUnits => v1::enrich_request::OffsetUnit::Utf16CodeUnits,
    }
}

const fn field_name(field: Field) -> v1::span::Field {
    match field {
        Field::Title => v1::span::Field::Title,
        Field::Lead => v1::span::Field::Lead,
        Field::Body => v1::span::Field::Body,
        Field::Keywords(_) => v1::span::Field::Keywords,
    }
}

const fn section_kind(kind: SectionKind) -> v1::section::Kind {
    match kind {
        SectionKind::Header => v1::section::Kind::Header,
        SectionKind::Title => v1::section::Kind::Title,
        SectionKind::Lead => v1::section::Kind::Lead,
        SectionKind::Body => v1::section::Kind::Body,
        SectionKind::Keywords => v1::section::Kind::Keywords,
        SectionKind::Boilerplate => v1::section::Kind::Boilerplate,
    }
}

const fn token_kind(kind: TokenKind) -> v1::token::Kind {
    match kind {
        TokenKind::Word => v1::token::Kind::Word,
        TokenKind::Number => v1::token::Kind::Number,
        TokenKind::Punctuation => v1::token::Kind::Punctuation,
        TokenKind::Symbol => v1::token::Kind::Symbol,
        TokenKind::Url => v1::token::Kind::Url,
        TokenKind::Email => v1::token::Kind::Email,
        TokenKind::Hashtag => v1::token::Kind::Hashtag,
        TokenKind::Mention => v1::token::Kind::Mention,
        TokenKind::Emoji => v1::token::Kind::Emoji,
    }
}

const fn entity_type(kind: EntityKind) -> v1::entity::Type {
    match kind {
        EntityKind::Person => v1::entity::Type::Person,
        EntityKind::Organization => v1::entity::Type::Organization,
        EntityKind::Location => v1::entity::Type::Location,
        EntityKind::Facility => v1::entity::Type::Facility,
        EntityKind::Event => v1::entity::Type::Event,
        EntityKind::Product => v1::entity::Type::Product,
        EntityKind::Nationality => v1::entity::Type::Nationality,
        EntityKind::Money => v1::entity::Type::Money,
        EntityKind::Percent => v1::entity::Type::Percent,
    }
}

const fn stage_status(status: StageStatus) -> v1::provenance::stage::Status {
    match status {
        StageStatus::Ok => v1::provenance::stage::Status::Ok,
        StageStatus::Skipped => v1::provenance::stage::Status::Skipped,
        StageStatus::Degraded => v1::provenance::stage::Status::Degraded,
    }
}

const fn date_kind(kind: dates::Kind) -> v1::date_mention::Kind {
    match kind {
        dates::Kind::Date => v1::date_mention::Kind::Date,
        dates::Kind::Time => v1::date_mention::Kind::Time,
        dates::Kind::Duration => v1::date_mention::Kind::Duration,
        dates::Kind::Set => v1::date_mention::Kind::Set,
    }
}

const fn granularity(granularity: dates::Granularity) -> v1::date_mention::Granularity {
    use dates::Granularity as From;
    use v1::date_mention::Granularity as To;
    match granularity {
        From::Second => To::Second,
        From::Minute => To::Minute,
        From::Hour => To::Hour,
        From::PartOfDay => To::PartOfDay,
        From::Day => To::Day,
        From::Week => To::Week,
        From::Weekend => To::Weekend,
        From::Month => To::Month,
        From::Quarter => To::Quarter,
        From::Season => To::Season,
        From::HalfYear => To::HalfYear,
        From::Year => To::Year,
        From::Decade => To::Decade,
        From::Century => To::Century,
        From::Period => To::Period,
    }
}

const fn calendar(calendar: dates::Calendar) -> v1::date_mention::Calendar {
    match calendar {
        dates::Calendar::Persian => v1::date_mention::Calendar::Persian,
        dates::Calendar::Gregorian => v1::date_mention::Calendar::Gregorian,
        dates::Calendar::Islamic => v1::date_mention::Calendar::Islamic,
    }
}

const fn resolution(resolution: dates::Resolution) -> v1::date_mention::Resolution {
    match resolution {
        dates::Resolution::Explicit => v1::date_mention::Resolution::Explicit,
        dates::Resolution::DocumentDate => v1::date_mention::Resolution::DocumentDate,
        dates::Resolution::Mention => v1::date_mention::Resolution::Mention,
        dates::Resolution::Unresolved => v1::date_mention::Resolution::Unresolved,
    }
}
