//! What is embedded in the binary: tables and models, with version, hash and
//! licence.

use crate::entities::Gazetteer;
use crate::entities::tagger::Model;

/// An embedded table or model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// For example `gazetteer`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-256 of its files, in hexadecimal.
    pub sha256: &'static str,
    /// SPDX expression.
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
}

/// The shipped model; see its card, `models/tagger.md`.
const TAGGER: &[u8] = include_bytes!("../models/tagger.bin");

impl Resources {
    /// Reads what is embedded.
    pub fn embedded() -> Self {
        Self { gazetteer: Gazetteer::embedded(), tagger: Model::read(TAGGER).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_tagger_can_be_read() {
        Model::read(TAGGER).unwrap();
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
