//! Splits an article into its parts.

use super::header::Header;
use super::keywords::{Likeness, ends_a_sentence, likeness};
use super::words::{after_phrase, phrase};
use super::{Field, Layout, Section, SectionKind};
use crate::dates;
use crate::text::Span;
use crate::text::verbs::Verbs;

/// The most lines at the top that can be headers.
const MOST_HEADERS: usize = 4;
/// The longest title, in words.
const LONGEST_TITLE: usize = 30;
/// The longest lead, in words.
const LONGEST_LEAD: usize = 90;
/// The longest share line or credit, in words.
const LONGEST_CREDIT: usize = 10;

/// The most keywords that have a line of their own.
const MOST_KEYWORD_LINES: usize = 20;

/// Splits a dump, given as normalised text, into its parts. A text of one
/// line, or without the shape of a dump, is all body.
pub fn split(text: &str) -> Layout {
    let mut lines = lines(text, Span::new(0, text.len()), SectionKind::Body);
    let mut layout = Layout::default();
    if lines.len() > 1 {
        let title_above = usize::from(is_title_above_header(text, &lines));
        let top = mark_headers(text, &mut lines, title_above, &mut layout);
        let title_end = if title_above == 0 { mark_title(text, &mut lines, top) } else { top };
        mark(&mut lines, 0..title_above, SectionKind::Title);
        mark_end(text, &mut lines, title_end, &mut layout);
        mark_lead(text, &mut lines, title_end);
        lines = lines.into_iter().flat_map(|line| without_closing(text, line)).collect();
    }
    layout.sections = lines;
    layout
}

/// The parts of a structured article: `fields` are the ranges of its fields in
/// the normalised text. Paragraphs of the body are sections of their own.
pub fn split_fields(text: &str, fields: &[(Field, Span)]) -> Layout {
    let kind = |field| match field {
        Field::Title => SectionKind::Title,
        Field::Lead => SectionKind::Lead,
        Field::Body => SectionKind::Body,
        Field::Keywords(_) => SectionKind::Keywords,
    };
    let sections = fields.iter().flat_map(|&(field, span)| lines(text, span, kind(field))).collect();
    Layout { sections, ..Layout::default() }
}

/// The lines in `span` that are not blank, each a section of `kind`.
fn lines(text: &str, span: Span, kind: SectionKind) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut at = span.start as usize;
    for line in span.of(text).split('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let start = at + (line.len() - line.trim_start().len());
            sections.push(Section { kind, span: Span::new(start, start + trimmed.len()) });
        }
        at += line.len() + 1;
    }
    sections
}

/// Whether the first line is the title and the header lines follow it.
fn is_title_above_header(text: &str, lines: &[Section]) -> bool {
    let [title, header, _, ..] = lines else { return false };
    let (title, header) = (title.span.of(text), header.span.of(text));
    is_title_like(title) && !Header::read(title).is_plain() && Header::read(header).is_plain()
}

/// Marks the header lines from line `from` and takes what they tell; returns
/// the line after them.
fn mark_headers(text: &str, lines: &mut [Section], from: usize, layout: &mut Layout) -> usize {
    let mut end = from;
    // The last line is the article itself.
    while end + 1 < lines.len() && end < from + MOST_HEADERS {
        let line = |at: usize| lines.get(at).map_or("", |line| line.span.of(text));
        let header = Header::read(line(end));
        let is_likely = from == 0 && header.is_likely() && is_title_like(line(end + 1));
        if !is_likely && !header.is_plain() {
            break;
        }
        mark_header(text, lines, end, layout);
        end += 1;
    }
    end
}

/// Marks line `at` as a header and takes its date and its language, if they are
/// the first.
fn mark_header(text: &str, lines: &mut [Section], at: usize, layout: &mut Layout) {
    let Some(section) = lines.get_mut(at) else { return };
    section.kind = SectionKind::Header;
    let (line, start) = (section.span.of(text), section.span.start as usize);
    if layout.header_date.is_none() {
        let date = dates::date_in_line(line);
        layout.header_date = date.map(|(day, range)| (day, Span::new(start + range.start, start + range.end)));
    }
    if layout.header_language.is_none() {
        layout.header_language = Header::read(line).language_in(line, start);
    }
}

