//! Dates in sentences of every kind, against values and days that other
//! implementations of the calendars computed.

use article_enricher::dates::{self, Calendar, Context, DateMention, Day, Granularity, Kind, Modifier, Resolution};
use article_enricher::segment;
use article_enricher::text::{Language, Span, normalize};
use proptest::prelude::*;

/// The day on which the sentences are read.
const TODAY: (i32, u8, u8) = (2025, 9, 9);

/// The dates of `text`, read as one paragraph, and the text as it was read.
fn read(text: &str) -> (String, Vec<DateMention>) {
    read_on(text, Day::from_gregorian(TODAY.0, TODAY.1, TODAY.2))
}

fn read_on(text: &str, document_date: Option<Day>) -> (String, Vec<DateMention>) {
    read_in(text, &Context { document_date, time_zone: None })
}

fn read_in(text: &str, context: &Context<'_>) -> (String, Vec<DateMention>) {
    let text = normalize::normalize(text, Language::Persian).text;
    let tokens = segment::tokens(&text);
    let mut sentences = Vec::new();
    segment::sentences(&text, Span::new(0, text.len()), &tokens, &mut sentences);
    let mut found = Vec::new();
    dates::extract(&text, &sentences, &tokens, context, &mut found);
    (text, found)
}

fn modifier(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Start => "START",
        Modifier::Mid => "MID",
        Modifier::End => "END",
        Modifier::Approx => "APPROX",
        Modifier::MoreThan => "MORE_THAN",
        Modifier::LessThan => "LESS_THAN",
    }
}

/// A mention in the form of the table, its words before it.
fn shown(text: &str, mention: &DateMention) -> String {
    let day = |day: Option<Day>| day.map_or("-".to_owned(), Day::gregorian_string);
    let mut shown = format!(
        "[{}] {} {} {}",
        mention.span.of(text).replace('\u{200C}', ""),
        mention.value,
        day(mention.interval.map(|i| i.start)),
        day(mention.interval.map(|i| i.end)),
    );
    if let Some(said) = mention.modifier.map(modifier) {
        shown = shown + " " + said;
    }
    if let Some(agrees) = mention.weekday_agrees {
        shown += if agrees { " agrees" } else { " disagrees" };
    }
    shown
}

