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
}

/// Appends the names in `sentence` that a head opens.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let (first, limit) = (sentence.tokens.start, sentence.tokens.end);
    // From right to left, so that nested names are known already.
    let mut chains: Vec<Option<Chain>> = vec![None; limit - first];
    for at in (first..limit).rev() {
        let Some((end, head)) = head(reading, at) else { continue };
        let nested = |at: usize| chains.get(at - first).copied().flatten();
        let Some(chain) = read(reading, at, end, limit, head, nested) else { continue };
        let chain = with_ordinal(reading, chain, first);
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
        let confidence = 0.35 + 0.5 * head.weight;
        return Some(Chain { start, end, kind: head.kind, confidence, rule: "head.quoted" });
    }
    if !head.in_span {
        return None;
    }
    let mut end = after_head;
    // What stood between head and here.
    let (mut complements, mut adjectives, mut names) = (0, 0, 0);
    let mut sure: f32 = 0.0;
    while end < limit {
        let word = reading.word(end);
        let after_and = reading.raw(end - 1) == "و";
        if let Some(chain) = nested(end).filter(|c| joins(head.kind, c.kind) && c.start == end && names == 0) {
            end = chain.end;
            sure = sure.max(chain.confidence);
            names += 1;
            break;
        }
        let complement = longest(reading, end, |entry| is_complement(reading, entry, (at, after_head)));
        let row = longest(reading, end, |entry| matches!(entry, Entry::Row(..)));
        if let Some(next) =
            row.filter(|&next| complement.is_none_or(|c| next > c) && !is_nationality(reading, end, next))
        {
            // A place after a name that is already whole: «ورزشگاه آزادی | تهران».
            if names > 0 || next > limit {
                break;
            }
            end = next;
            sure = sure.max(if complements > 0 { 1.0 } else { 0.9 });
            names += 1;
            if head.kind == EntityKind::Organization {
                end = further_place(reading, end, limit);
            }
            continue;
        }
        if let Some(next) = complement.filter(|&next| next <= limit) {
            if names > 0 || head.kind == EntityKind::Location {
                break;
            }
            end = next;
            complements += 1;
            sure = sure.max(0.8);
            continue;
        }
        if complements > 0
            && names == 0
            && is_and(reading, end)
            && let Some(next) = longest(reading, end + 1, |entry| is_complement(reading, entry, (at, after_head)))
            && next <= limit
        {
            end = next;
            continue;
        }
        if reading.raw(end) == "کشور" && complements + adjectives > 0 && names == 0 {
            end += 1;
            sure = sure.max(0.9);
            break;
        }
        if word.shape == Shape::Letters && is_adjective(reading, end) && names == 0 {
            end += 1;
            adjectives += 1;
            sure = sure.max(0.5);
            continue;
        }
        if names == 0
            && head.kind == EntityKind::Organization
            && (complements == 0 || after_and)
            && let Some((next, whole)) = anchored(reading, end, limit, &nested)
        {
            end = next;
            names += 1;
            sure = sure.max(if whole { 0.75 } else { 0.65 });
            break;
        }
        if names == 0
            && let Some(next) = name(reading, end, limit, head)
        {
            end = next;
            names += 1;
            sure = sure.max(0.7);
            continue;
        }
        if head.kind == EntityKind::Event && word.shape == Shape::Number {
            end += 1;
            sure = sure.max(0.8);
        }
        break;
    }
    if end == after_head {
        return None;
    }
    if !head.complement && names == 0 && complements == 0 {
        return None;
    }
    let start = if !head.complement && adjectives > 0 && complements == 0 && head.kind == EntityKind::Location {
        // «روستای کوچک موزو»: an adjective between parts head and name.
        after_head + adjectives
    } else {
        at
    };
    // A port that is named for a person is a facility, and so is its like.
    let titled = reading.word(after_head).flags.has(Flags::HONORIFIC);
    let kind = if head.kind == EntityKind::Location && titled && reading.raw(at) == "بندر" {
        EntityKind::Facility
    } else {
        head.kind
    };
    let confidence = (0.25 + 0.3 * head.weight + 0.4 * sure).min(0.97);
    Some(Chain { start, end, kind, confidence, rule: "head.complement" })
}

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
/// belong to the name: «انجمن کشاورزان ملکو», «هیئت تطبیق مصوبات فرمانداری کرج».
/// Returns where they end, and whether nothing but such nouns stands between.
fn anchored(
    reading: &Reading<'_>,
    at: usize,
    limit: usize,
    nested: &impl Fn(usize) -> Option<Chain>,
) -> Option<(usize, bool)> {
    let mut end = at;
    let mut unknown = 0;
    while end < limit.min(at + 6) {
        if end > at {
            if let Some(chain) = nested(end).filter(|c| joins(EntityKind::Organization, c.kind)) {
                return Some((chain.end, unknown == 0));
            }
            if let Some(next) = longest(reading, end, |entry| is_place(reading, entry)) {
                return Some((next, unknown == 0));
            }
            if reading.raw(end) == "کشور" {
                return Some((end + 1, unknown == 0));
            }
        }
        let word = reading.word(end);
        let noun = word.shape == Shape::Letters
            && !word.flags.has(Flags::STOP.and(Flags::HONORIFIC).and(Flags::REPORT_NOUN))
            && (end == at || !word.flags.has(Flags::POST));
        let and = end > at && reading.raw(end) == "و";
        if !(noun || and) {
            return None;
        }
        unknown += usize::from(word.flags == Flags::NONE);
        end += 1;
    }
    None
}

