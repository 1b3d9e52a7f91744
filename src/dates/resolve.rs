//! What the words of a match mean, on the document's day and after what was
//! mentioned before.

use super::calendar::Day;
use super::class::Class;
use super::grammar::Frame;
use super::islamic;
use super::lengths;
use super::lexer::{Lexeme, NumericDate};
use super::lexicon::{Lexicon, PARTS, SEASONS, UNITS, month_of};
use super::tense::{Tense, Verbs};
use super::time::Time;
use super::{Alternative, Calendar, DateMention, Granularity, Interval, Kind, Modifier, Resolution};
use crate::text::Span;

/// A word of a match: what it was read as, and its value as that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) class: Class,
    pub(super) value: i32,
}

/// What stands around a match, to be looked at when it is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) text: &'a str,
    pub(super) verbs: &'a Verbs,
    /// The lexemes of the sentence, and which of them are the match.
    pub(super) lexemes: &'a [Lexeme],
    pub(super) first: usize,
    pub(super) end: usize,
}

impl Around<'_> {
    fn tense(&self) -> Tense {
        self.verbs.tense(self.text, self.lexemes, self.first, self.end)
    }

    fn before(&self) -> Option<&Lexeme> {
        self.first.checked_sub(1).and_then(|at| self.lexemes.get(at))
    }

    /// Whether «تا» stands before.
    fn until(&self) -> bool {
        self.before().is_some_and(|lexeme| lexeme.classes.has(Class::To))
    }

    /// «حدود», «بیش از» before it.
    fn approximation(&self, lexicon: &Lexicon) -> Option<Modifier> {
        let before = self.before().filter(|lexeme| lexeme.classes.has(Class::Approx))?;
        let modifiers = [Modifier::Approx, Modifier::MoreThan, Modifier::LessThan];
        modifiers.get(before.value(Class::Approx, lexicon) as usize).copied()
    }
}

/// What the article has told so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    /// The document's day.
    pub(super) document: Option<Day>,
    /// The last year that was written in this sentence.
    sentence_year: Option<(Calendar, i32)>,
    /// The last day mentioned, and how many sentences ago.
    day: Option<(Day, u32)>,
    /// The last year mentioned.
    year: Option<(Calendar, i32)>,
    /// How many dates each calendar has had.
    persian: u32,
    gregorian: u32,
}

/// A day is not carried over farther than this many sentences.
const MEMORY_OF_DAYS: u32 = 4;

impl Memory {
    pub(super) fn new(document: Option<Day>) -> Self {
        Self { document, ..Self::default() }
    }

    /// Begins the next sentence.
    pub(super) fn next_sentence(&mut self) {
        self.sentence_year = None;
        self.day = self.day.map(|(day, ago)| (day, ago + 1));
    }

    /// Learns from a mention.
    pub(super) fn note(&mut self, mention: &DateMention) {
        let Some(interval) = mention.interval.filter(|_| matches!(mention.kind, Kind::Date | Kind::Time)) else {
            return;
        };
        match mention.calendar {
            Some(Calendar::Persian) => self.persian += 1,
            Some(Calendar::Gregorian) => self.gregorian += 1,
            _ => {}
        }
        if interval.end == interval.start.plus(1) {
            self.day = Some((interval.start, 0));
        }
        if let Some(calendar) = mention.calendar {
            let year = calendar.fields(interval.start).0;
            self.year = Some((calendar, year));
            if mention.resolution == Resolution::Explicit {
                self.sentence_year = Some((calendar, year));
            }
        }
    }

    /// The calendar of «سال گذشته».
    fn calendar(&self) -> Calendar {
        if self.gregorian > self.persian { Calendar::Gregorian } else { Calendar::Persian }
    }
}

/// A year, and how it is known.
#[derive(Clone, Copy, Debug)]
struct Year {
    calendar: Calendar,
    year: i32,
    resolution: Resolution,
    rule: &'static str,
}

/// A place in the calendar, and how it is known.
#[derive(Clone, Debug)]
struct Place {
    time: Time,
    resolution: Resolution,
    rule: Option<&'static str>,
    weekday_agrees: Option<bool>,
    alternatives: Vec<Alternative>,
}

impl Place {
    fn new(time: Time, resolution: Resolution) -> Self {
        Self { time, resolution, rule: None, weekday_agrees: None, alternatives: Vec::new() }
    }

    fn by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    fn or(mut self, time: Option<Time>, reason: &'static str) -> Self {
        self.alternatives.extend(time.map(|time| alternative(&time, reason)));
        self
    }

    fn in_year(time: Time, year: Year) -> Self {
        Self { rule: Some(year.rule), ..Self::new(time, year.resolution) }
    }
}

fn alternative(time: &Time, reason: &'static str) -> Alternative {
    Alternative { value: time.value.clone(), timex3: time.timex3.clone(), interval: time.interval, reason }
}

/// Resolves the matches of one article.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) memory: &'a Memory,
    pub(super) dates: &'a [NumericDate],
    pub(super) around: Around<'a>,
    /// What to take for the tense instead of looking.
    pub(super) assumed: Option<Tense>,
}

/// The items of a match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items<'a>(pub(super) &'a [Item]);

impl Items<'_> {
    pub(super) fn get(&self, class: Class) -> Option<i32> {
        self.0.iter().find(|item| item.class == class).map(|item| item.value)
    }

    pub(super) fn has(&self, class: Class) -> bool {
        self.get(class).is_some()
    }

    fn any(&self, classes: &[Class]) -> Option<i32> {
        self.0.iter().find(|item| classes.contains(&item.class)).map(|item| item.value)
    }

    fn month(&self) -> Option<(Calendar, u8)> {
        self.any(&[Class::Month, Class::WordMonth, Class::RareMonth]).map(month_of)
    }

    fn dom(&self) -> Option<u8> {
        self.any(&[Class::Dom, Class::DomWord]).map(|day| day as u8)
    }

    /// -1, 0 or 1 of «گذشته», «جاری», «آینده».
    fn direction(&self) -> Option<i32> {
        let of = |class| match class {
            Class::Last | Class::Ago => Some(-1),
            Class::Current | Class::This => Some(0),
            Class::Next | Class::Ahead => Some(1),
            _ => None,
        };
        self.0.iter().find_map(|item| of(item.class))
    }
}

