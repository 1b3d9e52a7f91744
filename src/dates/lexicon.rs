//! The words of the tables under `data/dates`, ready to be looked up.

use rustc_hash::FxHashMap;

use super::Calendar;
use super::class::{Class, ClassSet};
use super::outlines::Outlines;
use super::unit::Unit;

/// The joint in a form of the tables: nothing, a ZWNJ or a space.
const JOINT: char = '_';

/// What a word can be.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Word {
    pub(super) classes: ClassSet,
    /// The value it has as each of its classes.
    readings: Vec<(Class, i32)>,
}

impl Word {
    pub(super) fn value(&self, class: Class) -> Option<i32> {
        self.readings.iter().find(|(of, _)| *of == class).map(|(_, value)| *value)
    }

    fn add(&mut self, class: Class, value: i32) {
        if !self.classes.has(class) {
            self.classes = self.classes.with(class);
            self.readings.push((class, value));
        }
    }
}

/// What a form of the tables says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Form {
    /// The first of its words in [`Lexicon::words`].
    pub(super) word: u16,
    /// How many words it stands for: two for «دوشنبه‌شب», none when it only
    /// begins longer forms.
    pub(super) words: u8,
    /// Whether longer forms begin with it.
    pub(super) goes_on: bool,
}

/// A day or period with a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) calendar: Calendar,
    pub(super) first: NamedDay,
    /// The last day, when it is longer than one.
    pub(super) last: Option<NamedDay>,
}

/// Where a named day is in its year.
#[derive(Clone, Copy, Debug)]
pub(super) enum NamedDay {
    /// Month and day.
    Fixed(u8, u8),
    /// The last such weekday of a month, or the day before it.
    LastWeekday { month: u8, weekday: u8, eve: bool },
}

/// The words of all tables.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    forms: FxHashMap<Box<str>, Form>,
    /// The outlines of first words of forms, and of later ones.
    beginnings: Outlines,
    continuations: Outlines,
    words: Vec<Word>,
    /// The values of the tables that are no numbers.
    strings: Vec<&'static str>,
    named: Vec<Named>,
}

impl Lexicon {
    /// Reads what is embedded.
    pub(super) fn embedded() -> Self {
        let mut entries: Vec<(String, Class, i32)> = Vec::new();
        let mut lexicon = Self::default();
        for row in rows(include_str!("../../data/dates/words.tsv")) {
            let [class, value, forms] = row.as_slice() else { continue };
            let Some(class) = Class::parse(class) else { continue };
            let value = lexicon.read_value(class, value);
            entries.extend(forms.split(" | ").map(|form| (form.to_owned(), class, value)));
        }
        for row in rows(include_str!("../../data/dates/contexts.tsv")) {
            let [class, forms] = row.as_slice() else { continue };
            let Some(class) = Class::parse(class) else { continue };
            entries.extend(forms.split(" | ").map(|form| (form.to_owned(), class, 0)));
        }
        for row in rows(include_str!("../../data/dates/named.tsv")) {
            let [calendar, first, last, forms] = row.as_slice() else { continue };
            let day = |text: &str| {
                let (month, day) = text.split_once('-')?;
                let month = month.parse().ok()?;
                let weekday = day.strip_prefix("last").or(day.strip_prefix("eve"));
                Some(match weekday {
                    Some(weekday) => {
                        let weekday = weekday.parse().ok()?;
                        NamedDay::LastWeekday { month, weekday, eve: day.starts_with("eve") }
                    }
                    None => NamedDay::Fixed(month, day.parse().ok()?),
                })
            };
            let (Some(calendar), Some(first)) = (calendar_of(calendar), day(first)) else { continue };
            let value = lexicon.named.len() as i32;
            lexicon.named.push(Named { calendar, first, last: day(last) });
            entries.extend(forms.split(" | ").map(|form| (form.to_owned(), Class::Named, value)));
        }
        lexicon.build(&entries);
        lexicon
    }

    fn build(&mut self, entries: &[(String, Class, i32)]) {
        self.words.push(Word::default());
        let mut words: FxHashMap<String, Word> = FxHashMap::default();
        for (form, class, value) in entries {
            for spelling in spellings(form) {
                words.entry(spelling).or_default().add(*class, *value);
            }
        }
        let mut spelled: Vec<_> = words.into_iter().collect();
        spelled.sort_by(|a, b| a.0.cmp(&b.0));
        for (spelling, word) in spelled {
            self.add(&spelling, &[word]);
        }
        self.compounds(entries);
        self.spelled_numbers(entries);
        for form in self.forms.keys() {
            let mut words = form.split(' ');
            words.by_ref().take(1).for_each(|word| self.beginnings.insert(word));
            words.for_each(|word| self.continuations.insert(word));
        }
    }

