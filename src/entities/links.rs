//! Names, identifiers and links of entities.

use std::borrow::Cow;
use std::fmt::Write;

use super::fold::fold_into;
use super::gazetteer::Row;
use super::{EntityKind, Link};

/// Registers and the pages that show one of their identifiers.
const AUTHORITIES: &str = include_str!("../../data/gazetteer/authorities.tsv");

/// The entity's identifier: of the register where `row` has one, else
/// `local:per:…` from the folded words of its name joined by hyphens.
pub(super) fn id(kind: EntityKind, name: &str, row: Option<&Row>) -> String {
    if let Some((authority, id)) = row.and_then(|row| row.id.as_ref()) {
        return format!("{authority}:{id}");
    }
    let mut id = format!("local:{}:", label(kind));
    let mut folded = String::new();
    fold_into(name, &mut folded);
    for (index, word) in folded.split(|c: char| !is_of_word(c)).filter(|w| !w.is_empty()).enumerate() {
        let _ = write!(id, "{}{word}", if index == 0 { "" } else { "-" });
    }
    id
}

/// The links of `row`.
pub(super) fn links(row: Option<&Row>) -> Vec<Link> {
    let link = |(authority, id): &(Cow<'static, str>, Box<str>)| {
        let pattern = super::tables::lines(AUTHORITIES).find(|line| line.column(0) == authority);
        let url = pattern.map(|line| line.column(1).replace("{id}", id)).unwrap_or_default();
        Link { authority: authority.clone(), id: id.to_string(), url }
    };
    row.and_then(|row| row.id.as_ref()).map(link).into_iter().collect()
}

/// Letters and digits; Arabic letters without a look-up.
fn is_of_word(c: char) -> bool {
    matches!(c, '\u{0621}'..='\u{064A}' | '\u{0671}'..='\u{06D3}') || c.is_alphanumeric()
}

fn label(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "per",
        EntityKind::Organization => "org",
        EntityKind::Location => "loc",
        EntityKind::Facility => "fac",
        EntityKind::Event => "eve",
        EntityKind::Product => "pro",
        EntityKind::Nationality => "nat",
        EntityKind::Money => "mon",
        EntityKind::Percent => "pct",
    }
}
