//! Which mentions name the same thing.

use rustc_hash::FxHashMap;

use super::EntityKind;
use super::candidates::Candidate;
use super::fold::{self, Ending, fold, stem};
use super::gazetteer::{Entry, Flags, Row};
use super::licences::name_after_head;
use super::reading::{Part, Reading, Shape};
use super::rows::row_of;

/// The mentions of one thing: indices into the chosen candidates, in order.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) kind: EntityKind,
    pub(super) mentions: Vec<usize>,
}

/// The clusters of `chosen`, in order of first mention.
pub(super) fn cluster(reading: &Reading<'_>, chosen: &[Candidate]) -> Vec<Cluster> {
    let mut names = Names::default();
    // A surname in the headline may come before the full name: full names first.
    for index in 0..chosen.len() {
        names.announce(reading, index, chosen);
    }
    let mut of_mention: Vec<usize> = Vec::with_capacity(chosen.len());
    let mut count = 0;
    let mut cluster_of_name: FxHashMap<usize, usize> = FxHashMap::default();
    for (index, candidate) in chosen.iter().enumerate() {
        // Every name is stood for by the first mention that has it in full.
        let owner = names.owner(reading, index, chosen);
        let cluster = *cluster_of_name.entry(owner).or_insert_with(|| {
            count += 1;
            count - 1
        });
        of_mention.push(cluster);
        names.recall(reading, candidate, owner);
    }
    let mut clusters: Vec<Cluster> = Vec::with_capacity(count);
    for (index, (candidate, cluster)) in chosen.iter().zip(of_mention).enumerate() {
        match clusters.get_mut(cluster) {
            Some(known) => known.mentions.push(index),
            None => clusters.push(Cluster { kind: candidate.kind, mentions: vec![index] }),
        }
    }
    clusters
}

/// What the article calls its things. A thing is stood for by the index of
/// the first mention that has its full name.
#[derive(Default)]
struct Names {
    /// Full names.
    full: FxHashMap<(EntityKind, u64), usize>,
    /// Short forms, to the thing that had the form first.
    first: FxHashMap<(EntityKind, Short), usize>,
    /// Short forms, to the thing that was mentioned last.
    last: FxHashMap<(EntityKind, Short), usize>,
    /// Words inside of a person's name, which stand for it only when nothing else does.
    inside: FxHashMap<u64, usize>,
    /// First words of names of bodies and buildings, to the longest such name.
    openings: FxHashMap<(EntityKind, u64), usize>,
}

impl Names {
    /// Notes the full name of a mention, and its short forms.
    fn announce(&mut self, reading: &Reading<'_>, index: usize, chosen: &[Candidate]) {
        let Some(candidate) = chosen.get(index) else { return };
        let kind = candidate.kind;
        let key = (kind, full_key(reading, candidate));
        if self.full.contains_key(&key) {
            return;
        }
        let shorts = shorts(reading, candidate);
        if shorts.is_empty() && candidate.row.is_none() {
            return;
        }
        self.full.insert(key, index);
        for short in shorts {
            self.first.entry((kind, short)).or_insert(index);
        }
        match kind {
            EntityKind::Person => {
                for at in candidate.start..candidate.end.saturating_sub(1) {
                    self.inside.entry(reading.key(at, at + 1)).or_insert(index);
                }
            }
            EntityKind::Organization | EntityKind::Facility => {
                let length = |index: usize| chosen.get(index).map_or(0, |c| c.end - c.start);
                let opening = self.openings.entry((kind, reading.word(candidate.start).hash)).or_insert(index);
                if length(index) > length(*opening) {
                    *opening = index;
                }
                // «سازمان همکاری اقتصادی (اکو)»: what stands in brackets is the same.
                let alias = chosen.get(index + 1).filter(|alias| {
                    let brackets = (reading.raw(candidate.end), reading.raw(alias.end)) == ("(", ")");
                    brackets && alias.start == candidate.end + 1 && alias.kind == kind
                });
                if let Some(alias) = alias {
                    self.full.entry((kind, full_key(reading, alias))).or_insert(index);
                }
            }
            _ => {}
        }
    }

    /// The thing that a mention names.
    fn owner(&mut self, reading: &Reading<'_>, index: usize, chosen: &[Candidate]) -> usize {
        let Some(candidate) = chosen.get(index) else { return index };
        let kind = candidate.kind;
        let full = full_key(reading, candidate);
        let exact = self.full.get(&(kind, full)).copied();
        let short = |short: Short| self.last.get(&(kind, short)).or_else(|| self.first.get(&(kind, short))).copied();
        let tail = |key: u64| short(Short::Tail(key));
        let owner = match kind {
            EntityKind::Person => tail(full).or(exact).or_else(|| self.inside.get(&full).copied()),
            EntityKind::Organization => {
                let form = reading.key(candidate.start, candidate.end);
                // A body with a head of its own is another than the one it ends:
                // «کمیسیون … مجلس شورای اسلامی».
                let own = candidate.row.is_some() || reading.word(candidate.start).flags.has(Flags::HEAD);
                let ending = || tail(form).filter(|_| !own);
                // «اوپک» and «اوپک پلاس» are two rows.
                let row = |index: &usize| chosen.get(*index).is_some_and(|whole| whole.row.is_some());
                let beginning = short(Short::Head(form)).filter(|index| candidate.row.is_none() || !row(index));
                let bare = club_key(reading, candidate).and_then(|key| self.full.get(&(kind, key)).copied());
                bare.or(beginning).or_else(|| self.longer(reading, candidate, chosen)).or_else(ending).or(exact)
            }
            EntityKind::Facility => self.longer(reading, candidate, chosen).or(exact).or_else(|| tail(full)),
            EntityKind::Location => {
                // «شهر تبریز» is «تبریز» where the article has that too.
                let head = reading.word(candidate.start).flags;
                let name = name_after_head(reading, candidate).filter(|_| head.has(SAME_PLACE));
                let bare = name.and_then(|name| self.full.get(&(kind, reading.key(name, candidate.end))).copied());
                // «رود کرج» is not the town, «دریای ژاپن» not the country.
                let of_class = |index: &usize, classes: &[&str]| {
                    chosen.get(*index).is_some_and(|bare| has_class(reading, bare, classes))
                };
                let bare = bare.filter(|index| {
                    let town = of_class(index, &["country", "province", "city"]);
                    let province = head.has(Flags::PROVINCE) && of_class(index, &["province", "region"]);
                    province || !head.has(Flags::PROVINCE) && (head.has(Flags::SAME) || !town)
                });
                bare.or(exact).or_else(|| tail(full))
            }
            _ => exact.or_else(|| tail(full)),
        };
        owner.unwrap_or_else(|| {
            self.full.insert((kind, full), index);
            index
        })
    }

