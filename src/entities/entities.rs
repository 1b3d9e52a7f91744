//! From clusters of mentions to entities: names, identifiers, roles, salience.

use rustc_hash::{FxHashMap, FxHashSet};

use super::amounts;
use super::candidates::Candidate;
use super::clusters::{Cluster, cluster};
use super::fold::fold;
use super::gazetteer::{Entry, OWN, Row};
use super::reading::Reading;
use super::titles::{self, role_after, role_before};
use super::{Entity, EntityKind, Mention, Role, links};

/// Appends one entity for each thing that `chosen` names.
pub(super) fn build(reading: &Reading<'_>, chosen: &[Candidate], out: &mut Vec<Entity>) {
    let clusters = cluster(reading, chosen);
    let countries = countries_named(reading, chosen);
    let weights = saliences(reading, chosen, &clusters);
    let mut used = FxHashSet::default();
    let mut cluster_of: Vec<usize> = vec![0; chosen.len()];
    let first = out.len();
    for (index, (cluster, salience)) in clusters.iter().zip(weights).enumerate() {
        let row = row(reading, chosen, cluster, &countries);
        let (name, aliases) = names(reading, chosen, cluster, row);
        // One thing has one identifier, whatever an article calls it.
        let own = links::id(cluster.kind, row.map_or(&name, |row| &row.name), row);
        let mut id = own.clone();
        for number in 2.. {
            if used.insert(id.clone()) {
                break;
            }
            id = format!("{own}-{number}");
        }
        let mentions = cluster.mentions.iter().filter_map(|&at| chosen.get(at)).map(|c| mention(reading, c));
        out.push(Entity {
            id,
            name,
            kind: cluster.kind,
            salience,
            mentions: mentions.collect(),
            aliases,
            links: links::links(row),
            roles: Vec::new(),
        });
        for &at in &cluster.mentions {
            if let Some(slot) = cluster_of.get_mut(at) {
                *slot = first + index;
            }
        }
    }
    roles(reading, chosen, &cluster_of, out);
}

fn mention(reading: &Reading<'_>, candidate: &Candidate) -> Mention {
    let resource = match candidate.row.and_then(|row| reading.gazetteer.row(row)) {
        Some(row) => match &row.id {
            Some((_, id)) => format!("{}:{id}", row.table),
            None => format!("{}:{}", row.table, row.name),
        },
        None => String::new(),
    };
    Mention {
        span: reading.span(candidate.start, candidate.end),
        confidence: candidate.confidence,
        rule: candidate.rule,
        resource,
    }
}

/// How often the article names each country by itself or by its people.
fn countries_named<'a>(reading: &Reading<'a>, chosen: &[Candidate]) -> FxHashMap<&'a str, u32> {
    let mut counts = FxHashMap::default();
    for row in chosen.iter().filter_map(|c| reading.gazetteer.row(c.row?)) {
        let names_country = &*row.class == "country" || row.kind == EntityKind::Nationality;
        if names_country && !row.country.is_empty() {
            *counts.entry(&*row.country).or_default() += 1;
        }
    }
    counts
}

/// The table row that the cluster is; among several places of one name the
/// one in a country that the article names, then the largest.
fn row<'a>(
    reading: &Reading<'a>,
    chosen: &[Candidate],
    cluster: &Cluster,
    countries: &FxHashMap<&str, u32>,
) -> Option<&'a Row> {
    let gazetteer = reading.gazetteer;
    let candidate = cluster.mentions.iter().filter_map(|&at| chosen.get(at)).find(|c| c.row.is_some())?;
    let own = gazetteer.row(candidate.row?)?;
    if own.kind != EntityKind::Location {
        return Some(own);
    }
    let rows =
        reading.matches(candidate.start).iter().filter(|m| m.end == candidate.end).filter_map(|m| match m.entry {
            Entry::Row(index, canonical) => gazetteer.row(index).map(|row| (row, canonical)),
            _ => None,
        });
    let places = rows.filter(|(row, _)| row.kind == EntityKind::Location);
    let rank = |&(row, canonical): &(&Row, bool)| {
        let named = countries.get(&*row.country).copied().unwrap_or_default();
        let country = &*row.class == "country";
        (row.table == OWN, country, named, &*row.country == "IR", canonical, row.population, row.id.is_some())
    };
    places.max_by_key(rank).map(|(row, _)| row).or(Some(own))
}