/// Marks the title, and a short line above it, from line `top`; returns the
/// line after it.
fn mark_title(text: &str, lines: &mut [Section], top: usize) -> usize {
    let is_title = |at: usize| lines.get(at).is_some_and(|line| is_title_like(line.span.of(text)));
    let is_paragraph = |at: usize| lines.get(at).is_some_and(|line| ends_a_sentence(line.span.of(text)));
    let end = match (is_title(top), is_title(top + 1)) {
        (true, true) if top > 0 && is_paragraph(top + 2) => top + 2,
        (true, _) if is_paragraph(top + 1) || top > 0 && top + 1 < lines.len() => top + 1,
        _ => top,
    };
    mark(lines, top..end, SectionKind::Title);
    end
}

/// Marks the first paragraph as the lead, when there are more.
fn mark_lead(text: &str, lines: &mut [Section], title_end: usize) {
    let is_titled = lines.iter().take(title_end).any(|line| line.kind == SectionKind::Title);
    let is_body = |at: usize| lines.get(at).is_some_and(|line| line.kind == SectionKind::Body);
    let is_short = |at: usize| {
        lines
            .get(at)
            .is_some_and(|line| line.span.of(text).split_whitespace().take(LONGEST_LEAD + 1).count() <= LONGEST_LEAD)
    };
    if is_titled && is_body(title_end) && is_body(title_end + 1) && is_short(title_end) {
        mark(lines, title_end..title_end + 1, SectionKind::Lead);
    }
}

/// Marks keyword lines, boilerplate and a date line, from the end up to line
/// `top`.
fn mark_end(text: &str, lines: &mut [Section], top: usize, layout: &mut Layout) {
    let mut end = lines.len();
    let mut has_keywords = false;
    while end > top + 1 {
        let Some(span) = lines.get(end - 1).map(|line| line.span) else { break };
        let line = span.of(text);
        let before = text.get(..span.start as usize).unwrap_or_default();
        if Header::read(line).is_dated() {
            mark_header(text, lines, end - 1, layout);
            end -= 1;
            continue;
        }
        if is_boilerplate(line) {
            mark(lines, end - 1..end, SectionKind::Boilerplate);
            end -= 1;
            continue;
        }
        if has_keywords {
            break;
        }
        let first = match likeness(line, before) {
            // The article is told by a title or by paragraphs before it.
            Likeness::Likely if top > 0 || end > 2 => end - 1,
            Likeness::Plain => end - 1,
            Likeness::Likely | Likeness::Short | Likeness::No => {
                let is_keyword = |section: &Section| {
                    let line = section.span.of(text);
                    let count = line.split_whitespace().count();
                    count <= 4 && matches!(likeness(line, before), Likeness::Short | Likeness::Likely | Likeness::Plain)
                };
                let short = lines
                    .get(top + 1..end)
                    .unwrap_or_default()
                    .iter()
                    .rev()
                    .take(MOST_KEYWORD_LINES)
                    .take_while(|l| is_keyword(l))
                    .count();
                if short < 2 {
                    break;
                }
                end - short
            }
        };
        mark(lines, first..end, SectionKind::Keywords);
        has_keywords = true;
        end = first;
    }
    // Share lines and links to more stand between paragraphs too.
    for line in lines.get_mut(top..end).unwrap_or_default() {
        if is_boilerplate(line.span.of(text)) {
            line.kind = SectionKind::Boilerplate;
        }
    }
}

fn mark(lines: &mut [Section], range: std::ops::Range<usize>, kind: SectionKind) {
    for line in lines.get_mut(range).unwrap_or_default() {
        line.kind = kind;
    }
}

/// Whether `line` can be a title: short and without a final full stop.
fn is_title_like(line: &str) -> bool {
    let words = line.split_whitespace().take(LONGEST_TITLE + 1).count();
    let end = line.trim_end_matches(['»', '"', ')', ' ']);
    words <= LONGEST_TITLE && (!end.ends_with(['.', ':', '؛', '،']) || end.ends_with("...")) && !is_boilerplate(line)
}

