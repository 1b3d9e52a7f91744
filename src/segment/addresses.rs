//! Web and mail addresses.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::TokenKind;
use crate::text::rows;

/// What a web address may begin with, beside a bare host name.
const STARTS: [&str; 4] = ["http://", "https://", "ftp://", "www."];

/// Finds addresses at ascending places of one text.
#[derive(Default)]
pub(super) struct Addresses {
    /// No address begins before this byte: the characters up to here have been
    /// looked at together.
    none_before: usize,
}

impl Addresses {
    /// The end and the kind of the address that begins at byte `at`.
    pub fn at(&mut self, text: &str, at: usize) -> Option<(usize, TokenKind)> {
        if at < self.none_before {
            return None;
        }
        let rest = text.get(at..)?;
        if rest.as_bytes().first().is_none_or(|b| !b.is_ascii_alphanumeric()) {
            return None;
        }
        let starts = |start: &&&str| rest.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start));
        if let Some(start) = STARTS.iter().find(starts) {
            let end = web_address_end(rest);
            if end > start.len() {
                return Some((at + end, TokenKind::Url));
            }
        }
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+' | b'%');
        let name = rest.bytes().take_while(|b| is_name(b)).count();
        if rest.as_bytes().get(name) == Some(&b'@')
            && let Some(host) = rest.get(name + 1..).and_then(host_end)
        {
            return Some((at + name + 1 + host, TokenKind::Email));
        }
        if let Some(host) = host_end(rest) {
            let goes_on = rest.as_bytes().get(host).is_some_and(|b| matches!(b, b'/' | b'?' | b'#' | b':'));
            let end = if goes_on { web_address_end(rest).max(host) } else { host };
            return Some((at + end, TokenKind::Url));
        }
        self.none_before = at + name;
        None
    }
}

/// The end of the host name that `text` begins with: labels with full stops
/// between them, the last of which is a top-level domain.
fn host_end(text: &str) -> Option<usize> {
    static DOMAINS: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| rows(include_str!("../../data/text/domains.tsv")).collect());
    let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let host = text.get(..length)?.trim_end_matches(['.', '-']);
    let (labels, domain) = host.rsplit_once('.')?;
    // A letter of another script right after it makes it no address.
    let is_whole = !text.get(host.len()..)?.starts_with('_');
    let is_known = domain.len() <= 6 && DOMAINS.contains(domain.to_ascii_lowercase().as_str());
    let is_named = labels.bytes().any(|b| b.is_ascii_alphabetic()) && !labels.contains("..") && !labels.ends_with('.');
    (is_whole && is_known && is_named).then_some(host.len())
}

/// The end of the web address that `text` begins with: up to white space or a
/// mark that is in none, less the punctuation at its end.
fn web_address_end(text: &str) -> usize {
    let is_outside =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '،' | '؛' | '؟' | '“' | '”');
    let mut address = text.get(..text.find(is_outside).unwrap_or(text.len())).unwrap_or_default();
    let count = |of: [u8; 2]| address.bytes().filter(|b| of.contains(b)).count();
    let (open, mut close) = (count(*b"(["), count(*b")]"));
    loop {
        address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '…']);
        // A closing bracket is of the address when it opens there too.
        match address.strip_suffix([')', ']']) {
            Some(without) if close > open => {
                address = without;
                close -= 1;
            }
            _ => return address.len(),
        }
    }
}
