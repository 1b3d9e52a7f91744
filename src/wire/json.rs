//! The proto3 JSON mapping of the contract's messages: the one JSON form
//! everywhere.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor, SerializeOptions};

use super::DESCRIPTORS;
use super::v1::{Article, EnrichResponse};

/// The descriptors, decoded once. They come from the build, so an error here
/// is one for whoever built the binary; it is kept as text.
static POOL: LazyLock<Result<DescriptorPool, String>> =
    LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).map_err(|error| error.to_string()));

/// Why a text is not the JSON form of a message, or a message has none.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Wrong JSON, an unknown field or a value of the wrong type.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// The message is none of the contract's.
    #[error("no such message in the contract: {0}")]
    Descriptor(String),
}

/// A message that has a JSON form.
pub trait Json: Message + Default {
    /// Its full name.
    const NAME: &'static str;

    /// Its JSON form: indented over several lines, or on one.
    ///
    /// # Errors
    /// Only when the build is broken.
    fn to_json(&self, indented: bool) -> Result<String, JsonError> {
        let mut message = DynamicMessage::new(descriptor(Self::NAME)?);
        message.transcode_from(self).map_err(|error| JsonError::Descriptor(error.to_string()))?;
        let mut out = Vec::new();
        let options = SerializeOptions::new();
        if indented {
            message.serialize_with_options(&mut serde_json::Serializer::pretty(&mut out), &options)?;
        } else {
            message.serialize_with_options(&mut serde_json::Serializer::new(&mut out), &options)?;
        }
        String::from_utf8(out).map_err(|error| JsonError::Descriptor(error.to_string()))
    }

    /// Reads its JSON form.
    ///
    /// # Errors
    /// For wrong JSON, unknown fields and values of the wrong type.
    fn from_json(json: &str) -> Result<Self, JsonError> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let options = DeserializeOptions::new();
        let message = DynamicMessage::deserialize_with_options(descriptor(Self::NAME)?, &mut deserializer, &options)?;
        deserializer.end()?;
        message.transcode_to().map_err(|error| JsonError::Descriptor(error.to_string()))
    }
}

impl Json for Article {
    const NAME: &'static str = "enrich.v1.Article";
}

impl Json for EnrichResponse {
    const NAME: &'static str = "enrich.v1.EnrichResponse";
}

fn descriptor(name: &str) -> Result<MessageDescriptor, JsonError> {
    let pool = POOL.as_ref().map_err(|error| JsonError::Descriptor(error.clone()))?;
    pool.get_message_by_name(name).ok_or_else(|| JsonError::Descriptor(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::v1::Span;

    #[test]
    fn zero_offsets_are_printed() {
        let mut response = EnrichResponse { language: "fa".into(), ..Default::default() };
        response.sentences.push(crate::wire::v1::Sentence {
            span: Some(Span { start: Some(0), end: Some(4), ..Default::default() }),
        });
        let json = response.to_json(false).unwrap();
        assert_eq!(json, r#"{"language":"fa","sentences":[{"span":{"start":0,"end":4}}]}"#);
        assert_eq!(EnrichResponse::from_json(&json).unwrap(), response);
    }

    #[test]
    fn wrong_json_says_where() {
        let error = Article::from_json(r#"{"rawText": "سلام", "rawTxt": ""}"#).unwrap_err().to_string();
        assert!(error.contains("rawTxt"), "{error}");
        assert!(Article::from_json(r#"{"rawText": "سلام"} x"#).is_err());
    }
}
