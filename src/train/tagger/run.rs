//! One training run: corpora in, model and manifest out.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::clusters::Neighbours;
use super::corpus::{self, Example};
use super::crf::{Field, Settings, train};
use super::export::export;
use super::manifest::{Corpus, manifest};
use super::score::{Counts, score};
use crate::Enricher;
use crate::entities::tagger::Model;
use crate::entities::tagger::features::{GRAINS, InClusters};

type Failure = Box<dyn std::error::Error>;

/// Words rarer than this are in no cluster.
const CLUSTERED: usize = 4;
/// Numbers of clusters, coarse to fine.
const CLUSTERS: [usize; GRAINS] = [64, 256, 1024];
/// Rounds of exchange at most.
const ROUNDS: usize = 12;

/// Sizes of the model.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Features kept.
    pub rows: usize,
    /// Frequent words whose rows the model works out once.
    pub words: usize,
}

/// Trains on `corpora` and returns the model file and its manifest; `say` is
/// told how it goes.
///
/// # Errors
/// When a corpus cannot be read.
pub fn run(
    corpora: &[Corpus],
    settings: Settings,
    sizes: Sizes,
    say: &mut dyn FnMut(&str),
) -> Result<(Vec<u8>, Value), Failure> {
    let enricher = Enricher::embedded();
    let read = |role: &str| -> Result<Vec<(String, Vec<Example>, f32)>, Failure> {
        let of_role = corpora.iter().filter(|corpus| corpus.role == role);
        of_role.map(|corpus| Ok((corpus.path.clone(), examples(corpus, &enricher)?, corpus.weight))).collect()
    };
    let (learned, dev) = (read("train")?, read("dev")?);
    for (name, examples, _) in learned.iter().chain(&dev) {
        let tokens: usize = examples.iter().map(|example| example.words.len()).sum();
        say(&format!("{name}: {} sentences, {tokens} tokens", examples.len()));
    }
    let words = frequent(&learned, sizes.words);
    let clusters = clusters(&learned, corpora)?;
    say(&format!("{} words in clusters", clusters.len()));

    let learned: Vec<(Vec<Example>, f32)> =
        learned.into_iter().map(|(_, examples, weight)| (examples, weight)).collect();
    let mut field = train(&learned, &clusters, settings, |epoch, loss, field| {
        let mut line = format!("epoch {epoch}: loss {loss:.4}");
        if let Ok(model) = Model::read(&export(field, sizes.rows, &[], &clusters)) {
            for (_, examples, _) in &dev {
                let (_, three, all) = score(&model, examples);
                line += &format!("  F1 three types {:.2}, all {:.2}", three.f1(), all.f1());
            }
        }
        say(&line);
    });
    let bias = best_bias(&field, &dev, sizes.rows, &clusters);
    say(&format!("outside is discouraged by {bias}"));
    field.discourage_outside(bias);
    let file = export(&field, sizes.rows, &words, &clusters);
    let model = Model::read(&file)?;
    say(&format!("{} features, {} bytes", field.rows.len(), file.len()));

    let figures = report(&model, &dev, say);
    let settings = json!({
        "epochs": settings.epochs, "rate": settings.rate, "damping": settings.damping, "decay": settings.decay,
        "dropout": settings.dropout, "mark_dropout": settings.mark_dropout, "cutoff": settings.cutoff, "seed": settings.seed, "bias": bias,
        "rows": sizes.rows, "words": sizes.words,
    });
    let manifest = manifest(&file, corpora, settings, &figures)?;
    Ok((file, manifest))
}

/// Tells the strict scores of `model` on the development corpora.
///
/// # Errors
/// When a corpus cannot be read.
pub fn figures(model: &Model, corpora: &[Corpus], say: &mut dyn FnMut(&str)) -> Result<(), Failure> {
    let enricher = Enricher::embedded();
    let dev = corpora.iter().filter(|corpus| corpus.role == "dev");
    let dev = dev.map(|corpus| Ok((corpus.path.clone(), examples(corpus, &enricher)?, corpus.weight)));
    report(model, &dev.collect::<Result<Vec<_>, Failure>>()?, say);
    Ok(())
}

