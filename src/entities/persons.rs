//! Persons: given name and surname, and unknown names where a title, an
//! apposition or a verb of saying vouches for them.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Flags;
use super::reading::{Part, Reading, Shape};
use super::titles::{honorifics, post, role_after, role_before};
use crate::segment::Sentence;

/// The longest name, in tokens.
const MAX_NAME: usize = 6;

/// Appends the persons named in `sentence`.
pub(super) fn propose(reading: &Reading<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let (first, limit) = (sentence.tokens.start, sentence.tokens.end);
    let mut at = first;
    // Where the role of the name before ends: what stands in it is seldom a name.
    let mut role_end = first;
    while at < limit {
        let set_off = set_off(reading, at, first, limit);
        let Some((end, strength)) = set_off.or_else(|| read_name(reading, at, limit)) else {
            at += 1;
            continue;
        };
        let evidence = evidence(reading, at, end, first, limit);
        let counted = Flags::ORDINAL.and(Flags::DETERMINER);
        let before = reading.before(at, first);
        let mut confidence = strength + evidence.weight;
        if before.shape == Shape::Number || before.flags.has(counted) || at < role_end && strength < 0.8 {
            confidence -= 0.35;
        }
        let confidence = confidence.min(0.97);
        if confidence > 0.3 {
            out.push(Candidate {
                start: at,
                end,
                kind: EntityKind::Person,
                confidence,
                rule: evidence.rule,
                row: None,
            });
        }
        if confidence > 0.5
            && let Some(role) = role_after(reading, end, limit).filter(|role| role.comma)
        {
            role_end = role.end;
        }
        at = end;
    }
}

/// The name that begins at `at` and fills a place set off by commas beside a
/// role: «…، نام ناشناس دیگر، سخنگوی …» and «سخنگوی …، نام ناشناس، …». There
/// every word that may stand in a name belongs to it.
fn set_off(reading: &Reading<'_>, at: usize, first: usize, limit: usize) -> Option<(usize, f32)> {
    // After the comma of a role even a rare everyday word can open the name.
    let opened = at > first
        && reading.word(at - 1).shape == Shape::Comma
        && role_before(reading, at, first).is_some_and(|role| role.comma);
    let mut end = at;
    let (mut names, mut known) = (0, 0);
    while end < limit && end - at < MAX_NAME + 1 {
        let word = reading.word(end);
        let opens = end == at;
        let demonym = word.flags.has(Flags::NATIONALITY.and(Flags::LOCATION)) && !word.flags.has(Flags::STOP);
        let titled = word.flags.has(Flags::POST.and(Flags::HONORIFIC));
        let surname = !opens && word.part == Part::Surname && reading.word(end - 1).part == Part::Given;
        match word.part {
            _ if titled && !surname => break,
            Part::Given | Part::Surname | Part::Shaped => (names, known) = (names + 1, known + 1),
            Part::Unknown => names += 1,
            Part::Scarce if opens => {
                let before_name = matches!(reading.word(at + 1).part, Part::Given | Part::Surname | Part::Shaped);
                if !opened && !before_name {
                    break;
                }
                names += 1;
            }
            // «سی‌تی نورحلیمه، سرپرست …» opens the sentence.
            Part::Common if opens && !opened && !(at == first && reading.word(at + 1).part == Part::Unknown) => break,
            Part::Prefix | Part::Common | Part::Scarce => {}
            Part::Link if !opens && (reading.raw(end) != "-" || reading.is_inside_word(end)) => {}
            Part::No if !opens && demonym => {}
            Part::Link | Part::No => break,
        }
        end += 1;
    }
    if end - at < 2 || names == 0 || !is_close(reading, end, limit) {
        return None;
    }
    let vouched = opened
        || role_after(reading, end, limit).is_some_and(|role| role.comma)
        || kin_after(reading, end)
        || kin_before(reading, at, first);
    let strength = if known > 0 { 0.4 } else { 0.25 };
    vouched.then_some((end, strength))
}

/// «نام نام خانوادگی، مادر سه کودک،»: kin or a person without a post after a comma.
fn kin_after(reading: &Reading<'_>, end: usize) -> bool {
    reading.word(end).shape == Shape::Comma && reading.word(end + 1).flags.has(Flags::KIN)
}

/// «پسرش، نام،», «متهم اصلی، نام،»: the same before a comma.
fn kin_before(reading: &Reading<'_>, at: usize, first: usize) -> bool {
    if at < first + 2 || reading.word(at - 1).shape != Shape::Comma {
        return false;
    }
    let mut back = (first..at - 1).rev().take(3).take_while(|&at| reading.word(at).shape == Shape::Letters);
    back.any(|at| reading.word(at).flags.has(Flags::KIN))
}

