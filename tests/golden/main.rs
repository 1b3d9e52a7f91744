//! Pins the whole response for each sample under `examples/`: what a client
//! gets today. A change here is a change for every client.
//!
//! After a change that is meant, run `UPDATE_GOLDEN=1 cargo test --test golden`
//! and read the difference, in Persian, before committing it. Timings and the
//! hashes of components are left out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use article_enricher::wire::json::Json;
use article_enricher::wire::v1::{self, EnrichRequest, EnrichResponse};
use article_enricher::wire::{read_request, write_response};
use article_enricher::{Cancel, Enricher};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn samples() -> Vec<(String, v1::Article)> {
    let mut samples = Vec::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if file.extension().is_some_and(|extension| extension == "jsonl") {
            for line in text.lines() {
                let article = v1::Article::from_json(line).unwrap();
                samples.push((article.id.clone(), article));
            }
        } else {
            let content = Some(v1::article::Content::RawText(text));
            samples.push((name, v1::Article { content, ..Default::default() }));
        }
    }
    samples
}

fn enrich(enricher: &Enricher, article: v1::Article) -> EnrichResponse {
    let request = EnrichRequest { article: Some(article), explain: true, ..Default::default() };
    let request = read_request(request, 1 << 20).unwrap();
    let enrichment = enricher.enrich(&request.article, &request.options, &Cancel::never()).unwrap();
    let features = request.options.features;
    write_response(
        &enrichment,
        &enricher.resources().components,
        features,
        request.form,
        request.article_id,
        String::new(),
    )
}

fn without_timings(mut response: EnrichResponse) -> EnrichResponse {
    let provenance = response.provenance.as_mut().unwrap();
    provenance.total_micros = 0;
    provenance.components.clear();
    provenance.stages.iter_mut().for_each(|stage| stage.micros = 0);
    response
}

/// Tokens one a line: they are many, and read better so.
fn tokens(response: &mut EnrichResponse) -> String {
    let mut lines = String::new();
    for token in response.tokens.drain(..) {
        let kind = token.kind().as_str_name();
        let span = token.span.unwrap();
        let position = format!("{}-{}", span.start(), span.end());
        let _ = write!(lines, "{position}\t{kind}\t{}", token.normalized);
        let _ = if span.text == token.normalized { writeln!(lines) } else { writeln!(lines, "\t{}", span.text) };
    }
    lines
}

fn check(file: &Path, actual: &str, wrong: &mut Vec<String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(file, actual).unwrap();
    }
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    if let Some(line) = (0..)
        .map_while(|at| match (expected.lines().nth(at), actual.lines().nth(at)) {
            (None, None) => None,
            (expected, actual) => Some((at, expected, actual)),
        })
        .find(|(_, expected, actual)| expected != actual)
    {
        let (at, expected, actual) = line;
        wrong.push(format!("{}:{}: expected {expected:?}, got {actual:?}", file.display(), at + 1));
    }
}

#[test]
fn samples_give_the_pinned_responses() {
    let enricher = Enricher::embedded();
    let mut wrong = Vec::new();
    for (name, article) in samples() {
        let mut response = without_timings(enrich(&enricher, article));
        let folder = root().join("tests/golden");
        check(&folder.join(format!("{name}.tokens.tsv")), &tokens(&mut response), &mut wrong);
        check(&folder.join(format!("{name}.json")), &(response.to_json(true).unwrap() + "\n"), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn same_article_same_response() {
    let enricher = Enricher::embedded();
    for (name, article) in samples() {
        let [first, second] =
            [0, 1].map(|_| without_timings(enrich(&enricher, article.clone())).to_json(false).unwrap());
        assert_eq!(first, second, "{name}");
    }
}
