//! The word tables of the article's parts.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::text::rows;

/// The classes of words in `data/article/words.tsv`.
pub(super) fn is_of(class: &str, word: &str) -> bool {
    static CLASSES: LazyLock<FxHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let mut classes: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for (class, words) in columns(include_str!("../../data/article/words.tsv")) {
            for word in words.split(' ') {
                classes.entry(word).or_default().push(class);
            }
        }
        classes
    });
    CLASSES.get(plain(word).as_str()).is_some_and(|classes| classes.contains(&class))
}

/// The BCP-47 code that the label `word` stands for.
pub(super) fn language(word: &str) -> Option<&'static str> {
    static LANGUAGES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        columns(include_str!("../../data/article/languages.tsv"))
            .flat_map(|(code, labels)| labels.split(' ').map(move |label| (label, code)))
            .collect()
    });
    LANGUAGES.get(plain(word).as_str()).copied()
}

/// The class of the phrase that `line` begins with, and the bytes after it.
pub(super) fn phrase(line: &str) -> Option<(&'static str, &str)> {
    static PHRASES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let mut phrases: Vec<_> = columns(include_str!("../../data/article/phrases.tsv")).collect();
        phrases.sort_by_key(|(_, phrase)| std::cmp::Reverse(phrase.len()));
        phrases
    });
    PHRASES.iter().find_map(|&(class, phrase)| {
        let rest = after_phrase(line, phrase)?;
        (!rest.starts_with(char::is_alphanumeric)).then_some((class, rest))
    })
}

/// What follows `phrase` at the start of `line`; a space in the phrase may be a
/// ZWNJ or missing in the line.
pub(super) fn after_phrase<'a>(line: &'a str, phrase: &str) -> Option<&'a str> {
    let mut rest = line;
    for expected in phrase.chars() {
        rest = match expected {
            ' ' => rest.trim_start_matches([' ', '\u{200C}']),
            _ => {
                let rest = rest.trim_start_matches('\u{200C}');
                let found = rest.chars().next()?;
                if found.to_ascii_lowercase() != expected {
                    return None;
                }
                rest.get(found.len_utf8()..)?
            }
        };
    }
    Some(rest)
}

fn columns(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(table).filter_map(|row| row.split_once('\t'))
}

/// The word in lower case, ZWNJs and full stops left out.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '\u{200C}' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}
