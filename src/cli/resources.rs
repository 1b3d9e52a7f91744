//! Tables and models that the command line names instead of ours.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Enricher;
use crate::resources::Resources;

/// Flags of every subcommand that enriches.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Files {
    /// Entity tagger instead of the embedded one, as `enricher-train tagger` writes it
    #[arg(long, env = "ENRICHER_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,

    /// Names that win over the embedded ones: UTF-8 lines of name, other forms (with | between), type (as in
    /// ORGANIZATION) and identifier (authority:id, or nothing), separated by tabs
    #[arg(long, env = "ENRICHER_GAZETTEER", value_name = "FILE")]
    gazetteer: Option<PathBuf>,
}

impl Files {
    /// The flag of a file that is given, for those who cannot use one.
    pub(super) fn given(&self) -> Option<&'static str> {
        let model = self.model.as_ref().map(|_| "--model");
        model.or(self.gazetteer.as_ref().map(|_| "--gazetteer"))
    }

    /// An enricher with these files.
    ///
    /// # Errors
    /// In words, with the flag and the file that is wrong.
    pub(super) fn enricher(&self) -> Result<Enricher, String> {
        let (model, table) = (self.model.as_deref(), self.gazetteer.as_deref());
        let wrong = |flag: &str, path: Option<&Path>, error: &dyn std::fmt::Display| {
            format!("{flag} {}: {error}", path.unwrap_or(Path::new("")).display())
        };
        let bytes = model.map(fs::read).transpose().map_err(|error| wrong("--model", model, &error))?;
        let names = table.map(fs::read_to_string).transpose().map_err(|error| wrong("--gazetteer", table, &error))?;
        let resources = Resources::with(names.as_deref(), bytes.as_deref()).map_err(|error| match error {
            crate::resources::WrongResource::Table(error) => wrong("--gazetteer", table, &error),
            crate::resources::WrongResource::Model(error) => wrong("--model", model, &error),
        })?;
        Ok(Enricher::new(resources))
    }
}