impl Resolver<'_> {
    /// The mention that a match of `rule` is; `None` when there is no such day.
    pub(super) fn mention(&self, rule: &'static str, frame: Frame, items: &[Item], span: Span) -> Option<DateMention> {
        let items = Items(items);
        let mut mention = match frame {
            Frame::Date if items.has(Class::Unit) && lengths::is_within_a_day(items) => lengths::duration(items)?,
            Frame::Date => self.date(rule, items)?,
            Frame::Recent => lengths::recent(items, self.memory.document)?,
            Frame::Duration => lengths::duration(items)?,
            Frame::Set => lengths::set(items, self.lexicon)?,
            Frame::Ref => lengths::reference(self.lexicon.string(items.get(Class::Ref)?)),
            Frame::None => return None,
        };
        mention.span = span;
        mention.rules.insert(0, rule);
        if mention.kind == Kind::Duration {
            mention.modifier = mention.modifier.or(self.around.approximation(self.lexicon));
        }
        if mention.calendar == Some(Calendar::Islamic) && mention.interval.is_some() {
            self.approximate(&mut mention);
        }
        Some(mention)
    }

    /// Iran's months are found by sighting: says so, and gives the other day.
    fn approximate(&self, mention: &mut DateMention) {
        mention.approximate = true;
        if mention.granularity == Some(Granularity::Day)
            && let Some(interval) = mention.interval
            && let (year, month, of_month) = Calendar::Islamic.fields(interval.start)
            && let Some(day) = islamic::in_umm_al_qura(year, month, of_month).filter(|day| *day != interval.start)
        {
            mention.alternatives.push(Alternative {
                value: mention.value.clone(),
                timex3: day.gregorian_string(),
                interval: Some(Interval { start: day, end: day.plus(1) }),
                reason: "Umm al-Qura calendar",
            });
        }
    }

    fn tense(&self) -> Tense {
        self.assumed.unwrap_or_else(|| self.around.tense())
    }

    fn date(&self, rule: &'static str, items: Items<'_>) -> Option<DateMention> {
        let place =
            if rule.starts_with("range") || rule == "month.pair" { self.range(items)? } else { self.point(items)? };
        let edge = items.get(Class::Edge).or(items.get(Class::First));
        let mut mention = DateMention {
            kind: Kind::Date,
            granularity: Some(place.time.granularity),
            calendar: place.time.calendar,
            value: place.time.value,
            timex3: place.time.timex3,
            modifier: edge.and_then(|edge| [Modifier::Start, Modifier::Mid, Modifier::End].get(edge as usize).copied()),
            interval: place.time.interval,
            resolution: place.resolution,
            anchor: self.memory.document.filter(|_| place.resolution == Resolution::DocumentDate),
            weekday_agrees: place.weekday_agrees,
            confidence: confidence(place.resolution),
            alternatives: place.alternatives,
            rules: place.rule.into_iter().collect(),
            ..DateMention::default()
        };
        if place.resolution == Resolution::Mention {
            mention.anchor = self.memory.day.map(|(day, _)| day).or(self.memory.document);
        }
        if matches!(place.time.granularity, Granularity::PartOfDay | Granularity::Minute | Granularity::Second) {
            mention.kind = Kind::Time;
        }
        Some(mention)
    }

    /// One place: the longer unit is tried after the shorter.
    fn point(&self, items: Items<'_>) -> Option<Place> {
        let day = self.day(items);
        if let Some(time_of_day) = time_of_day(items) {
            let place = match day {
                Some(place) => place,
                None if names_a_day(items) => return None,
                None => self.day_at_hand(items.has(Class::That) || items.has(Class::This))?,
            };
            return Some(at_time(place, &time_of_day));
        }
        day.or_else(|| self.part_of_month(items))
            .or_else(|| self.week(items))
            .or_else(|| self.month(items))
            .or_else(|| self.part_of_year(items))
            .or_else(|| self.long(items))
            .or_else(|| self.counted(items))
            .or_else(|| self.year_place(items))
    }

    // ------------------------------------------------------------- days

    fn day(&self, items: Items<'_>) -> Option<Place> {
        if items.has(Class::Ending) {
            return None;
        }
        if let Some(exact) = self.exact_day(items) {
            let weekday = items.get(Class::Weekday);
            let day = exact.time.interval?.start;
            return Some(Place { weekday_agrees: weekday.map(|weekday| weekday == day.weekday()), ..exact });
        }
        if let Some(value) = items.get(Class::Named) {
            return self.named(value, items);
        }
        if let Some(offset) = items.get(Class::Today) {
            return Some(self.from_document(offset));
        }
        if let Some(offset) = items.get(Class::Tonight) {
            return Some(self.from_document(offset));
        }
        if let Some(weekday) = items.get(Class::Weekday) {
            return Some(self.weekday(weekday, items));
        }
        if items.has(Class::Ruz) && (items.has(Class::That) || items.has(Class::This)) {
            return self.day_at_hand(true);
        }
        if items.has(Class::Ruz) && items.0.len() == 2 {
            // «روز بعد» goes on from the day before it in the story.
            if let Some((day, _)) = self.memory.day.filter(|(_, ago)| is_narrative(items) && *ago <= MEMORY_OF_DAYS) {
                return Some(Place::new(Time::day(day.plus(1), None), Resolution::Mention).by("resolve.last-day"));
            }
            return items.direction().map(|direction| self.from_document(direction));
        }
        None
    }

    /// A day of a month, or a date in digits.
    fn exact_day(&self, items: Items<'_>) -> Option<Place> {
        if let Some(date) = items.get(Class::NumDate).and_then(|at| self.dates.get(at as usize)) {
            return self.numeric_day(*date);
        }
        let (calendar, month) = items.month()?;
        let ordinal = items.get(Class::Ordinal).filter(|_| items.has(Class::Ruz) && items.dom().is_none());
        let day = items.dom().or(ordinal.map(|n| n as u8))?;
        let weekday = items.get(Class::Weekday);
        let in_year =
            |calendar: Calendar, year| calendar.day(year, month, day).map(|day| Time::day(day, Some(calendar)));
        let year = match self.year(items, calendar) {
            Some(year) => year,
            None => self.infer_year(calendar, weekday, &|year| in_year(calendar, year))?,
        };
        if year.resolution == Resolution::Unresolved {
            return Some(Place::new(
                Time::open(format!("XXXX-{month:02}-{day:02}"), Granularity::Day, Some(calendar)),
                Resolution::Unresolved,
            ));
        }
        let time = in_year(year.calendar, year.year)?;
        let place = Place::in_year(time, year);
        if year.resolution == Resolution::DocumentDate {
            let other = self.other_year(&year, &|y| in_year(calendar, y));
            return Some(place.or(other, "the other year"));
        }
        Some(place)
    }

    fn numeric_day(&self, date: NumericDate) -> Option<Place> {
        let year = if date.short { self.short_year(date.year, Calendar::Persian) } else { date.year };
        let calendar = if (1200..=1500).contains(&year) { Calendar::Persian } else { Calendar::Gregorian };
        let day = calendar.day(year, date.month, date.day)?;
        Some(Place::new(Time::day(day, Some(calendar)), Resolution::Explicit))
    }

    fn from_document(&self, offset: i32) -> Place {
        match self.memory.document {
            Some(document) => Place::new(Time::day(document.plus(offset), None), Resolution::DocumentDate),
            None => {
                let value = ["PAST_REF", "PRESENT_REF", "FUTURE_REF"];
                let value = value.get((offset.signum() + 1) as usize).copied().unwrap_or_default();
                Place::new(Time::open(value.to_owned(), Granularity::Day, None), Resolution::Unresolved)
            }
        }
    }

    /// The day that a bare time of day belongs to, or `that` day.
    fn day_at_hand(&self, that: bool) -> Option<Place> {
        // A day long past may be told of in its own sentence only.
        let near = |day: Day| self.memory.document.is_none_or(|document| (day.0 - document.0).abs() <= NEAR_DAYS);
        let at_hand = |(day, ago): &(Day, u32)| that || *ago == 0 || *ago <= MEMORY_OF_DAYS && near(*day);
        if let Some((day, _)) = self.memory.day.filter(at_hand) {
            let place = Place::new(Time::day(day, None), Resolution::Mention).by("resolve.last-day");
            let document = self.memory.document.filter(|document| *document != day);
            return Some(place.or(document.map(|day| Time::day(day, None)), "the document's day"));
        }
        match self.memory.document {
            Some(document) => Some(Place::new(Time::day(document, None), Resolution::DocumentDate)),
            None => Some(Place::new(Time::open("XXXX-XX-XX".into(), Granularity::Day, None), Resolution::Unresolved)),
        }
    }

    fn weekday(&self, weekday: i32, items: Items<'_>) -> Place {
        let Some(document) = self.memory.document else {
            return Place::new(
                Time::open(format!("XXXX-WXX-{weekday}"), Granularity::Day, None),
                Resolution::Unresolved,
            );
        };
        let back = (document.weekday() - weekday).rem_euclid(7);
        let latest = document.plus(-back);
        let next = latest.plus(7);
        let day = |day: Day| Time::day(day, None);
        let place = |time: Day, rule| Place::new(day(time), Resolution::DocumentDate).by(rule);
        // «تا دوشنبه» on a Monday is today.
        let is_ahead = matches!(self.tense(), Tense::Future | Tense::Planned) && !(back == 0 && self.around.until());
        match items.direction() {
            Some(weeks) if items.has(Class::Hafte) || weeks == 0 => {
                // Saturday is the first day of the week, Friday the last.
                let start = document.week_start().plus(weeks * 7);
                place(start.plus((weekday + 1) % 7), "resolve.week")
            }
            Some(-1) => place(if back == 0 { latest.plus(-7) } else { latest }, "resolve.before"),
            Some(_) => place(next, "resolve.after"),
            None if is_ahead => place(next, "resolve.future").or(Some(day(latest)), "the weekday before"),
            None => place(latest, "resolve.past").or(Some(day(next)), "the weekday after"),
        }
    }

    /// A day or period with a name; its year may be of another calendar than
    /// its month («عاشورای ۱۴۰۴»).
    fn named(&self, value: i32, items: Items<'_>) -> Option<Place> {
        let named = self.lexicon.named(value)?;
        let calendar = named.calendar;
        let in_year = |year| {
            let first = calendar.day(year, named.first.0, named.first.1)?;
            let Some((month, day)) = named.last else { return Some(Time::day(first, Some(calendar))) };
            Some(Time::days(first, calendar.day(year, month, day)?, Some(calendar), Granularity::Period))
        };
        if let Some(year) = self.year(items, calendar) {
            let within = year.calendar.years(year.year, 1)?;
            let (first, ..) = calendar.fields(within.start);
            let inside = |time: &Time| time.interval.is_some_and(|i| within.start <= i.start && i.start < within.end);
            return (first..=first + 1).filter_map(in_year).find(inside).map(|time| Place::in_year(time, year));
        }
        let year = match (items.direction(), self.memory.document) {
            (Some(direction), Some(document)) => self.beside(calendar, document, direction, &in_year)?,
            _ => self.infer_year(calendar, None, &in_year)?,
        };
        if year.resolution == Resolution::Unresolved {
            let (month, day) = named.first;
            let value = format!("XXXX-{month:02}-{day:02}");
            return Some(Place::new(Time::open(value, Granularity::Day, Some(calendar)), Resolution::Unresolved));
        }
        let other = self.other_year(&year, &in_year);
        Some(Place::in_year(in_year(year.year)?, year).or(other, "the other year"))
    }

    // ------------------------------------------------------------- months

    fn month(&self, items: Items<'_>) -> Option<Place> {
        if let Some(value) = items.get(Class::NumMonth) {
            let (year, month) = (value / 100, (value % 100) as u8);
            let calendar = if (1200..=1500).contains(&year) { Calendar::Persian } else { Calendar::Gregorian };
            return Time::month(calendar, year, month).map(|time| Place::new(time, Resolution::Explicit));
        }
        if let Some((calendar, month)) = items.month() {
            return self.in_some_year(items, calendar, &|calendar, year| Time::month(calendar, year, month), || {
                Time::open(format!("XXXX-{month:02}"), Granularity::Month, Some(calendar))
            });
        }
        let is_month = items.has(Class::Mah) && !items.has(Class::Sal) && !items.has(Class::Number);
        if !is_month {
            return None;
        }
        self.relative_month(items)
    }

    /// «ماه گذشته»، «این ماه»، «آغاز ماه».
    fn relative_month(&self, items: Items<'_>) -> Option<Place> {
        let direction = items.direction().unwrap_or(0);
        let document = self.memory.document;
        let anchor = match self.memory.day {
            Some((day, _)) if items.has(Class::That) => Some((day, Resolution::Mention)),
            _ => document.map(|day| (day, Resolution::DocumentDate)),
        };
        let Some((anchor, resolution)) = anchor else { return Some(unresolved(direction, Granularity::Month)) };
        let month = |calendar: Calendar| {
            let (year, month, _) = calendar.fields(anchor);
            let month = i32::from(month) - 1 + direction;
            Time::month(calendar, year + month.div_euclid(12), month.rem_euclid(12) as u8 + 1)
        };
        let calendar = self.memory.calendar();
        Some(Place::new(month(calendar)?, resolution).or(month(other(calendar)), "the other calendar"))
    }

    /// «نیمه دوم شهریور»، «هفته سوم آبان»، «دهه اول محرم».
    fn part_of_month(&self, items: Items<'_>) -> Option<Place> {
        let nth = items.get(Class::Ordinal)?;
        let (granularity, length, parts) = if items.has(Class::Hafte) {
            (Granularity::Week, 7, 5)
        } else if items.has(Class::Half) {
            (Granularity::Month, 15, 2)
        } else if items.has(Class::Dahe) {
            (Granularity::Period, 10, 3)
        } else {
            return None;
        };
        if !(1..=parts).contains(&nth) || items.month().is_none() && !items.has(Class::Mah) {
            return None;
        }
        let month = self.month(items)?;
        let whole = month.time.interval?;
        let first = whole.start.plus((nth - 1) * length);
        let last = if nth == parts { whole.end.plus(-1) } else { first.plus(length - 1) };
        let time = Time::days(first, last, month.time.calendar, granularity);
        Some(Place { time, alternatives: Vec::new(), ..month })
    }

    // ------------------------------------------------------------- years and their parts

    /// Seasons, quarters and halves.
    fn part_of_year(&self, items: Items<'_>) -> Option<Place> {
        if let Some(season) = items.get(Class::Season) {
            let season = season as u8;
            return self.in_some_year(
                items,
                Calendar::Persian,
                &|calendar, year| Time::season(calendar, year, season),
                || {
                    let name = SEASONS.get(usize::from(season)).copied().unwrap_or_default();
                    Time::open(format!("XXXX-{name}"), Granularity::Season, None)
                },
            );
        }
        if items.has(Class::Fasl) && items.has(Class::This) {
            return self.same_season(items);
        }
        let nth = items.get(Class::Ordinal)?;
        let length = if items.has(Class::Half) || items.has(Class::HalfYear) {
            6
        } else if items.get(Class::Unit).or(items.get(Class::Long)).is_some_and(is_month) || items.has(Class::Mah) {
            items.get(Class::Number)?
        } else {
            return None;
        };
        if items.has(Class::Dahe) || items.has(Class::Qarn) {
            return self.half_of_long(items, nth);
        }
        let year =
            self.year(items, self.memory.calendar()).or_else(|| self.document_year(self.memory.calendar(), 0))?;
        let time = Time::block(year.calendar, year.year, u8::try_from(length).ok()?, u8::try_from(nth).ok()?)?;
        Some(Place::in_year(time, year))
    }

    /// «پارسال در همین فصل».
    fn same_season(&self, items: Items<'_>) -> Option<Place> {
        let (year, month, _) = Calendar::Persian.fields(self.memory.document?);
        let year = year + items.get(Class::ThisYear).unwrap_or(0);
        let time = Time::season(Calendar::Persian, year, (month - 1) / 3)?;
        Some(Place::new(time, Resolution::DocumentDate))
    }

    fn half_of_long(&self, items: Items<'_>, nth: i32) -> Option<Place> {
        // The ordinal of the century is the second one.
        let rest = items.0.iter().skip_while(|item| item.class != Class::Dahe && item.class != Class::Qarn);
        let rest: Vec<Item> = rest.copied().collect();
        let long = self.long(Items(&rest))?;
        let calendar = long.time.calendar?;
        let whole = long.time.interval?;
        let (first, ..) = calendar.fields(whole.start);
        let half = if long.time.granularity == Granularity::Decade { 5 } else { 50 };
        let start = first + half * (nth - 1);
        let time = Time::range(&Time::year(calendar, start)?, &Time::year(calendar, start + half - 1)?);
        let time = Time { granularity: long.time.granularity, ..time };
        Some(Place { time, ..long })
    }

    fn year_place(&self, items: Items<'_>) -> Option<Place> {
        let calendar = self.memory_calendar(items);
        let year = match self.year(items, calendar) {
            Some(year) => year,
            None if items.has(Class::Sal) => self.document_year(calendar, 0).or(Some(Year {
                calendar,
                year: 0,
                resolution: Resolution::Unresolved,
                rule: "",
            }))?,
            None => return None,
        };
        if year.resolution == Resolution::Unresolved {
            return Some(unresolved(items.direction().or(items.get(Class::ThisYear)).unwrap_or(0), Granularity::Year));
        }
        let place = Place::in_year(Time::year(year.calendar, year.year)?, year);
        let Some(document) = self.memory.document.filter(|_| year.resolution == Resolution::DocumentDate) else {
            return Some(place);
        };
        let offset = year.year - year.calendar.fields(document).0;
        let calendar = other(year.calendar);
        Some(place.or(Time::year(calendar, calendar.fields(document).0 + offset), "the other calendar"))
    }

    /// Decades and centuries.
    fn long(&self, items: Items<'_>) -> Option<Place> {
        let decade = items.has(Class::Dahe);
        if !decade && !items.has(Class::Qarn) {
            return None;
        }
        let era = items.get(Class::Era).and_then(era_calendar);
        if let Some(direction) = items.direction() {
            let calendar = era.unwrap_or(if decade { self.memory.calendar() } else { Calendar::Gregorian });
            let Some(document) = self.memory.document else {
                return Some(unresolved(direction, if decade { Granularity::Decade } else { Granularity::Century }));
            };
            let (year, ..) = calendar.fields(document);
            let time = if decade {
                Time::decade(calendar, year.div_euclid(10) * 10 + direction * 10)?
            } else {
                Time::century(calendar, (year - 1).div_euclid(100) + 1 + direction)?
            };
            return Some(Place::new(time, Resolution::DocumentDate));
        }
        if decade {
            let year = items.any(&[Class::Year4, Class::Year2, Class::Tens])?;
            let calendar =
                era.unwrap_or(if (1500..2200).contains(&year) { Calendar::Gregorian } else { Calendar::Persian });
            let year = match (calendar, year) {
                (Calendar::Gregorian, 0..100) => 1900 + year,
                (_, 0..100) => self.short_year(year, calendar),
                _ => year,
            };
            return Time::decade(calendar, year).map(|time| Place::new(time, Resolution::Explicit));
        }
        let nth = items.any(&[Class::Ordinal, Class::Number])?;
        // Without an era, the lunar centuries are the low ones.
        let calendar =
            era.unwrap_or(if nth <= 14 && nth > 0 && nth < 13 { Calendar::Islamic } else { Calendar::Gregorian });
        let calendar = if era.is_none() && nth == 14 { Calendar::Persian } else { calendar };
        if !(1..=30).contains(&nth) {
            return None;
        }
        Time::century(calendar, nth).map(|time| Place::new(time, Resolution::Explicit))
    }

    fn week(&self, items: Items<'_>) -> Option<Place> {
        if items.has(Class::Weekend) {
            let Some(document) = self.memory.document else { return Some(unresolved(0, Granularity::Weekend)) };
            let weeks = items.direction().unwrap_or(match self.tense() {
                Tense::Past if document.weekday() == 6 || document.weekday() == 7 => -1,
                _ => 0,
            });
            return Some(Place::new(Time::weekend(document.plus(weeks * 7)), Resolution::DocumentDate));
        }
        if !items.has(Class::Hafte) {
            return None;
        }
        if items.has(Class::Ending) {
            let rest: Vec<Item> = items.0.iter().skip_while(|i| i.class != Class::Ending).skip(1).copied().collect();
            let last = self.day(Items(&rest))?;
            let end = last.time.interval?.start;
            let time = Time::days(end.plus(-6), end, last.time.calendar, Granularity::Week);
            return Some(Place { time, ..last });
        }
        let direction = items.direction().unwrap_or(0);
        let Some(document) = self.memory.document else { return Some(unresolved(direction, Granularity::Week)) };
        Some(Place::new(Time::week(document.plus(direction * 7)), Resolution::DocumentDate))
    }

    // ------------------------------------------------------------- counted from the document

    /// «سه روز پیش»، «دو هفته دیگر»، «زمستان دو سال پیش».
    fn counted(&self, items: Items<'_>) -> Option<Place> {
        let sign = match (items.has(Class::Ago), items.has(Class::Later)) {
            (true, _) => -1,
            (_, true) => 1,
            _ => return None,
        };
        let count = items.get(Class::Number).or(items.get(Class::Decimal).map(|tenths| tenths / 10))?;
        let unit =
            usize::try_from(items.get(Class::Unit).unwrap_or(8)).ok().and_then(|unit| UNITS.get(unit)).copied()?;
        let tenths = items.get(Class::Decimal).map_or(0, |tenths| tenths % 10 * 6);
        let fraction = items.get(Class::Fraction).unwrap_or(tenths);
        let Some(document) = self.memory.document else {
            return Some(unresolved(sign, Granularity::Day));
        };
        let calendar = self.memory.calendar();
        let exact = |day: Option<Day>| day.map(|day| Time::day(day, None));
        let months = |months: i32| Calendar::Gregorian.plus_months(document, sign * months);
        let place = |time: Option<Time>| time.map(|time| Place::new(time, Resolution::DocumentDate));
        match unit {
            "day" | "night" => place(exact(Some(document.plus(sign * count)))),
            "week" => {
                let day = document.plus(sign * count * 7);
                Some(place(Some(Time::week(day)))?.or(exact(Some(day)), "to the day"))
            }
            "month" => {
                let (year, month, _) = calendar.fields(document);
                let at = i32::from(month) - 1 + sign * count;
                let time = Time::month(calendar, year + at.div_euclid(12), at.rem_euclid(12) as u8 + 1);
                Some(place(time)?.or(exact(months(count)), "to the day"))
            }
            "year" if fraction > 0 => {
                let day = months(count * 12 + fraction / 5)?;
                let (year, month, _) = calendar.fields(day);
                place(Time::month(calendar, year, month))
            }
            "year" => {
                let year = calendar.fields(document).0 + sign * count;
                Some(place(Time::year(calendar, year))?.or(exact(months(count * 12)), "to the day"))
            }
            "decade" => {
                let year = calendar.fields(document).0 + sign * count * 10;
                place(Time::decade(calendar, year.div_euclid(10) * 10))
            }
            _ => None,
        }
    }

    // ------------------------------------------------------------- which year

    /// The year that the words tell, for something in `calendar`.
    fn year(&self, items: Items<'_>, calendar: Calendar) -> Option<Year> {
        let era = items.get(Class::Era);
        let explicit =
            |calendar, year| Some(Year { calendar, year, resolution: Resolution::Explicit, rule: "resolve.year" });
        if let Some(year) = items.any(&[Class::Year4, Class::YearBare]) {
            let (of, year) = four_digits(year, era, calendar);
            return explicit(of, year);
        }
        if let Some(year) = items.get(Class::Year2) {
            let of = era.and_then(era_calendar).unwrap_or(if items.month().is_some() {
                calendar
            } else {
                Calendar::Persian
            });
            return explicit(of, self.short_year(year, of));
        }
        if let Some(offset) = items.get(Class::ThisYear) {
            return self.document_year(calendar, offset);
        }
        if !items.has(Class::Sal) {
            return None;
        }
        if let Some(era) = era
            && let Some(year) = self.of_era(items, era)
        {
            return Some(year);
        }
        let calendar = era.and_then(era_calendar).unwrap_or(calendar);
        if items.has(Class::Number) && items.has(Class::Ago) {
            return self.document_year(calendar, -items.get(Class::Number)?);
        }
        match items.direction() {
            Some(_) if items.has(Class::This) => {
                self.mentioned_year(calendar).or_else(|| self.document_year(calendar, 0))
            }
            Some(_) if is_narrative(items) && self.memory.year.is_some() => {
                self.mentioned_year(calendar).map(|year| Year { year: year.year + 1, ..year })
            }
            Some(direction) => self.document_year(calendar, direction),
            None if items.has(Class::That) => self.mentioned_year(calendar).or_else(|| self.document_year(calendar, 0)),
            None if items.has(Class::Ordinal) || items.has(Class::Half) => self.document_year(calendar, 0),
            None => None,
        }
    }

    /// «سال دهم هجری قمری».
    fn of_era(&self, items: Items<'_>, era: i32) -> Option<Year> {
        let n = items.any(&[Class::Number, Class::Ordinal]).filter(|n| *n > 0 && *n < 2600)?;
        let calendar = era_calendar(era)?;
        let year = if era == BEFORE_CHRIST { 1 - n } else { n };
        Some(Year { calendar, year, resolution: Resolution::Explicit, rule: "resolve.era" })
    }

    fn document_year(&self, calendar: Calendar, offset: i32) -> Option<Year> {
        Some(match self.memory.document {
            Some(document) => Year {
                calendar,
                year: calendar.fields(document).0 + offset,
                resolution: Resolution::DocumentDate,
                rule: "resolve.document-year",
            },
            None => Year { calendar, year: 0, resolution: Resolution::Unresolved, rule: "resolve.no-document-date" },
        })
    }

    fn mentioned_year(&self, calendar: Calendar) -> Option<Year> {
        let (of, year) = self.memory.year?;
        let calendar = if of == Calendar::Islamic { calendar } else { of };
        Some(Year { calendar, year, resolution: Resolution::Mention, rule: "resolve.mentioned-year" })
    }

    /// Two digits: 13xx, but up to the year after the document's 14xx.
    fn short_year(&self, year: i32, calendar: Calendar) -> i32 {
        let (base, now) = match (calendar, self.memory.document) {
            (Calendar::Gregorian, document) => (2000, document.map_or(25, |day| day.gregorian().0 % 100)),
            (_, document) => (1400, document.map_or(4, |day| day.persian().0 - 1400)),
        };
        if year <= now + 1 { base + year } else { base - 100 + year }
    }

    /// The calendar of a year or season by the words, else by the article.
    fn memory_calendar(&self, items: Items<'_>) -> Calendar {
        items.get(Class::Era).and_then(era_calendar).unwrap_or(self.memory.calendar())
    }

    /// A month, season or the like in the year that is told or inferred.
    fn in_some_year(
        &self,
        items: Items<'_>,
        calendar: Calendar,
        in_year: &dyn Fn(Calendar, i32) -> Option<Time>,
        open: impl Fn() -> Time,
    ) -> Option<Place> {
        let same = |year| in_year(calendar, year);
        // «بهمن گذشته», but «بهمن سال گذشته».
        let direction = items.direction().filter(|_| !items.has(Class::Sal));
        let year = match (direction, self.memory.document) {
            (Some(direction), Some(document)) => self.beside(calendar, document, direction, &same)?,
            (Some(_), None) => return Some(Place::new(open(), Resolution::Unresolved)),
            _ => match self.year(items, calendar) {
                Some(year) => year,
                None => self.infer_year(calendar, None, &same)?,
            },
        };
        if year.resolution == Resolution::Unresolved {
            return Some(Place::new(open(), Resolution::Unresolved));
        }
        let place = Place::in_year(in_year(year.calendar, year.year)?, year);
        if year.resolution == Resolution::DocumentDate && self.year(items, calendar).is_none() {
            let time = self.other_year(&year, &same);
            return Some(place.or(time, "the other year"));
        }
        Some(place)
    }

    /// The nearest year in which it lies wholly before or after the document's
    /// day, or around it.
    fn beside(
        &self,
        calendar: Calendar,
        document: Day,
        direction: i32,
        in_year: &dyn Fn(i32) -> Option<Time>,
    ) -> Option<Year> {
        let now = calendar.fields(document).0;
        let fits = |year: &i32| {
            in_year(*year).and_then(|time| time.interval).is_some_and(|i| match direction {
                -1 => i.end <= document,
                0 => *year == now,
                _ => i.start > document,
            })
        };
        let mut years = match direction {
            1 => [now, now + 1, now + 2],
            _ => [now, now - 1, now - 2],
        };
        let year = years.iter_mut().map(|year| *year).find(fits)?;
        Some(Year { calendar, year, resolution: Resolution::DocumentDate, rule: "resolve.beside" })
    }

    /// The year of something written without one: the year of the sentence,
    /// else the side of the document's day that the tense tells, else the
    /// nearest. A weekday beside it must agree where it can.
    fn infer_year(
        &self,
        calendar: Calendar,
        weekday: Option<i32>,
        in_year: &dyn Fn(i32) -> Option<Time>,
    ) -> Option<Year> {
        if let Some((of, year)) = self.memory.sentence_year
            && of == calendar
            && in_year(year).is_some()
            && weekday.is_none()
        {
            return Some(Year { calendar, year, resolution: Resolution::Mention, rule: "resolve.sentence-year" });
        }
        let Some(document) = self.memory.document else {
            return Some(Year {
                calendar,
                year: 0,
                resolution: Resolution::Unresolved,
                rule: "resolve.no-document-date",
            });
        };
        let now = calendar.fields(document).0;
        // Years, each with how far it is: before the document's day, after it.
        let mut candidates: Vec<(i32, i32, i32)> = (now - 4..=now + 4)
            .filter_map(|year| {
                let interval = in_year(year)?.interval?;
                let before = (document.0 - interval.end.0 + 1).max(0);
                let after = (interval.start.0 - document.0).max(0);
                let agrees = weekday.is_none_or(|weekday| weekday == interval.start.weekday());
                agrees.then_some((year, before, after))
            })
            .collect();
        if candidates.is_empty() && weekday.is_some() {
            return self.infer_year(calendar, None, in_year);
        }
        candidates.sort_by_key(|(_, before, after)| (before + after, *after));
        let nearest = candidates.first()?;
        // What is close by on the other side is meant, whatever the tense.
        let likely = |far: i32| far < FAR_DAYS || far < FAR_TIMES * (nearest.1 + nearest.2);
        let side = match self.tense() {
            _ if weekday.is_some() => None,
            Tense::Past => candidates.iter().find(|(_, before, after)| *after == 0 && likely(*before)),
            Tense::Future => candidates.iter().find(|(_, before, after)| *before == 0 && likely(*after)),
            _ => None,
        };
        let (year, ..) = side.unwrap_or(nearest);
        let rule = if side.is_some() { "resolve.tense" } else { "resolve.nearest" };
        Some(Year { calendar, year: *year, resolution: Resolution::DocumentDate, rule })
    }

    /// What it would be on the other side of the document's day.
    fn other_year(&self, year: &Year, in_year: &dyn Fn(i32) -> Option<Time>) -> Option<Time> {
        let document = self.memory.document.filter(|_| year.resolution == Resolution::DocumentDate)?;
        let interval = in_year(year.year)?.interval?;
        in_year(if interval.start > document { year.year - 1 } else { year.year + 1 })
    }

    // ------------------------------------------------------------- ranges

    /// Two ends; each takes from the other what it leaves out.
    fn range(&self, items: Items<'_>) -> Option<Place> {
        let split = items
            .0
            .iter()
            .rposition(|i| matches!(i.class, Class::To | Class::Dash))
            .or_else(|| items.0.iter().rposition(|i| i.class == Class::And))?;
        let (left, right) = (items.0.get(..split)?, items.0.get(split + 1..)?);
        let lend = |to: &[Item], from: &[Item], classes: &[Class]| {
            let lacks = |class: &Class| !to.iter().any(|item| item.class == *class);
            let lent = from.iter().filter(|item| classes.contains(&item.class) && lacks(&item.class));
            to.iter().copied().chain(lent.copied()).collect::<Vec<Item>>()
        };
        let bare_year = left.iter().all(|item| {
            matches!(item.class, Class::Year4 | Class::Year2 | Class::YearBare | Class::Sal | Class::Salha)
        });
        let mut months: Vec<Class> = vec![Class::Era];
        if !left.iter().any(|item| matches!(item.class, Class::Month | Class::WordMonth | Class::RareMonth)) {
            months.extend([Class::Month, Class::WordMonth, Class::RareMonth]);
        }
        let own_year = |items: &[Item]| {
            Items(items).any(&[Class::Year4, Class::Year2, Class::YearBare, Class::ThisYear]).is_some()
                || Items(items).has(Class::Sal)
        };
        if !own_year(left) {
            months.extend([
                Class::Year4,
                Class::Year2,
                Class::ThisYear,
                Class::Sal,
                Class::Last,
                Class::Next,
                Class::Ago,
                Class::Current,
                Class::Ahead,
            ]);
        }
        if bare_year || Items(left).has(Class::Weekday) {
            months = vec![Class::Era, Class::Hafte, Class::Last, Class::Next, Class::Ago, Class::Ahead];
        }
        let first = lend(left, right, &months);
        let second = lend(right, left, &[Class::Saat, Class::Dahe, Class::Sal, Class::Salha, Class::Hafte]);
        let (mut a, b) = (self.point(Items(&first))?, self.point(Items(&second))?);
        let out_of_order = |a: &Place, b: &Place| match (a.time.interval, b.time.interval) {
            (Some(a), Some(b)) => a.start > b.start,
            _ => false,
        };
        if out_of_order(&a, &b) {
            a = self.before(&first, &b)?;
        }
        let far = self.memory.document.and_then(|_| far_apart(&a, &b)).unwrap_or(false);
        if far && !own_year(left) {
            a = self.before(&first, &b).unwrap_or(a);
        }
        if out_of_order(&a, &b) {
            return None;
        }
        let calendar = a.time.calendar.or(b.time.calendar);
        let from = if Items(left).get(Class::Edge) == Some(0) { first_day(&a.time) } else { a.time.clone() };
        let to = match b.time.interval {
            Some(i) if b.time.granularity == Granularity::Day => Time::day(i.start, calendar),
            _ => b.time,
        };
        let time = Time { granularity: a.time.granularity, ..Time::range(&from, &to) };
        Some(Place { time, alternatives: Vec::new(), ..a })
    }

    /// `items` resolved so that it lies before `end`.
    fn before(&self, items: &[Item], end: &Place) -> Option<Place> {
        let end = end.time.interval?;
        if let Some(weekday) = Items(items).get(Class::Weekday) {
            let back = (end.start.weekday() - weekday).rem_euclid(7);
            let place = Place::new(Time::day(end.start.plus(-back), None), Resolution::DocumentDate);
            return Some(match time_of_day(Items(items)) {
                Some(time) => at_time(place, &time),
                None => place,
            });
        }
        // A year of its own stays; without one it is the end's or the one before.
        let memory = Memory { document: Some(end.start), sentence_year: None, ..*self.memory };
        let assumed = Some(Tense::Past);
        let bare: Vec<Item> = items
            .iter()
            .filter(|i| {
                !matches!(
                    i.class,
                    Class::Year4
                        | Class::Year2
                        | Class::Sal
                        | Class::ThisYear
                        | Class::Last
                        | Class::Next
                        | Class::Ago
                        | Class::Current
                        | Class::Ahead
                )
            })
            .copied()
            .collect();
        Resolver { memory: &memory, assumed, ..*self }.point(Items(&bare))
    }
}

