//! Any text goes through the date stage: it must not panic, and the spans must
//! be in order, in bounds and on character boundaries. What fails here goes to
//! `regressions/`, which the library's own tests read.

#![no_main]

use article_enricher::dates::{self, Context, Day};
use article_enricher::segment;
use article_enricher::text::{Language, Span, normalize};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = normalize::normalize(text, Language::Persian).text;
    let tokens = segment::tokens(&text);
    let mut sentences = Vec::new();
    segment::sentences(&text, Span::new(0, text.len()), &tokens, &mut sentences);
    for document_date in [None, Day::from_gregorian(2025, 9, 9)] {
        let mut found = Vec::new();
        dates::extract(&text, &sentences, &tokens, &Context { document_date, time_zone: None }, &mut found);
        let mut end = 0;
        for mention in found {
            assert!(mention.span.start >= end && !mention.span.is_empty(), "{mention:?}");
            assert!(text.get(mention.span.range()).is_some_and(|words| !words.is_empty()), "{mention:?}");
            end = mention.span.end;
        }
    }
});
