//! What the words of a match mean, on the document's day and after what was
//! mentioned before.

mod clock;
mod days;
mod items;
mod memory;
mod months;
mod place;
mod ranges;
mod which_year;
mod yearly;
mod years;

pub(super) use clock::time_of_day;
pub(super) use items::{Item, Items};
pub(super) use memory::{Around, Memory};

use super::class::Class;
use super::digits::NumericDate;
use super::grammar::{Frame, Rule};
use super::lexicon::Lexicon;
use super::tense::Tense;
use super::time::Time;
use super::{Alternative, Calendar, DateMention, Granularity, Interval, Kind, Modifier, Resolution, islamic, lengths};
use crate::text::Span;
use clock::at_time;
use items::names_a_day;
use place::Place;

/// Resolves the matches of one article.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) memory: &'a Memory,
    pub(super) dates: &'a [NumericDate],
    pub(super) around: Around<'a>,
    /// IANA name of the document's zone.
    pub(super) time_zone: &'a str,
    /// What to take for the tense instead of looking.
    pub(super) assumed: Option<Tense>,
}

impl Resolver<'_> {
    /// The mention that a match of `rule` is; `None` when there is no such day.
    pub(super) fn mention(&self, rule: &Rule, items: &[Item], span: Span) -> Option<DateMention> {
        let items = Items(items);
        let mut mention = match rule.frame {
            // «ده دقیقه دیگر» is on no other day.
            Frame::Ago if lengths::is_within_a_day(items) => lengths::duration(items)?,
            Frame::Date | Frame::Range | Frame::Ago => self.date(rule, items)?,
            Frame::Recent => lengths::recent(items, self.memory.document)?,
            Frame::Duration => lengths::duration(items)?,
            Frame::Set => lengths::set(items, self.lexicon)?,
            Frame::Ref => lengths::reference(self.lexicon.string(items.get(Class::Ref)?)),
            Frame::None => return None,
        };
        mention.span = span;
        if rule.is_licensed() {
            mention.confidence *= LICENSED;
        }
        if mention.rules.is_empty() {
            mention.rules.push(rule.id);
        }
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

    fn date(&self, rule: &Rule, items: Items<'_>) -> Option<DateMention> {
        let is_range = rule.frame == Frame::Range;
        let place = if is_range { self.range(items)? } else { self.point(items)? };
        let edge =
            items.get(Class::Edge).or(items.get(Class::First)).filter(|_| !is_range && !items.has(Class::Number));
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
            rules: [rule.id].into_iter().chain(place.rule).collect(),
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
            let mut place = at_time(place, &time_of_day);
            let zone = items.get(Class::Place).map(|zone| self.lexicon.string(zone));
            if let (Some(zone), Some(days)) = (zone, place.time.interval) {
                place.time.timex3.extend(clock::offset(zone, days.start, &time_of_day));
                if let Some(day) = clock::day_elsewhere(zone, self.time_zone, days.start, &time_of_day) {
                    place = place.or(Some(Time::day(day, None)), "the day in the document's zone");
                }
            }
            return Some(place);
        }
        day.or_else(|| self.part_of_month(items))
            .or_else(|| self.week(items))
            .or_else(|| self.month(items).filter(|_| !items.has(Class::Ending)))
            .or_else(|| self.part_of_year(items))
            .or_else(|| self.long(items))
            .or_else(|| self.counted(items))
            .or_else(|| self.year_place(items))
    }
}

/// How much less sure a reading is that what stands beside it licenses.
const LICENSED: f32 = 0.85;

fn confidence(resolution: Resolution) -> f32 {
    match resolution {
        Resolution::Explicit => 0.97,
        Resolution::DocumentDate => 0.9,
        Resolution::Mention => 0.7,
        Resolution::Unresolved => 0.5,
    }
}
