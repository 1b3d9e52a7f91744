//! Which mentions name the same thing.

use rustc_hash::FxHashMap;

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Row;
use super::licences::name_after_head;
use super::reading::{Part, Reading, Shape};

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
    for (index, candidate) in chosen.iter().enumerate() {
        names.announce(reading, index, candidate);
    }
    let mut of_mention: Vec<usize> = Vec::with_capacity(chosen.len());
    let mut count = 0;
    let mut cluster_of_name: FxHashMap<usize, usize> = FxHashMap::default();
    for (index, candidate) in chosen.iter().enumerate() {
        // Every name is stood for by the first mention that has it in full.
        let owner = names.owner(reading, index, candidate);
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
    first: FxHashMap<(EntityKind, u64), usize>,
    /// Short forms, to the thing that was mentioned last.
    last: FxHashMap<(EntityKind, u64), usize>,
}

impl Names {
    /// Notes the full name of a mention, and its short forms.
    fn announce(&mut self, reading: &Reading<'_>, index: usize, candidate: &Candidate) {
        let key = (candidate.kind, full_key(reading, candidate));
        if self.full.contains_key(&key) {
            return;
        }
        let shorts = shorts(reading, candidate);
        if shorts.is_empty() && candidate.row.is_none() {
            return;
        }
        self.full.insert(key, index);
        for short in shorts {
            self.first.entry((candidate.kind, short)).or_insert(index);
        }
        // «سازمان همکاری اقتصادی (اکو)»: what stands in brackets is the same.
        if candidate.kind == EntityKind::Organization
            && reading.raw(candidate.end) == "("
            && reading.raw(candidate.end + 2) == ")"
        {
            let short = reading.key(candidate.end + 1, candidate.end + 2);
            self.full.entry((candidate.kind, short)).or_insert(index);
        }
    }

    /// The thing that a mention names.
    fn owner(&mut self, reading: &Reading<'_>, index: usize, candidate: &Candidate) -> usize {
        let full = (candidate.kind, full_key(reading, candidate));
        let exact = self.full.get(&full).copied();
        let short = || self.last.get(&full).or_else(|| self.first.get(&full)).copied();
        // A longer name that begins or ends like this one is the same thing,
        // unless this one stands on its own feet.
        let owner = match candidate.kind {
            EntityKind::Person if candidate.end - candidate.start > 1 => exact.or_else(short),
            EntityKind::Person | EntityKind::Organization if candidate.row.is_none() => short().or(exact),
            _ => exact.or_else(short),
        };
        match owner {
            Some(owner) => owner,
            None => {
                self.full.insert(full, index);
                index
            }
        }
    }

    /// Notes that `owner` was mentioned last under its short forms.
    fn recall(&mut self, reading: &Reading<'_>, candidate: &Candidate, owner: usize) {
        for short in shorts(reading, candidate) {
            self.last.insert((candidate.kind, short), owner);
        }
    }
}

/// The key of a mention's full name: the row's own name where a table has it;
/// without سید and the like.
fn full_key(reading: &Reading<'_>, candidate: &Candidate) -> u64 {
    match candidate.row.and_then(|row| reading.gazetteer.row(row)) {
        Some(Row { key, .. }) => *key,
        None => {
            let mut start = candidate.start;
            while start + 1 < candidate.end && reading.word(start).part == Part::Prefix {
                start += 1;
            }
            reading.key(start, candidate.end)
        }
    }
}

/// The keys of the forms that may stand for a full name.
fn shorts(reading: &Reading<'_>, candidate: &Candidate) -> Vec<u64> {
    let Candidate { start, end, .. } = *candidate;
    match candidate.kind {
        EntityKind::Person => {
            let suffixes = (start + 1..end).map(|at| reading.key(at, end));
            let single = (start..end).map(|at| reading.key(at, at + 1));
            if end - start > 1 { suffixes.chain(single).collect() } else { Vec::new() }
        }
        EntityKind::Organization => {
            let whole = |at: &usize| reading.word(*at).shape == Shape::Letters && reading.raw(*at) != "و";
            let prefixes = (start + 2..end).filter(whole).map(|at| reading.key(start, at));
            let after_head = name_after_head(reading, candidate).map(|name| reading.key(name, end));
            prefixes.chain(after_head).collect()
        }
        EntityKind::Location | EntityKind::Facility => {
            name_after_head(reading, candidate).map(|name| reading.key(name, end)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
