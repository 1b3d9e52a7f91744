//! The grammar of what follows a head.

use super::super::EntityKind;
use super::super::gazetteer::{Entry, Flags, Head};
use super::super::reading::{Part, Reading, Shape};
use super::name::{anchored, name, quoted};
use super::words::{
    NEVER_INSIDE, ends_in_country, is_adjective, is_and, is_complement, is_country, is_large_place, is_nationality,
    is_number, is_place, joins, longest,
};
use super::{Chain, MAX_NAME, odds};

/// The name that the head `at..after_head` opens.
pub(super) fn read(
    reading: &Reading<'_>,
    at: usize,
    after_head: usize,
    limit: usize,
    head: Head,
    nested: impl Fn(usize) -> Option<Chain>,
) -> Option<Chain> {
    let limit = limit.min(at + MAX_NAME);
    if let Some((start, end)) = quoted(reading, after_head, limit) {
        let confidence = odds::update(head.weight, odds::QUOTED);
        return Some(Chain { start, end, kind: head.kind, confidence, rule: "head.quoted", sure: true });
    }
    if !head.in_span {
        return None;
    }
    let mut chain = Follow {
        reading,
        head: (at, after_head),
        kind: head,
        limit,
        end: after_head,
        complements: 0,
        adjectives: 0,
        named: false,
        odds: odds::ADJECTIVES,
    };
    chain.number();
    while chain.end < limit && !chain.step(&nested) {}
    chain.nouns_alone();
    chain.place_of_body();
    chain.place_of_mission();
    chain.finish()
}

/// What has been read after a head.
struct Follow<'a, 'b> {
    reading: &'a Reading<'b>,
    /// The head: its first token, and one past its last.
    head: (usize, usize),
    kind: Head,
    limit: usize,
    end: usize,
    complements: usize,
    adjectives: usize,
    named: bool,
    odds: f32,
}

impl Follow<'_, '_> {
    fn take(&mut self, end: usize, odds: f32) {
        self.end = end;
        self.odds = self.odds.max(odds);
    }

    /// «شعبه سوم …», «کلانتری ۱۳۸ …», «جام جهانی ۲۰۲۲».
    fn number(&mut self) {
        let numbered = self.kind.kind == EntityKind::Event || self.reading.word(self.head.0).flags.has(Flags::NUMBERED);
        let ordinal = self.reading.raw(self.end).ends_with('م');
        if self.end < self.limit && is_number(self.reading, self.end) && (numbered || ordinal) {
            self.take(self.end + 1, odds::ADJECTIVES);
        }
    }

    /// Reads one part more; whether the name is closed.
    fn step(&mut self, nested: &impl Fn(usize) -> Option<Chain>) -> bool {
        let (reading, at) = (self.reading, self.end);
        let after_and = at > self.head.1 && is_and(reading, at - 1);
        if !after_and
            && let Some(chain) =
                nested(at).filter(|c| c.start == at && c.end <= self.limit && joins(self.kind.kind, c.kind))
        {
            let numbered = reading.word(self.head.0).flags.has(Flags::NUMBERED) && at > self.head.1;
            self.take(chain.end, if numbered { odds::CERTAIN } else { odds::NESTED });
            return true;
        }
        let complement = self.complement(at);
        let row = longest(reading, at, |entry| matches!(entry, Entry::Row(..)))
            .filter(|&next| next <= self.limit && complement.is_none_or(|c| next > c) && self.is_sure_row(at, next));
        if let Some(next) = row {
            let odds = match self.kind.weight {
                _ if self.complements > 0 => odds::COMPLEMENT,
                // «تیم مالزی» is the country's.
                ..0.4 if is_country(reading, at, next) => odds::EVERYDAY,
                _ => odds::ROW,
            };
            self.take(next, odds);
            match self.kind.kind {
                EntityKind::Organization => self.end = self.further_place(next),
                EntityKind::Facility => self.end = self.route(next),
                _ => {}
            }
            return true;
        }
        if let Some(next) = complement.filter(|_| self.kind.kind != EntityKind::Location) {
            self.take(next, odds::COMPLEMENT);
            self.complements += 1;
            return false;
        }
        if self.complements > 0 && is_and(reading, at) {
            if let Some(next) = self.complement(at + 1) {
                self.end = next;
                return false;
            }
            if let Some(end) = self.listed_nouns(at) {
                self.end = end;
                return false;
            }
        }
        if reading.word(at).flags.has(Flags::CLOSER) && self.complements + self.adjectives > 0 {
            self.take(at + 1, odds::ROW);
            return true;
        }
        if is_adjective(reading, at, self.complements > 0) && !self.is_name_in_yeh(at) {
            self.end += 1;
            self.adjectives += 1;
            return false;
        }
        if self.kind.kind == EntityKind::Organization
            && let most = if self.complements == 0 || after_and { 6 } else { 2 }
            && let Some(end) = anchored(
                reading,
                at,
                self.limit.min(at + 9),
                most,
                self.kind.complement && self.kind.weight >= 0.9,
                nested,
            )
            // «شرکت دایوو | کره جنوبی»: a firm and its country are two.
            && (self.kind.complement || reading.word(at).part != Part::Unknown || !ends_in_country(reading, at, end))
        {
            self.take(end, odds::ANCHORED);
            return true;
        }
        if !self.named
            && (self.complements == 0 || !self.kind.complement)
            && let Some((end, odds)) = name(reading, at, self.limit, self.kind)
        {
            self.take(end, odds);
            self.named = true;
            return self.kind.kind != EntityKind::Event;
        }
        if self.kind.kind == EntityKind::Event && at > self.head.1 && is_number(reading, at) && self.is_edition(at) {
            self.take(at + 1, odds::NUMBER);
            return false;
        }
        true
    }

