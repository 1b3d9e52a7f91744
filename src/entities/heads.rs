//! Names that a head noun opens: «وزارت امور خارجه دولت موقت سوریه»,
//! «فرودگاه صنعا», «کمیسیون امنیت ملی مجلس شورای اسلامی».
//!
//! A small grammar reads what follows the head: noun complements, adjectives,
//! one name, a nested name with a head of its own, the place it belongs to.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::{Ending, Entry, Flags, Head};
use super::reading::{Part, Reading, Shape};
use super::titles::post;
use crate::segment::Sentence;

/// The longest name, in tokens.
const MAX_NAME: usize = 14;

/// A name that a head opens.
#[derive(Clone, Copy, Debug)]
struct Chain {
    start: usize,
    end: usize,
    kind: EntityKind,
    confidence: f32,
    rule: &'static str,
    /// Whether its end is a name or a complement of the tables.
    sure: bool,
}

/// Appends the names in `sentence` that a head opens.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let (first, limit) = (sentence.tokens.start, sentence.tokens.end);
    // From right to left, so that nested names are known already.
    let mut chains: Vec<Option<Chain>> = vec![None; limit - first];
    for at in (first..limit).rev() {
        let nested = |at: usize| chains.get(at - first).copied().flatten();
        let headed = head(reading, at).and_then(|(end, head)| read(reading, at, end, limit, head, nested));
        let known = known_body(reading, at, limit, nested);
        let Some(chain) = longer(headed, known) else { continue };
        let mut chain = with_ordinal(reading, chain, first);
        // «۴۳ روستای استان لرستان», «این محله قدیمی»: counted or pointed at, not named.
        let before = reading.before(at, first);
        let superlative = chain.start > first && reading.raw(chain.start - 1).ends_with("ترین");
        if chain.start == at
            && (superlative || before.shape == Shape::Number || before.flags.has(Flags::ORDINAL.and(Flags::DETERMINER)))
        {
            chain.confidence = update(chain.confidence, odds::COUNTED);
        }
        out.push(Candidate {
            start: chain.start,
            end: chain.end,
            kind: chain.kind,
            confidence: chain.confidence,
            rule: chain.rule,
            row: None,
        });
        if let Some(slot) = chains.get_mut(at - first) {
            *slot = Some(chain);
        }
    }
}

/// The longest head that begins at `at`, and where it ends.
fn head(reading: &Reading<'_>, at: usize) -> Option<(usize, Head)> {
    let longest_post = post(reading, at).unwrap_or_default();
    let heads = reading.matches(at).iter().filter_map(|m| match m.entry {
        // «امام جمعه» is a post, «امام رضا» a name.
        Entry::Head(head) if head.kind == EntityKind::Person && longest_post > m.end - at => None,
        Entry::Head(head) if matches!(m.ending, Ending::None | Ending::Ezafe) => Some((m.end, head)),
        _ => None,
    });
    heads.max_by(|a, b| a.0.cmp(&b.0).then(a.1.weight.total_cmp(&b.1.weight)))
}

/// A body that a table holds, and where it goes on: «سپاهان | اصفهان»,
/// «کمیسیون اصل نود | مجلس شورای اسلامی»; `None` when it does not.
fn known_body(
    reading: &Reading<'_>,
    at: usize,
    limit: usize,
    nested: impl Fn(usize) -> Option<Chain>,
) -> Option<Chain> {
    let rows = reading.matches(at).iter().filter_map(|m| match m.entry {
        Entry::Row(index, _)
            if m.end > at + 1 || m.ending == Ending::Ezafe || !reading.word(at).flags.has(Flags::HEAD) =>
        {
            let row = reading.gazetteer.row(index).filter(|row| row.kind == EntityKind::Organization)?;
            // A firm or an outlet and its country are two, unless an ezafe joins them.
            let apart = matches!(&*row.class, "company" | "agency" | "newspaper" | "broadcaster" | "site" | "band");
            let everyday =
                m.end == at + 1 && (row.ambiguous || reading.word(at).flags.has(Flags::STOP.and(Flags::GIVEN)));
            (!everyday && (!apart || m.ending == Ending::Ezafe)).then_some(m.end)
        }
        _ => None,
    });
    let end = rows.max()?;
    let place = longest(reading, end, |entry| is_place(reading, entry)).filter(|&next| {
        let never = Flags::ORDINARY.and(Flags::EVERYDAY).and(Flags::STOP);
        next > end + 1 || !reading.word(end).flags.has(never) && is_large_place(reading, end)
    });
    let whole = nested(end).filter(|c| joins(EntityKind::Organization, c.kind)).map(|c| c.end);
    let next = whole.max(place).filter(|&next| next <= limit && next - at <= MAX_NAME).unwrap_or(end);
    if is_country(reading, at, next) {
        return None;
    }
    Some(Chain {
        start: at,
        end: next,
        kind: EntityKind::Organization,
        confidence: 0.95,
        rule: "organization.of",
        sure: true,
    })
}

