//! The publisher's keyword line at the end of a dump.

use super::words::{is_of, phrase};
use crate::text::verbs::Verbs;

/// How sure it is that a line is one of keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// It is not.
    No,
    /// A few words without a verb: one when more such lines are beside it.
    Short,
    /// Words or phrases without a verb, which the article uses.
    Likely,
    /// Labelled or all hashtags.
    Plain,
}

/// The most words of a line without a label.
const MOST_WORDS: usize = 30;
/// The most words of one keyword.
const LONGEST_KEYWORD: usize = 5;
/// The most words of a keyword that has a line of its own.
const LONGEST_LINE: usize = 4;

/// How like a keyword line the last line of an article is; `text` is what
/// stands before it.
pub(super) fn likeness(line: &str, text: &str) -> Likeness {
    if line.is_empty() || ends_a_sentence(line) {
        return Likeness::No;
    }
    if let Some(("keywords", rest)) = phrase(line)
        && let Some(rest) = rest.trim_start().strip_prefix([':', '：', '-', '|', '#'])
    {
        return if rest.contains(". ") { Likeness::No } else { Likeness::Plain };
    }
    let is_hashtag = |word: &str| word.len() > 1 && word.starts_with('#');
    if line.split([' ', '،', ',', '|']).filter(|w| !w.is_empty()).all(is_hashtag) {
        return Likeness::Plain;
    }
    let parts: Vec<&str> = parts(line).collect();
    let words: Vec<&str> = parts.iter().flat_map(|part| part.split_whitespace()).collect();
    let is_running = |part: &str| {
        let mut words = part.split_whitespace();
        words.any(|word| matches!(word, "را" | "که"))
            || part.split_whitespace().count() > LONGEST_KEYWORD
            || has_verb(part)
    };
    if words.is_empty() || words.len() > MOST_WORDS || line.contains([':', '«', '(', '"']) {
        return Likeness::No;
    }
    // A headline has a semicolon, too.
    if line.contains('؛') && parts.len() < 3 {
        return Likeness::No;
    }
    let recurs = |word: &&&str| text.contains(**word);
    // Of two parts the first may be what a sentence begins with: «در بابل، …».
    let has_function_words = words.iter().any(|word| is_of("function", word));
    if parts.len() == 2 && has_function_words {
        return Likeness::No;
    }
    if parts.len() > 1 {
        let known = parts.iter().filter(|part| part.split_whitespace().any(|word| text.contains(word))).count();
        let is_clean = !parts.iter().any(|part| is_running(part));
        return if is_clean && known * 2 >= parts.len() { Likeness::Likely } else { Likeness::No };
    }
    if has_verb(line) || has_function_words || words.contains(&"و") {
        return Likeness::No;
    }
    let known = words.iter().filter(recurs).count() + words.iter().filter(|word| word.contains('_')).count();
    match words.len() {
        2.. if known * 2 >= words.len() => Likeness::Likely,
        1..=LONGEST_LINE => Likeness::Short,
        _ => Likeness::No,
    }
}

/// A keyword line without its label, «کلیدواژه‌ها:».
pub(crate) fn without_label(line: &str) -> &str {
    match phrase(line) {
        Some(("keywords", rest)) => rest.trim_start().strip_prefix([':', '：', '-', '|']).unwrap_or(rest),
        _ => line,
    }
}

/// Whether `line` ends like a sentence.
pub(super) fn ends_a_sentence(line: &str) -> bool {
    line.trim_end_matches(['»', '"', ')', ']', ' ']).ends_with(['.', '!', '؟', '?', '…', ':', '؛', '،'])
}

/// The keywords of a list: between commas or semicolons, or between dashes, bars and slashes
/// with spaces around them.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(['،', ',', '؛', '|', '/', '•'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Whether `part` has a verb that is no noun too, or ends with one that is more
/// often a verb.
fn has_verb(part: &str) -> bool {
    let verbs = Verbs::get();
    let mut words = part.split_whitespace();
    let (first, last) = (words.next(), part.split_whitespace().next_back());
    let ends_with_verb = last != first && last.is_some_and(|last| is_of("last-verb", last));
    ends_with_verb || part.split_whitespace().any(|word| verbs.is_finite(word) && !is_of("noun", word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "مذاکرات روسیه و سوریه در دمشق آغاز شد. قیمت نفت و اوپک پلاس و خرید گندم. محیط زیست.";

    #[test]
    fn keyword_lines() {
        for (line, expected) in [
            ("مذاکرات روسیه سوریه دمشق", Likeness::Likely),
            ("روسیه، سوریه، دمشق", Likeness::Likely),
            ("قیمت نفت، اوپک پلاس، چین", Likeness::Likely),
            ("نفت - اوپک - ایران", Likeness::Likely),
            ("نفت؛ اوپک پلاس؛ محیط زیست", Likeness::Likely),
            ("نفت ارزان؛ خرید گندم", Likeness::No),
            ("خرید گندم نفت", Likeness::Likely),
            ("#روسیه #سوریه_جدید", Likeness::Plain),
            ("کلیدواژه‌ها: صلح، جنگ", Likeness::Plain),
            ("برچسب ها: صلح جنگ", Likeness::Plain),
            ("Tags: peace, war", Likeness::Plain),
            ("صلح پایدار", Likeness::Short),
            ("مذاکرات روسیه در دمشق", Likeness::No),
            ("مذاکرات سوریه آغاز شد", Likeness::No),
            ("روسیه، سوریه و دمشق سخن می‌گویند", Likeness::No),
            ("روسیه سوریه دمشق.", Likeness::No),
            ("وزیر گفت: روسیه", Likeness::No),
            ("", Likeness::No),
        ] {
            assert_eq!(likeness(line, TEXT), expected, "{line}");
        }
    }
}
