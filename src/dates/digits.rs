//! Numbers: runs of digits, and what a number can be.

use super::class::{Class, ClassSet};

/// A number with more digits is no date, and no count either.
const MOST_DIGITS: usize = 9;

/// A date in digits, not yet checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumericDate {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
    /// The year is written with two digits.
    pub(super) short: bool,
}

pub(super) fn number_classes(n: i32, digits: usize, ordinal: bool) -> ClassSet {
    let mut classes = ClassSet::default();
    if digits > MOST_DIGITS {
        return classes;
    }
    let mut set = |class, holds: bool| {
        if holds {
            classes = classes.with(class);
        }
    };
    let day = (1..=31).contains(&n) && digits <= 2;
    set(Class::Number, !ordinal);
    set(Class::Ordinal, ordinal);
    set(Class::Dom, day && (ordinal || digits > 0));
    // «یک مهر» is one seal: the first is یکم or اول.
    set(Class::DomWord, day && !ordinal && digits == 0 && n > 1);
    set(Class::Hour, !ordinal && (0..=24).contains(&n) && digits <= 2);
    set(Class::Minute, !ordinal && (0..60).contains(&n) && digits <= 2);
    set(Class::Year2, digits == 2 && !(10..30).contains(&n));
    set(Class::Tens, !ordinal && n > 0 && n < 100 && n % 10 == 0);
    set(Class::Year4, !ordinal && matches!(digits, 0 | 4) && matches!(n, 1000..2200 | 2480..2600));
    let bare = (1300..=1430).contains(&n) || (1850..=2060).contains(&n) && n % 1000 != 0;
    set(Class::YearBare, digits == 4 && bare);
    classes
}

/// Reads the three groups of a date in digits: Y/M/D or D/M/Y.
pub(super) fn numeric_date(a: Group, b: Group, c: Group, separator: char) -> Option<NumericDate> {
    let (year, month, day) = match (a.digits, b.digits, c.digits) {
        (4, 1..=2, 1..=2) => (a, b, c),
        // American order only where no other is possible.
        (1..=2, 1..=2, 4) if b.value > 12 => (c, a, b),
        (1..=2, 1..=2, 4) => (c, b, a),
        (2, 1..=2, 1..=2) if separator == '/' && c.value <= 31 => (a, b, c),
        (1..=2, 1..=2, 2) if separator == '/' => (c, b, a),
        _ => return None,
    };
    let plausible = year.digits == 2 || (1200..=1500).contains(&year.value) || (1700..=2200).contains(&year.value);
    let exists = (1..=12).contains(&month.value) && (1..=31).contains(&day.value);
    (plausible && exists).then_some(NumericDate {
        year: year.value,
        month: month.value as u8,
        day: day.value as u8,
        short: year.digits == 2,
    })
}

/// A run of digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    pub(super) value: i32,
    pub(super) digits: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Runs of digits with the same separator between them.
#[derive(Debug, Default)]
pub(super) struct Digits {
    /// The first three.
    pub(super) groups: [Group; 3],
    pub(super) count: usize,
    pub(super) separator: char,
    pub(super) end: usize,
}

impl Digits {
    /// Reads what `text` begins with.
    pub(super) fn read(text: &str) -> Self {
        let mut digits = Self::default();
        loop {
            let group = digits.group(text);
            if let Some(slot) = digits.groups.get_mut(digits.count) {
                *slot = group;
            }
            digits.count += 1;
            digits.end = group.end;
            let mut rest = text.get(group.end..).unwrap_or_default().chars();
            let separator = match rest.next() {
                Some(c @ ('/' | '-' | '.' | ':' | ',')) => c,
                Some('–' | '—' | '−') => '-',
                Some('٫') => '.',
                Some('٬') => ',',
                _ => return digits,
            };
            let next = text.len() - rest.as_str().len();
            let followed = rest.next().is_some_and(|c| digit(c).is_some());
            if !followed || digits.count > 1 && separator != digits.separator {
                return digits;
            }
            (digits.separator, digits.end) = (separator, next);
        }
    }

    fn group(&self, text: &str) -> Group {
        let mut group = Group { start: self.end, end: self.end, ..Group::default() };
        for c in text.get(self.end..).unwrap_or_default().chars() {
            let Some(value) = digit(c) else { break };
            group.value = group.value.saturating_mul(10).saturating_add(value);
            group.digits += 1;
            group.end += c.len_utf8();
        }
        group
    }
}

/// The value of a digit in any of the three sets.
pub(super) fn digit(c: char) -> Option<i32> {
    let zero = match c {
        '0'..='9' => '0',
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        _ => return None,
    };
    Some(c as i32 - zero as i32)
}

pub(super) fn begins_with_digit(text: &[u8]) -> bool {
    matches!(text, [b'0'..=b'9', ..] | [0xDB, 0xB0..=0xB9, ..] | [0xD9, 0xA0..=0xA9, ..])
}