/// The longer of a name with a head and a body of the tables; the first is as
/// sure as the second when it holds it.
fn longer(headed: Option<Chain>, known: Option<Chain>) -> Option<Chain> {
    match (headed, known) {
        (Some(headed), Some(known)) if known.end <= headed.end && headed.sure => {
            Some(Chain { confidence: headed.confidence.max(known.confidence), ..headed })
        }
        (headed, known) => known.or(headed),
    }
}

/// How much likelier than not a name has what was read after its head; the
/// head's weight is the probability before that.
mod odds {
    pub(super) const QUOTED: f32 = 6.0;
    pub(super) const CERTAIN: f32 = 40.0;
    pub(super) const COMPLEMENT: f32 = 12.0;
    pub(super) const NESTED: f32 = 8.0;
    pub(super) const ROW: f32 = 8.0;
    pub(super) const ANCHORED: f32 = 5.5;
    pub(super) const NAME: f32 = 5.0;
    pub(super) const NOUNS: f32 = 1.2;
    pub(super) const EVERYDAY: f32 = 0.5;
    pub(super) const NUMBER: f32 = 1.5;
    pub(super) const ADJECTIVES: f32 = 0.3;
    pub(super) const COUNTED: f32 = 0.15;
}

/// `weight` after evidence that is `odds` times likelier with a name.
fn update(weight: f32, odds: f32) -> f32 {
    let weight = weight.clamp(0.05, 0.97);
    let posterior = odds * weight / (1.0 - weight);
    (posterior / (1.0 + posterior)).min(0.97)
}

fn read(
    reading: &Reading<'_>,
    at: usize,
    after_head: usize,
    limit: usize,
    head: Head,
    nested: impl Fn(usize) -> Option<Chain>,
) -> Option<Chain> {
    let limit = limit.min(at + MAX_NAME);
    if let Some((start, end)) = quoted(reading, after_head, limit) {
        let confidence = update(head.weight, odds::QUOTED);
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
        let confidence = update(head.weight, odds);
        let sure = odds > odds::NAME;
        (start < end).then_some(Chain { start, end, kind, confidence, rule: "head.complement", sure })
    }
}

/// Words that no name with a head goes over.
const NEVER_INSIDE: Flags = Flags::STOP.and(Flags::POST).and(Flags::HONORIFIC).and(Flags::REPORT_NOUN).and(Flags::TIME);

/// Whether a name of kind `inner` can end one of kind `outer`.
fn joins(outer: EntityKind, inner: EntityKind) -> bool {
    use EntityKind::{Event, Facility, Location, Organization, Product};
    match outer {
        Organization => matches!(inner, Organization | Location | Facility),
        Location => matches!(inner, Location),
        Facility => matches!(inner, Location | Facility | EntityKind::Person),
        Event => matches!(inner, Event | Location | Organization),
        Product => matches!(inner, Product | Organization | Location),
        _ => false,
    }
}

