//! The text stages on varied Persian text, in tokens a second.
//!
//! The text is made up from the lexicon, different in every article, because
//! one article over and over trains the branch predictors and flatters. With
//! `BENCH_TEXT=FILE` articles are cut from that file instead.

#![allow(clippy::indexing_slicing, clippy::expect_used, reason = "a measurement: it may stop")]

use std::hint::black_box;

use article_enricher::segment::{self, Token};
use article_enricher::text::{Language, Span, language, normalize::normalize, zwnj};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Articles in a round, and bytes of each: the mean of real ones.
const ARTICLES: usize = 200;
const BYTES: usize = 4400;

fn articles() -> Vec<String> {
    let text = match std::env::var("BENCH_TEXT") {
        Ok(file) => std::fs::read_to_string(file).expect("a file of text"),
        Err(_) => Writer::new().write(ARTICLES * BYTES),
    };
    let mut articles = vec![String::new()];
    for line in text.lines() {
        if articles.last().is_some_and(|article| article.len() >= BYTES) {
            if articles.len() == ARTICLES {
                break;
            }
            articles.push(String::new());
        }
        let article = articles.last_mut().expect("never empty");
        article.push_str(line);
        article.push('\n');
    }
    articles
}

/// What some words end in.
const ENDINGS: [&str; 5] = ["ها", "‌های", "ی", "‌ترین", "‌اش"];

/// Makes up sentences: words by how common they are, endings, verbs, numbers,
/// quotations.
struct Writer {
    words: Vec<Vec<&'static str>>,
    state: u64,
}

impl Writer {
    fn new() -> Self {
        let table = include_str!("../data/text/lexicon.tsv").lines().filter(|line| !line.starts_with('#'));
        let words = table.filter_map(|row| row.split_once('\t')).map(|(_, words)| words.split(' ').collect()).collect();
        Self { words, state: 1 }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % bound as u64) as usize
    }

    fn word(&mut self) -> &'static str {
        // More than half of running text is of the commonest words, and so on down.
        let mut class = 0;
        while class + 1 < self.words.len() && self.below(100) < 45 {
            class += 1;
        }
        let at = self.below(self.words[class].len());
        self.words[class][at]
    }

    fn write(&mut self, bytes: usize) -> String {
        let mut text = String::new();
        while text.len() < bytes {
            let mut quoted = false;
            for _ in 0..8 + self.below(20) {
                match self.below(60) {
                    0 => text.push_str(&format!("{} ", ["۱۴۰۳", "۱۲٫۵", "۱۲:۳۰", "۲۵۰"][self.below(4)])),
                    1 => text.push_str("می‌کنند "),
                    2 => text.push_str("، "),
                    3 if !quoted => {
                        text.push('«');
                        quoted = true;
                        continue;
                    }
                    4 if quoted => {
                        text.truncate(text.trim_end().len());
                        text.push_str("» ");
                        quoted = false;
                    }
                    _ => {}
                }
                text.push_str(self.word());
                text.push_str(ENDINGS.get(self.below(100)).unwrap_or(&""));
                text.push(' ');
            }
            text.truncate(text.trim_end().len());
            text.push_str(if quoted { "» شد." } else { " شد." });
            text.push(if self.below(4) == 0 { '\n' } else { ' ' });
        }
        text
    }
}

fn all(article: &str) -> usize {
    let mut normalized = normalize(article, Language::Persian);
    zwnj::restore(&mut normalized);
    let text = &normalized.text;
    let tokens = segment::tokens(text);
    sentences(text, &tokens) + tokens.len()
}

fn sentences(text: &str, tokens: &[Token]) -> usize {
    let mut sentences = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        segment::sentences(text, Span::new(at, at + line.len()), tokens, &mut sentences);
        at += line.len() + 1;
    }
    sentences.len()
}

fn bench(criterion: &mut Criterion) {
    let written = articles();
    let stripped: Vec<String> = written.iter().map(|article| article.replace('\u{200C}', "")).collect();
    for (name, articles) in [("written", written), ("stripped", stripped)] {
        let normal: Vec<_> = articles.iter().map(|article| normalize(article, Language::Persian)).collect();
        let tokens: Vec<_> = normal.iter().map(|normal| segment::tokens(&normal.text)).collect();
        let mut group = criterion.benchmark_group(format!("text/{name}"));
        group.throughput(Throughput::Elements(tokens.iter().map(|tokens| tokens.len() as u64).sum()));
        group.bench_function("language", |b| {
            b.iter(|| articles.iter().map(|a| language::detect(black_box(a)).1).sum::<f32>())
        });
        group.bench_function("normalize", |b| {
            b.iter(|| articles.iter().map(|a| normalize(black_box(a), Language::Persian).text.len()).sum::<usize>());
        });
        group.bench_function("restore", |b| {
            b.iter(|| normal.iter().map(|n| zwnj::restore(&mut n.clone()).inserted).sum::<usize>());
        });
        group.bench_function("tokens", |b| {
            b.iter(|| normal.iter().map(|n| segment::tokens(black_box(&n.text)).len()).sum::<usize>());
        });
        group.bench_function("sentences", |b| {
            b.iter(|| normal.iter().zip(&tokens).map(|(n, tokens)| sentences(&n.text, tokens)).sum::<usize>());
        });
        group.bench_function("all but language", |b| {
            b.iter(|| articles.iter().map(|a| all(black_box(a))).sum::<usize>())
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2)).warm_up_time(std::time::Duration::from_millis(500));
    targets = bench
}
criterion_main!(benches);