/// Whether `line` is one of codes, share links, credits, or markup.
fn is_boilerplate(line: &str) -> bool {
    let bare = line.trim_matches(['/', '*', '-', '=', '#', '|', '.', '_', ' ', '+', '•']);
    if bare.is_empty() {
        return !line.is_empty();
    }
    if is_markup(bare) {
        return true;
    }
    let Some((class, rest)) = phrase(bare) else { return false };
    let words = || rest.split(|c: char| !c.is_alphanumeric() && c != '\u{200C}').filter(|word| !word.is_empty());
    let is_short = words().take(LONGEST_CREDIT + 1).count() <= LONGEST_CREDIT;
    let rest = rest.trim_start();
    match class {
        "closing" => !words().any(|word| word.chars().any(char::is_alphabetic)) || !rest.contains(' '),
        "share" => {
            is_short
                && (rest.is_empty()
                    || rest.starts_with([':', '؛', '!', '/', '|', '؟', '.', '('])
                    || !words().any(is_letters))
                && !words().any(|word| Verbs::get().is_finite(word))
        }
        "credit" => {
            rest.starts_with([':', '؛', '/'])
                && is_short
                && !ends_a_sentence(line)
                && !words().any(|word| Verbs::get().is_finite(word))
        }
        _ => false,
    }
}

fn is_letters(word: &str) -> bool {
    word.chars().any(char::is_alphabetic)
}

/// Whether `line` is HTML tags and entities alone.
fn is_markup(line: &str) -> bool {
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '<' => '>',
            '&' => ';',
            _ => return false,
        };
        let Some(end) = rest.find(close) else { return false };
        if first == '&' && end > 10 {
            return false;
        }
        rest = rest.get(end + 1..).unwrap_or_default().trim_start();
    }
    true
}

/// `line`, less the «انتهای پیام» that follows its last sentence, and that.
fn without_closing(text: &str, line: Section) -> impl Iterator<Item = Section> {
    let content = line.span.of(text);
    let closing = line.kind.is_running_text().then(|| closing_at(content)).flatten();
    let sections = match closing {
        Some(at) => {
            let end = content.get(..at).map_or(0, |before| before.trim_end().len());
            let middle = line.span.start as usize;
            [
                Some(Section { kind: line.kind, span: Span::new(middle, middle + end) }),
                Some(Section { kind: SectionKind::Boilerplate, span: Span::new(middle + at, line.span.end as usize) }),
            ]
        }
        None => [Some(line), None],
    };
    sections.into_iter().flatten()
}

/// The longest closing phrase and what is around it, in bytes.
const LONGEST_CLOSING: usize = 60;

/// Where the closing phrase at the end of `line` begins, after a sentence.
fn closing_at(line: &str) -> Option<usize> {
    let mut from = line.len().saturating_sub(LONGEST_CLOSING);
    while !line.is_char_boundary(from) {
        from += 1;
    }
    let tail = line.get(from..)?;
    let (at, _) = tail.char_indices().find(|&(at, _)| {
        let rest = tail.get(at..).unwrap_or_default();
        ["انتهای پیام", "پایان پیام", "انتهای خبر"]
            .iter()
            .any(|closing| after_phrase(rest, closing).is_some_and(|rest| !rest.chars().any(char::is_alphabetic)))
    })?;
    let before = line.get(..from + at)?.trim_end_matches(['/', '*', ' ', '-']);
    (!before.is_empty() && ends_a_sentence(before)).then_some(before.len() + line.get(before.len()..from + at)?.len())
}

#[cfg(test)]
mod tests {
    use SectionKind::{Body, Boilerplate, Header, Keywords, Lead, Title};
    use proptest::prelude::*;

    use super::*;

    /// The kinds of the lines of `text`.
    fn kinds(text: &str) -> Vec<SectionKind> {
        split(text).sections.iter().map(|section| section.kind).collect()
    }

