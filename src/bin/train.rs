//! `enricher-train`: trains the models from corpora on disk. The same input
//! gives the same model, byte for byte.

use std::path::PathBuf;
use std::process::ExitCode;

use article_enricher::Enricher;
use article_enricher::entities::tagger::Model;
use article_enricher::entities::tagger::features::InClusters;
use article_enricher::train::tagger::clusters::Neighbours;
use article_enricher::train::tagger::corpus::{self, Example};
use article_enricher::train::tagger::crf::{Field, Settings, train};
use article_enricher::train::tagger::export::export;
use article_enricher::train::tagger::score::score;
use clap::{Parser, Subcommand};

type Failure = Box<dyn std::error::Error>;

/// Trains the models of article-enricher.
#[derive(Debug, Parser)]
#[command(name = "enricher-train", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train the entity tagger
    Tagger(Box<TaggerArgs>),
    /// Train the restoration of ZWNJs
    Zwnj(ZwnjArgs),
}

#[derive(Debug, clap::Args)]
struct ZwnjArgs {
    /// Words with their frequency classes
    #[arg(long, default_value = "data/text/lexicon.tsv")]
    lexicon: PathBuf,
    /// Where the model goes
    #[arg(long)]
    out: PathBuf,
    /// Persian running text that has its ZWNJs
    #[arg(required = true)]
    texts: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct TaggerArgs {
    /// Corpus to learn from, as KIND[*WEIGHT]=FILE; KIND is markup, jsonl, parstwiner or research
    #[arg(long = "train", required = true)]
    train: Vec<String>,
    /// Corpus to score on
    #[arg(long = "dev")]
    dev: Vec<String>,
    /// Running text to cluster words on, besides the corpora
    #[arg(long = "text")]
    text: Vec<PathBuf>,
    /// Where the model goes
    #[arg(long)]
    out: PathBuf,
    /// Passes over the corpora
    #[arg(long, default_value_t = 15)]
    epochs: usize,
    /// AdaGrad step
    #[arg(long, default_value_t = 0.1)]
    rate: f32,
    /// What squared gradients are counted from
    #[arg(long, default_value_t = 1.0)]
    damping: f32,
    /// Weight decay
    #[arg(long, default_value_t = 1e-5)]
    decay: f32,
    /// How often a feature is left out while training
    #[arg(long, default_value_t = 0.1)]
    dropout: f32,
    /// Features seen less often are not learned
    #[arg(long, default_value_t = 2)]
    cutoff: u32,
    /// Features kept
    #[arg(long, default_value_t = 260_000)]
    max_rows: usize,
    /// Frequent words whose rows are summed at loading
    #[arg(long, default_value_t = 12_000)]
    words: usize,
    /// Of order and dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Tagger(args) => train_tagger(&args),
        Command::Zwnj(args) => train_zwnj(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enricher-train: {error}");
            ExitCode::FAILURE
        }
    }
}

fn train_tagger(args: &TaggerArgs) -> Result<(), Failure> {
    let enricher = Enricher::embedded();
    let read = |names: &[String]| -> Result<Vec<(Vec<Example>, f32)>, Failure> {
        names.iter().map(|name| read(name, &enricher)).collect()
    };
    let corpora = read(&args.train)?;
    let dev = read(&args.dev)?;
    for (name, (examples, _)) in args.train.iter().chain(&args.dev).zip(corpora.iter().chain(&dev)) {
        let tokens: usize = examples.iter().map(|e| e.words.len()).sum();
        eprintln!("{name}: {} sentences, {tokens} tokens", examples.len());
    }
    let words = frequent(&corpora, args.words);
    let clusters = clusters(&corpora, &args.text)?;
    eprintln!("{} words in clusters", clusters.len());
    let settings = Settings {
        epochs: args.epochs,
        rate: args.rate,
        damping: args.damping,
        decay: args.decay,
        dropout: args.dropout,
        cutoff: args.cutoff,
        seed: args.seed,
    };
    let mut field = train(&corpora, &clusters, settings, |epoch, loss, field| {
        eprint!("epoch {epoch}: loss {loss:.4}");
        if let Ok(model) = Model::read(&export(field, args.max_rows, &[], &clusters)) {
            for (examples, _) in &dev {
                let (_, three, all) = score(&model, examples);
                eprint!("  F1 three types {:.2}, all {:.2}", three.f1(), all.f1());
            }
        }
        eprintln!();
    });
    let bias = best_bias(&field, &dev, args.max_rows, &clusters);
    eprintln!("outside is discouraged by {bias}");
    field.discourage_outside(bias);
    let bytes = export(&field, args.max_rows, &words, &clusters);
    let model = Model::read(&bytes)?;
    eprintln!("{} features, {} bytes", field.rows.len(), bytes.len());
    for (name, (examples, _)) in args.dev.iter().zip(&dev) {
        let (kinds, three, all) = score(&model, examples);
        eprintln!("{name}: three types {:.2}, all {:.2}", three.f1(), all.f1());
        for (kind, counts) in kinds {
            eprintln!("  {kind:?}: {:.2} ({counts:?})", counts.f1());
        }
    }
    std::fs::write(&args.out, bytes)?;
    Ok(())
}

