//! Requests of the contract, checked and turned into the library's types.

use super::v1;
use super::v1::enrich_request::{Feature as WireFeature, OffsetUnit as WireUnit};
use crate::article::{Article, Content, Fields};
use crate::dates::Day;
use crate::request::{Feature, Features, Options, Violation, violations};
use crate::text::OffsetUnit;

/// A checked request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The caller's identifier of the article.
    pub article_id: String,
    /// The article.
    pub article: Article,
    /// What to compute.
    pub options: Options,
    /// In which form to answer.
    pub form: Form,
}

/// In which form to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The unit of every offset.
    pub offset_unit: OffsetUnit,
    /// Leave `Span.text` empty.
    pub omit_text: bool,
    /// Fill `normalized_text`.
    pub include_normalized_text: bool,
    /// Fill `evidence`.
    pub explain: bool,
}

/// Checks `request` and turns it into the library's types.
///
/// # Errors
/// Every violation, by field path.
pub fn read_request(request: v1::EnrichRequest, max_article_bytes: usize) -> Result<Request, Vec<Violation>> {
    let mut wrong = Vec::new();
    let features = read_features(&request.features, &mut wrong);
    let offset_unit = read_unit(request.offset_unit, &mut wrong);
    let options = Options { features, min_confidence: request.min_confidence, max_article_bytes };
    let form = Form {
        offset_unit,
        omit_text: request.omit_text,
        include_normalized_text: request.include_normalized_text,
        explain: request.explain,
    };
    let Some(article) = request.article else {
        wrong.push(Violation::new("article", "required"));
        return Err(wrong);
    };
    let article_id = article.id.clone();
    if let Some(article) = read_article(article, &mut wrong) {
        wrong.extend(violations(&article, &options));
        if wrong.is_empty() {
            return Ok(Request { article_id, article, options, form });
        }
    }
    Err(wrong)
}

fn read_article(article: v1::Article, wrong: &mut Vec<Violation>) -> Option<Article> {
    let document_date = match article.document_date.as_str() {
        "" => None,
        date => Day::parse(date)
            .map_err(|error| wrong.push(Violation::new("article.document_date", error.to_string())))
            .ok(),
    };
    let content = match article.content {
        Some(v1::article::Content::RawText(text)) => Content::Raw(text),
        Some(v1::article::Content::Fields(fields)) => Content::Fields(Fields {
            title: fields.title,
            lead: fields.lead,
            body: fields.body,
            keywords: fields.keywords,
        }),
        None => {
            wrong.push(Violation::new("article.content", "required: set raw_text or fields"));
            return None;
        }
    };
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(Article {
        content,
        document_date,
        time_zone: given(article.time_zone),
        language_hint: given(article.language_hint),
    })
}

fn read_features(values: &[i32], wrong: &mut Vec<Violation>) -> Features {
    /// Far more than there are features; a bound on what a hostile list costs.
    const MOST: usize = 64;
    if values.is_empty() {
        return Features::ALL;
    }
    if values.len() > MOST {
        wrong.push(Violation::new("features", format!("{} values; the limit is {MOST}", values.len())));
        return Features::ALL;
    }
    let mut features = Vec::with_capacity(values.len());
    for (at, &value) in values.iter().enumerate() {
        match WireFeature::try_from(value).ok().and_then(from_wire) {
            Some(feature) => features.push(feature),
            None => wrong.push(Violation::new(format!("features[{at}]"), format!("{value} is no feature"))),
        }
    }
    features.into_iter().collect()
}

fn from_wire(feature: WireFeature) -> Option<Feature> {
    Feature::ALL.into_iter().find(|&f| to_wire(f) == feature)
}

/// The feature's number in the contract.
pub(super) const fn to_wire(feature: Feature) -> WireFeature {
    match feature {
        Feature::Language => WireFeature::Language,
        Feature::Sections => WireFeature::Sections,
        Feature::Sentences => WireFeature::Sentences,
        Feature::Tokens => WireFeature::Tokens,
        Feature::Entities => WireFeature::Entities,
        Feature::Dates => WireFeature::Dates,
        Feature::Keyphrases => WireFeature::Keyphrases,
        Feature::Quotations => WireFeature::Quotations,
        Feature::Sources => WireFeature::Sources,
    }
}

fn read_unit(value: i32, wrong: &mut Vec<Violation>) -> OffsetUnit {
    match WireUnit::try_from(value) {
        Ok(WireUnit::Unspecified | WireUnit::CodePoints) => OffsetUnit::CodePoints,
        Ok(WireUnit::Utf8Bytes) => OffsetUnit::Utf8Bytes,
        Ok(WireUnit::Utf16CodeUnits) => OffsetUnit::Utf16CodeUnits,
        Err(_) => {
            wrong.push(Violation::new("offset_unit", format!("{value} is no offset unit")));
            OffsetUnit::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> v1::Article {
        v1::Article { content: Some(v1::article::Content::RawText(text.into())), ..Default::default() }
    }

    #[test]
    fn every_violation_is_listed_by_field() {
        let article = v1::Article { document_date: "2025-02-30".into(), time_zone: "Tehran".into(), ..raw("  ") };
        let request = v1::EnrichRequest {
            article: Some(article),
            features: vec![1, 99, 0],
            offset_unit: 7,
            min_confidence: 2.0,
            ..Default::default()
        };
        let wrong = read_request(request, 100).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "features[1]",
                "features[2]",
                "offset_unit",
                "article.document_date",
                "article.raw_text",
                "article.time_zone",
                "min_confidence"
            ]
        );
    }

    #[test]
    fn missing_article_and_content() {
        let field = |request| read_request(request, 100).unwrap_err().first().unwrap().field.clone();
        assert_eq!(field(v1::EnrichRequest::default()), "article");
        let article = Some(v1::Article::default());
        assert_eq!(field(v1::EnrichRequest { article, ..Default::default() }), "article.content");
    }

    #[test]
    fn too_long_says_limit_and_length() {
        let article = Some(raw(&"خبر ".repeat(20)));
        let wrong = read_request(v1::EnrichRequest { article, ..Default::default() }, 100).unwrap_err();
        assert_eq!(wrong, [Violation::new("article.raw_text", "140 bytes long; the limit is 100")]);
    }

    #[test]
    fn persian_document_date_and_features() {
        let article = Some(v1::Article { document_date: "1404-06-18".into(), ..raw("خبر") });
        let features = vec![WireFeature::Dates as i32];
        let request = read_request(v1::EnrichRequest { article, features, ..Default::default() }, 100).unwrap();
        assert_eq!(request.article.document_date, Day::from_gregorian(2025, 9, 9));
        assert!(request.options.features.contains(Feature::Dates));
        assert!(!request.options.features.contains(Feature::Tokens));
    }
}
