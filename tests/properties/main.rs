//! Invariants of the whole pipeline, on made-up text: no panic, every offset in
//! the source as it was sent, in each unit, and nothing overlapping.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use article_enricher::text::{OffsetUnit, Span};
use article_enricher::wire::v1::{self, EnrichRequest, EnrichResponse};
use article_enricher::wire::{Form, read_request, write_response};
use article_enricher::{Article, Cancel, Content, Enricher, Fields, Options};
use proptest::prelude::*;
use std::sync::LazyLock;

static ENRICHER: LazyLock<Enricher> = LazyLock::new(Enricher::embedded);

/// Pieces that real dumps are made of, and some that they should not be.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "date 2025-09-09 En",
        "۱۴۰۴/۰۶/۱۸",
        "سه‌شنبه",
        "سهشنبه",
        "۹ مرداد ۱۴۰۴",
        "بهمنماه",
        "ساعت ۱۸:۳۰",
        "دو هفته پیش",
        "وزارت امور خارجه",
        "سوریه",
        "میکنند",
        "می\u{200C}کنند",
        "مقامهای",
        "خانهٔ",
        "كتاب",
        "علي",
        "مثلاً",
        "گفت:",
        "«",
        "»",
        "؟",
        "!",
        ".",
        "...",
        "،",
        "\n",
        "\n\n",
        " ",
        "\t",
        "\u{200C}",
        "\u{200D}",
        "\u{FEFF}",
        "\u{200F}",
        "\u{AD}",
        "ﻻ",
        "ﷲ",
        "😀",
        "👨\u{200D}👩\u{200D}👧",
        "a@b.ir",
        "https://example.ir/خبر?x=1",
        "#لیگ_برتر",
        "@user",
        "٪",
        "۳۴٫۵",
        "1,250",
        "ـــ",
        "\u{64E}",
        "کلیدواژه‌ها:",
        "انتهای پیام",
        "ا. ن. رضایی",
        "تهران - ایرنا:",
        "e\u{301}",
        "\u{0}",
        "ۀ",
        "ە",
    ])
    .prop_map(str::to_owned);
    prop_oneof![8 => known, 1 => "\\PC{0,6}", 1 => any::<char>().prop_map(String::from)]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec((piece(), prop::bool::ANY), 1..60)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, space)| if space { piece + " " } else { piece }).collect())
}

fn respond(article: &Article, form: Form) -> Option<EnrichResponse> {
    let options = Options::default();
    let enrichment = ENRICHER.enrich(article, &options, &Cancel::never()).ok()?;
    let source = &enrichment.source.text;
    let document = &enrichment.document;
    let mut last = 0;
    for run in document.alignment.runs() {
        assert_eq!(run.normalized.start, last, "runs cover the normalised text");
        last = run.normalized.end;
    }
    assert_eq!(last as usize, document.text.len());
    let spans = document.tokens.iter().map(|token| token.span);
    for span in spans.chain(document.sentences.iter().map(|s| s.span)).chain(document.sections.iter().map(|s| s.span)) {
        assert!(
            document.text.get(span.range()).is_some_and(|text| !text.is_empty()),
            "{span:?} is a piece of the text"
        );
        assert!(source.get(document.alignment.source_range(span)).is_some(), "{span:?} maps into the source");
    }
    in_order("tokens", document.tokens.iter().map(|t| t.span));
    in_order("sentences", document.sentences.iter().map(|s| s.span));
    in_order("sections", document.sections.iter().map(|s| s.span));
    in_order("dates", enrichment.dates.iter().map(|d| d.span));
    let mut mentions: Vec<Span> = enrichment.entities.iter().flat_map(|e| e.mentions.iter().map(|m| m.span)).collect();
    mentions.sort_unstable();
    in_order("mentions", mentions.into_iter());
    Some(write_response(
        &enrichment,
        &ENRICHER.resources().components,
        options.features,
        form,
        String::new(),
        String::new(),
    ))
}

fn in_order(what: &str, spans: impl Iterator<Item = Span>) {
    let mut last = 0;
    for span in spans {
        assert!(last <= span.start && span.start < span.end, "{what} overlap or are empty at {span:?}");
        last = span.end;
    }
}

