//! How well and how fast the enricher does, on sets that are not part of the
//! repository.
//!
//! - `cargo evaluate [--sets DIR]`: scores every set of `evaluation/figures.tsv`
//!   and prints the tables of `EVALUATION.md`;
//! - `cargo evaluate KIND GOLD.jsonl [--strip]`: the predictions for one set, in
//!   the form that its scorer reads;
//! - `cargo evaluate language [FILE.tsv…]`: how often a language is recognised;
//! - `cargo evaluate cost`: what a byte of hostile text costs, by length.

#![allow(clippy::indexing_slicing, reason = "a development tool: a broken set may stop it")]

mod cost;
mod hengam;
mod language;
mod predictions;
mod tables;

use std::io::{BufWriter, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use article_enricher::Enricher;

/// Why an evaluation stopped.
pub type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evaluate: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Vec<String>) -> Result<(), Failure> {
    let strip = arguments.iter().position(|a| a == "--strip").map(|at| arguments.remove(at)).is_some();
    let sets = match arguments.iter().position(|a| a == "--sets") {
        Some(at) => arguments.drain(at..).nth(1).ok_or("--sets wants a folder")?.into(),
        None => PathBuf::from("../shared/eval"),
    };
    let enricher = Enricher::embedded();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] | ["all"] => tables::print(&enricher, &sets),
        ["cost"] => cost::print(&enricher),
        ["language", files @ ..] => language::print(files),
        [kind, gold] => {
            predictions::predict(&enricher, kind, gold.as_ref(), strip, &mut BufWriter::new(stdout().lock()))
        }
        _ => Err(format!(
            "usage: evaluate [--sets DIR] | evaluate {} GOLD.jsonl [--strip] | evaluate language [FILE.tsv…] | evaluate cost",
            predictions::KINDS
        )
        .into()),
    }
}