/// Whether a name that ends before `at` is closed there: by a comma, by a verb
/// of saying, by the end of the sentence.
fn is_close(reading: &Reading<'_>, at: usize, limit: usize) -> bool {
    at >= limit || reading.word(at).shape == Shape::Comma || is_verb(reading, at)
}

/// The name that begins at `at`: where it ends and how surely it is one by its
/// words alone.
fn read_name(reading: &Reading<'_>, at: usize, limit: usize) -> Option<(usize, f32)> {
    let mut end = at;
    let (mut given, mut surnames, mut unknown, mut everyday) = (0, 0, 0, 0);
    while end < limit && end - at < MAX_NAME {
        let word = reading.word(end);
        let after_surname = surnames > 0;
        if word.flags.has(Flags::POST.and(Flags::HONORIFIC)) && !is_surname_here(reading, at, end, limit) {
            break;
        }
        match word.part {
            Part::Prefix => {}
            // An unknown word before a given name is more likely no part of it.
            Part::Given if unknown > 0 && given == 0 && end + 1 < limit && reading.word(end + 1).part != Part::No => {
                break;
            }
            // An everyday word after a whole name: «… امید دارد».
            Part::Given if after_surname && word.flags.has(Flags::EVERYDAY.and(Flags::ORDINARY)) => break,
            Part::Given => {
                given += 1;
                everyday += usize::from(word.flags.has(Flags::EVERYDAY.and(Flags::ORDINARY)));
            }
            Part::Surname => {
                surnames += 1;
                let everywhere = Flags::EVERYDAY.and(Flags::ORDINARY).and(Flags::NATIONALITY).and(Flags::LOCATION);
                everyday += usize::from(word.flags.has(everywhere));
            }
            Part::Shaped => surnames += 1,
            // «اسعد الشیبانی»: as the first of two where the second is a surname.
            Part::Scarce if end == at && matches!(reading.word(at + 1).part, Part::Surname | Part::Shaped) => {
                unknown += 1
            }
            // One word more, when the name ends there: «عبدالرضا زاهدی جم، …».
            Part::Unknown | Part::Scarce if end > at + 1 && given > 0 && ends_name(reading, end + 1, limit) => {
                end += 1;
                break;
            }
            Part::Common | Part::Scarce => break,
            Part::Link => {
                let hyphen = reading.raw(end) == "-" && !reading.is_inside_word(end);
                if hyphen || end == at || end + 1 >= limit || reading.word(end + 1).part == Part::No {
                    break;
                }
            }
            // A second surname is a demonym: «مهدوی رنانی».
            Part::Unknown if after_surname && !hyphenated(reading, end) && !reading.raw(end).ends_with('ی') => break,
            Part::Unknown => {
                unknown += 1;
                if given > 0 && unknown > 1 || unknown > 3 {
                    break;
                }
            }
            Part::No => {
                let demonym = word.flags.has(Flags::NATIONALITY) && reading.raw(end).ends_with('ی');
                if !(demonym && given > 0 && surnames == 0 && unknown == 0) {
                    break;
                }
                surnames += 1;
            }
        }
        end += 1;
    }
    while end > at && matches!(reading.word(end - 1).part, Part::Link) {
        end -= 1;
    }
    if end == at {
        return None;
    }
    let words = given + surnames + unknown;
    let strength: f32 = match (given, surnames, unknown) {
        (0, 0, 0) => return None,
        (0, 0, 1) => 0.0,
        (0, 0, _) => 0.1,
        (0, 1, 0) => 0.2,
        (0, _, 0) => 0.4,
        (0, _, _) => 0.35,
        (1, 0, 0) => 0.22,
        (_, 0, 0) => 0.65,
        (_, 0, _) => 0.58,
        (_, _, _) => 0.88,
    };
    let doubt = match (everyday, words - everyday) {
        (0, _) => 0.0,
        (_, 0) => 0.5,
        // One everyday word before an unknown one: «باران زودرس».
        (_, _) if surnames == 0 => 0.3,
        (_, _) => 0.06 * everyday as f32,
    };
    Some((end, (strength - doubt).max(0.0)))
}

/// Whether a name that ends before `at` is plainly over.
fn ends_name(reading: &Reading<'_>, at: usize, limit: usize) -> bool {
    is_close(reading, at, limit) || reading.raw(at) == "که"
}

/// Whether a title's word is a surname: «… علی وکیل،», right after a given name
/// and with nothing that it could rule over.
fn is_surname_here(reading: &Reading<'_>, name: usize, at: usize, limit: usize) -> bool {
    let closed = is_close(reading, at + 1, limit) || reading.word(at + 1).flags.has(Flags::STOP);
    at == name + 1 && reading.word(name).part == Part::Given && reading.word(at).part == Part::Surname && closed
}

