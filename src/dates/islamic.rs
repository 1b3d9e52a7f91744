//! The Islamic calendar as Iran observes it: months begin with Umm al-Qura's
//! or a day later.

use std::sync::LazyLock;

use icu_calendar::cal::Hijri;
use icu_calendar::{Date, Gregorian};

use super::calendar::Day;
use super::lexicon::rows;

/// The first year of the table.
const FIRST: i32 = 1420;

/// For each year from [`FIRST`] on, a bit for each month that begins late.
static LATE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    rows(include_str!("../../data/dates/iran_lunar.tsv"))
        .filter_map(|row| row.get(1).copied())
        .map(|months| months.bytes().enumerate().fold(0, |late, (at, b)| late | u16::from(b == b'1') << at))
        .collect()
});

/// The first day of a month by Umm al-Qura.
fn umm_al_qura(year: i32, month: u8) -> Option<Day> {
    let date = Date::try_new_hijri_with_calendar(year, month, 1, Hijri::new_umm_al_qura()).ok()?;
    Some(Day::from_rata_die(date.to_rata_die()))
}

/// The first year of Umm al-Qura's own table; before it there is only
/// reckoning.
const FIRST_SIGHTED: i32 = 1300;

/// How much later the month begins in Iran. Where the table has nothing a day:
/// that is what two months in three do.
fn late(year: i32, month: u8) -> i32 {
    let months = usize::try_from(year - FIRST).ok().and_then(|at| LATE.get(at));
    months.map_or(i32::from(year >= FIRST_SIGHTED), |months| i32::from(months >> (month - 1) & 1))
}

fn first_day(year: i32, month: u8) -> Option<Day> {
    let (year, month) = if month > 12 { (year + 1, 1) } else { (year, month) };
    Some(umm_al_qura(year, month)?.plus(late(year, month)))
}

/// The day of Iran's Islamic calendar, if there is such a day.
pub(super) fn day(year: i32, month: u8, day: u8) -> Option<Day> {
    let first = first_day(year, month)?;
    let found = first.plus(i32::from(day) - 1);
    (day >= 1 && found < first_day(year, month + 1)?).then_some(found)
}

/// Year, month and day of `day` in Iran's Islamic calendar.
pub(super) fn fields(day: Day) -> (i32, u8, u8) {
    let date = Date::from_rata_die(day.rata_die(), Gregorian).to_calendar(Hijri::new_umm_al_qura());
    let (mut year, mut month) = (date.year().extended_year(), date.month().ordinal);
    // Before the month has begun late it is still the one before.
    if first_day(year, month).is_some_and(|first| day < first) {
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    }
    let first = first_day(year, month).unwrap_or(day);
    (year, month, (day.0 - first.0 + 1) as u8)
}

/// The same day by Umm al-Qura.
pub(super) fn in_umm_al_qura(year: i32, month: u8, of_month: u8) -> Option<Day> {
    Some(umm_al_qura(year, month)?.plus(i32::from(of_month) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holidays of Iran's official calendars.
    #[test]
    fn agrees_with_irans_holidays() {
        for (islamic, gregorian) in [
            ((1447, 1, 10), (2025, 7, 6)),
            ((1447, 2, 20), (2025, 8, 14)),
            ((1447, 3, 17), (2025, 9, 10)),
            ((1446, 10, 1), (2025, 3, 31)),
            ((1445, 10, 1), (2024, 4, 10)),
            ((1445, 2, 20), (2023, 9, 6)),
        ] {
            let found = day(islamic.0, islamic.1, islamic.2).unwrap();
            assert_eq!(found.gregorian(), gregorian, "{islamic:?}");
            assert_eq!(fields(found), islamic);
        }
    }

    #[test]
    fn every_day_has_its_fields() {
        let (first, last) = (day(1400, 1, 1).unwrap(), day(1520, 1, 1).unwrap());
        for n in first.0..last.0 {
            let (year, month, of_month) = fields(Day(n));
            assert_eq!(day(year, month, of_month), Some(Day(n)), "{year}-{month}-{of_month}");
        }
    }
}
