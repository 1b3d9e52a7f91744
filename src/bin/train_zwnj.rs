//! Trains the model that restores ZWNJs:
//!
//! ```text
//! cargo run --release --no-default-features --features train --bin train-zwnj -- \
//!     --lexicon data/text/lexicon.tsv --out models/zwnj.bin TEXT…
//! ```
//!
//! Each TEXT is Persian running text that has its ZWNJs. The same input gives
//! the same model, byte for byte.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut lexicon, mut out, mut texts) = (None, None, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--lexicon" => lexicon = arguments.next().map(PathBuf::from),
            "--out" => out = arguments.next().map(PathBuf::from),
            text => texts.push(std::fs::read_to_string(text)?),
        }
    }
    let (Some(lexicon), Some(out)) = (lexicon, out) else {
        return Err("usage: train-zwnj --lexicon LEXICON.tsv --out MODEL.bin TEXT…".into());
    };
    let (model, report) = article_enricher::train::zwnj::train(&std::fs::read_to_string(lexicon)?, &texts);
    std::fs::write(out, model)?;
    eprintln!("{report}");
    Ok(())
}
