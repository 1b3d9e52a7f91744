//! Turns a raw Persian news article into structured, dated, linked data.
//!
//! The library is a pure function: an [`Article`] and [`Options`] in, an
//! [`Enrichment`] out. It reads no clock, no file and no network; the same
//! article gives the same answer. The server and the command line (feature
//! `service`) are thin rooms around it.
//!
//! ```
//! use article_enricher::{Article, Cancel, Enricher, Options};
//!
//! let enricher = Enricher::embedded();
//! let article = Article::from_raw("date 2025-09-09 Fa\nخبر\n\nاو سه‌شنبه به تهران رفت.");
//! let enrichment = enricher.enrich(&article, &Options::default(), &Cancel::never())?;
//! assert_eq!(enrichment.document.language.code(), "fa");
//! # Ok::<(), article_enricher::Error>(())
//! ```
#![warn(missing_docs)]

pub mod article;
pub mod dates;
pub mod discourse;
mod enrichment;
pub mod entities;
mod pipeline;
mod request;
pub mod resources;
pub mod segment;
pub mod text;
#[cfg(feature = "train")]
pub mod train;

#[cfg(feature = "service")]
pub mod cli;
#[cfg(feature = "service")]
pub mod config;
#[cfg(feature = "service")]
pub mod service;
#[cfg(feature = "service")]
pub mod telemetry;
#[cfg(feature = "service")]
pub mod wire;

pub use article::{Article, Content, Fields};
pub use enrichment::{DateOrigin, Document, Enrichment, Stage, StageStatus, Warning};
pub use pipeline::Enricher;
pub use request::{Cancel, Error, Feature, Features, Options, Violation};
