//! The forms of Persian verbs, from the stems in `data/text/verbs.tsv`.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

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
    دارم داری دارد داریم دارید دارند باشم باشی باشد باشیم باشید باشند باش کنید کنند کنیم \
    باید نباید شاید نشاید خواهم خواهی خواهد خواهیم خواهید خواهند نخواهم نخواهی نخواهد نخواهیم نخواهید نخواهند \
    گو بیا برو";

/// The verb forms that matter to other stages, without ZWNJ.
pub(crate) struct Verbs {
    /// What می can stand before: stems with their endings.
    with_mi: FxHashSet<String>,
    /// Finite forms without می.
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

    /// After how many bytes the ZWNJ of «می‌کند», «برنمی‌گردد» stands, in such a
    /// form that is given without it.
    pub fn mi_joint(&self, word: &str) -> Option<usize> {
        PREVERBS.iter().filter_map(|preverb| word.strip_prefix(preverb)).find_map(|rest| {
            let form = rest.strip_prefix("نمی").or_else(|| rest.strip_prefix("می"))?;
            self.with_mi.contains(form).then_some(word.len() - form.len())
        })
    }

    /// The forms that running text has most, without ZWNJ, and after how many
    /// bytes it stands: «می‌کند», «رفته‌اند».
    pub fn common_joints(&self) -> impl Iterator<Item = (String, usize)> {
        let with_mi = ["می", "نمی"].into_iter().flat_map(|mi| self.with_mi.iter().map(move |form| (mi, form)));
        let perfect = self.participles.iter().flat_map(|participle| COPULAS.iter().map(move |c| (participle, c)));
        with_mi
            .map(|(mi, form)| (format!("{mi}{form}"), mi.len()))
            .chain(perfect.map(|(participle, copula)| (format!("{participle}{copula}"), participle.len())))
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

    /// Whether `word` is a past participle: «رفته», «دریافته».
    pub fn is_participle(&self, word: &str) -> bool {
        PREVERBS.iter().filter_map(|preverb| word.strip_prefix(preverb)).any(|rest| self.participles.contains(rest))
    }

    /// Whether `word` ends a clause: a finite form, with its ZWNJs or without.
    pub fn is_finite(&self, word: &str) -> bool {
        if word.contains('\u{200C}') {
            return self.is_finite(&word.replace('\u{200C}', ""));
        }
        // «سربرآوردند», but not «درآمد».
        let has_preverb = |word: &str| {
            ["ند", "یم", "ید"].iter().any(|ending| word.ends_with(ending))
                && PREVERBS
                    .iter()
                    .filter_map(|preverb| word.strip_prefix(preverb))
                    .any(|rest| self.finite.contains(rest))
        };
        self.finite.contains(word)
            || has_preverb(word)
            || self.mi_joint(word).is_some()
            || self.perfect_joint(word).is_some()
            || word.strip_suffix("است").is_some_and(|stem| self.is_participle(stem))
    }

    fn conjugate() -> Self {
        let mut verbs = Self {
            with_mi: FxHashSet::default(),
            finite: IRREGULAR.split_whitespace().map(str::to_owned).collect(),
            participles: FxHashSet::default(),
        };
        for row in rows(include_str!("../../data/text/verbs.tsv")) {
            let Some((past, presents)) = row.split_once('\t') else { continue };
            verbs.add_past(past);
            for present in presents.split(',') {
                verbs.add_present(present);
                // «می‌جنباند»: of most verbs a causative is made.
                let causative = format!("{present}ان");
                let with_mi = |(stem, endings): (&str, [&str; 6])| endings.map(|ending| format!("{stem}{ending}"));
                let past = format!("{causative}د");
                verbs
                    .with_mi
                    .extend([(past.as_str(), PAST_ENDINGS), (&causative, PRESENT_ENDINGS)].map(with_mi).concat());
            }
        }
        verbs
    }

    fn add_past(&mut self, past: &str) {
        self.participles.insert(format!("{past}ه"));
        self.participles.insert(format!("{}ه", negated(past)));
        for ending in PAST_ENDINGS {
            let form = format!("{past}{ending}");
            self.finite.insert(negated(&form));
            // «کشتی» is a ship far more often than a verb.
            if ending != "ی" {
                self.finite.insert(form.clone());
            }
            self.with_mi.insert(form);
        }
    }

    fn add_present(&mut self, present: &str) {
        for ending in PRESENT_ENDINGS {
            let form = format!("{present}{ending}");
            self.finite.insert(negated(&form));
            self.finite.insert(with_prefix("ب", &form));
            self.with_mi.insert(form);
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
        for word in ["میکنند", "نمیشود", "میآید", "برمیگردد", "میگفتند", "درنمییابیم", "میجنباند"]
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
