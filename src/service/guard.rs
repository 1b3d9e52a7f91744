//! Who may call: those that know a token, where there are any.

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tonic::Status;
use tonic::codegen::http::{HeaderMap, header};

use super::watched::{FileError, Watched};

/// Lets those in that know a token; everybody, where there are none.
#[derive(Clone, Debug, Default)]
pub struct Guard(Option<Arc<Watched<Tokens>>>);

/// The tokens' hashes: of one length, and of no use to who sees them.
type Tokens = Vec<[u8; 32]>;

impl Guard {
    /// With the tokens of this file, one a line; `#` begins a comment.
    ///
    /// # Errors
    /// When there are none in it.
    pub fn start(file: PathBuf) -> Result<Self, FileError> {
        Ok(Self(Some(Watched::start(vec![file], read)?)))
    }

    /// Whether the call with these headers may go on.
    ///
    /// # Errors
    /// UNAUTHENTICATED if not.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Status> {
        let Some(tokens) = &self.0 else { return Ok(()) };
        let token = headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()));
        match token.is_some_and(|token| is_known(&tokens.current(), token)) {
            true => Ok(()),
            false => Err(Status::unauthenticated("needs a known token: authorization: Bearer …")),
        }
    }
}

/// The token of `Bearer token`.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then(|| token.trim_ascii())
}

/// Looks at every byte of every hash, whatever is found: the time tells
/// nothing of the tokens.
fn is_known(tokens: &Tokens, token: &[u8]) -> bool {
    let hash = Sha256::digest(token);
    let differs = |known: &[u8; 32]| known.iter().zip(hash.iter()).fold(0, |bits, (a, b)| bits | (a ^ b));
    tokens.iter().fold(false, |known, token| known | (differs(token) == 0))
}

fn read(files: &[Vec<u8>]) -> Result<Tokens, (usize, String)> {
    let lines = files.iter().flat_map(|file| file.split(|byte| *byte == b'\n')).map(<[u8]>::trim_ascii);
    let tokens: Tokens = lines
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"))
        .map(|token| Sha256::digest(token).into())
        .collect();
    match tokens.is_empty() {
        true => Err((0, "no tokens".to_owned())),
        false => Ok(tokens),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_known_or_not() {
        let tokens = read(&[b"# for the newsroom\none \n\r\ntwo\r\n".to_vec()]).unwrap();
        assert_eq!(tokens.len(), 2);
        assert!(is_known(&tokens, b"one") && is_known(&tokens, b"two"));
        for wrong in [&b""[..], b"on", b"onee", b"# for the newsroom", b"one "] {
            assert!(!is_known(&tokens, wrong));
        }
        assert!(read(&[b"# none\n".to_vec()]).is_err());
    }

    #[test]
    fn tokens_are_borne() {
        assert_eq!(bearer(b"Bearer one"), Some(&b"one"[..]));
        assert_eq!(bearer(b"bearer  one "), Some(&b"one"[..]));
        for wrong in [&b"Basic one"[..], b"Bearer", b"one", b""] {
            assert_eq!(bearer(wrong), None);
        }
    }
}
