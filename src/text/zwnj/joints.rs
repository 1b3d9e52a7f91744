//! Where the ZWNJs of a word are: exceptions and verbs first, the model for
//! the rest.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::features::Context;
use super::model::{Joints, Model};
use crate::text::letters::joins_next;
use crate::text::rows;
use crate::text::verbs::Verbs;

/// What words are written with.
pub(super) struct Speller {
    /// Words of `data/text/joints.tsv` without their ZWNJs, and where those are.
    exceptions: FxHashMap<Box<str>, Joints>,
    verbs: &'static Verbs,
    model: &'static Model,
}

impl Speller {
    /// The tables, read once.
    pub fn get() -> &'static Self {
        static SPELLER: LazyLock<Speller> = LazyLock::new(|| {
            let words = rows(include_str!("../../../data/text/joints.tsv"))
                .filter_map(|row| row.split_once('\t'))
                .flat_map(|(_, words)| words.split(' '));
            Speller { exceptions: words.map(without_joints).collect(), verbs: Verbs::get(), model: Model::get() }
        });
        &SPELLER
    }

    /// The joints of `word`, which is given without ZWNJs; `context` is asked
    /// for only when they depend on it.
    pub fn joints<'a>(&self, word: &str, context: impl FnOnce() -> Context<'a>) -> Joints {
        if word.len() < 6 || word.len() / 2 >= Joints::BITS as usize {
            return 0;
        }
        if let Some(&joints) = self.exceptions.get(word) {
            return joints;
        }
        self.verb(word).unwrap_or_else(|| {
            if word.ends_with("های") { self.model.joints_in(word, context()) } else { self.model.joints(word) }
        })
    }

    /// «میکنند», «رفتهاند»: the joints of a verb form.
    pub fn verb(&self, word: &str) -> Option<Joints> {
        if let Some(at) = self.verbs.mi_joint(word) {
            return Some(1 << (at / 2));
        }
        ["اند", "ام", "ایم", "اید"].iter().find_map(|copula| {
            let stem = word.strip_suffix(copula)?;
            self.verbs.is_participle(stem).then_some(1 << (stem.len() / 2))
        })
    }
}

/// A word without its ZWNJs, and where those were that can be seen.
pub(crate) fn without_joints(word: &str) -> (Box<str>, Joints) {
    let (mut bare, mut joints, mut letters) = (String::with_capacity(word.len()), 0, 0);
    for letter in word.chars() {
        if letter != '\u{200C}' {
            bare.push(letter);
            letters += 1;
        } else if bare.chars().next_back().is_some_and(joins_next) && letters < Joints::BITS {
            joints |= 1 << letters;
        }
    }
    (bare.into(), joints)
}