/// Everyday nouns after a head that lead to the place or body at their end
/// belong to the name: «انجمن کشاورزان ملکو», «هیئت تطبیق مصوبات فرمانداری کرج»;
/// in a `list` commas may stand between them.
fn anchored(
    reading: &Reading<'_>,
    at: usize,
    limit: usize,
    most: usize,
    list: bool,
    nested: &impl Fn(usize) -> Option<Chain>,
) -> Option<usize> {
    // «حکومت جدید دمشق»: a judgement or a time parts head and place.
    if reading.word(at).flags.has(Flags::ADJECTIVE) {
        return None;
    }
    let mut end = at;
    while end < limit && end - at <= if list { most + 3 } else { most } {
        let after_and = end > at && is_and(reading, end - 1);
        if let Some(chain) = nested(end).filter(|c| c.end <= limit && joins(EntityKind::Organization, c.kind)) {
            return (end > at && !after_and).then_some(chain.end);
        }
        if end > at && !after_and {
            if let Some(next) = longest(reading, end, |entry| is_place(reading, entry)) {
                return Some(next);
            }
            if reading.raw(end) == "کشور" {
                return Some(end + 1);
            }
        }
        let word = reading.word(end);
        // A post opens the name of its own body: «انجمن وکلای …», else another phrase.
        let noun = word.shape == Shape::Letters
            && (word.part != Part::Given || word.flags.has(Flags::EVERYDAY.and(Flags::ORDINARY)))
            && !word.flags.has(Flags::STOP.and(Flags::HONORIFIC).and(Flags::REPORT_NOUN))
            && (end == at || !word.flags.has(Flags::POST));
        let and = end > at && (reading.raw(end) == "و" || list && reading.word(end).shape == Shape::Comma);
        if !(noun || and) {
            return None;
        }
        end += 1;
    }
    None
}

fn is_place(reading: &Reading<'_>, entry: Entry) -> bool {
    matches!(entry, Entry::Row(index, _) if reading.gazetteer.row(index).is_some_and(|row| row.kind == EntityKind::Location))
}

/// The name in quotes at `at`: «…» of at most five words, without its quotes.
fn quoted(reading: &Reading<'_>, at: usize, limit: usize) -> Option<(usize, usize)> {
    if reading.raw(at) != "«" {
        return None;
    }
    let close = (at + 2..limit.min(at + 7)).find(|&close| reading.raw(close) == "»")?;
    Some((at + 1, close))
}

/// The bare name at `at` and its odds: a person's name after شهید or امام, or a
/// few words that no table knows as ordinary.
fn name(reading: &Reading<'_>, at: usize, limit: usize, head: Head) -> Option<(usize, f32)> {
    let titled = reading.word(at).flags.has(Flags::HONORIFIC);
    let start = if titled { at + 1 } else { at };
    let most = match head.kind {
        EntityKind::Person => 2,
        EntityKind::Location if !titled => 2,
        _ => 3,
    };
    let everyday = Flags::ORDINARY.and(Flags::EVERYDAY).and(Flags::NATIONALITY).and(Flags::COMMON).and(Flags::SCARCE);
    let mut end = start;
    while end < limit && end - start < most {
        let word = reading.word(end);
        let first = end == start;
        let hyphen = !first && reading.raw(end) == "-" && reading.is_inside_word(end) && end + 1 < limit;
        if hyphen {
            end += 2;
            continue;
        }
        let fits = match word.part {
            // After شهید any word is a name.
            _ if titled && first => word.shape == Shape::Letters && !word.flags.has(Flags::STOP),
            Part::No | Part::Link | Part::Common | Part::Scarce => word.shape == Shape::Latin,
            // An unknown word ends the name of a place: it is seldom longer.
            Part::Unknown => first || !matches!(head.kind, EntityKind::Location | EntityKind::Person),
            _ if word.flags.has(Flags::HEAD) => false,
            Part::Given => !word.flags.has(everyday) && (first || head.kind != EntityKind::Person),
            Part::Surname | Part::Shaped | Part::Prefix => !word.flags.has(everyday),
        };
        let light = !first && reading.word(end + 1).flags.has(Flags::VERB);
        if !fits || light && !matches!(word.part, Part::Surname | Part::Shaped) {
            break;
        }
        end += 1;
    }
    if end > start {
        let known = |at: usize| matches!(reading.word(at).part, Part::Given | Part::Surname);
        let person = end - start > 1 && (start..end).all(known);
        return Some((end.min(limit), if person { odds::ROW } else { odds::NAME }));
    }
    // An everyday noun can be the name after a head that is mostly followed by
    // one, when the phrase ends there: «میدان انقلاب».
    let word = reading.word(at);
    let next = reading.word(at + 1);
    let mut never = Flags::STOP.and(Flags::ADJECTIVE).and(Flags::HEAD).and(Flags::REPORT_NOUN);
    if head.weight < 0.9 {
        never = never.and(Flags::POST);
    }
    let says = next.flags.has(Flags::REPORT);
    let ends = at + 1 >= limit
        || next.shape != Shape::Letters
        || next.flags.has(Flags::LOCATION)
        || next.flags.has(Flags::STOP) && (says || !next.flags.has(Flags::VERB));
    let least = if head.kind == EntityKind::Location { 0.45 } else { 0.6 };
    let fits = word.flags.has(everyday) && !word.flags.has(never) && !head.complement && at < limit && ends;
    (fits && head.weight >= least).then_some((at + 1, if says { odds::NAME } else { odds::EVERYDAY }))
}

