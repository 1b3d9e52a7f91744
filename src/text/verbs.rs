//! The forms of Persian verbs, from the stems in `data/text/verbs.tsv`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::characters::rows;

/// The endings of a present stem.
const PRESENT_ENDINGS: [&str; 6] = ["م", "ی", "د", "یم", "ید", "ند"];
/// The endings of a past stem.
const PAST_ENDINGS: [&str; 6] = ["م", "ی", "", "یم", "ید", "ند"];
/// What may stand before a verb: «برمی‌گردد», «دریافته‌ایم».
const PREVERBS: [&str; 11] = ["", "بر", "در", "باز", "فرا", "فرو", "وا", "ور", "سر", "پس", "هم"];
/// The copula after a past participle.
const COPULAS: [&str; 4] = ["اند", "ام", "ایم", "اید"];
/// Forms of the copula and of other verbs that have no rule.
const IRREGULAR: &str = "است نیست هستم هستی هست هستیم هستید هستند نیستم نیستی نیستیم نیستید نیستند \
    باید نباید شاید نشاید خواهم خواهی خواهد خواهیم خواهید خواهند نخواهم نخواهی نخواهد نخواهیم نخواهید نخواهند \
    گو بیا برو";

/// The verb forms that matter to other stages, without ZWNJ.
pub(crate) struct Verbs {
    /// Forms with می or نمی, and the byte after which the ZWNJ stands.
    with_mi: FxHashMap<String, u8>,
    /// Other finite forms.
    finite: FxHashSet<String>,
    /// Past participles: «رفته».
    participles: FxHashSet<String>,
}

impl Verbs {
    /// The forms, made once.
    pub fn get() -> &'static Self {
        static VERBS: LazyLock<Verbs> = LazyLock::new(Verbs::conjugate);
        &VERBS
    }

    /// Where the ZWNJ of the form with می stands that `word`, which has none,
    /// is: bytes.
    pub fn mi_joint(&self, word: &str) -> Option<usize> {
        self.with_mi.get(word).map(|&at| at.into())
    }

    /// The forms that running text has most, without ZWNJ, and after how many
    /// bytes it stands: «می‌کند», «رفته‌اند».
    pub fn common_joints(&self) -> impl Iterator<Item = (String, usize)> {
        let is_common = |form: &str| form.starts_with("می") || form.starts_with("نمی");
        let with_mi = self.with_mi.iter().filter(move |(form, _)| is_common(form));
        let perfect = self.participles.iter().flat_map(|participle| {
            COPULAS.iter().map(move |copula| (format!("{participle}{copula}"), participle.len()))
        });
        with_mi.map(|(form, &at)| (form.clone(), at.into())).chain(perfect)
    }

    /// After how many bytes the ZWNJ of «رفته‌اند» stands, in such a form that is
    /// given without it.
    pub fn perfect_joint(&self, word: &str) -> Option<usize> {
        COPULAS
            .iter()
            .filter_map(|copula| word.strip_suffix(copula))
            .find(|stem| self.is_participle(stem))
            .map(str::len)
    }

    /// Whether `word` is a past participle: «رفته».
    pub fn is_participle(&self, word: &str) -> bool {
        self.participles.contains(word)
    }

    /// Whether `word` ends a clause: a finite form, with its ZWNJs or without.
    pub fn is_finite(&self, word: &str) -> bool {
        if word.contains('\u{200C}') {
            return self.is_finite(&word.replace('\u{200C}', ""));
        }
        self.finite.contains(word)
            || self.with_mi.contains_key(word)
            || self.perfect_joint(word).is_some()
            || word.strip_suffix("است").is_some_and(|stem| self.is_participle(stem))
    }

    fn conjugate() -> Self {
        let mut verbs = Self {
            with_mi: FxHashMap::default(),
            finite: IRREGULAR.split_whitespace().map(str::to_owned).collect(),
            participles: FxHashSet::default(),
        };
        for row in rows(include_str!("../../data/text/verbs.tsv")) {
            let Some((past, presents)) = row.split_once('\t') else { continue };
            for preverb in PREVERBS {
                verbs.participles.insert(format!("{preverb}{past}ه"));
                verbs.participles.insert(format!("{preverb}{}ه", negated(past)));
            }
            for ending in PAST_ENDINGS {
                let form = format!("{past}{ending}");
                verbs.add_with_mi(&form);
                verbs.finite.insert(negated(&form));
                // «کشتی» is a ship far more often than a verb.
                if ending != "ی" {
                    verbs.finite.insert(form);
                }
            }
            for present in presents.split(',') {
                for ending in PRESENT_ENDINGS {
                    let form = format!("{present}{ending}");
                    verbs.add_with_mi(&form);
                    verbs.finite.insert(negated(&form));
                    verbs.finite.insert(with_prefix("ب", &form));
                }
            }
        }
        verbs
    }

    fn add_with_mi(&mut self, form: &str) {
        for preverb in PREVERBS {
            for mi in ["می", "نمی"] {
                let head = format!("{preverb}{mi}");
                self.with_mi.insert(format!("{head}{form}"), head.len() as u8);
            }
        }
    }
}

fn negated(form: &str) -> String {
    with_prefix("ن", form)
}

/// `form` after a prefix of one letter: «بیاید» of «آید», «نیفتد» of «افتد».
fn with_prefix(prefix: &str, form: &str) -> String {
    match (form.strip_prefix('آ'), form.strip_prefix('ا')) {
        (Some(rest), _) => format!("{prefix}یا{rest}"),
        (_, Some(rest)) if !rest.starts_with('ی') => format!("{prefix}ی{rest}"),
        _ => format!("{prefix}{form}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let verbs = Verbs::get();
        for word in ["میکنند", "نمیشود", "میآید", "برمیگردد", "میگفتند", "درنمییابیم"]
        {
            let joint = verbs.mi_joint(word).unwrap();
            assert!(word[..joint].ends_with("می"), "{word}");
        }
        for word in ["میدان", "میلاد", "میز", "نمین", "میوه"] {
            assert_eq!(verbs.mi_joint(word), None, "{word}");
        }
        for word in ["رفت", "نیامد", "بیایند", "نیفتد", "بگوید", "است", "می‌رود", "رفته‌اند", "شدهاست", "خواهد"]
        {
            assert!(verbs.is_finite(word), "{word}");
        }
        for word in ["کتاب", "مرال", "روح", "و", "رفته", "می"] {
            assert!(!verbs.is_finite(word), "{word}");
        }
    }
}