/// Days that a time of day in a later sentence may belong to.
const NEAR_DAYS: i32 = 14;

/// What is so many days off, and so many times farther than the other side, is
/// not meant without its year.
const FAR_DAYS: i32 = 200;
const FAR_TIMES: i32 = 8;

/// Index in the eras of the lexicon.
const BEFORE_CHRIST: i32 = 4;

/// The beginning of `time` as a day of its calendar.
fn first_day(time: &Time) -> Time {
    time.interval.map_or_else(|| time.clone(), |interval| Time::day(interval.start, time.calendar))
}

fn far_apart(a: &Place, b: &Place) -> Option<bool> {
    let (a, b) = (a.time.interval?, b.time.interval?);
    Some(b.start.0 - a.start.0 > 366)
}

fn names_a_day(items: Items<'_>) -> bool {
    items.month().is_some() || items.has(Class::NumDate) || items.has(Class::Named)
}

/// «بعد», which goes on from what was mentioned; «آینده» goes on from now.
fn is_narrative(items: Items<'_>) -> bool {
    items.get(Class::Next) == Some(1)
}

fn is_month(unit: i32) -> bool {
    usize::try_from(unit).ok().and_then(|unit| UNITS.get(unit)).is_some_and(|unit| *unit == "month")
}

const fn other(calendar: Calendar) -> Calendar {
    match calendar {
        Calendar::Persian => Calendar::Gregorian,
        _ => Calendar::Persian,
    }
}

