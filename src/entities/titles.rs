//! Titles beside names: «سخنگوی وزارت …، نام نام خانوادگی» and the reverse.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::{Entry, Flags, Title};
use super::reading::{Part, Reading, Shape};

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

/// How many tokens a post that begins at `at` has; the longest that fits. An
/// honorific is a post where no name follows: «استاد دانشگاه».
pub(super) fn post(reading: &Reading<'_>, at: usize) -> Option<usize> {
    let posts = reading.matches(at).iter().filter(|m| match m.entry {
        Entry::Title(Title::Post) => true,
        Entry::Title(Title::Honorific) => {
            let next = reading.word(m.end);
            next.part == Part::No
                && matches!(next.shape, Shape::Letters | Shape::Number)
                && !next.flags.has(Flags::STOP.and(Flags::HONORIFIC))
        }
        _ => false,
    });
    let occupation = reading.word(at).flags.has(Flags::OCCUPATION).then_some(1);
    posts.map(|m| m.end - at).max().or(occupation)
}

/// Whether an honorific or rank ends right before `at`; where the first of
/// them begins.
pub(super) fn honorifics(reading: &Reading<'_>, at: usize, first: usize) -> usize {
    let mut start = at;
    while start > first {
        let back = (1..=3).rev().filter_map(|length| start.checked_sub(length)).find(|&from| {
            from >= first
                && reading
                    .matches(from)
                    .iter()
                    .any(|m| m.end == start && matches!(m.entry, Entry::Title(Title::Honorific)))
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
        if post(reading, at).is_some_and(|length| at + length <= end) {
            start = Some(at);
            continue;
        }
        let open = if comma { !breaks(reading, at) && !leads_away(reading, at) } else { !ends_role(reading, at) };
        if !open {
            break;
        }
    }
    let start = start?;
    (start < end && !is_and(reading, end - 1)).then_some(Role { start, end, comma })
}

/// The role phrase that follows the name which ends at `name_end`.
pub(super) fn role_after(reading: &Reading<'_>, name_end: usize, limit: usize) -> Option<Role> {
    let comma = name_end < limit && reading.word(name_end).shape == Shape::Comma;
    let mut start = if comma { name_end + 1 } else { name_end };
    // «، ۴۶ ساله، استاندار …»
    if comma && reading.word(start).shape == Shape::Number && reading.raw(start + 1).starts_with("ساله") {
        start += if matches!(reading.raw(start + 2), "،" | "و") { 3 } else { 2 };
    }
    if start >= limit {
        return None;
    }
    let after_post = start + post(reading, start)?;
    let limit = limit.min(start + MAX_ROLE);
    if comma {
        // Between two commas without a verb stands nothing but the role.
        let close = (after_post..limit).find(|&at| breaks(reading, at));
        if let Some(close) = close.filter(|&close| reading.word(close).shape == Shape::Comma) {
            return Some(Role { start, end: close, comma });
        }
    }
    let mut end = after_post;
    while end < limit && !ends_role(reading, end) {
        if is_and(reading, end) && (end + 1 >= limit || ends_role(reading, end + 1)) {
            break;
        }
        end += 1;
    }
    let idle = |at: usize| {
        is_and(reading, at) || reading.word(at).shape == Shape::Comma || reading.word(at).flags.has(Flags::REPORT_NOUN)
    };
    while end > after_post && idle(end - 1) {
        end -= 1;
    }
    Some(Role { start, end, comma })
}

/// `role`, which follows a name, without what belongs to the clause rather than
/// to the title; `names` are the settled mentions, in order.
pub(super) fn without_clause(reading: &Reading<'_>, role: Role, names: &[Candidate]) -> Role {
    let Some(length) = post(reading, role.start) else { return role };
    let from = names.partition_point(|name| name.start < role.start);
    let inside = names.get(from..).unwrap_or_default();
    let begins = |at: usize| inside.iter().take_while(|name| name.start <= at).find(|name| name.start == at);
    // What a title's complement, a post or a mention reaches.
    let mut known = role.start + length;
    let mut closed = None;
    let mut end = role.start + length;
    while end < role.end {
        let next = reading.word(end + 1);
        let is_name = begins(end + 1).is_some();
        let away = match reading.raw(end) {
            // «سفیر ایران در بغداد» against «وزیر … در کاخ …».
            "در" if role.comma => !is_name && !next.flags.has(PLACED),
            "در" => !(is_name || next.flags.has(PLACED)) || !reading.word(role.start).flags.has(Flags::ABROAD),
            "و" if !role.comma && closed == Some(end) && end >= known => {
                let kind = |name: &Candidate| name.kind == EntityKind::Location;
                post(reading, end + 1).is_none() && !begins(end + 1).is_some_and(kind)
            }
            _ => false,
        };
        if away {
            return Role { end, ..role };
        }
        for m in reading.matches(end).iter().filter(|m| m.end <= role.end) {
            if matches!(m.entry, Entry::Title(_) | Entry::Complement(_) | Entry::Row(..)) {
                known = known.max(m.end);
            }
        }
        if let Some(name) = begins(end).filter(|name| name.end <= role.end) {
            known = known.max(name.end);
            closed = Some(name.end);
        }
        end += 1;
    }
    if let Some(name) = inside.iter().find(|name| name.start < role.end && role.end < name.end) {
        return Role { end: name.end, ..role };
    }
    // «… ریاست هیئت را» and «… قرار گرفت»: object and verb are no title's.
    let after = reading.word(role.end).flags;
    let in_clause = reading.raw(role.end) == "را" || after.has(Flags::VERB) && !after.has(Flags::REPORT);
    if !role.comma && in_clause { Role { end: known.min(role.end), ..role } } else { role }
}

/// What may follow «در» in a title.
const PLACED: Flags = Flags::HEAD.and(Flags::LOCATION).and(Flags::OTHER_NAME);

fn is_and(reading: &Reading<'_>, at: usize) -> bool {
    reading.raw(at) == "و"
}

/// Whether no phrase goes over the token at `at`: punctuation, a verb, که, را.
fn breaks(reading: &Reading<'_>, at: usize) -> bool {
    let word = reading.word(at);
    match word.shape {
        Shape::Letters => word.flags.has(Flags::VERB) || matches!(reading.raw(at), "که" | "را"),
        Shape::Latin | Shape::Number => false,
        Shape::Comma => !word.flags.has(Flags::INSIDE) && !lists_places(reading, at),
        Shape::Open | Shape::Close | Shape::Other => reading.raw(at) != "-",
    }
}

/// «نماینده کلیبر، خداآفرین و هوراند»: a comma in a list of places.
fn lists_places(reading: &Reading<'_>, comma: usize) -> bool {
    let place = |at: usize| reading.word(at).flags.has(Flags::LOCATION);
    comma > 0 && place(comma - 1) && place(comma + 1) && matches!(reading.raw(comma + 2), "و" | "،")
}

/// Prepositions that lead from one thing to another: «در گفت‌وگو با».
fn leads_away(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.raw(at), "به" | "از" | "با" | "برای" | "تا")
}

/// Whether a role phrase with nothing to close it ends before the token at `at`.
fn ends_role(reading: &Reading<'_>, at: usize) -> bool {
    if breaks(reading, at) {
        return true;
    }
    match reading.raw(at) {
        "و" | "بر" | "کل" | "این" | "آن" => false,
        "در" => !reading.word(at + 1).flags.has(PLACED),
        _ => reading.word(at).flags.has(Flags::STOP),
    }
}
