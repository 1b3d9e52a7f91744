//! Where the ZWNJs of a word are: exceptions and verbs first, the model for
//! the rest.

use std::sync::LazyLock;

use super::features::Context;
use super::model::{Joints, Model};
use crate::text::letters::joins_next;
use crate::text::rows;
use crate::text::verbs::Verbs;

/// What words are written with.
pub(crate) struct Speller {
    /// The words of `data/text/joints.tsv` and the common verb forms are settled
    /// in its lexicon.
    pub model: Model,
    verbs: &'static Verbs,
}

impl Speller {
    /// The tables, read once.
    pub fn get() -> &'static Self {
        static SPELLER: LazyLock<Speller> = LazyLock::new(|| {
            let (mut model, verbs) = (Model::embedded(), Verbs::get());
            for (form, at) in verbs.common_joints() {
                // «میدانی» is seldom a verb.
                if !(form.ends_with('ی') && model.lexicon.joints(&form) == Some(0)) {
                    model.lexicon.settle(&form, 1 << (at / 2));
                }
            }
            let exceptions = rows(include_str!("../../../data/text/joints.tsv")).filter_map(|row| row.split_once('\t'));
            for (word, joints) in exceptions.flat_map(|(_, words)| words.split(' ')).map(without_joints) {
                model.lexicon.settle(&word, joints);
            }
            Speller { model, verbs }
        });
        &SPELLER
    }

    /// The joints of `word`, which is given without ZWNJs; `context` is asked
    /// for only when they depend on it.
    pub fn joints<'a>(&self, word: &str, context: impl FnOnce() -> Context<'a>) -> Joints {
        if word.len() < SHORTEST || word.len() / 2 >= Joints::BITS as usize {
            return 0;
        }
        if word.ends_with("های") {
            return self.model.joints_in(word, context());
        }
        if let Some(joints) = self.model.lexicon.joints(word) {
            return joints;
        }
        // «برمیگردد», «دریافتهاند» and other forms that are not in the lexicon.
        match self.verbs.mi_joint(word).or_else(|| self.verbs.perfect_joint(word)) {
            Some(at) => 1 << (at / 2),
            None => self.model.predict(word),
        }
    }
}

/// The shortest word that has a joint, in bytes.
const SHORTEST: usize = 6;

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
