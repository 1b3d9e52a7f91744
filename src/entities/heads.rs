//! Names that a head noun opens: «وزارت امور خارجه دولت موقت سوریه»,
//! «فرودگاه صنعا», «کمیسیون امنیت ملی مجلس شورای اسلامی».
//!
//! A small grammar reads what follows the head: noun complements, adjectives,
//! one name, a nested name with a head of its own, the place it belongs to.

mod follow;
mod name;
mod odds;
mod words;

use self::follow::read;
use self::words::{is_country, is_large_place, is_place, joins, longest};
use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::{Ending, Entry, Flags, Head};
use super::reading::{Reading, Shape};
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
    let mut chains = Recent::default();
    for at in (first..limit).rev() {
        let nested = |at: usize| chains.at(at);
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
            chain.confidence = odds::update(chain.confidence, odds::COUNTED);
        }
        out.push(Candidate {
            start: chain.start,
            end: chain.end,
            kind: chain.kind,
            confidence: chain.confidence,
            rule: chain.rule,
            row: None,
        });
        chains.note(at, chain);
    }
}

/// The names that begin at the last few tokens read; no name looks further.
#[derive(Default)]
struct Recent([Option<(usize, Chain)>; MAX_NAME + 2]);

impl Recent {
    fn at(&self, at: usize) -> Option<Chain> {
        let (place, chain) = (*self.0.get(at % self.0.len())?)?;
        (place == at).then_some(chain)
    }

    fn note(&mut self, at: usize, chain: Chain) {
        let length = self.0.len();
        if let Some(slot) = self.0.get_mut(at % length) {
            *slot = Some((at, chain));
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
