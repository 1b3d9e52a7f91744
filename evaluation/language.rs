//! How often the language of a line is recognised.

use article_enricher::text::{Language, language};

use crate::Failure;

/// The lines that come with the project, one language a line of the table.
const OWN: &str = include_str!("language.tsv");
/// The beginning of a line that is judged too, in characters.
const SHORT: usize = 20;

/// Prints, for each language, how many lines are recognised and how many are
/// taken for Persian, from the project's own lines and those of `files`, which
/// have a code and a text in each row, a tab between. A language that is not
/// told apart is recognised as none.
pub fn print(files: &[&str]) -> Result<(), Failure> {
    println!("| lines | language | form | lines | recognised, % | taken for Persian, % |\n|---|---|---|--:|--:|--:|");
    table("own", OWN);
    for file in files {
        let name = std::path::Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        table(&name, &std::fs::read_to_string(file)?);
    }
    Ok(())
}

fn table(name: &str, lines: &str) {
    let lines: Vec<(&str, &str)> =
        lines.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect();
    let mut codes: Vec<&str> = lines.iter().map(|(code, _)| *code).collect();
    codes.dedup();
    for code in codes {
        let full: Vec<String> =
            lines.iter().filter(|(other, _)| *other == code).map(|(_, line)| (*line).to_owned()).collect();
        let short: Vec<String> = full
            .iter()
            .filter(|line| line.chars().count() >= SHORT)
            .map(|line| line.chars().take(SHORT).collect())
            .collect();
        for (form, lines) in [("whole", &full), ("20 characters", &short)] {
            row(name, code, form, lines);
            if code == Language::Persian.code() {
                let stripped: Vec<String> = lines.iter().map(|line| line.replace('\u{200C}', "")).collect();
                row(name, code, &format!("{form}, stripped"), &stripped);
            }
        }
    }
}

fn row(name: &str, code: &str, form: &str, lines: &[String]) {
    let expected = Language::ALL.iter().map(|language| language.code()).find(|&known| known == code).unwrap_or("und");
    let share = |language: &str| {
        let hits = lines.iter().filter(|line| language::detect(line).0.code() == language).count();
        100.0 * hits as f64 / lines.len().max(1) as f64
    };
    let of_persian = if code == "fa" { String::new() } else { format!("{:.1}", share("fa")) };
    println!("| {name} | {code} | {form} | {} | {:.1} | {of_persian} |", lines.len(), share(expected));
}