    #[test]
    fn a_dump_has_all_parts() {
        let text = " date 2024-02-03 En\nآغاز نشست کشاورزان در یزد\n\nنشست کشاورزان یزد صبح امروز آغاز شد.\n\
            در این نشست درباره آب سخن گفتند.\n\nنشست فردا پایان می‌یابد.\n\nنشست کشاورزان یزد آب\nانتهای پیام/";
        assert_eq!(kinds(text), [Header, Title, Lead, Body, Body, Keywords, Boilerplate]);
        let layout = split(text);
        assert_eq!(layout.header_language, Some(("en".into(), Span::new(17, 19))));
        assert_eq!(layout.sections[0].span.of(text), "date 2024-02-03 En");
    }

    #[test]
    fn shapes_of_dumps() {
        for (text, expected) in [
            ("1403/09/18 - 10:45 کد خبر: 771304\nعنوان خبر\nمتن خبر آمد.", vec![Header, Title, Body]),
            (
                "رشت - ایرنا - 1403/09/18\nروتیتر\nعنوان خبر\nمتن آمد.\nباز هم آمد.",
                vec![Header, Title, Title, Lead, Body],
            ),
            ("سه‌شنبه 18 شهریور 1404\nعنوان\nمتن آمد.\n#الف #ب", vec![Header, Title, Body, Keywords]),
            ("کد خبر: 12\nتاریخ: 1404/06/18\nعنوان\nمتن آمد.", vec![Header, Header, Title, Body]),
            ("عنوان خبر امروز\nمتن خبر آمد.\nکلیدواژه‌ها: خبر، امروز", vec![Title, Body, Keywords]),
            ("عنوان خبر\nمتن خبر آمد.\nباز خبر آمد.\nمرز\nپل سنگی", vec![Title, Lead, Body, Keywords, Keywords]),
            ("عنوان خبر\nمتن خبر آمد.\nمنبع: ایسنا\nکد خبر: 1234", vec![Title, Body, Boilerplate, Boilerplate]),
            ("عنوان خبر\nمتن آمد.\nبیشتر بخوانید:\nباز آمد.\n<br>", vec![Title, Body, Boilerplate, Body, Boilerplate]),
            ("عنوان خبر\n1404/06/18 - 10:30\nمتن آمد.\nباز آمد.", vec![Title, Header, Lead, Body]),
            ("عنوان خبر\nمتن آمد.\nباز آمد.\nسه‌شنبه 18 شهریور 1404", vec![Title, Lead, Body, Header]),
            ("date 2024-02-03 Fa\nخبر\n\nاو سه‌شنبه به یزد رفت.", vec![Header, Title, Body]),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn running_text_is_body() {
        for text in [
            "یک خط تنها",
            "date 2024-02-03 En",
            "نشست کشاورزان یزد آب",
            "قیمت طلا امروز 18 شهریور 1404 بالا رفت. مردم آمدند.\nفردا هم می‌آیند.",
            "او در 18 شهریور 1404 به مسکو رفت.\nسپس در 20 شهریور برگشت.",
            "انتهای پیام او این بود که صلح ممکن است.\nهمه شنیدند.",
            "منبع این خبر معلوم نیست.\nکد خبر را کسی نمی‌داند.",
            "نشست آغاز شد.\nنشست پایان یافت",
        ] {
            assert!(kinds(text).iter().all(|&kind| kind == Body), "{text} {:?}", kinds(text));
        }
    }

    #[test]
    fn a_closing_phrase_is_set_apart() {
        let text = "عنوان\nنشست پایان یافت.انتهای پیام/";
        let sections = split(text).sections;
        assert_eq!(sections[1].span.of(text), "نشست پایان یافت.");
        assert_eq!((sections[2].kind, sections[2].span.of(text)), (Boilerplate, "انتهای پیام/"));
    }

    proptest! {
        #[test]
        fn parts_are_in_order(text in "[ا-ی0-9 .:،#/\n<>&;a-z]{0,80}") {
            let mut last = 0;
            for section in split(&text).sections {
                prop_assert!(section.span.start >= last && section.span.end > section.span.start);
                prop_assert!(text.get(section.span.range()).is_some());
                last = section.span.end;
            }
        }
    }
}