fn report(
    model: &Model,
    dev: &[(String, Vec<Example>, f32)],
    say: &mut dyn FnMut(&str),
) -> Vec<(String, Counts, Counts)> {
    let mut figures = Vec::new();
    for (name, examples, _) in dev {
        let (kinds, three, all) = score(model, examples);
        say(&format!("{name}: three types {:.2}, all {:.2}", three.f1(), all.f1()));
        for (kind, counts) in kinds {
            say(&format!("  {kind:?}: {:.2} ({counts:?})", counts.f1()));
        }
        figures.push((name.clone(), three, all));
    }
    figures
}

fn examples(corpus: &Corpus, enricher: &Enricher) -> Result<Vec<Example>, Failure> {
    let mut all = Vec::new();
    for file in &corpus.files {
        let examples = match corpus.kind.as_str() {
            "markup" => corpus::read_markup(file, enricher),
            "jsonl" => corpus::read_jsonl(file, enricher),
            "parstwiner" => corpus::read_conll(file, corpus::PARSTWINER, enricher),
            "research" => corpus::read_conll(file, corpus::RESEARCH, enricher),
            other => Err(format!("unknown kind {other}").into()),
        };
        all.extend(examples.map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(all)
}

/// The bias against "outside" with which the development corpora score best.
fn best_bias(
    field: &Field,
    dev: &[(String, Vec<Example>, f32)],
    rows: usize,
    clusters: &FxHashMap<String, InClusters>,
) -> f32 {
    let mut best = (f64::MIN, 0.0);
    for step in 0..9 {
        let bias = step as f32 * 0.25;
        let mut biased = field.clone();
        biased.discourage_outside(bias);
        let Ok(model) = Model::read(&export(&biased, rows, &[], clusters)) else { continue };
        // Of the types that the corpus annotates.
        let f1 = |examples: &[Example]| {
            let counts = score(&model, examples).0.into_iter().map(|(_, counts)| counts);
            let sum = |a: Counts, b: Counts| Counts {
                right: a.right + b.right,
                found: a.found + b.found,
                gold: a.gold + b.gold,
            };
            counts.filter(|counts| counts.gold > 0).fold(Counts::default(), sum).f1()
        };
        let f1 = dev.iter().map(|(_, examples, _)| f1(examples) * examples.len() as f64).sum();
        if f1 > best.0 {
            best = (f1, bias);
        }
    }
    best.1
}

/// The words seen most often, most frequent first.
fn frequent(corpora: &[(String, Vec<Example>, f32)], count: usize) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for word in corpora.iter().flat_map(|(_, examples, _)| examples).flat_map(|example| &example.words) {
        *counts.entry(word).or_default() += 1;
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    words.into_iter().take(count).map(|(word, _)| word.to_owned()).collect()
}

/// Clusters of the words of corpora and running text, coarse to fine; none
/// where there is no running text.
fn clusters(
    learned: &[(String, Vec<Example>, f32)],
    corpora: &[Corpus],
) -> Result<FxHashMap<String, InClusters>, Failure> {
    let mut clusters = FxHashMap::<String, InClusters>::default();
    let mut sentences: Vec<Vec<String>> = Vec::new();
    for file in corpora.iter().filter(|corpus| corpus.role == "text").flat_map(|corpus| &corpus.files) {
        sentences.extend(corpus::read_text(file)?);
    }
    if sentences.is_empty() {
        return Ok(clusters);
    }
    sentences.extend(learned.iter().flat_map(|(_, examples, _)| examples).map(|example| example.words.clone()));
    let neighbours = Neighbours::count(&sentences, CLUSTERED);
    for (grain, count) in CLUSTERS.into_iter().enumerate() {
        let found = neighbours.cluster(count, ROUNDS);
        for (word, cluster) in found.words.into_iter().zip(found.of) {
            if let Some(place) = clusters.entry(word).or_default().get_mut(grain) {
                *place = cluster + 1;
            }
        }
    }
    Ok(clusters)
}