/// The canonical name, and the other forms in order of appearance.
fn names(reading: &Reading<'_>, chosen: &[Candidate], cluster: &Cluster, row: Option<&Row>) -> (String, Vec<String>) {
    let mut forms: Vec<&str> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut longest: Option<(usize, &str)> = None;
    for candidate in cluster.mentions.iter().filter_map(|&at| chosen.get(at)) {
        let form = reading.span(candidate.start, candidate.end).of(reading.text);
        if seen.insert(form) {
            forms.push(form);
        }
        let length = candidate.end - candidate.start;
        if longest.is_none_or(|(most, _)| length > most) {
            longest = Some((length, form));
        }
    }
    let amount = || {
        let first = cluster.mentions.first().and_then(|&at| chosen.get(at))?;
        let counted = matches!(cluster.kind, EntityKind::Money | EntityKind::Percent);
        counted.then(|| amounts::name(reading, first.start, first.end)).flatten()
    };
    if let Some(name) = amount() {
        return (name, forms.into_iter().map(str::to_owned).collect());
    }
    let (words, longest) = longest.unwrap_or_default();
    // Outside of registers the article's own wording is as good, unless it is a short form.
    let in_full = |row: &Row| {
        let row = (row.id.is_none() && words > 1).then(|| fold(&row.name));
        row.is_some_and(|row| !row.contains(&fold(longest)) && !forms.iter().any(|form| fold(form) == row))
    };
    let name = row.filter(|row| !in_full(row)).map_or(longest, |row| &row.name).to_owned();
    let aliases = forms.into_iter().filter(|form| *form != name).map(str::to_owned).collect();
    (name, aliases)
}

/// How central each cluster is, the highest 1: mentions count more in the
/// headline and at the beginning; peoples and languages count half, amounts a quarter.
fn saliences(reading: &Reading<'_>, chosen: &[Candidate], clusters: &[Cluster]) -> Vec<f32> {
    let sentences = reading.sentences.len().max(1) as f32;
    let weight = |candidate: &Candidate| {
        let sentence = reading.sentences.partition_point(|s| s.tokens.end <= candidate.start);
        let headline = if sentence == 0 { 2.0 } else { 0.0 };
        2.0 + headline - sentence as f32 / sentences
    };
    let total = |cluster: &Cluster| {
        let sum: f32 = cluster.mentions.iter().filter_map(|&at| chosen.get(at)).map(weight).sum();
        match cluster.kind {
            EntityKind::Nationality => sum / 2.0,
            EntityKind::Money | EntityKind::Percent => sum / 4.0,
            _ => sum,
        }
    };
    let totals: Vec<f32> = clusters.iter().map(total).collect();
    let most = totals.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    totals.into_iter().map(|total| total / most).collect()
}

/// Gives each person the titles beside the name.
fn roles(reading: &Reading<'_>, chosen: &[Candidate], entity_of: &[usize], out: &mut [Entity]) {
    // One past the last token that is some role already.
    let mut claimed = 0;
    for (index, person) in chosen.iter().enumerate().filter(|(_, c)| c.kind == EntityKind::Person) {
        let sentence = reading.sentences.partition_point(|s| s.tokens.end <= person.start);
        let Some(tokens) = reading.sentences.get(sentence).map(|s| s.tokens.clone()) else { continue };
        let before = role_before(reading, person.start, tokens.start).filter(|role| role.start >= claimed);
        let after =
            role_after(reading, person.end, tokens.end).map(|role| titles::without_clause(reading, role, chosen));
        for role in before.into_iter().chain(after) {
            let role = titles::Role { start: role.start.max(claimed), ..role };
            if role.start >= role.end {
                continue;
            }
            claimed = role.end;
            let from = chosen.partition_point(|c| c.start < role.start);
            let inside = chosen.iter().zip(entity_of).skip(from).take_while(|(c, _)| c.end <= role.end);
            let mut of: Vec<String> = Vec::new();
            for id in inside.filter_map(|(_, entity)| out.get(*entity)).map(|entity| entity.id.clone()) {
                if !of.contains(&id) {
                    of.push(id);
                }
            }
            let span = reading.span(role.start, role.end);
            if let Some(entity) = entity_of.get(index).and_then(|entity| out.get_mut(*entity)) {
                entity.roles.push(Role { span, of });
            }
        }
    }
}