fn era_calendar(era: i32) -> Option<Calendar> {
    match era {
        0 | 5 => Some(Calendar::Persian),
        1 | 2 => Some(Calendar::Islamic),
        3 | 4 => Some(Calendar::Gregorian),
        _ => None,
    }
}

/// The calendar and year that four digits mean.
fn four_digits(year: i32, era: Option<i32>, context: Calendar) -> (Calendar, i32) {
    match (era, year) {
        (Some(5), _) | (None, 2480..2600) => (Calendar::Persian, year - 1180),
        (Some(2), 1200..=1500) => (Calendar::Persian, year),
        (Some(era), _) => (era_calendar(era).unwrap_or(context), year),
        (None, 1000..=1500) if context == Calendar::Islamic => (Calendar::Islamic, year),
        (None, 1100..=1500) => (Calendar::Persian, year),
        (None, _) => (Calendar::Gregorian, year),
    }
}

fn unresolved(direction: i32, granularity: Granularity) -> Place {
    let value = match direction {
        ..0 => "PAST_REF",
        0 => "PRESENT_REF",
        _ => "FUTURE_REF",
    };
    Place::new(Time::open(value.to_owned(), granularity, None), Resolution::Unresolved)
}

fn confidence(resolution: Resolution) -> f32 {
    match resolution {
        Resolution::Explicit => 0.97,
        Resolution::DocumentDate => 0.9,
        Resolution::Mention => 0.7,
        Resolution::Unresolved => 0.5,
    }
}