/// Whether a hyphen joins the word at `at` to the one before.
fn hyphenated(reading: &Reading<'_>, at: usize) -> bool {
    at > 0 && reading.raw(at - 1) == "-"
}

struct Evidence {
    weight: f32,
    rule: &'static str,
}

/// What stands around the name `at..end`.
fn evidence(reading: &Reading<'_>, at: usize, end: usize, first: usize, limit: usize) -> Evidence {
    let mut found = Evidence { weight: 0.0, rule: "person.name" };
    let mut add = |weight: f32, rule: &'static str| {
        if weight > 0.0 && (found.weight == 0.0 || weight >= 0.3) {
            found.rule = rule;
        }
        found.weight += weight;
    };
    let long = end - at > 1;
    if honorifics(reading, at, first) < at {
        // «سر» and the like are everyday words too.
        let plain = !reading.word(at - 1).flags.has(Flags::STOP)
            && !reading.word(at).flags.has(Flags::EVERYDAY.and(Flags::ORDINARY));
        add(
            if long {
                0.6
            } else if plain {
                0.5
            } else {
                0.2
            },
            "person.title-before",
        );
    }
    if let Some(role) = role_before(reading, at, first) {
        let closed = role.comma && (end >= limit || reading.word(end).shape == Shape::Comma || is_verb(reading, end));
        let weight = match (role.comma, closed, long) {
            (true, true, true) => 0.62,
            (true, true, false) => 0.3,
            (true, false, _) => 0.2,
            // «سناتور وسلی برانکام»: nothing but the post before the name.
            (false, _, true) if post(reading, role.start) == Some(role.end - role.start) => 0.4,
            (false, _, true) => 0.3,
            (false, _, false) if reading.word(at).part == Part::Unknown => 0.0,
            (false, _, false) => 0.2,
        };
        add(weight, "person.role-before");
    }
    if let Some(role) = role_after(reading, end, limit) {
        let opened = at == first || reading.word(at - 1).flags.has(Flags::STOP) || is_edge(reading, at - 1);
        let weight = match (role.comma, opened, long) {
            (true, true, true) => 0.65,
            (true, _, true) => 0.45,
            (true, ..) => 0.2,
            (false, _, true) => 0.35,
            (false, _, false) if matches!(reading.word(at).part, Part::Surname | Part::Shaped) => 0.28,
            (false, _, false) => 0.1,
        };
        add(weight, "person.role-after");
    }
    if kin_after(reading, end) || kin_before(reading, at, first) && is_close(reading, end, limit) {
        add(if long { 0.5 } else { 0.25 }, "person.kin");
    }
    if !long && reading.before(at, first).flags.has(Flags::KIN) && reading.word(at).part == Part::Given {
        add(0.35, "person.kin");
    }
    let named = at > first && reading.word(at - 1).flags.has(Flags::NAMED);
    if named && (reading.raw(at - 1) != "نام" || at > first + 1 && matches!(reading.raw(at - 2), "به" | "با")) {
        add(if long { 0.5 } else { 0.4 }, "person.named");
    }
    if is_age(reading, end) {
        add(if long { 0.5 } else { 0.3 }, "person.age");
    }
    if is_report(reading, end) || reading.word(end).shape == Shape::Comma && is_report(reading, end + 1) {
        let opens = if at == first { 0.1 } else { 0.0 };
        let unknown = (at..end).all(|at| matches!(reading.word(at).part, Part::Unknown | Part::Scarce));
        add(if long && !unknown { 0.35 } else { 0.22 } + opens, "person.says");
    }
    found
}

/// «گفت», «تأکید کرد».
fn is_report(reading: &Reading<'_>, at: usize) -> bool {
    let flags = reading.word(at).flags;
    flags.has(Flags::REPORT) || flags.has(Flags::REPORT_NOUN) && is_verb(reading, at + 1)
}

/// «۲۶ ساله», with or without a comma before.
fn is_age(reading: &Reading<'_>, at: usize) -> bool {
    let at = if reading.word(at).shape == Shape::Comma { at + 1 } else { at };
    reading.word(at).shape == Shape::Number && reading.raw(at + 1).starts_with("ساله")
}

fn is_verb(reading: &Reading<'_>, at: usize) -> bool {
    reading.word(at).flags.has(Flags::VERB)
}

/// Whether a phrase cannot go on over the token at `at`.
fn is_edge(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.word(at).shape, Shape::Comma | Shape::Open | Shape::Close | Shape::Other)
        || post(reading, at).is_some()
}
