//! Titles beside names: «سخنگوی وزارت …، نام نام خانوادگی» and the reverse.

use super::gazetteer::{Entry, Flags, Title};
use super::reading::{Reading, Shape};

/// The longest role, in tokens.
const MAX_ROLE: usize = 16;

/// Tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether a comma stands between role and name.
    pub(super) comma: bool,
}

/// How many tokens a post that begins at `at` has; the longest that fits.
pub(super) fn post(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let posts = reading.matches(at).iter().filter(|m| matches!(m.entry, Entry::Title(Title::Post { .. })));
    posts.map(|m| m.end - at).max()
}

/// Whether an honorific or rank ends right before `at`; where the first of
/// them begins.
pub(super) fn honorifics(reading: &Reading<'_>, at: usize, first: usize) -> usize {
    let mut start = at;
    while start > first {
        let back = (1..=3).rev().filter_map(|length| start.checked_sub(length)).find(|&from| {
            from >= first
                && reading.matches(from).iter().any(|m| {
                    m.end == start && matches!(m.entry, Entry::Title(Title::Honorific | Title::Rank))
                })
        });
        match back {
            Some(from) => start = from,
            None => break,
        }
    }
    start
}

/// The role phrase that ends before the name at `name`, with or without a
/// comma between: from the leftmost post that the phrase can begin with.
pub(super) fn role_before(reading: &Reading<'_>, name: usize, first: usize) -> Option<Role> {
    let end = honorifics(reading, name, first);
    let comma = end > first && reading.word(end - 1).shape == Shape::Comma;
    let end = if comma { end - 1 } else { end };
    let mut start = None;
    let mut at = end;
    while at > first && end - at < MAX_ROLE {
        at -= 1;
        let word = reading.word(at);
        if let Some(length) = post(reading, at)
            && at + length <= end
        {
            start = Some(at);
            continue;
        }
        if ends_role(reading, at) || !comma && at + 1 == end && word.flags.has(Flags::STOP) {
            break;
        }
    }
    let start = start?;
    // «و» alone, or a role that is all conjunction, is none.
    (start < end && !is_and(reading, end - 1)).then_some(Role { start, end, comma })
}

/// The role phrase that follows the name which ends at `name_end`.
pub(super) fn role_after(reading: &Reading<'_>, name_end: usize, limit: usize) -> Option<Role> {
    let comma = name_end < limit && reading.word(name_end).shape == Shape::Comma;
    let start = if comma { name_end + 1 } else { name_end };
    if start >= limit {
        return None;
    }
    let mut end = start + post(reading, start)?;
    while end < limit && end - start < MAX_ROLE && !ends_role(reading, end) {
        // «و» before a verb, and «در» before anything but a name, lead elsewhere.
        if is_and(reading, end) && (end + 1 >= limit || ends_role(reading, end + 1)) {
            break;
        }
        end += 1;
    }
    while end > start + 1 && (is_and(reading, end - 1) || reading.word(end - 1).flags.has(Flags::PREPOSITION)) {
        end -= 1;
    }
    Some(Role { start, end, comma })
}

fn is_and(reading: &Reading<'_>, at: usize) -> bool {
    reading.raw(at) == "و"
}

/// Whether a role phrase cannot hold the token at `at`.
fn ends_role(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    match word.shape {
        Shape::Letters => {
            if is_and(reading, at) {
                return false;
            }
            if reading.raw(at) == "در" {
                let names = Flags::HEAD.and(Flags::LOCATION).and(Flags::OTHER_NAME);
                return !reading.word(at + 1).flags.has(names);
            }
            word.flags.has(Flags::STOP) && reading.raw(at) != "بر"
        }
        Shape::Latin | Shape::Number => false,
        Shape::Comma | Shape::Open | Shape::Close | Shape::Other => true,
    }
}