    /// Whether the row at `at..end` is meant: one everyday word seldom is, but
    /// after the head of a place.
    fn is_sure_row(&self, at: usize, end: usize) -> bool {
        let flags = self.reading.word(at).flags;
        let doubtful = Flags::HONORIFIC.and(Flags::ADJECTIVE).and(Flags::STOP);
        let everyday = flags.has(Flags::ORDINARY) && self.kind.kind != EntityKind::Location;
        // After a complement stands who leads the body: «سازمان … کاوه …».
        let person = self.complements > 0 && self.reading.word(at).part == Part::Given && !flags.has(Flags::LOCATION);
        !person && (end > at + 1 || !flags.has(doubtful) && !everyday && !is_nationality(self.reading, at, end))
    }

    /// Whether what looks like an adjective is the name itself: «خیابان پیروزی».
    fn is_name_in_yeh(&self, at: usize) -> bool {
        let place = matches!(self.kind.kind, EntityKind::Location | EntityKind::Facility) && !self.kind.complement;
        place && at == self.head.1 && self.closes(at + 1) && !self.reading.word(at).flags.has(Flags::ADJECTIVE)
    }

    /// Whether a number belongs to an event: a year or an ordinal, but no day of a month.
    fn is_edition(&self, at: usize) -> bool {
        let reading = self.reading;
        reading.word(at).shape == Shape::Letters || reading.raw(at).len() >= 4 || self.closes(at + 1)
    }

    /// Where the complement at `at` ends that goes with the head.
    fn complement(&self, at: usize) -> Option<usize> {
        longest(self.reading, at, |entry| is_complement(self.reading, entry, self.head))
            .filter(|&end| end <= self.limit)
    }

    /// «کشاورزی | ، آبیاری و دامپروری», «امور مالی | و اقتصادی»: more of what
    /// the head rules over, from the «و» or comma at `at` on.
    fn listed_nouns(&self, at: usize) -> Option<usize> {
        let noun = |at: usize| {
            let word = self.reading.word(at);
            let fits = Flags::COMPLEMENT;
            let never = NEVER_INSIDE.and(Flags::HEAD);
            at < self.limit && word.shape == Shape::Letters && word.flags.has(fits) && !word.flags.has(never)
        };
        let adjective = |at: usize| at < self.limit && is_adjective(self.reading, at, true);
        let raw = |at: usize| self.reading.raw(at);
        match raw(at) {
            "و" if adjective(at + 1) => Some(at + 2),
            "و" if noun(at + 1) && self.kind.weight >= 0.6 && self.closes(at + 2) => Some(at + 2),
            // «، صنایع، معادن و کشاورزی»: a list that ends in «و».
            "،" => {
                let item = |at: usize| noun(at) || adjective(at) || self.is_plain_noun(at);
                let mut end = at;
                while raw(end) == "،" && item(end + 1) {
                    end += 2;
                }
                (end > at && raw(end) == "و" && item(end + 1)).then_some(end + 2)
            }
            _ => None,
        }
    }

    fn is_plain_noun(&self, at: usize) -> bool {
        let word = self.reading.word(at);
        let fits = Flags::ORDINARY.and(Flags::COMMON).and(Flags::SCARCE);
        at < self.limit && word.shape == Shape::Letters && word.flags.has(fits) && !word.flags.has(NEVER_INSIDE)
    }

    /// Nouns that no table lists, after nothing or adjectives alone, when they
    /// fill the phrase: «بنیاد ملی بازی‌های رایانه‌ای».
    fn nouns_alone(&mut self) {
        if self.odds > odds::ADJECTIVES || !self.kind.complement || self.kind.weight < 0.5 {
            return;
        }
        let mut end = self.end;
        while end < self.limit && end - self.end < 4 {
            let word = self.reading.word(end);
            let and = end > self.end && self.reading.raw(end) == "و";
            let person = word.part == Part::Given && !word.flags.has(Flags::EVERYDAY.and(Flags::ORDINARY));
            if word.shape != Shape::Letters || person || word.flags.has(NEVER_INSIDE) && !and {
                break;
            }
            end += 1;
        }
        // «… حضور دارد»: the noun of a verb is no part.
        if end > self.end + 1 && self.reading.word(end).flags.has(Flags::VERB) {
            end -= 1;
        }
        let light =
            self.reading.word(end).flags.has(Flags::ORDINARY) && self.reading.word(end + 1).flags.has(Flags::VERB);
        if end > self.end && (self.closes(end) || light) && self.reading.raw(end - 1) != "و" {
            self.take(end, odds::NOUNS);
        }
    }

