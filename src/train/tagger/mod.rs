//! Training of the tagger: corpora from paths, a linear-chain conditional
//! random field by AdaGrad, and the model file. Deterministic: fixed seed, one
//! thread.

pub mod clusters;
pub mod corpus;
pub mod crf;
pub mod export;
pub mod manifest;
pub mod run;
pub mod score;