    /// Adds `form` unless it is there, and tells its beginnings of it.
    fn add(&mut self, form: &str, words: &[Word]) {
        let first = self.words.len() as u16;
        let entry = self.forms.entry(form.into()).or_default();
        if entry.words > 0 {
            return;
        }
        (entry.word, entry.words) = (first, words.len() as u8);
        self.words.extend_from_slice(words);
        for (space, _) in form.match_indices(' ') {
            let beginning = form.get(..space).unwrap_or_default();
            self.forms.entry(beginning.into()).or_default().goes_on = true;
        }
    }

    fn compounds(&mut self, entries: &[(String, Class, i32)]) {
        for row in rows(include_str!("../../data/dates/compounds.tsv")) {
            let [first, second] = row.as_slice() else { continue };
            let of = |name: &'static str| entries.iter().filter(move |(_, class, _)| class.name() == name);
            for (a, first, first_value) in of(first) {
                for (b, second, second_value) in of(second) {
                    let word = |class, value| {
                        let mut word = Word::default();
                        word.add(class, value);
                        word
                    };
                    let words = [word(*first, *first_value), word(*second, *second_value)];
                    for spelling in spellings(&format!("{a}{b}")) {
                        self.add(&spelling, &words);
                    }
                }
            }
        }
    }

    /// «بیست‌ویکم»، «سی‌وپنج»: tens and ones that are written as one.
    fn spelled_numbers(&mut self, entries: &[(String, Class, i32)]) {
        let tens = entries.iter().filter(|(_, class, n)| *class == Class::Number && (20..100).contains(n));
        let ones: Vec<_> = entries
            .iter()
            .filter(|(form, class, n)| {
                matches!(class, Class::Number | Class::Ordinal) && (1..10).contains(n) && form != "اول"
            })
            .collect();
        for (ten, _, tens_value) in tens {
            for (one, class, ones_value) in &ones {
                let mut word = Word::default();
                word.add(*class, tens_value + ones_value);
                for spelling in [format!("{ten}و{one}"), format!("{ten}و {one}"), format!("{ten} و{one}")] {
                    self.add(&spelling, std::slice::from_ref(&word));
                }
            }
        }
    }

    /// Whether the word that `text` holds from `start` to `end` may be a form.
    /// Most words are turned away by this.
    pub(super) fn may_have(&self, text: &[u8], start: usize, end: usize) -> bool {
        self.beginnings.may_have(text, start, end)
    }

    /// The same of a word after the first of a form.
    pub(super) fn may_go_on_with(&self, text: &[u8], start: usize, end: usize) -> bool {
        self.continuations.may_have(text, start, end)
    }

    /// The form that `folded` is.
    pub(super) fn get(&self, folded: &str) -> Option<Form> {
        self.forms.get(folded).copied()
    }

    /// The word at `index`; an unknown one for 0.
    pub(super) fn word(&self, index: u16) -> Option<&Word> {
        self.words.get(usize::from(index))
    }

    /// The value that a table gives as text.
    pub(super) fn string(&self, value: i32) -> &'static str {
        usize::try_from(value).ok().and_then(|at| self.strings.get(at)).copied().unwrap_or_default()
    }

    pub(super) fn named(&self, value: i32) -> Option<Named> {
        usize::try_from(value).ok().and_then(|at| self.named.get(at)).copied()
    }

    fn read_value(&mut self, class: Class, value: &'static str) -> i32 {
        match class {
            Class::Month | Class::WordMonth | Class::May | Class::RareMonth => month_value(value),
            Class::Daily | Class::Rate | Class::Ref | Class::Place => self.intern(value),
            Class::Part | Class::SurePart | Class::Night => position(&PARTS, value),
            Class::Season => position(&SEASONS, value),
            Class::Unit | Class::Long | Class::Aged | Class::One => Unit::value(value),
            Class::Edge | Class::First | Class::EdgeAdjective => position(&EDGES, value),
            Class::Approx => position(&APPROXIMATIONS, value),
            Class::Era => position(&ERAS, value),
            _ => value.parse().unwrap_or_default(),
        }
    }

    fn intern(&mut self, value: &'static str) -> i32 {
        let at = self.strings.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.strings.push(value);
            self.strings.len() - 1
        });
        at as i32
    }
}