#[test]
fn sentences_of_every_kind() {
    let table = include_str!("dates/cases.tsv");
    let mut failures = Vec::new();
    let mut cases = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let [category, marked, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let sentence = marked.replace(['[', ']'], "");
        let words = marked.split('[').skip(1).map(|rest| rest.split(']').next().unwrap_or_default());
        let fold = |words: &str| normalize::normalize(words, Language::Persian).text.replace('\u{200C}', "");
        let expected: Vec<String> =
            words.zip(expected.split(" ; ")).map(|(words, value)| format!("[{}] {value}", fold(words))).collect();
        for text in [sentence.clone(), sentence.replace('\u{200C}', "")] {
            cases += 1;
            let (text, found) = read(&text);
            let found: Vec<String> = found.iter().map(|mention| shown(&text, mention)).collect();
            if found != expected {
                failures.push(format!("{category}: {text}\n   want {expected:?}\n   have {found:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {cases} fail:\n{}", failures.len(), failures.join("\n"));
}

/// The calendar against an independent implementation, day by day.
#[test]
fn persian_calendar_over_six_centuries() {
    let table = include_str!("dates/persian_leap_years.txt");
    let leap: Vec<i32> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(' ').map(|year| year.parse::<i32>().unwrap()))
        .collect();
    let mut day = Day::from_gregorian(1799, 3, 21).unwrap();
    for year in 1178..=1799 {
        for month in 1..=12u8 {
            let days = match month {
                1..=6 => 31,
                7..=11 => 30,
                _ => 29 + u8::from(leap.contains(&year)),
            };
            for of_month in 1..=days {
                assert_eq!(day.persian(), (year, month, of_month));
                assert_eq!(Day::from_persian(year, month, of_month), Some(day));
                day = day.plus(1);
            }
            assert_eq!(Day::from_persian(year, month, days + 1), None);
        }
    }
}

#[test]
fn fields_that_no_scorer_reads() {
    let (_, found) = read("وزیر سه‌شنبه به مشهد رفت.");
    let [weekday] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(weekday.resolution, Resolution::DocumentDate);
    assert_eq!(weekday.anchor, Day::from_gregorian(2025, 9, 9));
    assert_eq!(weekday.rules, ["day.weekday", "resolve.past"]);
    assert_eq!(weekday.alternatives.iter().map(|a| a.value.as_str()).collect::<Vec<_>>(), ["2025-09-16"]);
    assert_eq!(weekday.calendar, None);

    let (_, found) = read("پرواز هفته‌ای دو بار انجام می‌شود.");
    let [set] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((set.kind, set.quant, set.freq.as_str()), (Kind::Set, "EVERY", "2X"));

    let (_, found) = read("عاشورا در تهران برگزار شد.");
    let [ashura] = found.as_slice() else { panic!("{found:?}") };
    assert!(ashura.approximate);
    assert_eq!((ashura.calendar, ashura.granularity), (Some(Calendar::Islamic), Some(Granularity::Day)));
    let others: Vec<_> = ashura.alternatives.iter().map(|a| (a.timex3.as_str(), a.reason)).collect();
    assert!(others.contains(&("2025-07-05", "Umm al-Qura calendar")), "{others:?}");

    for (text, timex3) in [
        ("بازی ساعت ۱۸:۳۰ به وقت تهران آغاز شد.", "2025-09-09T18:30+03:30"),
        ("بازی ساعت ۱۸:۳۰ به وقت لندن آغاز شد.", "2025-09-09T18:30+01:00"),
        ("بازی ساعت ۱۸:۳۰ به وقت محلی آغاز شد.", "2025-09-09T18:30"),
    ] {
        let (_, found) = read(text);
        let [clock] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((clock.value.as_str(), clock.timex3.as_str()), ("2025-09-09T18:30", timex3));
    }

    // What is Tuesday evening there is Wednesday morning in Tehran.
    for (time_zone, other_days) in [(None, vec!["2025-09-10"]), (Some("America/New_York"), vec![])] {
        let document_date = Day::from_gregorian(TODAY.0, TODAY.1, TODAY.2);
        let (_, found) = read_in("بازی ساعت ۲۲ به وقت نیویورک آغاز شد.", &Context { document_date, time_zone });
        let [clock] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            clock.alternatives.iter().map(|a| a.value.as_str()).collect::<Vec<_>>(),
            other_days,
            "{time_zone:?}"
        );
    }

    let (_, found) = read("او ۹ مرداد ۱۴۰۴ به مسکو رفت.");
    let [day] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((day.resolution, day.anchor, day.timex3.as_str()), (Resolution::Explicit, None, "2025-07-31"));
    assert!(day.confidence > 0.9);
}

/// Without the document's day nothing is made up.
#[test]
fn stays_unresolved_without_a_document_date() {
    for (text, value) in [
        ("او سه‌شنبه رفت.", "XXXX-WXX-2"),
        ("او دیروز رفت.", "PAST_REF"),
        ("او فردا می‌رود.", "FUTURE_REF"),
        ("باران در آذرماه آمد.", "XXXX-09"),
        ("جلسه ۵ مهر برگزار شد.", "XXXX-07-05"),
        ("سال گذشته سیل آمد.", "PAST_REF"),
        ("هفته آینده برف می‌آید.", "FUTURE_REF"),
        ("در نوروز باران آمد.", "XXXX-01-01"),
        ("او سه روز پیش رفت.", "PAST_REF"),
        ("ساعت ۱۸:۳۰ برگزار شد.", "XXXX-XX-XXT18:30"),
    ] {
        let (_, found) = read_on(text, None);
        let [mention] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!(mention.value, value, "{text}");
        assert_eq!((mention.resolution, mention.interval), (Resolution::Unresolved, None), "{text}");
    }
}

/// Words that dates are made of, and others, in any order.
fn jumbled() -> impl Strategy<Value = String> {
    let table = include_str!("../data/dates/words.tsv");
    let mut words: Vec<String> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').nth(2))
        .flat_map(|forms| forms.split(" | ").map(|form| form.replace('_', "\u{200C}")))
        .collect();
    words.extend(
        ["کتاب", "رفت", "۱۴۰۴", "99", "1404/7/1", "۱۸:۳۰", "2025-09-09", ".", "«", "\n", "3.5", "100000000", "5000"]
            .map(String::from),
    );
    proptest::collection::vec(proptest::sample::select(words), 0..40).prop_map(|words| words.join(" "))
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let (text, found) = read(text);
    let mut end = 0;
    for mention in found {
        prop_assert!(mention.span.start >= end && !mention.span.is_empty(), "{text:?} {mention:?}");
        prop_assert!(text.get(mention.span.range()).is_some(), "{text:?} {mention:?}");
        prop_assert!(!mention.value.is_empty() && !mention.rules.is_empty(), "{text:?} {mention:?}");
        let days = mention.interval.into_iter().chain(mention.alternatives.iter().filter_map(|a| a.interval));
        for interval in days {
            prop_assert!(interval.start < interval.end, "{text:?} {mention:?}");
        }
        end = mention.span.end;
    }
    Ok(())
}

/// What the fuzz target has found, and texts written to hurt.
#[test]
fn regressions_are_read_without_fault() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/regressions");
    let files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        check(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_fault(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_order_of_words_is_read_without_fault(text in jumbled()) {
        check(&text)?;
    }

    #[test]
    fn any_header_line_is_read_without_fault(line in "[0-9۰-۹/:T\\-. آ-ی\u{200C}]{0,60}") {
        if let Some((_, range)) = dates::date_in_line(&line) {
            prop_assert!(line.get(range).is_some());
        }
    }
}
