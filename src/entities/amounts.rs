//! Sums of money and percentages: «یک میلیارد و ۷۰۰ میلیون دلار», «۱٫۸ درصد».

use super::EntityKind;
use super::candidates::Candidate;
use super::fold::fold;
use super::reading::{Reading, Shape};
use crate::segment::Sentence;

/// The longest amount, in tokens.
const MAX_AMOUNT: usize = 12;

/// What a word is in an amount.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Amount {
    /// Its value is added.
    Number(f64),
    /// It multiplies what stands before it.
    Multiplier(f64),
    /// The currency's own name.
    Currency(Box<str>),
    /// A hundredth.
    Percent,
}

/// Appends the amounts in `sentence`.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let limit = sentence.tokens.end;
    let mut at = sentence.tokens.start;
    while at < limit {
        match read(reading, at, limit.min(at + MAX_AMOUNT)) {
            Some((end, kind, _)) => {
                out.push(Candidate { start: at, end, kind, confidence: 0.97, rule: "amount", row: None });
                at = end;
            }
            None => at += 1,
        }
    }
}

/// The value and unit of the amount `start..end`: «1700000000 دلار».
pub(super) fn name(reading: &Reading<'_>, start: usize, end: usize) -> Option<String> {
    let (_, kind, value) = read(reading, start, end)?;
    let unit = match reading.amount(end - 1)? {
        Amount::Currency(unit) if kind == EntityKind::Money => unit,
        _ => "درصد",
    };
    Some(format!("{value} {unit}"))
}

/// The amount that begins at `at`: where it ends, what it is, its value.
fn read(reading: &Reading<'_>, at: usize, limit: usize) -> Option<(usize, EntityKind, f64)> {
    // «یک میلیارد و ۷۰۰ میلیون»: a number becomes a part at its multiplier, which
    // further ones multiply («۶۲۰ هزار میلیارد»); parts add up.
    let (mut total, mut part, mut group): (f64, Option<f64>, Option<f64>) = (0.0, None, None);
    let mut end = at;
    while end < limit {
        if let Some(number) = digits(reading, end) {
            group = Some(group.unwrap_or_default() + number);
            end += 1;
            continue;
        }
        match reading.amount(end) {
            Some(Amount::Number(number)) => group = Some(group.unwrap_or_default() + number),
            Some(Amount::Multiplier(factor)) => {
                if let Some(number) = group.take() {
                    total += part.replace(number).unwrap_or_default();
                }
                part = Some(part.unwrap_or(1.0) * factor);
            }
            Some(unit) if end > at => {
                let kind = if *unit == Amount::Percent { EntityKind::Percent } else { EntityKind::Money };
                return Some((end + 1, kind, total + part.unwrap_or_default() + group.unwrap_or_default()));
            }
            None if end > at && reading.raw(end) == "و" => total += part.take().unwrap_or_default(),
            _ => return None,
        }
        end += 1;
    }
    None
}

/// The value of a token of digits, with decimals after «.», «٫» or «/» and
/// thousands set apart by «,» or «٬».
fn digits(reading: &Reading<'_>, at: usize) -> Option<f64> {
    if reading.word(at).shape != Shape::Number {
        return None;
    }
    let plain: String = fold(reading.raw(at)).chars().filter(|c| !matches!(c, ',' | '٬')).collect();
    plain.replace(['٫', '/'], ".").parse().ok().filter(|value: &f64| value.is_finite())
}