/// Parts of the day, as TIMEX3 ends a value with them.
pub(super) const PARTS: [&str; 5] = ["MO", "MD", "AF", "EV", "NI"];
/// Seasons, as TIMEX3 writes them.
pub(super) const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];
/// What `edge` says of the unit after it.
pub(super) const EDGES: [&str; 3] = ["START", "MID", "END"];
/// What `approx` says of the length after it.
pub(super) const APPROXIMATIONS: [&str; 3] = ["APPROX", "MORE_THAN", "LESS_THAN"];
/// Eras.
pub(super) const ERAS: [&str; 6] = ["SH", "LH", "AH", "CE", "BC", "SS"];

fn position(names: &[&str], value: &str) -> i32 {
    names.iter().position(|name| *name == value).unwrap_or(names.len()) as i32
}

/// `P4` and its kind as one number.
fn month_value(text: &str) -> i32 {
    let calendar = text.get(..1).and_then(calendar_of).map_or(0, |calendar| calendar as i32);
    calendar * 100 + text.get(1..).and_then(|n| n.parse::<i32>().ok()).unwrap_or_default()
}

/// What [`month_value`] was made of.
pub(super) fn month_of(value: i32) -> (Calendar, u8) {
    let calendar = match value / 100 {
        0 => Calendar::Persian,
        1 => Calendar::Gregorian,
        _ => Calendar::Islamic,
    };
    (calendar, (value % 100) as u8)
}

fn calendar_of(letter: &str) -> Option<Calendar> {
    match letter {
        "P" => Some(Calendar::Persian),
        "G" => Some(Calendar::Gregorian),
        "I" => Some(Calendar::Islamic),
        _ => None,
    }
}

/// The rows of a table: its lines but for comments and blank ones, in columns.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# ") && *line != "#")
        .map(|line| line.split('\t').collect())
}

/// The ways to write `form` once ZWNJs are dropped: each joint glued or apart.
fn spellings(form: &str) -> Vec<String> {
    form.chars().fold(vec![String::new()], |so_far, c| {
        if c != JOINT {
            return so_far.into_iter().map(|s| s + c.encode_utf8(&mut [0; 4])).collect();
        }
        so_far.into_iter().flat_map(|s| [format!("{s} "), s]).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let tables = [
            (include_str!("../../data/dates/words.tsv"), 3),
            (include_str!("../../data/dates/contexts.tsv"), 2),
            (include_str!("../../data/dates/compounds.tsv"), 2),
        ];
        for (table, columns) in tables {
            for row in rows(table) {
                assert_eq!(row.len(), columns, "{row:?}");
                assert!(Class::parse(row[0]).is_some(), "{row:?}");
            }
        }
        for row in rows(include_str!("../../data/dates/compounds.tsv")) {
            assert!(Class::parse(row[1]).is_some(), "{row:?}");
        }
        let named = rows(include_str!("../../data/dates/named.tsv")).count();
        let lexicon = Lexicon::embedded();
        assert_eq!(lexicon.named.len(), named);
        assert!(lexicon.words.len() < usize::from(u16::MAX), "{} words", lexicon.words.len());
    }

    #[test]
    fn every_value_is_known() {
        let known = |class, value: &str| match class {
            Class::Month | Class::WordMonth | Class::May | Class::RareMonth => {
                let (calendar, number) = value.split_at(1);
                calendar_of(calendar).is_some() && number.parse().is_ok_and(|n: u8| (1..=12).contains(&n))
            }
            Class::Part | Class::SurePart | Class::Night => PARTS.contains(&value),
            Class::Season => SEASONS.contains(&value),
            Class::Unit | Class::Long | Class::Aged | Class::One => Unit::of(Unit::value(value)).is_some(),
            Class::Edge | Class::First | Class::EdgeAdjective => EDGES.contains(&value),
            Class::Approx => APPROXIMATIONS.contains(&value),
            Class::Era => ERAS.contains(&value),
            Class::Place => value == "local" || jiff::tz::TimeZone::get(value).is_ok(),
            Class::Daily | Class::Rate | Class::Ref => true,
            _ => value.parse::<i32>().is_ok(),
        };
        for row in rows(include_str!("../../data/dates/words.tsv")) {
            assert!(known(Class::parse(row[0]).unwrap(), row[1]), "{row:?}");
        }
    }

    #[test]
    fn joints_are_written_together_or_apart() {
        let mut forms = spellings("سه_شنبه ها");
        forms.sort();
        assert_eq!(forms, ["سه شنبه ها", "سهشنبه ها"]);
    }
}
