//! What is embedded in the binary: tables and models, with version, hash and
//! licence.

use crate::entities::Gazetteer;

/// An embedded table or model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// For example `gazetteer`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// SPDX expression.
    pub license: &'static str,
}

/// Everything that the stages read; immutable, shared by all threads.
#[derive(Debug)]
pub struct Resources {
    /// Names and triggers.
    pub gazetteer: Gazetteer,
    /// What is embedded, in a fixed order.
    pub components: Vec<Component>,
}

impl Resources {
    /// Reads what is embedded.
    pub fn embedded() -> Self {
        Self { gazetteer: Gazetteer::embedded(), components: vec![crate::text::zwnj::component()] }
    }
}
