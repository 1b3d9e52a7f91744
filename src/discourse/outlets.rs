//! The outlets of `data/discourse/outlets.tsv`, misspelt ones too.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::entities::fold::fold;
use crate::text::rows;

/// A misspelt name has at least so many letters: shorter ones are other words too often.
const SHORTEST_MISSPELT: usize = 5;
/// How sure a misspelt name is.
const MISSPELT: f32 = 0.6;

/// The known outlets.
pub(super) struct Outlets {
    /// Canonical names by the folded forms, spaces left out.
    names: FxHashMap<String, &'static str>,
    /// Canonical names by the folded forms less one letter; `None` when that
    /// is not one outlet's alone.
    deletions: FxHashMap<String, Option<&'static str>>,
    /// What names of outlets end in: «نیوز».
    endings: Vec<String>,
}

impl Outlets {
    /// The embedded table, read once.
    pub(super) fn get() -> &'static Self {
        static OUTLETS: LazyLock<Outlets> = LazyLock::new(Outlets::embedded);
        &OUTLETS
    }

    /// The outlet that is called `name`, which is folded and has no spaces.
    pub(super) fn find(&self, name: &str) -> Option<&'static str> {
        self.names.get(name).copied()
    }

    /// Whether `name`, folded and without spaces, ends as outlets' names do.
    pub(super) fn is_like(&self, name: &str) -> bool {
        self.endings.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending.as_str()))
    }

    /// The only outlet whose name differs from `name`, folded and without
    /// spaces, in one letter that is left out, put in or another, and how sure
    /// that is.
    pub(super) fn find_misspelt(&self, name: &str) -> Option<(&'static str, f32)> {
        if name.chars().count() < SHORTEST_MISSPELT {
            return None;
        }
        // A letter too many, then one too few, then another.
        let fewer = || less_one(name);
        let too_many = unique(fewer().filter_map(|form| self.names.get(&form).copied()));
        let found = too_many
            .or_else(|| self.deletions.get(name).copied().flatten())
            .or_else(|| unique(fewer().filter_map(|form| self.deletions.get(&form).copied().flatten())));
        found.map(|found| (found, MISSPELT))
    }

    /// Every form of a name in the table.
    pub(super) fn forms() -> impl Iterator<Item = &'static str> {
        rows(include_str!("../../data/discourse/outlets.tsv"))
            .filter(|row| !row.starts_with('…'))
            .flat_map(|row| row.split(['\t', '|']))
    }

    fn embedded() -> Self {
        let mut outlets = Self { names: FxHashMap::default(), deletions: FxHashMap::default(), endings: Vec::new() };
        for row in rows(include_str!("../../data/discourse/outlets.tsv")) {
            let (name, others) = row.split_once('\t').unwrap_or((row, ""));
            if let Some(ending) = name.strip_prefix('…') {
                outlets.endings.push(joined(ending));
                continue;
            }
            for form in std::iter::once(name).chain(others.split('|')).filter(|form| !form.is_empty()) {
                let form = joined(form);
                if form.chars().count() >= SHORTEST_MISSPELT {
                    for fewer in less_one(&form) {
                        let slot = outlets.deletions.entry(fewer).or_insert(Some(name));
                        *slot = slot.filter(|known| *known == name);
                    }
                }
                outlets.names.insert(form, name);
            }
        }
        outlets
    }
}

fn joined(name: &str) -> String {
    let mut folded = fold(name);
    folded.retain(|c| c != ' ' && c != '-');
    folded
}

/// `form`, each time less another letter.
fn less_one(form: &str) -> impl Iterator<Item = String> + '_ {
    form.char_indices().map(|(at, letter)| {
        let mut fewer = form.to_owned();
        fewer.replace_range(at..at + letter.len_utf8(), "");
        fewer
    })
}

/// The item that all items are.
fn unique(mut items: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let first = items.next()?;
    items.all(|item| item == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_misspelt_too() {
        let outlets = Outlets::get();
        for (name, expected) in [
            ("ایرنا", "ایرنا"),
            ("خبرگزاری ایسنا", "ایسنا"),
            ("نیویورک‌تایمز", "نیویورک تایمز"),
            ("فرانس پرس", "فرانس‌پرس"),
        ] {
            assert_eq!(outlets.find(&joined(name)), Some(expected), "{name}");
        }
        for (name, expected) in
            [("ایرنان", "ایرنا"), ("رویتر", "رویترز"), ("آسوشیتدپرسی", "آسوشیتدپرس"), ("آناتالی", "آناتولی")]
        {
            assert_eq!(outlets.find_misspelt(&joined(name)).map(|found| found.0), Some(expected), "{name}");
        }
        for name in ["تهران", "مهر", "اینا", ""] {
            assert_eq!(outlets.find_misspelt(&joined(name)), None, "{name}");
        }
        assert!(outlets.is_like(&joined("هرات‌نیوز")) && !outlets.is_like("نیوز"));
    }
}