    /// The longer name that begins with the same word and has all of this one's.
    fn longer(&self, reading: &Reading<'_>, candidate: &Candidate, chosen: &[Candidate]) -> Option<usize> {
        let longest = *self.openings.get(&(candidate.kind, reading.word(candidate.start).hash))?;
        let whole = chosen.get(longest)?;
        // «شهرداری منطقه ۵ تبریز» is another.
        if (whole.start..whole.end).any(|at| reading.word(at).shape == Shape::Number) {
            return None;
        }
        let several = candidate.end - candidate.start > 1 && whole.end - whole.start > candidate.end - candidate.start;
        (several && is_part(reading, candidate, whole)).then_some(longest)
    }

    /// Notes that `owner` was mentioned last under its short forms.
    fn recall(&mut self, reading: &Reading<'_>, candidate: &Candidate, owner: usize) {
        for short in shorts(reading, candidate) {
            self.last.insert((candidate.kind, short), owner);
        }
    }
}

/// The key of the name that stands alone for a body: «باشگاه …», «خبرگزاری …».
fn club_key(reading: &Reading<'_>, body: &Candidate) -> Option<u64> {
    let name = name_after_head(reading, body).filter(|_| reading.word(body.start).flags.has(Flags::CLUB))?;
    let row = row_of(reading, name, body.end, EntityKind::Organization);
    Some(full_key(reading, &Candidate { start: name, row, ..*body }))
}

/// Heads whose names may stand alone for the place.
const SAME_PLACE: Flags = Flags::SAME.and(Flags::LANDFORM).and(Flags::PROVINCE);

/// Whether a table has the form of `place` in one of `classes`.
fn has_class(reading: &Reading<'_>, place: &Candidate, classes: &[&str]) -> bool {
    reading.matches(place.start).iter().filter(|m| m.end == place.end).any(|m| match m.entry {
        Entry::Row(index, _) => reading.gazetteer.row(index).is_some_and(|row| classes.contains(&&*row.class)),
        _ => false,
    })
}

/// Whether the words of `part` stand in `whole` in the same order.
fn is_part(reading: &Reading<'_>, part: &Candidate, whole: &Candidate) -> bool {
    let mut words = whole.start..whole.end;
    (part.start..part.end).all(|at| words.any(|other| reading.word(other).hash == reading.word(at).hash))
}

/// The key of a mention's full name: the row's own name where a table has it;
/// without سید and the like, and without the ending of its last word.
fn full_key(reading: &Reading<'_>, candidate: &Candidate) -> u64 {
    if let Some(Row { key, .. }) = candidate.row.and_then(|row| reading.gazetteer.row(row)) {
        return *key;
    }
    let Candidate { mut start, end, kind, .. } = *candidate;
    while start + 1 < end && reading.word(start).part == Part::Prefix {
        start += 1;
    }
    if kind == EntityKind::Person {
        return reading.key(start, end);
    }
    let last = fold(reading.raw(end - 1));
    let bare = match stem(&last) {
        Some((stem, Ending::Plural | Ending::Ezafe)) => stem,
        _ => &last,
    };
    let words = (start..end - 1).map(|at| reading.word(at).hash);
    fold::key(words.chain([fold::hash(bare)]))
}

/// The key of a form that may stand for a longer name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Short {
    /// It begins as the name does: «دیوان», «کمیسیون صنایع».
    Head(u64),
    /// It ends as the name does: «الشاکری», «بیرلیک».
    Tail(u64),
}

/// The forms that may stand for a full name.
fn shorts(reading: &Reading<'_>, candidate: &Candidate) -> Vec<Short> {
    let Candidate { start, end, .. } = *candidate;
    let tail = |at: usize| Short::Tail(reading.key(at, end));
    match candidate.kind {
        EntityKind::Person => (start + 1..end).map(tail).collect(),
        EntityKind::Organization => {
            let whole = |at: &usize| reading.word(at - 1).shape == Shape::Letters && reading.raw(at - 1) != "و";
            let heads = (start + 1..end).filter(whole).map(|at| Short::Head(reading.key(start, at)));
            // «دانشگاه تهران» is not its «روابط عمومی».
            let part = reading.word(start).flags.has(Flags::PART);
            heads.chain((start + 1..end).filter(|_| !part).map(tail)).collect()
        }
        EntityKind::Location if !reading.word(start).flags.has(SAME_PLACE) => Vec::new(),
        EntityKind::Location | EntityKind::Facility | EntityKind::Event => {
            name_after_head(reading, candidate).map(tail).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