fn train_zwnj(args: &ZwnjArgs) -> Result<(), Failure> {
    let lexicon = std::fs::read_to_string(&args.lexicon)?;
    let texts = args.texts.iter().map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    let (model, report) = article_enricher::train::zwnj::train(&lexicon, &texts);
    std::fs::write(&args.out, model)?;
    eprintln!("{report}");
    Ok(())
}

fn read(name: &str, enricher: &Enricher) -> Result<(Vec<Example>, f32), Failure> {
    let (kind, file) = name.split_once('=').ok_or("a corpus is KIND[*WEIGHT]=FILE")?;
    let (kind, weight) = kind.split_once('*').unwrap_or((kind, "1"));
    let file = PathBuf::from(file);
    let examples = match kind {
        "markup" => corpus::read_markup(&file, enricher),
        "jsonl" => corpus::read_jsonl(&file, enricher),
        "parstwiner" => corpus::read_conll(&file, corpus::PARSTWINER, enricher),
        "research" => corpus::read_conll(&file, corpus::RESEARCH, enricher),
        other => Err(format!("unknown kind {other}").into()),
    };
    Ok((examples.map_err(|error| format!("{}: {error}", file.display()))?, weight.parse()?))
}

/// The bias against "outside" with which the development corpora score best.
fn best_bias(
    field: &Field,
    dev: &[(Vec<Example>, f32)],
    max_rows: usize,
    clusters: &rustc_hash::FxHashMap<String, InClusters>,
) -> f32 {
    let mut best = (f64::MIN, 0.0);
    for step in 0..9 {
        let bias = step as f32 * 0.25;
        let mut biased = field.clone();
        biased.discourage_outside(bias);
        let Ok(model) = Model::read(&export(&biased, max_rows, &[], clusters)) else { continue };
        let f1: f64 = dev.iter().map(|(examples, _)| score(&model, examples).2.f1() * examples.len() as f64).sum();
        eprintln!("bias {bias}: {:.2}", f1 / dev.iter().map(|(e, _)| e.len()).sum::<usize>().max(1) as f64);
        if f1 > best.0 {
            best = (f1, bias);
        }
    }
    best.1
}

/// The words seen most often, most frequent first.
fn frequent(corpora: &[(Vec<Example>, f32)], count: usize) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for word in corpora.iter().flat_map(|(examples, _)| examples).flat_map(|e| &e.words) {
        *counts.entry(word).or_default() += 1;
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
    words.into_iter().take(count).map(|(word, _)| word.to_owned()).collect()
}

/// Clusters of the words of corpora and running text, coarse to fine.
fn clusters(
    corpora: &[(Vec<Example>, f32)],
    files: &[PathBuf],
) -> Result<rustc_hash::FxHashMap<String, InClusters>, Failure> {
    let mut clusters = rustc_hash::FxHashMap::<String, InClusters>::default();
    if files.is_empty() {
        return Ok(clusters);
    }
    let mut sentences: Vec<Vec<String>> =
        corpora.iter().flat_map(|(examples, _)| examples).map(|example| example.words.clone()).collect();
    for file in files {
        sentences.extend(corpus::read_text(file)?);
    }
    let neighbours = Neighbours::count(&sentences, 4);
    for (grain, count) in [64, 256, 1024].into_iter().enumerate() {
        let found = neighbours.cluster(count, 12);
        for (word, cluster) in found.words.into_iter().zip(found.of) {
            if let Some(place) = clusters.entry(word).or_default().get_mut(grain) {
                *place = cluster + 1;
            }
        }
    }
    Ok(clusters)
}
