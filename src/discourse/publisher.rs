//! The publisher's own keywords.

use rustc_hash::FxHashSet;

use crate::article::without_label;
use crate::entities::fold::fold;

/// What stands between the keywords of a list.
const SEPARATORS: [char; 8] = ['،', ',', '؛', ';', '|', '/', '•', '\n'];
/// What does so with spaces around it.
const DASHES: [&str; 3] = [" - ", " – ", " — "];
/// The most words of a name that is found in a line without separators.
const LONGEST_NAME: usize = 5;

/// The keywords of a line, in order. Where only spaces stand between them,
/// each word is one, but for the names in `names` (folded, without spaces);
/// a line that `is_one` holds a single keyword then.
pub(super) fn keywords(line: &str, is_one: bool, names: &FxHashSet<String>) -> Vec<String> {
    let line = without_label(line);
    let mut out = Vec::new();
    if line.contains('#') {
        for tag in line.split('#').flat_map(|part| part.split(SEPARATORS)) {
            push(tag, &mut out);
        }
        return out;
    }
    let parts: Vec<&str> = line
        .split(SEPARATORS)
        .flat_map(|part| part.split(DASHES[0]))
        .flat_map(|part| part.split(DASHES[1]))
        .flat_map(|part| part.split(DASHES[2]))
        .collect();
    if parts.len() > 1 || is_one {
        for part in parts {
            push(part, &mut out);
        }
        return out;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut at = 0;
    while at < words.len() {
        let most = LONGEST_NAME.min(words.len() - at);
        let is_name = |length: &usize| {
            let name = words.get(at..at + length).unwrap_or_default().concat();
            names.contains(&fold(&name))
        };
        let length = (2..=most).rev().find(is_name).unwrap_or(1);
        push(&words.get(at..at + length).unwrap_or_default().join(" "), &mut out);
        at += length;
    }
    out
}

/// Adds a keyword without what is around it and inside it for looks.
fn push(raw: &str, out: &mut Vec<String>) {
    let bare =
        raw.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '(' | '»' | '«' | '!' | '؟' | '+' | '%'));
    let text = bare
        .split(|c: char| c == '_' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if text.chars().any(char::is_alphanumeric) {
        out.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators() {
        let names: FxHashSet<String> = ["بندرعباس", "پارسجنوبی"].into_iter().map(str::to_owned).collect();
        for (line, expected) in [
            ("گاز، نفت، پارس جنوبی", vec!["گاز", "نفت", "پارس جنوبی"]),
            ("گاز نفت پارس جنوبی بندر عباس", vec!["گاز", "نفت", "پارس جنوبی", "بندر عباس"]),
            ("#گاز #نفت_خام #اوپک", vec!["گاز", "نفت خام", "اوپک"]),
            ("کلیدواژه‌ها: موسیقی کردی - سلیمانیه – سنندج", vec!["موسیقی کردی", "سلیمانیه", "سنندج"]),
            ("برچسب ها: صلح | جنگ", vec!["صلح", "جنگ"]),
            ("گاز آزمون_ملی", vec!["گاز", "آزمون ملی"]),
            ("", vec![]),
            ("# - _", vec![]),
        ] {
            assert_eq!(keywords(line, false, &names), expected, "{line}");
        }
        assert_eq!(keywords("خط آهن", true, &names), ["خط آهن"]);
    }
}
