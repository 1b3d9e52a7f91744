//! `docs/dates.md`, which is made of the tables.

use std::fmt::Write;

use super::class::Class;
use super::lexicon::rows;

const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dates.md");

/// Set this variable to write the document anew.
const UPDATE: &str = "UPDATE_DOCS";

#[test]
fn the_document_is_what_the_tables_say() {
    let document = document();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(PLACE, &document).unwrap();
    }
    let written = std::fs::read_to_string(PLACE).unwrap_or_default();
    assert!(written == document, "docs/dates.md is out of date: run the tests once with {UPDATE}=1");
}

fn document() -> String {
    let mut text = INTRODUCTION.to_owned();
    examples(&mut text);
    grammar(&mut text);
    words(&mut text);
    named(&mut text);
    contexts(&mut text);
    text
}

const INTRODUCTION: &str = "\
# Dates and times: what is understood

Made from the tables under `data/dates` and `tests/dates` by the tests (`UPDATE_DOCS=1 cargo test documentation`); \
change those, not this.

A sentence is read word by word: words of the tables get their classes, numbers are put together from digits and \
words, dates in digits are read whole. The grammar is a list of patterns over classes; the longest match wins, then the \
earlier rule. What a match means is worked out on the document's day, with the tense of the sentence and with what was \
mentioned before it. `DateMention.rules` names the rule of the grammar and the `resolve.*` step that chose the year or \
the day.
";

/// The first of each category of the tested sentences.
fn examples(text: &mut String) {
    text.push_str("\n## Examples, read on Tuesday 2025-09-09 (18 Shahrivar 1404)\n\n");
    text.push_str("| kind | sentence | value, first day, day after the last |\n|---|---|---|\n");
    let mut last = "";
    let mut count = 0;
    for row in rows(include_str!("../../tests/dates/cases.tsv")) {
        let [category, sentence, values] = row.as_slice() else { continue };
        count = if last == *category { count + 1 } else { 1 };
        last = category;
        if count <= 4 {
            let values = if values.is_empty() { "nothing" } else { values };
            writeln!(text, "| {category} | {sentence} | {values} |").unwrap();
        }
    }
}

fn grammar(text: &mut String) {
    text.push_str("\n## Grammar\n\nParts, used in the patterns by name:\n\n| part | pattern |\n|---|---|\n");
    let escaped = |pattern: &str| pattern.replace('|', "\\|");
    let table = || rows(include_str!("../../data/dates/grammar.tsv"));
    for row in table() {
        if let [part, pattern] = row.as_slice() {
            writeln!(text, "| `{part}` | `{}` |", escaped(pattern)).unwrap();
        }
    }
    text.push_str(
        "\nRules. Before and after: what must stand there, or (`!`) must not; `-` asks nothing. What the frame `none` \\
         matches is no expression.\n\n| rule | frame | before | after | pattern |\n|---|---|---|---|---|\n",
    );
    for row in table() {
        if let [id, frame, left, right, pattern] = row.as_slice() {
            let (left, right, pattern) = (escaped(left), escaped(right), escaped(pattern));
            writeln!(text, "| `{id}` | {frame} | `{left}` | `{right}` | `{pattern}` |").unwrap();
        }
    }
}

fn words(text: &mut String) {
    text.push_str(
        "\n## Words\n\n`_` is a joint: written together, with a ZWNJ or with a space.\n\n\\
         | class | value | words |\n|---|---|---|\n",
    );
    for row in rows(include_str!("../../data/dates/words.tsv")) {
        let [class, value, forms] = row.as_slice() else { continue };
        writeln!(text, "| `{class}` | {value} | {} |", forms.replace(" | ", "، ")).unwrap();
    }
    text.push_str("\nClasses:\n\n| class | what it is |\n|---|---|\n");
    for class in Class::ALL {
        writeln!(text, "| `{}` | {} |", class.name(), class.meaning()).unwrap();
    }
}

fn named(text: &mut String) {
    text.push_str(
        "\n## Days and periods with a name\n\nP is the Persian calendar, I the Islamic, G the Gregorian.\n\n",
    );
    text.push_str("| calendar | first day | last day | names |\n|---|---|---|---|\n");
    for row in rows(include_str!("../../data/dates/named.tsv")) {
        let [calendar, first, last, forms] = row.as_slice() else { continue };
        writeln!(text, "| {calendar} | {first} | {last} | {} |", forms.replace(" | ", "، ")).unwrap();
    }
}

fn contexts(text: &mut String) {
    text.push_str("\n## Words around\n\n| class | words |\n|---|---|\n");
    for row in rows(include_str!("../../data/dates/contexts.tsv")) {
        let [class, forms] = row.as_slice() else { continue };
        writeln!(text, "| `{class}` | {} |", forms.replace(" | ", "، ")).unwrap();
    }
}
