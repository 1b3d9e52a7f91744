//! An enrichment for a person at a terminal. Persian stands last in each row,
//! so that no terminal's handling of right-to-left text moves a column.

use std::fmt::Write;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::wire::v1::{DateMention, EnrichResponse, Entity, Keyphrase, Quotation, Source, Span};

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// The table of one response.
pub(super) fn render(name: &str, response: &EnrichResponse) -> String {
    let mut out = String::new();
    heading(&mut out, name);
    rows(&mut out, &summary(response));
    if !response.dates.is_empty() {
        heading(&mut out, &format!("\nDates ({})", response.dates.len()));
        let head =
            ["at", "kind", "granularity", "value", "start", "end (excl.)", "Persian start", "resolved by", "text"];
        rows(&mut out, &with_head(&head, response.dates.iter().map(date)));
    }
    if !response.entities.is_empty() {
        heading(&mut out, &format!("\nEntities ({})", response.entities.len()));
        let head = ["type", "mentions", "salience", "id", "name"];
        rows(&mut out, &with_head(&head, response.entities.iter().map(entity)));
    }
    if !response.quotations.is_empty() {
        heading(&mut out, &format!("\nQuotations ({})", response.quotations.len()));
        rows(
            &mut out,
            &with_head(&["at", "kind", "speaker: words"], response.quotations.iter().map(|q| quotation(q, response))),
        );
    }
    if !response.sources.is_empty() {
        heading(&mut out, &format!("\nSources ({})", response.sources.len()));
        rows(&mut out, &with_head(&["hop", "confidence", "name"], response.sources.iter().map(source)));
    }
    if !response.keyphrases.is_empty() {
        heading(&mut out, &format!("\nKeyphrases ({})", response.keyphrases.len()));
        rows(&mut out, &with_head(&["score", "by", "phrase"], response.keyphrases.iter().map(keyphrase)));
    }
    out.push('\n');
    out
}

fn summary(response: &EnrichResponse) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |key: &str, value: String| rows.push(vec![key.to_owned(), value]);
    if !response.language.is_empty() {
        row("language", format!("{} ({:.2})", response.language, response.language_confidence));
    }
    row(
        "document date",
        match &response.document_date {
            Some(date) => {
                let origin = date.origin().as_str_name().to_lowercase();
                format!("{} = {} (from the {origin})", date.gregorian, date.persian)
            }
            None => "unknown: relative dates stay unresolved".into(),
        },
    );
    let counts = [("sections", response.sections.len()), ("sentences", response.sentences.len())];
    for (key, count) in counts.into_iter().chain([("tokens", response.tokens.len())]) {
        if count > 0 {
            row(key, count.to_string());
        }
    }
    for warning in &response.warnings {
        row("warning", format!("{}: {}", warning.code, warning.message));
    }
    rows
}

fn date(date: &DateMention) -> Vec<String> {
    let interval = date.interval.clone().unwrap_or_default();
    let value = match date.r#mod.as_str() {
        "" => date.value.clone(),
        modifier => format!("{} {modifier}", date.value),
    };
    vec![
        position(date.span.as_ref()),
        date.kind().as_str_name().to_lowercase(),
        date.granularity().as_str_name().trim_start_matches("GRANULARITY_UNSPECIFIED").to_lowercase().replace('_', " "),
        value,
        interval.start,
        interval.end,
        interval.persian_start,
        date.resolution().as_str_name().to_lowercase().replace('_', " "),
        date.span.as_ref().map(|span| span.text.clone()).unwrap_or_default(),
    ]
}

fn entity(entity: &Entity) -> Vec<String> {
    let mut name = entity.name.clone();
    if !entity.aliases.is_empty() {
        let _ = write!(name, " ({})", entity.aliases.join("، "));
    }
    for text in entity.roles.iter().filter_map(|role| role.span.as_ref()).map(|span| &span.text) {
        let _ = write!(name, " — {text}");
    }
    vec![
        entity.r#type().as_str_name().to_lowercase(),
        entity.mentions.len().to_string(),
        format!("{:.2}", entity.salience),
        entity.id.clone(),
        name,
    ]
}

fn quotation(quotation: &Quotation, response: &EnrichResponse) -> Vec<String> {
    let speaker = response.entities.iter().find(|entity| entity.id == quotation.speaker_id);
    let written = quotation.speaker.as_ref().map(|span| span.text.as_str()).unwrap_or_default();
    let speaker = speaker.map_or(written, |entity| entity.name.as_str());
    let words = quotation.content.as_ref().map(|span| span.text.as_str()).unwrap_or_default();
    vec![
        position(quotation.content.as_ref()),
        quotation.kind().as_str_name().to_lowercase(),
        format!("{}: {words}", if speaker.is_empty() { "؟" } else { speaker }),
    ]
}

fn source(source: &Source) -> Vec<String> {
    vec![source.hop.to_string(), format!("{:.2}", source.confidence), source.name.clone()]
}

fn keyphrase(keyphrase: &Keyphrase) -> Vec<String> {
    let by = if keyphrase.from_publisher { "publisher" } else { "text" };
    vec![format!("{:.2}", keyphrase.score), by.to_owned(), keyphrase.text.clone()]
}

fn position(span: Option<&Span>) -> String {
    let span = span.cloned().unwrap_or_default();
    format!("{}–{}", span.start(), span.end())
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "{HEADING}{text}{HEADING:#}");
}

fn with_head(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    let head = head.iter().map(|text| format!("{FAINT}{text}{FAINT:#}")).collect();
    std::iter::once(head).chain(rows).collect()
}

/// Appends `rows` with their columns in line; the last column is not padded.
fn rows(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    for row in rows {
        out.push(' ');
        for (at, (cell, &column)) in row.iter().zip(&widths).enumerate() {
            let padding = if at + 1 < columns { column - width(cell) } else { 0 };
            let _ = write!(out, " {cell}{:padding$}", "");
        }
        out.push('\n');
    }
}

/// Columns that `text` takes on a terminal, styling left out.
fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_in_line_and_zwnj_has_no_width() {
        let mut out = String::new();
        let cells = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        rows(&mut out, &[cells("می\u{200C}شود", "x"), cells("abcdef", "y")]);
        assert_eq!(out, "  می\u{200C}شود  x\n  abcdef y\n");
    }
}
