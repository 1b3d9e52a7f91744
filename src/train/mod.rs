//! What makes the models: deterministic, and with the features that serving
//! uses.

pub mod tagger;
pub mod zwnj;