/// A part of the day or a clock time, as it ends a TIMEX3 value.
struct TimeOfDay {
    value: String,
    granularity: Granularity,
}

fn time_of_day(items: Items<'_>) -> Option<TimeOfDay> {
    let part = items.any(&[Class::Part, Class::Night, Class::SurePart]);
    let part = part.or(items.get(Class::Tonight).map(|_| 4));
    let seconds = match (items.get(Class::Clock), items.get(Class::Hour)) {
        (Some(seconds), _) => Some(seconds),
        (None, Some(hour)) => {
            let minute = items.get(Class::Minute).or(items.get(Class::Fraction)).unwrap_or(0);
            Some(hour * 3600 + minute * 60)
        }
        _ => None,
    };
    let Some(seconds) = seconds else {
        let part = PARTS.get(usize::try_from(part?).ok()?)?;
        return Some(TimeOfDay { value: format!("T{part}"), granularity: Granularity::PartOfDay });
    };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let hour = match (part, hour) {
        // Noon to three, afternoon and evening, and the night before twelve.
        (Some(1), 1..=4) | (Some(2 | 3), 1..=11) | (Some(4), 6..=11) => hour + 12,
        (Some(0 | 4), 12) => 0,
        _ => hour,
    };
    let (value, granularity) = match second {
        0 => (format!("T{hour:02}:{minute:02}"), Granularity::Minute),
        _ => (format!("T{hour:02}:{minute:02}:{second:02}"), Granularity::Second),
    };
    Some(TimeOfDay { value, granularity })
}

fn at_time(mut place: Place, time: &TimeOfDay) -> Place {
    let add = |value: &mut String| {
        if !value.is_empty() {
            value.push_str(&time.value);
        }
    };
    if place.time.value.ends_with("_REF") {
        place.time.value = format!("XXXX-XX-XX{}", time.value);
        place.time.timex3 = place.time.value.clone();
    } else {
        add(&mut place.time.value);
        add(&mut place.time.timex3);
    }
    place.time.granularity = time.granularity;
    for other in &mut place.alternatives {
        add(&mut other.value);
        add(&mut other.timex3);
    }
    place
}
