//! The table of corpora that a model is trained on, and the manifest that says
//! so afterwards.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::score::Counts;

/// Licences under which a shipped model may be trained.
pub const PERMITTED: [&str; 3] = ["CC0-1.0", "CC-BY-SA-4.0", "MIT"];

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// `train`, `text` or `dev`.
    pub role: String,
    /// How it is written: `markup`, `jsonl`, `parstwiner`, `research`, `text`.
    pub kind: String,
    /// How much each example counts.
    pub weight: f32,
    /// SPDX, or `research`.
    pub license: String,
    /// As the table has it.
    pub path: String,
    /// Who made it.
    pub origin: String,
    /// Its files, in order of their names.
    pub files: Vec<PathBuf>,
}

/// Reads a table of corpora; `$DATA` and `$DEV` in paths stand for `data` and
/// `dev`.
///
/// # Errors
/// When the table or a file is not there, or a row has another form.
pub fn read(table: &Path, data: &Path, dev: &Path) -> Result<Vec<Corpus>, Box<dyn std::error::Error>> {
    let rows = std::fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
    let mut corpora = Vec::new();
    for line in rows.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [role, kind, weight, license, path, origin] = columns.as_slice() else {
            return Err(format!("{}: not six columns: {line}", table.display()).into());
        };
        let place = match path.split_once('/') {
            Some(("$DATA", rest)) => data.join(rest),
            Some(("$DEV", rest)) => dev.join(rest),
            _ => PathBuf::from(path),
        };
        corpora.push(Corpus {
            role: (*role).to_owned(),
            kind: (*kind).to_owned(),
            weight: weight.parse()?,
            license: (*license).to_owned(),
            path: (*path).to_owned(),
            origin: (*origin).to_owned(),
            files: files(&place).map_err(|error| format!("{}: {error}", place.display()))?,
        });
    }
    Ok(corpora)
}

fn files(place: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files = std::fs::read_dir(place)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// What the manifest says: the model's hash, every source with its licence and
/// hash, the settings, and the figures on the development sets.
///
/// # Errors
/// When a source cannot be read again.
pub fn manifest(
    model: &[u8],
    corpora: &[Corpus],
    settings: Value,
    figures: &[(String, Counts, Counts)],
) -> std::io::Result<Value> {
    let mut sources = Vec::new();
    for corpus in corpora {
        let mut hash = Sha256::new();
        for file in &corpus.files {
            hash.update(std::fs::read(file)?);
        }
        sources.push(json!({
            "role": corpus.role, "path": corpus.path, "origin": corpus.origin, "license": corpus.license,
            "weight": corpus.weight, "sha256": hex(&hash.finalize()),
        }));
    }
    let figure = |(name, three, all): &(String, Counts, Counts)| {
        let round = |f1: f64| (f1 * 100.0).round() / 100.0;
        json!({"set": name, "strict_f1_per_loc_org": round(three.f1()), "strict_f1_seven_types": round(all.f1())})
    };
    Ok(json!({
        "model": {"sha256": hex(&Sha256::digest(model)), "bytes": model.len(), "license": "CC-BY-SA-4.0"},
        "sources": sources,
        "settings": settings,
        "development": figures.iter().map(figure).collect::<Vec<_>>(),
    }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
