//! Black-box tests of `enricher serve`: they start the binary on a free port
//! and know nothing but the contract. What the stages find is tested elsewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod calls;
mod errors;
mod hostile;
mod metrics;
mod raw;
mod reflection;
mod security;
mod server;
mod stopping;
mod traces;

use article_enricher::wire::v1;

/// An article that every version can read.
const TEXT: &str = "date 2025-09-09 Fa\nخبر\n\nاو سه‌شنبه به تهران رفت.";

/// A request for all features of a dump.
fn request(text: &str) -> v1::EnrichRequest {
    let content = Some(v1::article::Content::RawText(text.into()));
    v1::EnrichRequest { article: Some(v1::Article { content, ..Default::default() }), ..Default::default() }
}
