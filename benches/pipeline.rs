//! The whole pipeline in process, one core: `cargo bench --bench pipeline`.
//! `ARTICLE=FILE` adds an article of your own.

use std::hint::black_box;

use article_enricher::wire::{Form, write_response};
use article_enricher::{Article, Cancel, Enricher, Options};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use prost::Message;

fn articles() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut files: Vec<std::path::PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files.extend(std::env::var_os("ARTICLE").map(Into::into));
    files
        .iter()
        .filter_map(|file| Some((file.file_stem()?.to_str()?.into(), std::fs::read_to_string(file).ok()?)))
        .collect()
}

fn pipeline(c: &mut Criterion) {
    c.bench_function("start-up: Enricher::embedded", |b| b.iter(Enricher::embedded));

    let enricher = Enricher::embedded();
    let options = Options::default();
    let form = Form { omit_text: true, ..Form::default() };
    let mut group = c.benchmark_group("enrich and encode");
    for (name, text) in articles() {
        group.throughput(Throughput::Bytes(text.len() as u64));
        let article = Article::from_raw(text);
        group.bench_function(&name, |b| {
            b.iter(|| {
                let enrichment = enricher.enrich(&article, &options, &Cancel::never());
                enrichment.map(|enrichment| {
                    let response = write_response(
                        black_box(&enrichment),
                        &enricher.resources().components,
                        options.features,
                        form,
                        String::new(),
                        String::new(),
                    );
                    response.encode_to_vec()
                })
            });
        });
    }
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
