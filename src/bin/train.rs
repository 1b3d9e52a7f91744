//! `enricher-train`: trains the models from corpora on disk. The same input
//! gives the same model, byte for byte.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use article_enricher::entities::tagger::Model;
use article_enricher::train::tagger::crf::Settings;
use article_enricher::train::tagger::manifest::{self, PERMITTED};
use article_enricher::train::tagger::run::{Sizes, figures, run};
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
    /// Train the entity tagger; writes the model, and beside it its manifest (.json)
    Tagger(TaggerArgs),
    /// Score an entity tagger on the development corpora of a table
    Score(ScoreArgs),
    /// Train the restoration of ZWNJs
    Zwnj(ZwnjArgs),
}

#[derive(Debug, clap::Args)]
struct TaggerArgs {
    /// Table of the corpora
    #[arg(long, default_value = "models/tagger.corpora.tsv")]
    corpora: PathBuf,
    /// Folder that $DATA stands for in the table
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Folder that $DEV stands for in the table
    #[arg(long, default_value = "data")]
    dev: PathBuf,
    /// Where the model goes
    #[arg(long)]
    out: PathBuf,
    /// Allow corpora whose licence does not permit to ship the model
    #[arg(long)]
    research: bool,
    /// Passes over the corpora
    #[arg(long, default_value_t = 8)]
    epochs: usize,
    /// AdaGrad step
    #[arg(long, default_value_t = 0.1)]
    rate: f32,
    /// What squared gradients are counted from
    #[arg(long, default_value_t = 1.0)]
    damping: f32,
    /// Weight decay
    #[arg(long, default_value_t = 3e-4)]
    decay: f32,
    /// How often a feature is left out while training
    #[arg(long, default_value_t = 0.4)]
    dropout: f32,
    /// How often a mark of tables and rules is left out
    #[arg(long, default_value_t = 0.4)]
    mark_dropout: f32,
    /// Features seen less often are not learned
    #[arg(long, default_value_t = 2)]
    cutoff: u32,
    /// Features kept
    #[arg(long, default_value_t = 260_000)]
    rows: usize,
    /// Frequent words whose rows the model works out once
    #[arg(long, default_value_t = 12_000)]
    words: usize,
    /// Of order and dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, clap::Args)]
struct ScoreArgs {
    /// The model
    #[arg(long, default_value = "models/tagger.bin")]
    model: PathBuf,
    /// Table of the corpora
    #[arg(long, default_value = "models/tagger.corpora.tsv")]
    corpora: PathBuf,
    /// Folder that $DATA stands for in the table
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Folder that $DEV stands for in the table
    #[arg(long, default_value = "data")]
    dev: PathBuf,
}

#[derive(Debug, clap::Args)]
struct ZwnjArgs {
    /// Words with their frequency classes
    #[arg(long, default_value = "data/text/lexicon.tsv")]
    lexicon: PathBuf,
    /// Where the model goes
    #[arg(long)]
    out: PathBuf,
    /// Tables of names: the first column of each
    #[arg(long, num_args = 1..)]
    names: Vec<PathBuf>,
    /// Persian running text that has its ZWNJs: plain, or the field `text` of each line of a `.jsonl` file
    #[arg(required = true)]
    texts: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Tagger(args) => train_tagger(&args),
        Command::Score(args) => score_tagger(&args),
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
    let corpora = manifest::read(&args.corpora, &args.data, &args.dev)?;
    let forbidden = corpora.iter().find(|corpus| !PERMITTED.contains(&corpus.license.as_str()));
    if let (Some(corpus), false) = (forbidden, args.research) {
        return Err(format!("{}: its licence ({}) wants --research", corpus.path, corpus.license).into());
    }
    let settings = Settings {
        epochs: args.epochs,
        rate: args.rate,
        damping: args.damping,
        decay: args.decay,
        dropout: args.dropout,
        mark_dropout: args.mark_dropout,
        cutoff: args.cutoff,
        seed: args.seed,
    };
    let sizes = Sizes { rows: args.rows, words: args.words };
    let (model, manifest) = run(&corpora, settings, sizes, &mut |line| eprintln!("{line}"))?;
    std::fs::write(&args.out, model)?;
    std::fs::write(args.out.with_extension("json"), format!("{manifest:#}\n"))?;
    Ok(())
}

fn score_tagger(args: &ScoreArgs) -> Result<(), Failure> {
    let corpora = manifest::read(&args.corpora, &args.data, &args.dev)?;
    let model = Model::read(&std::fs::read(&args.model)?)?;
    figures(&model, &corpora, &mut |line| println!("{line}"))?;
    Ok(())
}

fn train_zwnj(args: &ZwnjArgs) -> Result<(), Failure> {
    let lexicon = std::fs::read_to_string(&args.lexicon)?;
    let mut names = String::new();
    for table in &args.names {
        for row in std::fs::read_to_string(table)?.lines().filter(|row| !row.starts_with('#')) {
            names.extend([row.split('\t').next().unwrap_or_default(), "\n"]);
        }
    }
    let texts = args.texts.iter().map(|path| running_text(path)).collect::<Result<Vec<_>, _>>()?;
    let (model, report) = article_enricher::train::zwnj::train(&lexicon, &names, &texts);
    std::fs::write(&args.out, model)?;
    eprintln!("{report}");
    Ok(())
}

/// The text in the file at `path`.
fn running_text(path: &Path) -> Result<String, Failure> {
    let file = std::fs::read_to_string(path)?;
    if path.extension().is_none_or(|extension| extension != "jsonl") {
        return Ok(file);
    }
    let mut text = String::new();
    for line in file.lines() {
        let article: serde_json::Value = serde_json::from_str(line)?;
        text.extend([article.get("text").and_then(serde_json::Value::as_str).unwrap_or_default(), "\n"]);
    }
    Ok(text)
}