fn is_place(reading: &Reading<'_>, entry: Entry) -> bool {
    matches!(entry, Entry::Row(index, _) if reading.gazetteer.row(index).is_some_and(|row| row.kind == EntityKind::Location))
}

/// «دمشق و ریف دمشق», «کهگیلویه و بویراحمد»: a second place of the same body.
fn further_place(reading: &Reading<'_>, end: usize, limit: usize) -> usize {
    if end + 1 < limit && is_and(reading, end) {
        let place = |next: &usize| *next <= limit && reading.word(end + 1).flags.has(Flags::LOCATION);
        if reading.raw(end + 1) == "حومه" {
            return end + 2;
        }
        if let Some(next) = longest(reading, end + 1, |entry| matches!(entry, Entry::Row(..)))
            && next > end + 2
            && place(&next)
        {
            return next;
        }
    }
    end
}

/// The name in quotes at `at`: «…» of at most five words, without its quotes.
fn quoted(reading: &Reading<'_>, at: usize, limit: usize) -> Option<(usize, usize)> {
    if reading.raw(at) != "«" {
        return None;
    }
    let close = (at + 2..limit.min(at + 7)).find(|&close| reading.raw(close) == "»")?;
    Some((at + 1, close))
}

/// The bare name at `at`: a person's name after شهید or امام, or a few words
/// that no table knows as ordinary.
fn name(reading: &Reading<'_>, at: usize, limit: usize, head: Head) -> Option<usize> {
    let mut end = at;
    if reading.word(end).flags.has(Flags::HONORIFIC) {
        end += 1;
    }
    let titled = end > at;
    let most = if head.kind == EntityKind::Location && !titled { 2 } else { 3 };
    let start = end;
    while end < limit && end - start < most {
        let word = reading.word(end);
        let fits = match word.part {
            Part::No | Part::Link => word.shape == Shape::Latin,
            Part::Common => end == start && head.weight >= 0.6 && !head.complement,
            // An unknown word ends the name of a place: it is seldom longer.
            Part::Unknown => end == start || head.kind != EntityKind::Location,
            Part::Given | Part::Surname | Part::Shaped | Part::Prefix => true,
        };
        if !fits {
            break;
        }
        end += 1;
    }
    if end == start {
        // An everyday word can be a name right after a head that is mostly followed by one.
        let word = reading.word(at);
        let everyday = word.flags.has(Flags::ORDINARY.and(Flags::EVERYDAY).and(Flags::NATIONALITY));
        let fits = everyday && !word.flags.has(Flags::STOP) && head.weight >= 0.6 && !head.complement;
        return (fits && at < limit).then_some(at + 1);
    }
    Some(end)
}

fn is_and(reading: &Reading<'_>, at: usize) -> bool {
    let raw = reading.raw(at);
    raw == "و" || raw == "،"
}

/// Adjectives that stand between head and name: in -ی, and no name themselves.
fn is_adjective(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    let names = Flags::STOP.and(Flags::LOCATION).and(Flags::GIVEN).and(Flags::SURNAME).and(Flags::HEAD);
    reading.raw(at).ends_with('ی') && !word.flags.has(names) && post_free(word.flags)
        || word.flags.has(Flags::NATIONALITY) && reading.raw(at).ends_with('ی')
}

fn post_free(flags: Flags) -> bool {
    !flags.has(Flags::POST.and(Flags::HONORIFIC).and(Flags::VERB))
}

fn is_nationality(reading: &Reading<'_>, at: usize, end: usize) -> bool {
    end == at + 1 && reading.word(at).flags.has(Flags::NATIONALITY) && !reading.word(at).flags.has(Flags::LOCATION)
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