/// A number, or an ordinal: «سوم».
fn is_number(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    word.shape == Shape::Number || word.flags.has(Flags::ORDINAL)
}

fn is_and(reading: &Reading<'_>, at: usize) -> bool {
    let raw = reading.raw(at);
    raw == "و" || raw == "،"
}

/// Adjectives that stand between head and name: in -ی, and no name themselves.
/// `late`, after a complement, only those that a table has.
fn is_adjective(reading: &Reading<'_>, at: usize, late: bool) -> bool {
    let word = reading.word(at);
    let names = Flags::STOP.and(Flags::LOCATION).and(Flags::GIVEN).and(Flags::SURNAME).and(Flags::HEAD);
    let listed = Flags::ADJECTIVE.and(Flags::COMPLEMENT).and(Flags::NATIONALITY);
    reading.raw(at).ends_with('ی')
        && word.shape == Shape::Letters
        && (word.flags.has(Flags::NATIONALITY)
            || !word.flags.has(names) && post_free(word.flags) && word.part != Part::Unknown)
        && (!late || word.flags.has(listed))
}

fn post_free(flags: Flags) -> bool {
    !flags.has(Flags::POST.and(Flags::HONORIFIC).and(Flags::VERB))
}

fn is_nationality(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    end == at + 1 && reading.word(at).flags.has(Flags::NATIONALITY) && !reading.word(at).flags.has(Flags::LOCATION)
}

/// Whether a country ends `at..end`.
fn ends_in_country(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    (at + 1..end).any(|at| is_country(reading, at, end))
}

/// Whether `at..end` is a country.
fn is_country(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    reading.matches(at).iter().any(|m| match m.entry {
        Entry::Row(index, _) => {
            m.end == end && reading.gazetteer.row(index).is_some_and(|row| &*row.class == "country")
        }
        _ => false,
    })
}

/// Whether the one word at `at` is a country, a province or a sizeable city.
fn is_large_place(reading: &Reading<'_>, at: usize) -> bool {
    let rows = reading.matches(at).iter().filter_map(|m| match m.entry {
        Entry::Row(index, _) if m.end == at + 1 => reading.gazetteer.row(index),
        _ => None,
    });
    rows.filter(|row| row.kind == EntityKind::Location && !row.ambiguous)
        .any(|row| matches!(&*row.class, "country" | "province") || &*row.country == "IR" || row.population >= 100_000)
}

/// Whether `entry` is a complement that goes with the head phrase or its first word.
fn is_complement(reading: &Reading<'_>, entry: Entry, (start, end): (usize, usize)) -> bool {
    let Entry::Complement(index) = entry else { return false };
    let goes_with = |end| reading.gazetteer.goes_with(index, reading.key(start, end));
    goes_with(end) || goes_with(start + 1)
}

/// Where the longest phrase at `at` that `fits` ends.
fn longest(reading: &Reading<'_>, at: usize, fits: impl Fn(Entry) -> bool) -> Option<usize> {
    reading.matches(at).iter().filter(|m| fits(m.entry)).map(|m| m.end).max()
}

/// The ordinal of an edition belongs to the event: «بیست و هشتمین جشنواره فیلم فجر».
fn with_ordinal(reading: &Reading<'_>, mut chain: Chain, first: usize) -> Chain {
    if chain.kind != EntityKind::Event {
        return chain;
    }
    if chain.start > first && reading.raw(chain.start - 1).ends_with("مین") {
        chain.start -= 1;
        while chain.start >= first + 2
            && reading.raw(chain.start - 1) == "و"
            && reading.word(chain.start - 2).flags.has(Flags::ORDINAL)
        {
            chain.start -= 2;
        }
    }
    chain
}
