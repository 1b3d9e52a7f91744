//! Compiles the contract with protox, so that no system `protoc` is needed,
//! and notes the hashes of what is embedded.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    components(&out)?;
    if std::env::var_os("CARGO_FEATURE_SERVICE").is_some() {
        contract(&out)?;
    }
    Ok(())
}

/// `components.rs`: the rows of `data/components.tsv` with their hashes.
fn components(out: &Path) -> Result<(), Failure> {
    let table = "data/components.tsv";
    for watched in [table, "data", "models"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let mut rows = String::from("&[\n");
    for line in std::fs::read_to_string(table)?.lines().filter(|line| !line.starts_with('#')) {
        let [name, paths, version, license] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("{table}: not four columns: {line}").into());
        };
        let mut hash = Sha256::new();
        for path in paths.split(' ') {
            for file in files(Path::new(path))? {
                hash.update(std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?);
            }
        }
        let sha256: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        rows += &format!(
            "Component {{ name: {name:?}, version: {version:?}, sha256: Cow::Borrowed({sha256:?}), license: {license:?} }},\n"
        );
    }
    Ok(std::fs::write(out.join("components.rs"), rows + "]")?)
}

/// The file itself, or the tables of a folder in order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    Ok(files)
}

/// The messages and services of the contract, and its descriptors with their
/// comments: reflection shows them, and the JSON mapping reads them.
fn contract(out: &Path) -> Result<(), Failure> {
    println!("cargo:rerun-if-changed=proto");
    let descriptors = protox::compile(["proto/enrich/v1/enrichment.proto"], ["proto"])?;
    std::fs::write(out.join("descriptors.bin"), prost::Message::encode_to_vec(&descriptors))?;
    tonic_prost_build::configure()
        .extern_path(".google.rpc.Status", "::tonic_types::Status")
        .compile_fds(descriptors)?;
    Ok(())
}
