//! What is embedded in the binary: tables and models, with version, hash and
//! licence.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::entities::tagger::{Model, NotAModel};
use crate::entities::{Gazetteer, WrongTable};

/// A table or model that the stages work with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// For example `gazetteer`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-256 of its files, in hexadecimal.
    pub sha256: Cow<'static, str>,
    /// SPDX expression; empty when it is not known.
    pub license: &'static str,
}

/// What is embedded, in a fixed order: the rows of `data/components.tsv`.
pub const COMPONENTS: &[Component] = include!(concat!(env!("OUT_DIR"), "/components.rs"));

/// Everything that the stages share; immutable.
#[derive(Debug)]
pub struct Resources {
    /// Names and triggers.
    pub gazetteer: Gazetteer,
    /// The learned tagger; `None` leaves entities to tables and rules.
    pub tagger: Option<Model>,
    /// What they are, in a fixed order.
    pub components: Vec<Component>,
}

/// A user's table or model that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongResource {
    /// The table.
    #[error(transparent)]
    Table(#[from] WrongTable),
    /// The model.
    #[error(transparent)]
    Model(#[from] NotAModel),
}

/// The shipped model; see its card, `models/tagger.md`.
const TAGGER: &[u8] = include_bytes!("../models/tagger.bin");

impl Resources {
    /// Reads what is embedded.
    pub fn embedded() -> Self {
        Self { gazetteer: Gazetteer::embedded(), tagger: Model::read(TAGGER).ok(), components: COMPONENTS.to_vec() }
    }

    /// Reads what is embedded, but the tagger from `model`, and the names of
    /// `table` before ours, where these are given. The table's form is that of
    /// [`Gazetteer::embedded_with`].
    ///
    /// # Errors
    /// What is wrong with either.
    pub fn with(table: Option<&str>, model: Option<&[u8]>) -> Result<Self, WrongResource> {
        let mut components = COMPONENTS.to_vec();
        for component in components.iter_mut().filter(|component| component.name == "tagger") {
            if let Some(model) = model {
                *component = own("tagger", model);
            }
        }
        components.extend(table.map(|table| own("own-names", table.as_bytes())));
        Ok(Self {
            components,
            gazetteer: table.map_or_else(|| Ok(Gazetteer::embedded()), Gazetteer::embedded_with)?,
            tagger: Some(Model::read(model.unwrap_or(TAGGER))?),
        })
    }
}

/// A user's table or model.
fn own(name: &'static str, file: &[u8]) -> Component {
    let sha256: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    Component { name, version: "own", sha256: sha256.into(), license: "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_tagger_can_be_read() {
        Model::read(TAGGER).unwrap();
    }

    /// What `models/tagger.md` promises: sources under these licences, and no others.
    #[test]
    fn the_tagger_is_trained_on_permitted_sources_alone() {
        let manifest: serde_json::Value = serde_json::from_str(include_str!("../models/tagger.json")).unwrap();
        let hash: String = Sha256::digest(TAGGER).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(manifest["model"]["sha256"], hash, "models/tagger.json is of another model");
        let card = include_str!("../models/tagger.md");
        assert!(card.contains(&hash), "models/tagger.md is of another model");
        let sources = manifest["sources"].as_array().unwrap();
        assert!(sources.iter().any(|source| source["role"] == "train"));
        for source in sources {
            let license = source["license"].as_str().unwrap();
            assert!(["CC0-1.0", "CC-BY-SA-4.0", "MIT"].contains(&license), "{source}");
            assert!(card.contains(source["sha256"].as_str().unwrap()), "not in the card: {source}");
        }
    }

    #[test]
    fn components_are_named_once_and_hashed() {
        for (at, component) in COMPONENTS.iter().enumerate() {
            assert_eq!(component.sha256.len(), 64, "{component:?}");
            assert!(COMPONENTS[..at].iter().all(|other| other.name != component.name), "{component:?}");
        }
        assert!(COMPONENTS.iter().any(|component| component.name == "gazetteer"));
    }
}