fn spans(response: &EnrichResponse) -> Vec<&v1::Span> {
    let mut spans: Vec<Option<&v1::Span>> = Vec::new();
    spans.extend(response.tokens.iter().map(|t| t.span.as_ref()));
    spans.extend(response.sentences.iter().map(|s| s.span.as_ref()));
    spans.extend(response.sections.iter().map(|s| s.span.as_ref()));
    spans.extend(response.dates.iter().map(|d| d.span.as_ref()));
    spans.extend(response.entities.iter().flat_map(|e| &e.mentions).map(|m| m.span.as_ref()));
    spans.into_iter().map(|span| span.expect("every finding has a span")).collect()
}

/// What a client in a language with such strings would cut out.
fn cut(text: &str, unit: OffsetUnit, span: &v1::Span) -> String {
    let (start, end) = (span.start() as usize, span.end() as usize);
    match unit {
        OffsetUnit::CodePoints => text.chars().skip(start).take(end - start).collect(),
        OffsetUnit::Utf8Bytes => text[start..end].to_owned(),
        OffsetUnit::Utf16CodeUnits => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn offsets_cut_the_text_as_sent(text in text()) {
        let article = Article::from_raw(text.clone());
        for offset_unit in [OffsetUnit::CodePoints, OffsetUnit::Utf8Bytes, OffsetUnit::Utf16CodeUnits] {
            let form = Form { offset_unit, include_normalized_text: true, ..Form::default() };
            let Some(response) = respond(&article, form) else { return Ok(()) };
            for span in spans(&response) {
                prop_assert_eq!(&cut(&text, offset_unit, span), &span.text);
            }
        }
    }

    #[test]
    fn offsets_of_fields_cut_their_field(title in text(), body in text(), keyword in text()) {
        let fields = Fields { title, lead: String::new(), body, keywords: vec!["اول".into(), keyword] };
        let article = Article::from_fields(fields);
        let Content::Fields(fields) = &article.content else { unreachable!() };
        let Some(response) = respond(&article, Form::default()) else { return Ok(()) };
        for span in spans(&response) {
            let field = match span.field() {
                v1::span::Field::Title => &fields.title,
                v1::span::Field::Lead => &fields.lead,
                v1::span::Field::Body => &fields.body,
                v1::span::Field::Keywords => &fields.keywords[span.field_index() as usize],
                v1::span::Field::Unspecified => panic!("a structured article's span without a field"),
            };
            prop_assert_eq!(&cut(field, OffsetUnit::CodePoints, span), &span.text);
        }
    }

    #[test]
    fn any_request_is_answered_or_refused(
        raw in any::<String>(), date in "[0-9]{0,4}-?[0-9]{0,2}-?[0-9]{0,2}", zone in "[A-Za-z/]{0,12}",
        features in prop::collection::vec(-1..12i32, 0..4), unit in -1..5i32, confidence in any::<f32>(),
    ) {
        let article = v1::Article {
            content: Some(v1::article::Content::RawText(raw)), document_date: date, time_zone: zone, ..Default::default()
        };
        let request = EnrichRequest {
            article: Some(article), features, offset_unit: unit, min_confidence: confidence, ..Default::default()
        };
        if let Ok(request) = read_request(request, 1000) {
            ENRICHER.enrich(&request.article, &request.options, &Cancel::never()).unwrap();
        }
    }
}

/// A name as long as the text would cost its square later on.
#[test]
fn no_name_goes_on_for_ever() {
    for unit in ["علی ", "- ", "سازمان وزارت دانشگاه ", "بن ", "استان "] {
        let article = Article::from_raw(unit.repeat(2000));
        let enrichment = ENRICHER.enrich(&article, &Options::default(), &Cancel::never()).unwrap();
        for mention in enrichment.entities.iter().flat_map(|entity| &entity.mentions) {
            let words = mention.span.of(&enrichment.document.text).split_whitespace().count();
            assert!(words <= 40, "{unit:?} gave a name of {words} words");
        }
    }
}
