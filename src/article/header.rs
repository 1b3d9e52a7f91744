//! The crawler's lines at the top of a dump: date, language label, codes.

use super::words::{is_of, language};
use crate::text::Span;
use crate::text::verbs::Verbs;

/// What a header line holds.
#[derive(Debug, Default)]
pub(super) struct Header<'a> {
    /// Words that header lines do not usually have: places, agencies.
    unknown: usize,
    /// A whole date in numbers: 1404/06/18.
    has_numeric_date: bool,
    /// A number beside the name of a month.
    has_named_date: bool,
    /// A time of day or a code.
    has_time_or_code: bool,
    /// A word of running text.
    has_running_words: bool,
    /// Unknown words and dates are set apart by dashes, commas, brackets.
    is_set_apart: bool,
    /// A language label.
    pub language: Option<(&'static str, &'a str)>,
    items: usize,
}

/// The longest header line, in words and numbers.
const LONGEST: usize = 20;
/// The most words of a place or an agency in it.
const MOST_UNKNOWN: usize = 5;

impl<'a> Header<'a> {
    /// What `line` holds, as far as it is a header line.
    pub fn read(line: &'a str) -> Self {
        let mut header = Header { is_set_apart: true, ..Header::default() };
        let (mut last, mut part) = (Item::Separator, Part::default());
        for item in (Items { rest: line }) {
            match item {
                Item::Separator => part = Part::default(),
                Item::Number(number) => {
                    header.items += 1;
                    let is_date = is_numeric_date(number);
                    header.has_numeric_date |= is_date;
                    header.has_time_or_code |= number.contains(':');
                    match last {
                        Item::Word(word) if is_of("month", word) => header.has_named_date = true,
                        Item::Word(word) if is_of("code", word) || is_of("label", word) => {
                            header.has_time_or_code = true;
                        }
                        _ => {}
                    }
                    part.has_date |= is_date;
                }
                Item::Word(word) => {
                    header.items += 1;
                    if let Some(code) = language(word) {
                        header.language = header.language.or(Some((code, word)));
                    } else if is_of("month", word) && matches!(last, Item::Number(_)) {
                        header.has_named_date = true;
                        part.has_date = true;
                    } else if !is_known(word) {
                        header.unknown += 1;
                        part.unknown += 1;
                        header.has_running_words |= is_of("function", word) || Verbs::get().is_finite(word);
                    }
                }
            }
            header.is_set_apart &= !(part.has_date && part.unknown > 0) && part.unknown <= 3;
            // «کد خبر: 12»: marks between do not part the two.
            if !matches!(item, Item::Separator) {
                last = item;
            }
        }
        header
    }

    /// Whether the line can only be a header.
    pub fn is_plain(&self) -> bool {
        self.unknown == 0 && self.is_short() && (self.has_date() || self.has_time_or_code)
    }

    /// Whether the line can only be a header, and has a date.
    pub fn is_dated(&self) -> bool {
        self.is_plain() && self.has_date()
    }

    /// Whether the line is one when a title follows it: it names a place or an
    /// agency too.
    pub fn is_likely(&self) -> bool {
        self.is_short()
            && self.unknown <= MOST_UNKNOWN
            && !self.has_running_words
            && self.has_date()
            && (self.is_set_apart || (self.has_numeric_date && self.unknown <= 2))
    }

    fn has_date(&self) -> bool {
        self.has_numeric_date || self.has_named_date
    }

    fn is_short(&self) -> bool {
        self.items <= LONGEST
    }

    /// Where the language label is, in the text that `line` is `at` of.
    pub fn language_in(&self, line: &str, at: usize) -> Option<(String, Span)> {
        let (code, label) = self.language?;
        let start = at + line.find(label)?;
        Some((code.to_owned(), Span::new(start, start + label.len())))
    }
}

/// What stands between two separators.
#[derive(Default)]
struct Part {
    has_date: bool,
    unknown: usize,
}

fn is_known(word: &str) -> bool {
    // Short Latin words are codes of languages, agencies, zones.
    let is_latin_code = word.len() <= 4 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let classes = ["label", "code", "month", "weekday", "agency", "category"];
    is_latin_code || classes.iter().any(|class| is_of(class, word))
}

/// Whether `number` is a day: three numbers, one of which can be a year.
fn is_numeric_date(number: &str) -> bool {
    let parts: Vec<&str> = number.split(['/', '-', '.']).collect();
    let is_year = |part: &&str| {
        let year: u32 = part.parse().unwrap_or(0);
        part.len() == 4 && (matches!(year, 1200..=1500) || matches!(year, 1900..=2100))
    };
    parts.len() == 3 && (parts.first().is_some_and(is_year) || parts.last().is_some_and(is_year))
}

/// A word, a number with what is inside of it, or a mark between.
#[derive(Clone, Copy, Debug)]
enum Item<'a> {
    Word(&'a str),
    Number(&'a str),
    Separator,
}

struct Items<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        let is_word = |c: char| c.is_alphabetic() || matches!(c, '\u{200C}' | '_' | '.' | '\u{654}');
        let length = if first.is_ascii_digit() {
            let inside = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ':');
            let run = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
            self.rest.get(..run).unwrap_or_default().trim_end_matches(|c: char| !c.is_ascii_digit()).len()
        } else if first.is_alphabetic() {
            self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len())
        } else {
            first.len_utf8()
        };
        let (item, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(match first {
            _ if first.is_ascii_digit() => Item::Number(item),
            _ if first.is_alphabetic() => Item::Word(item),
            _ => Item::Separator,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_header_lines() {
        for line in [
            "date 2025-09-09 En",
            "1403/09/18 - 10:45 کد خبر: 771304",
            "سه‌شنبه 18 شهریور 1404 - 12:30",
            "سهشنبه 18 شهریور 1404 ساعت 12:30",
            "Fa 2024-01-02",
            "کد خبر: 123456",
            "تاریخ انتشار: 18 آذر 1403 - 09:10 | کد خبر: 84512 | سیاسی",
            "2024-05-06T10:11:12Z IRNA",
            "ایسکانیوز | 19 آذر 1403 | 14:07",
        ] {
            assert!(Header::read(line).is_plain(), "{line}");
        }
    }

    #[test]
    fn likely_header_lines() {
        for line in [
            "کرمان - خبرگزاری هامون - 1404/07/21",
            "ساری، دوشنبه 1403/09/12",
            "رشت (پانا) 1404/10/07",
            "نوشهر 1403/12/18 - 15:00 (کد خبر 4412)",
            "18 تیر 1404 :: کوه و طبیعت",
        ] {
            let header = Header::read(line);
            assert!(header.is_likely() && !header.is_plain(), "{line} {header:?}");
        }
    }

    #[test]
    fn running_text_is_no_header() {
        for line in [
            "وزیر خارجه 18 شهریور 1404 به مسکو رفت",
            "قیمت طلا امروز 18 شهریور 1404",
            "گزارش نشست در تاریخ 1404/06/18",
            "آغاز مذاکرات در دمشق",
            "10 20 30",
            "سیاسی",
            "مهر",
            "",
        ] {
            let header = Header::read(line);
            assert!(!header.is_plain() && !header.is_likely(), "{line}");
        }
    }

    #[test]
    fn language_labels() {
        let line = "date 2025-09-09 En";
        assert_eq!(Header::read(line).language_in(line, 5), Some(("en".into(), Span::new(21, 23))));
        assert_eq!(Header::read("Persian 1404/06/18").language.map(|l| l.0), Some("fa"));
    }
}
