//! Every figure of `figures.tsv`, in tables with the peers of `peers.tsv`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use article_enricher::Enricher;
use serde_json::{Value, json};

use crate::Failure;
use crate::predictions::predict;

/// Where predictions go, to be looked at after a run.
const PREDICTIONS: &str = "target/evaluation";
/// The kind of a row for which the gold standard is made of whole articles.
const RESTORED: &str = "restored";

/// A row of `figures.tsv`.
struct Row {
    section: &'static str,
    name: &'static str,
    kind: &'static str,
    set: &'static str,
    strip: bool,
    /// The scorer and its options.
    scorer: Vec<&'static str>,
    figures: Vec<Figure>,
}

/// A column, and where the scorer's answer has it.
struct Figure {
    label: &'static str,
    pointer: &'static str,
}

/// A row of `peers.tsv`.
struct Peer {
    section: &'static str,
    name: &'static str,
    figures: BTreeMap<&'static str, &'static str>,
    origin: &'static str,
}

/// Scores every set in `sets` and prints the tables, in Markdown.
pub fn print(enricher: &Enricher, sets: &Path) -> Result<(), Failure> {
    let rows: Vec<Row> = rows(include_str!("figures.tsv")).map(Row::read).collect::<Result<_, _>>()?;
    let peers: Vec<Peer> = self::rows(include_str!("peers.tsv")).map(Peer::read).collect::<Result<_, _>>()?;
    let missing: Vec<PathBuf> =
        rows.iter().flat_map(|row| [row.gold(sets), row.script(sets)]).filter(|file| !file.is_file()).collect();
    if let Some(first) = missing.first() {
        return Err(format!(
            "THE DEVELOPMENT SETS ARE NOT THERE: {} of their files are missing, the first is {}; \
             say where they are with --sets DIR",
            missing.len(),
            first.display()
        )
        .into());
    }
    fs::create_dir_all(PREDICTIONS)?;
    for section in rows.chunk_by(|a, b| a.section == b.section) {
        let Some(first) = section.first() else { continue };
        println!("### {}\n", first.section);
        let labels: Vec<&str> = first.figures.iter().map(|figure| figure.label).collect();
        println!("| | {} |\n|---|{}", labels.join(" | "), "--:|".repeat(labels.len()));
        for row in section {
            let answer = row.score(enricher, sets)?;
            let cells: Vec<String> = row.figures.iter().map(|figure| cell(answer.pointer(figure.pointer))).collect();
            println!("| {} | {} |", row.name, cells.join(" | "));
        }
        let peers: Vec<&Peer> = peers.iter().filter(|peer| peer.section == first.section).collect();
        for peer in &peers {
            let cells: Vec<&str> = labels.iter().map(|label| peer.figures.get(label).copied().unwrap_or("")).collect();
            println!("| *{}* | {} |", peer.name, cells.join(" | "));
        }
        println!();
        let mut origins: Vec<&str> = peers.iter().map(|peer| peer.origin).collect();
        origins.dedup();
        for origin in origins {
            println!("{origin}\n");
        }
    }
    Ok(())
}

/// The rows of a table, without its comments.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// `label=value` pairs with semicolons between.
fn pairs(column: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    column.split(';').filter_map(|pair| pair.trim().split_once('='))
}

fn cell(value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(number)) => format!("{:.2}", number.as_f64().unwrap_or_default()),
        Some(Value::String(text)) => text.clone(),
        _ => "?".into(),
    }
}

impl Row {
    fn read(row: &'static str) -> Result<Self, Failure> {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[section, name, kind, set, options, scorer, figures] = columns.as_slice() else {
            return Err(format!("figures.tsv: seven columns are wanted: {row}").into());
        };
        let figures = pairs(figures).map(|(label, pointer)| Figure { label, pointer }).collect();
        let scorer = scorer.split(' ').collect();
        Ok(Self { section, name, kind, set, strip: options == "strip", scorer, figures })
    }

    fn gold(&self, sets: &Path) -> PathBuf {
        sets.join(self.set).with_extension("jsonl")
    }

    fn script(&self, sets: &Path) -> PathBuf {
        sets.join(self.scorer[0])
    }

    /// The scorer's answer for this row.
    fn score(&self, enricher: &Enricher, sets: &Path) -> Result<Value, Failure> {
        let stripped = if self.strip { "-stripped" } else { "" };
        let predictions = Path::new(PREDICTIONS).join(format!("{}-{}{stripped}.jsonl", self.set, self.kind));
        let (mut gold, mut kind) = (self.gold(sets), self.kind);
        if kind == RESTORED {
            let made = Path::new(PREDICTIONS).join(format!("{}-{RESTORED}-gold.jsonl", self.set));
            without_joints(&gold, &made)?;
            (gold, kind) = (made, "zwnj");
        }
        let mut out = BufWriter::new(fs::File::create(&predictions)?);
        predict(enricher, kind, &gold, self.strip, &mut out)?;
        out.flush()?;
        let output = Command::new("python3")
            .arg(self.script(sets))
            .args([&gold, &predictions])
            .args(&self.scorer[1..])
            .output()
            .map_err(|error| format!("the scorers are written in Python: python3: {error}"))?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.scorer[0], String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Peer {
    fn read(row: &'static str) -> Result<Self, Failure> {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[section, name, figures, origin] = columns.as_slice() else {
            return Err(format!("peers.tsv: four columns are wanted: {row}").into());
        };
        Ok(Self { section, name, figures: pairs(figures).collect(), origin })
    }
}

/// Writes whole articles as a set for the restoration of ZWNJs: each without
/// those that can be seen, and the places where they were.
fn without_joints(articles: &Path, set: &Path) -> Result<(), Failure> {
    /// Letters after which a ZWNJ cannot be seen.
    const NEVER_JOIN: &str = "اآأإٱدذرزژوؤة";
    let mut out = BufWriter::new(fs::File::create(set)?);
    for line in fs::read_to_string(articles)?.lines() {
        let case: Value = serde_json::from_str(line)?;
        let text = case["text"].as_str().ok_or("a case without text")?;
        let (mut input, mut joints, mut letters) = (String::new(), Vec::new(), text.chars().peekable());
        let mut count = 0;
        while let Some(letter) = letters.next() {
            if letter != '\u{200C}' {
                input.push(letter);
                count += 1;
                continue;
            }
            let joins = input.chars().next_back().is_some_and(|c| c.is_alphabetic() && !NEVER_JOIN.contains(c));
            if joins && letters.peek().is_some_and(|c| c.is_alphabetic()) {
                joints.push(count);
            }
        }
        writeln!(out, "{}", json!({"id": case["id"], "input": input, "zwnj": joints, "free": []}))?;
    }
    Ok(out.flush()?)
}
