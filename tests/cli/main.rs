//! The command line as a user runs it: the real binary, its output and its
//! exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn enricher() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enricher"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    enricher().args(arguments).output().unwrap()
}

fn run_on(input: &[u8], arguments: &[&str]) -> Output {
    let mut child =
        enricher().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_file_gives_json_when_not_on_a_terminal() {
    let output = run(&["enrich", "examples/diplomacy.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let response = json(&output);
    assert_eq!(response["language"], "fa");
    assert_eq!(response["documentDate"]["gregorian"], "2025-11-04");
    assert_eq!(response["documentDate"]["persian"], "1404-08-13");
    assert_eq!(response["documentDate"]["origin"], "HEADER");
    assert_eq!(response["warnings"][0]["code"], "LANGUAGE_MISMATCH");
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn a_table_has_no_colour_in_a_pipe() {
    let output = run(&["enrich", "--format", "table", "examples/sport.txt"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("document date 2025-12-06 = 1404-09-15"), "{}", stdout(&output));
    assert!(!stdout(&output).contains('\u{1b}'));
}

#[test]
fn standard_input_and_request_options() {
    let arguments = ["enrich", "-", "--date", "1404-06-18", "--features", "tokens,dates", "--offsets", "utf8-bytes"];
    let output = run_on("او سه‌شنبه رفت.".as_bytes(), &arguments);
    let response = json(&output);
    assert_eq!(response["offsetUnit"], "UTF8_BYTES");
    assert_eq!(response["documentDate"]["gregorian"], "2025-09-09");
    assert_eq!(response["tokens"][1]["span"]["start"], 5);
    assert!(response.get("sentences").is_none());
    let omitted = json(&run_on("او رفت.".as_bytes(), &["enrich", "--omit-text"]));
    assert!(omitted["tokens"][0]["span"].get("text").is_none());
    assert_eq!(omitted["tokens"][0]["span"]["start"], 0, "a zero offset is printed");
}

#[test]
fn jsonl_gives_a_line_for_each_good_line() {
    let input = concat!(
        r#"{"id":"a","rawText":"خبر کوتاه.","documentDate":"2025-09-09"}"#,
        "\n\n{broken\n",
        r#"{"id":"b","rawText":" "}"#,
        "\n",
        r#"{"id":"c","fields":{"title":"خبر","body":"متن."}}"#
    );
    let output = run_on(input.as_bytes(), &["enrich", "--input-format", "jsonl", "--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(1), "some articles failed");
    let ids: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["articleId"].clone()).collect();
    assert_eq!(ids, ["a", "c"]);
    assert!(stderr(&output).contains("standard input:3: "), "{}", stderr(&output));
    assert!(stderr(&output).contains("standard input:4: invalid request: article.raw_text: no text"));
}

#[test]
fn a_failure_does_not_stop_the_others() {
    let output = run(&["enrich", "--format", "jsonl", "no-such-file", "examples/flood.txt"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 1);
    assert!(stderr(&output).contains("no-such-file: "));
}

#[test]
fn bad_input_is_named() {
    let output = run_on(b"\xd8\xae\xff", &["enrich"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("not UTF-8 at byte 2"), "{}", stderr(&output));
    let long = "خبر ".repeat(300_000);
    let output = run_on(long.as_bytes(), &["enrich"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("2100000 bytes long; the limit is 1048576"), "{}", stderr(&output));
}

#[test]
fn wrong_usage_is_2() {
    for arguments in [
        &["enrich", "--date", "2025-02-30"][..],
        &["enrich", "--features", "dates,feelings"],
        &["enrich", "--format", "xml"],
        &["enrich", "--no-such-flag"],
        &["conquer"],
        &[],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let many = vec!["examples/economy.txt"; 40];
    let mut child = enricher()
        .args(["enrich", "--format", "json"])
        .args(many)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn an_unreachable_server_is_named() {
    let output = run(&["enrich", "--server", "127.0.0.1:9", "examples/economy.txt"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot reach the server 127.0.0.1:9"), "{}", stderr(&output));
}

#[test]
fn a_table_of_ones_own_wins() {
    let folder = std::env::temp_dir().join(format!("enricher-own-table-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("names.tsv");
    let path = file.to_str().unwrap();
    let text = "سامانه آبگیر در تهران با کرملین کار می‌کند.";
    let names = "# ours\nسامانه آبگیر\tآبگیر\tPRODUCT\tacme:7\nتهران\t\tORGANIZATION\tacme:8\n";
    std::fs::write(&file, names).unwrap();
    let response = json(&run_on(text.as_bytes(), &["enrich", "--explain", "--gazetteer", path]));
    let kinds: Vec<[&str; 2]> = response["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| [e["id"].as_str().unwrap(), e["type"].as_str().unwrap()])
        .collect();
    assert!(kinds.contains(&["acme:7", "PRODUCT"]) && kinds.contains(&["acme:8", "ORGANIZATION"]), "{kinds:?}");
    assert_eq!(kinds.len(), 3, "ours are still there: {kinds:?}");

    for (names, complaint) in [
        ("سامانه\t\tGADGET\n", "line 1: \"GADGET\" in the third column is no type"),
        ("\n\t\tPRODUCT\n", "line 2: no name in the first column"),
        ("سامانه\t\tPRODUCT\tseven\n", "\"seven\" in the fourth column is not authority:id"),
        ("سامانه\t\tPRODUCT\ta:1\tmore\n", "more than four columns"),
    ] {
        std::fs::write(&file, names).unwrap();
        for command in
            [&["enrich", "--gazetteer", path][..], &["serve", "--listen", "127.0.0.1:0", "--gazetteer", path]]
        {
            let output = run(command);
            assert_eq!(output.status.code(), Some(2), "{command:?}");
            assert!(stderr(&output).contains(complaint) && stderr(&output).contains(path), "{}", stderr(&output));
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn another_model_is_read_or_refused() {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/models/tagger.bin");
    let ours = run(&["enrich", "examples/flood.txt", "--features", "entities"]);
    let given = run(&["enrich", "examples/flood.txt", "--features", "entities", "--model", shipped]);
    let components = json(&given)["provenance"]["components"].clone();
    let tagger = components.as_array().unwrap().iter().find(|component| component["name"] == "tagger").unwrap();
    assert_eq!(tagger["version"], "own", "provenance says that the model is not the embedded one");
    assert_eq!(json(&given)["entities"], json(&ours)["entities"]);
    for command in [
        &["enrich", "--model", "no-such-file"][..],
        &["enrich", "--model", "Cargo.toml"],
        &["serve", "--listen", "127.0.0.1:0", "--model", "Cargo.toml"],
        &["enrich", "--server", "127.0.0.1:9", "--model", shipped],
    ] {
        let output = run(command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(stderr(&output).contains("--model"), "{}", stderr(&output));
    }
}

/// The article that the service must handle first is not in the repository.
#[test]
fn the_seed_article() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/articles/seed.txt");
    if !std::path::Path::new(file).exists() {
        eprintln!("SKIPPED the_seed_article: {file} is not there");
        return;
    }
    let response = json(&run(&["enrich", file]));
    assert_eq!(response["language"], "fa");
    assert_eq!(response["warnings"][0]["code"], "LANGUAGE_MISMATCH");
    let date = serde_json::json!({"gregorian": "2025-09-09", "persian": "1404-06-18", "origin": "HEADER"});
    assert_eq!(response["documentDate"], date);

    let days = |d: &Value| [&d["interval"]["start"], &d["interval"]["end"]].map(|day| day.as_str().unwrap().to_owned());
    let dates: Vec<_> = response["dates"].as_array().unwrap().iter().filter(|d| d["interval"].is_object()).collect();
    let found: Vec<[String; 2]> = dates.iter().map(|d| days(d)).collect();
    let expected = [
        ["2025-09-09", "2025-09-10"],
        ["2025-09-09", "2025-09-10"],
        ["2025-07-31", "2025-08-01"],
        ["2025-01-20", "2025-02-19"],
        ["2024-12-08", "2024-12-09"],
        ["2024-12-21", "2025-01-20"],
        ["2025-01-20", "2025-02-19"],
    ];
    assert_eq!(found, expected);
    assert_eq!(dates[4]["weekdayAgrees"], true);
    let contract = r#"{"span":{"start":1073,"end":1085,"text":"۹ مرداد ۱۴۰۴"},"kind":"DATE","granularity":"DAY","calendar":"PERSIAN","value":"1404-05-09","timex3":"2025-07-31","interval":{"start":"2025-07-31","end":"2025-08-01","persianStart":"1404-05-09","persianEnd":"1404-05-10"},"resolution":"EXPLICIT","relation":"BEFORE"}"#;
    for (key, value) in serde_json::from_str::<Value>(contract).unwrap().as_object().unwrap() {
        assert_eq!(&dates[2][key], value, "{key}");
    }
}
