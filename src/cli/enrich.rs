//! `enricher enrich`: articles in, enrichments out.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::resources::Files;
use super::table;
use crate::dates::Day;
use crate::wire::json::Json;
use crate::wire::v1::enrich_request::{Feature, OffsetUnit};
use crate::wire::v1::enrichment_service_client::EnrichmentServiceClient;
use crate::wire::v1::{Article, EnrichRequest, EnrichResponse, article};
use crate::wire::{read_request, write_response};
use crate::{Cancel, Enricher, Options};

/// Flags of `enricher enrich`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Data goes to standard output, everything else to standard error. NO_COLOR is honoured.
Exit code: 0 when all went well, 1 when some articles failed, 2 for wrong usage.")]
pub(super) struct Args {
    /// Files to read; `-` is standard input, and so is none
    files: Vec<PathBuf>,

    /// What a file holds: one article as plain text, or one Article in proto3 JSON a line
    #[arg(long, value_enum, default_value_t = InputFormat::Text)]
    input_format: InputFormat,

    /// What to print [default: table on a terminal, json otherwise]
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Ask this server instead of working in process, for example localhost:50051
    #[arg(long, value_name = "ADDR")]
    server: Option<String>,

    #[command(flatten)]
    resources: Files,

    /// What to compute, separated by commas: language, sections, sentences, tokens, entities, dates,
    /// keyphrases, quotations, sources [default: all]
    #[arg(long, value_delimiter = ',', value_parser = feature)]
    features: Vec<Feature>,

    /// Publication day, Gregorian 2025-09-09 or Persian 1404-06-18, where the input gives none
    #[arg(long, value_parser = day)]
    date: Option<String>,

    /// IANA time zone of the publication day, where the input gives none [default: Asia/Tehran]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,

    /// The unit of every offset
    #[arg(long, value_enum, default_value_t = Offsets::CodePoints)]
    offsets: Offsets,

    /// Leave the text of every span empty
    #[arg(long)]
    omit_text: bool,

    /// Give the normalised text and its alignment too
    #[arg(long)]
    normalized_text: bool,

    /// Give the rule or table row behind every finding
    #[arg(long)]
    explain: bool,

    /// Leave out entities and dates below this confidence, 0 to 1
    #[arg(long, default_value_t = 0.0)]
    min_confidence: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum InputFormat {
    Text,
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Jsonl,
    Table,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Offsets {
    CodePoints,
    Utf8Bytes,
    Utf16CodeUnits,
}

fn feature(name: &str) -> Result<Feature, String> {
    match Feature::from_str_name(&name.to_ascii_uppercase()) {
        None | Some(Feature::Unspecified) => Err("no such feature".into()),
        Some(feature) => Ok(feature),
    }
}

fn day(text: &str) -> Result<String, String> {
    Day::parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> ExitCode {
    let worker = match (&args.server, args.resources.given()) {
        (None, _) => args.resources.enricher().map(|it| Worker::InProcess(Box::new(it))).map_err(|it| (2, it)),
        (Some(address), None) => Worker::connect(address).map_err(|error| (1, error)),
        (Some(_), Some(flag)) => Err((2, format!("{flag} is of no use with --server, which has its own"))),
    };
    let mut worker = match worker {
        Ok(worker) => worker,
        Err((code, error)) => {
            eprintln!("enricher: {error}");
            return ExitCode::from(code);
        }
    };
    let terminal = io::stdout().is_terminal();
    let format = args.format.unwrap_or(if terminal { Format::Table } else { Format::Json });
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let mut failed = false;
    let written = articles(args, &mut |name, article| {
        let answer = article.and_then(|article| worker.enrich(request(args, article)));
        match answer.and_then(|response| render(name, &response, format)) {
            Ok(text) => out.write_all(text.as_bytes()).and_then(|()| out.flush()),
            Err(error) => {
                eprintln!("enricher: {name}: {error}");
                failed = true;
                Ok(())
            }
        }
    });
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enricher: standard output: {error}");
            ExitCode::FAILURE
        }
        Ok(()) if failed => ExitCode::FAILURE,
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// Takes an article, or why there is none, and the name to speak of it by.
/// Its error is one of standard output, and ends the run.
type Sink<'a> = dyn FnMut(&str, Result<Article, String>) -> io::Result<()> + 'a;

/// Hands every article of the input to `sink`.
fn articles(args: &Args, sink: &mut Sink<'_>) -> io::Result<()> {
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files };
    for path in files {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        let reader = match open(path) {
            Ok(reader) => reader,
            Err(error) => {
                sink(&name, Err(error.to_string()))?;
                continue;
            }
        };
        match args.input_format {
            InputFormat::Text => sink(&name, read_text(reader))?,
            InputFormat::Jsonl => {
                for (number, line) in reader.split(b'\n').enumerate() {
                    let line = line.map_err(|error| error.to_string()).and_then(utf8);
                    if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
                        continue;
                    }
                    let article = line.and_then(|line| Article::from_json(&line).map_err(|error| error.to_string()));
                    sink(&format!("{name}:{}", number + 1), article)?;
                }
            }
        }
    }
    Ok(())
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path != Path::new("-") {
        return Ok(Box::new(io::BufReader::new(std::fs::File::open(path)?)));
    }
    if io::stdin().is_terminal() {
        eprintln!("enricher: reading an article from the terminal; end it with Ctrl-D");
    }
    Ok(Box::new(io::stdin().lock()))
}

fn read_text(mut reader: Box<dyn BufRead>) -> Result<Article, String> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let text = utf8(bytes)?;
    Ok(Article { content: Some(article::Content::RawText(text)), ..Article::default() })
}

fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
}

fn request(args: &Args, mut article: Article) -> EnrichRequest {
    let fill = |value: &mut String, flag: &Option<String>| {
        if let (true, Some(flag)) = (value.is_empty(), flag) {
            value.clone_from(flag);
        }
    };
    fill(&mut article.document_date, &args.date);
    fill(&mut article.time_zone, &args.time_zone);
    let offset_unit = match args.offsets {
        Offsets::CodePoints => OffsetUnit::CodePoints,
        Offsets::Utf8Bytes => OffsetUnit::Utf8Bytes,
        Offsets::Utf16CodeUnits => OffsetUnit::Utf16CodeUnits,
    };
    EnrichRequest {
        article: Some(article),
        features: args.features.iter().map(|&feature| feature as i32).collect(),
        offset_unit: offset_unit as i32,
        omit_text: args.omit_text,
        include_normalized_text: args.normalized_text,
        explain: args.explain,
        min_confidence: args.min_confidence,
    }
}

fn render(name: &str, response: &EnrichResponse, format: Format) -> Result<String, String> {
    let json = |indented| response.to_json(indented).map(|json| json + "\n").map_err(|error| error.to_string());
    match format {
        Format::Json => json(true),
        Format::Jsonl => json(false),
        Format::Table => Ok(table::render(name, response)),
    }
}

/// What does the work.
enum Worker {
    InProcess(Box<Enricher>),
    Server(tokio::runtime::Runtime, Box<EnrichmentServiceClient<tonic::transport::Channel>>),
}

impl Worker {
    fn connect(address: &str) -> Result<Self, String> {
        let uri = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("no runtime: {error}"))?;
        let client = runtime
            .block_on(EnrichmentServiceClient::connect(uri))
            .map_err(|error| format!("cannot reach the server {address}: {}", cause(&error)))?;
        Ok(Self::Server(runtime, Box::new(client)))
    }

    fn enrich(&mut self, request: EnrichRequest) -> Result<EnrichResponse, String> {
        match self {
            Self::InProcess(enricher) => {
                let limit = Options::default().max_article_bytes;
                let request = read_request(request, limit).map_err(|wrong| crate::Error::Invalid(wrong).to_string())?;
                let enrichment = enricher
                    .enrich(&request.article, &request.options, &Cancel::never())
                    .map_err(|error| error.to_string())?;
                let features = request.options.features;
                Ok(write_response(
                    &enrichment,
                    &enricher.resources().components,
                    features,
                    request.form,
                    request.article_id,
                    String::new(),
                ))
            }
            Self::Server(runtime, client) => runtime
                .block_on(client.enrich(request))
                .map(tonic::Response::into_inner)
                .map_err(|status| format!("{}: {}", status.code(), status.message())),
        }
    }
}

/// The innermost error: the one that says what happened.
fn cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
