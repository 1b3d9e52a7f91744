//! The date of a header line.

use std::ops::Range;

use super::calendar::Day;
use super::{Context, Kind, Resolution};
use crate::segment::{Sentence, Token, TokenKind};
use crate::text::Span;

/// A longer line is no header.
const LONGEST_LINE: usize = 1_000;

/// The full date that a header line holds, in any of the usual shapes, and
/// its bytes in `line`: `2025-09-09`, `1404/06/18`, «سه‌شنبه ۱۸ شهریور ۱۴۰۴».
/// When it holds several, the one with a weekday or the first.
pub fn date_in_line(line: &str) -> Option<(Day, Range<usize>)> {
    if line.len() > LONGEST_LINE {
        return None;
    }
    let line = &unify(line);
    let tokens = words(line);
    let sentence = Sentence { span: Span::new(0, line.len()), tokens: 0..tokens.len() };
    let mut found = Vec::new();
    super::extract(line, &[sentence], &tokens, &Context::default(), &mut found);
    found.iter().find_map(|mention| {
        let day = mention.interval.filter(|i| i.end == i.start.plus(1))?.start;
        let whole = mention.resolution == Resolution::Explicit && matches!(mention.kind, Kind::Date | Kind::Time);
        whole.then(|| (day, mention.span.range()))
    })
}

/// The letters that the tables do not have, by those they have; they are as
/// long in UTF-8.
fn unify(line: &str) -> String {
    let letter = |c| match c {
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'ۀ' | 'ة' => 'ه',
        c => c,
    };
    line.chars().map(letter).collect()
}

/// Words, runs of digits and single other characters: the line has not been
/// normalised, and may be in any shape.
fn words(line: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut last = Shape::Space;
    for (at, c) in line.char_indices() {
        let shape = Shape::of(c);
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            Some(token) if shape == last && shape != Shape::Other => token.span.end = end as u32,
            _ if shape == Shape::Space => {}
            _ => tokens.push(Token { span: Span::new(at, end), kind: TokenKind::Word }),
        }
        last = shape;
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Letter,
    Digit,
    Other,
    Space,
}

impl Shape {
    fn of(c: char) -> Self {
        match c {
            '\u{200C}' | '\u{064B}'..='\u{0655}' => Self::Letter,
            c if c.is_numeric() => Self::Digit,
            c if c.is_alphabetic() => Self::Letter,
            c if c.is_whitespace() => Self::Space,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_header_lines_of_every_shape() {
        let cases = [
            (" date 2025-09-09 En", "2025-09-09", "2025-09-09"),
            ("date 2024-12-10T18:30:00+03:30 Fa", "2024-12-10T18:30:00+03:30", "2024-12-10"),
            ("تاریخ انتشار: ۱۴۰۴/۰۶/۱۸ - ۱۱:۴۰ کد خبر: ۶۱۱۸۰۲", "۱۴۰۴/۰۶/۱۸", "2025-09-09"),
            ("۱۴۰۴/۷/۵", "۱۴۰۴/۷/۵", "2025-09-27"),
            ("۱۸-۰۶-۱۴۰۴ ساعت ۱۲:۳۰", "۱۸-۰۶-۱۴۰۴ ساعت ۱۲:۳۰", "2025-09-09"),
            ("سه‌شنبه ۱۸ شهریور ۱۴۰۴ - ۰۸:۱۵", "سه‌شنبه ۱۸ شهریور ۱۴۰۴", "2025-09-09"),
            ("سهشنبه، ۱۸ شهریور ۱۴۰۴", "سهشنبه، ۱۸ شهریور ۱۴۰۴", "2025-09-09"),
            ("يکشنبه ٩ شهريور ١٤٠٤", "يکشنبه ٩ شهريور ١٤٠٤", "2025-08-31"),
            ("تهران - ایرنا - ۱۹ نوامبر ۲۰۲۵ | بلم", "۱۹ نوامبر ۲۰۲۵", "2025-11-19"),
            ("۱۶ آذر ۱۴۰۴/ ساعت ۱۴:۲۰", "۱۶ آذر ۱۴۰۴", "2025-12-07"),
            ("09/09/2025 - sport", "09/09/2025", "2025-09-09"),
            ("Tuesday, September 9, 2025 12:30", "Tuesday, September 9, 2025", "2025-09-09"),
            ("Published 9 Sep 2025", "9 Sep 2025", "2025-09-09"),
            ("الثلاثاء 9 سبتمبر 2025", "الثلاثاء 9 سبتمبر 2025", "2025-09-09"),
            ("کد ۱۲۳۴۵ | ۱۴۰۳.۱۰.۲۳", "۱۴۰۳.۱۰.۲۳", "2025-01-12"),
        ];
        for (line, words, day) in cases {
            let (found, range) = date_in_line(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((line.get(range), found.gregorian_string().as_str()), (Some(words), day), "{line}");
        }
    }

    #[test]
    fn finds_none_where_there_is_no_whole_date() {
        for line in ["", "کد خبر ۱۴۰۴۰۶۱۸", "سه‌شنبه", "۱۸ شهریور", "1404/13/45", "شهریور ۱۴۰۴", "ساعت ۱۲:۳۰"]
        {
            assert_eq!(date_in_line(line), None, "{line}");
        }
    }
}
