//! Days, and their names in each calendar.

use icu_calendar::cal::Persian;
use icu_calendar::types::RataDie;
use icu_calendar::{AsCalendar, Date, Gregorian};

use super::{Calendar, Interval, islamic};

/// A day, counted from 1970-01-01 (day 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

/// What fails to name a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no date: expected YYYY-MM-DD, Gregorian or (years 1200 to 1500) Persian")]
pub struct NotADate(pub String);

/// The Rata Die of 1970-01-01.
const EPOCH: i64 = 719_163;

impl Day {
    /// The day of the Gregorian calendar, if there is such a day.
    pub fn from_gregorian(year: i32, month: u8, day: u8) -> Option<Day> {
        Date::try_new_gregorian(year, month, day).ok().map(Day::from_date)
    }

    /// The day of the Persian calendar, if there is such a day.
    pub fn from_persian(year: i32, month: u8, day: u8) -> Option<Day> {
        Date::try_new_persian(year, month, day).ok().map(Day::from_date)
    }

    /// Reads `YYYY-MM-DD`, as the contract's `document_date` is written:
    /// years 1200 to 1500 are Persian, others Gregorian.
    ///
    /// # Errors
    /// When the text has another shape or names a day that does not exist.
    pub fn parse(text: &str) -> Result<Day, NotADate> {
        let day = || {
            let mut parts = text.split('-');
            let mut number = |digits: usize| {
                let part = parts.next()?;
                (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then_some(part)
            };
            let (year, month, day) = (number(4)?.parse().ok()?, number(2)?.parse().ok()?, number(2)?.parse().ok()?);
            if parts.next().is_some() {
                return None;
            }
            match year {
                1200..=1500 => Day::from_persian(year, month, day),
                _ => Day::from_gregorian(year, month, day),
            }
        };
        day().ok_or_else(|| NotADate(text.to_owned()))
    }

    /// Year, month and day of the Gregorian calendar.
    pub fn gregorian(self) -> (i32, u8, u8) {
        fields(Date::from_rata_die(self.rata_die(), Gregorian))
    }

    /// Year, month and day of the Persian calendar.
    pub fn persian(self) -> (i32, u8, u8) {
        fields(Date::from_rata_die(self.rata_die(), Persian))
    }

    /// The day `days` later, or earlier when negative.
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// `2025-07-31`: the Gregorian form of the contract.
    pub fn gregorian_string(self) -> String {
        iso(self.gregorian())
    }

    /// `1404-05-09`: the Persian form of the contract.
    pub fn persian_string(self) -> String {
        iso(self.persian())
    }

    /// The day of the week: 1 is Monday, 7 Sunday.
    pub(super) const fn weekday(self) -> i32 {
        (self.0 + 3).rem_euclid(7) + 1
    }

    /// The Saturday that begins its Iranian week.
    pub(super) const fn week_start(self) -> Day {
        self.plus(-((self.weekday() + 1) % 7))
    }

    /// The ISO week it is in: `2025-W43`.
    pub(super) fn iso_week(self) -> String {
        // A week belongs to the year of its Thursday.
        let thursday = self.plus(4 - self.weekday());
        let (year, ..) = thursday.gregorian();
        let first = Day::from_gregorian(year, 1, 1).unwrap_or(thursday);
        format!("{year:04}-W{:02}", (thursday.0 - first.0) / 7 + 1)
    }

    fn from_date<A: AsCalendar>(date: Date<A>) -> Day {
        Day::from_rata_die(date.to_rata_die())
    }

    pub(super) fn from_rata_die(day: RataDie) -> Day {
        Day((day.to_i64_date() - EPOCH) as i32)
    }

    pub(super) fn rata_die(self) -> RataDie {
        RataDie::new(i64::from(self.0) + EPOCH)
    }
}

impl Calendar {
    /// The day of this calendar, if there is such a day. Islamic months
    /// are Iran's.
    pub(super) fn day(self, year: i32, month: u8, day: u8) -> Option<Day> {
        match self {
            Self::Persian => Day::from_persian(year, month, day),
            Self::Gregorian => Day::from_gregorian(year, month, day),
            Self::Islamic => islamic::day(year, month, day),
        }
    }

    /// Year, month and day of `day` in this calendar.
    pub(super) fn fields(self, day: Day) -> (i32, u8, u8) {
        match self {
            Self::Persian => day.persian(),
            Self::Gregorian => day.gregorian(),
            Self::Islamic => islamic::fields(day),
        }
    }

    /// `count` months from `month` of `year` on.
    pub(super) fn months(self, year: i32, month: u8, count: u8) -> Option<Interval> {
        let last = i32::from(month) + i32::from(count) - 1;
        let end = self.day(year + last / 12, (last % 12) as u8 + 1, 1)?;
        Some(Interval { start: self.day(year, month, 1)?, end })
    }

    /// `count` years from `year` on.
    pub(super) fn years(self, year: i32, count: i32) -> Option<Interval> {
        Some(Interval { start: self.day(year, 1, 1)?, end: self.day(year + count, 1, 1)? })
    }

    /// The day `months` after `day`, or before; the last of its month where
    /// that is shorter.
    pub(super) fn plus_months(self, day: Day, months: i32) -> Option<Day> {
        let (year, month, of_month) = self.fields(day);
        let month = i32::from(month) - 1 + months;
        let (year, month) = (year + month.div_euclid(12), month.rem_euclid(12) as u8 + 1);
        (0..4).find_map(|less| self.day(year, month, of_month.checked_sub(less)?))
    }
}

fn fields<A: AsCalendar>(date: Date<A>) -> (i32, u8, u8) {
    (date.year().extended_year(), date.month().ordinal, date.day_of_month().0)
}

/// `2025-07-31`.
pub(super) fn iso((year, month, day): (i32, u8, u8)) -> String {
    let mut text = String::with_capacity(16);
    // Plain years are written by hand: this is most of the cost of a mention.
    if let Ok(year @ 0..=9999) = u16::try_from(year) {
        push_two_digits(&mut text, (year / 100) as u8);
        push_two_digits(&mut text, (year % 100) as u8);
    } else {
        text.push_str(&format!("{year:04}"));
    }
    text.push('-');
    push_two_digits(&mut text, month);
    text.push('-');
    push_two_digits(&mut text, day);
    text
}

fn push_two_digits(text: &mut String, n: u8) {
    text.push(char::from(b'0' + n / 10 % 10));
    text.push(char::from(b'0' + n % 10));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_both_calendars() {
        let day = Day::parse("2025-09-09").unwrap();
        assert_eq!(Day::parse("1404-06-18"), Ok(day));
        assert_eq!((day.gregorian_string(), day.persian_string()), ("2025-09-09".into(), "1404-06-18".into()));
        assert_eq!(Day::parse("1970-01-01"), Ok(Day(0)));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in
            ["", "2025-9-9", "2025-02-30", "1404-12-30", "2025-09-09T00", "2025/09/09", "۱۴۰۴-۰۶-۱۸", "2025-09-09-"]
        {
            assert_eq!(Day::parse(text), Err(NotADate(text.into())));
        }
        assert!(Day::parse("1403-12-30").is_ok(), "1403 is a leap year");
    }
}