    /// Whether a phrase ends before `at`.
    fn closes(&self, at: usize) -> bool {
        let word = self.reading.word(at);
        at >= self.limit || word.shape != Shape::Letters || word.flags.has(NEVER_INSIDE.and(Flags::LOCATION))
    }

    /// «دانشگاه شهید چمران | اهواز»: the place of a body belongs to it, and so
    /// does a place beside a place: «دادگستری شهرستان خوی | استان …».
    fn place_of_body(&mut self) {
        if self.kind.kind != EntityKind::Organization || !self.kind.complement || self.odds <= odds::ADJECTIVES {
            return;
        }
        let word = self.reading.word(self.end);
        let never = Flags::ORDINARY.and(Flags::EVERYDAY).and(Flags::NATIONALITY).and(Flags::GIVEN).and(Flags::STOP);
        if let Some(next) = longest(self.reading, self.end, |entry| is_place(self.reading, entry))
            && next <= self.limit
            && (next > self.end + 1 || !word.flags.has(never) && is_large_place(self.reading, self.end))
        {
            self.end = next;
        }
        self.end = self.further_place(self.end);
    }

    /// «سفارت ایران | در بغداد», «کمیساریای عالی … | در امور پناهندگان».
    fn place_of_mission(&mut self) {
        let reading = self.reading;
        let mission = reading.word(self.head.0).flags.has(Flags::MISSION);
        if self.odds <= odds::ADJECTIVES || reading.raw(self.end) != "در" || self.end + 1 >= self.limit {
            return;
        }
        if mission && let Some(next) = longest(reading, self.end + 1, |entry| is_place(reading, entry)) {
            self.end = next;
        } else if reading.raw(self.end + 1) == "امور" && self.end + 2 < self.limit {
            self.end += 3;
        }
    }

    /// «دمشق | و ریف دمشق», «دوستی ایران | و اندونزی»: a second place of the same body.
    fn further_place(&self, end: usize) -> usize {
        let reading = self.reading;
        if end + 1 >= self.limit || reading.raw(end) != "و" {
            return end;
        }
        if reading.raw(end + 1) == "حومه" {
            return end + 2;
        }
        let between = end >= 2 && reading.word(end - 2).flags.has(Flags::BETWEEN);
        let place = longest(reading, end + 1, |entry| is_place(reading, entry));
        match place {
            Some(next) if next > end + 2 && next <= self.limit || between => place.unwrap_or(end),
            _ => end,
        }
    }

    /// «جاده ایلام | – مهران», «جاده شهرکرد | به ایذه»: where a road leads.
    fn route(&self, mut end: usize) -> usize {
        let road = self.reading.word(self.head.0).flags.has(Flags::ROAD);
        if road
            && let Some(next) =
                longest(self.reading, end, |entry| is_place(self.reading, entry)).filter(|&next| next <= self.limit)
        {
            return next;
        }
        while end + 1 < self.limit
            && (matches!(self.reading.raw(end), "-" | "–" | "ـ" | "—") || road && self.reading.raw(end) == "به")
            && let Some(next) = longest(self.reading, end + 1, |entry| is_place(self.reading, entry))
            && next <= self.limit
        {
            end = next;
        }
        end
    }

    fn finish(self) -> Option<Chain> {
        let Follow { reading, head: (at, after_head), kind: head, end, complements, adjectives, named, odds, .. } =
            self;
        if end == after_head || !head.complement && odds <= odds::ADJECTIVES {
            return None;
        }
        // «روستای کوچک موزو»: an adjective parts head and name.
        let parted = !head.complement
            && adjectives > 0
            && complements == 0
            && odds >= odds::NAME
            && (head.kind == EntityKind::Location
                || head.kind == EntityKind::Organization
                    && reading.word(after_head).flags.has(Flags::NATIONALITY)
                    && named);
        let start = if parted { after_head + adjectives } else { at };
        // A port that is named for a person is a facility.
        let port = reading.word(at).flags.has(Flags::PORT) && reading.word(after_head).flags.has(Flags::HONORIFIC);
        let kind = if port { EntityKind::Facility } else { head.kind };
        let confidence = odds::update(head.weight, odds);
        let sure = odds > odds::NAME;
        (start < end).then_some(Chain { start, end, kind, confidence, rule: "head.complement", sure })
    }
}
