//! Trains the model behind [`crate::text::zwnj`].

use std::collections::{BTreeMap, BTreeSet};

use crate::text::letters::joins_next;
use crate::text::normalize::normalize;
use crate::text::zwnj::model::{Choice, Joints, Lexicon, SCALE, pack};
use crate::text::zwnj::{GATES, SLOTS, Word, context, without_joints, words};
use crate::text::{Language, rows};

/// Passes over the examples.
const EPOCHS: usize = 12;
/// The step of AdaGrad.
const RATE: f32 = 0.05;
/// Pulls weights to 0, against what was seen once.
const DECAY: f32 = 1e-3;
/// A word that was seen keeps its spelling when this part of its occurrences
/// has it.
const AGREEMENT: f32 = 0.8;
/// The weight of a compound that the lexicon alone knows.
const LISTED: f32 = 0.5;
/// One word in so many is held out for the report.
const HELD_OUT: u64 = 8;

/// How a word was written in the running text.
type Spellings = BTreeMap<Joints, u32>;

/// Trains on `texts`, with the lexicon of `data/text/lexicon.tsv`; returns the
/// model file and a report for people.
pub fn train(lexicon: &str, texts: &[String]) -> (Vec<u8>, String) {
    let classes = classes(lexicon);
    let entries: Vec<u64> = classes.iter().filter_map(|(word, &(class, _))| pack(word, class, None)).collect();
    let known = Lexicon::new(entries.into_iter());
    let texts: Vec<String> = texts.iter().map(|text| normalize(text, Language::Persian).text).collect();
    let mut seen = spellings(&texts);
    for (word, spellings) in &mut seen {
        if is_careless(word, &known) {
            spellings.remove(&0);
        }
    }
    seen.retain(|_, spellings| !spellings.is_empty());

    let mut report = held_out(&classes, &seen, &known);
    let mut weights = fit(&joint_examples(&classes, &seen, &known, |_| true));
    let choices = choice_examples(&texts, &known, &weights);
    // The two sets of features share the slots, but hardly any slot.
    weights.iter_mut().zip(fit(&choices)).filter(|(_, of_choice)| *of_choice != 0.0).for_each(|(w, c)| *w = c);
    let weights: Vec<i8> = weights.iter().map(|w| (w * SCALE).round().clamp(-127.0, 127.0) as i8).collect();

    let entries =
        entries_of(&classes, &seen, |word| predict(word, &known, |slot| weights.get(slot).map_or(0, |&w| w.into())));
    report += &format!(
        "{} words seen, {} in the lexicon, {} choices by context, {} entries, {} weights",
        seen.len(),
        classes.len(),
        choices.len(),
        entries.len(),
        weights.iter().filter(|&&weight| weight != 0).count()
    );
    let mut file = (entries.len() as u32).to_le_bytes().to_vec();
    file.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
    file.extend(weights.iter().map(|&weight| weight as u8));
    file.extend(gate(&classes, &seen, &known));
    (file, report)
}

/// The lexicon's words without ZWNJs: their classes and their joints.
fn classes(lexicon: &str) -> BTreeMap<String, (u8, Joints)> {
    let mut classes = BTreeMap::new();
    for (class, words) in rows(lexicon).filter_map(|row| row.split_once('\t')) {
        for word in words.split(' ') {
            let (bare, joints) = without_joints(word);
            classes.entry(bare.into()).or_insert((class.parse().unwrap_or(0), joints));
        }
    }
    classes
}

/// The words of `texts` without ZWNJs, and how each was written.
fn spellings(texts: &[String]) -> BTreeMap<String, Spellings> {
    let mut seen: BTreeMap<String, Spellings> = BTreeMap::new();
    for (_, word) in texts.iter().flat_map(|text| words(text)) {
        let (bare, joints) = without_joints(word);
        *seen.entry(bare.into()).or_default().entry(joints).or_default() += 1;
    }
    seen
}

/// Whether `word`, written without a ZWNJ, is a plural that has lost it.
fn is_careless(word: &str, known: &Lexicon) -> bool {
    known.class(word) == 0
        && word.strip_suffix('ی').is_none_or(|base| known.class(base) == 0)
        && ["ها", "های", "هایی", "هایش", "هایشان"].iter().any(|ending| {
            word.strip_suffix(ending)
                .is_some_and(|stem| stem.chars().next_back().is_some_and(joins_next) && known.class(stem) > 3)
        })
}

/// The spelling that most occurrences of a word have.
fn settled(spellings: &Spellings) -> Option<Joints> {
    let total: u32 = spellings.values().sum();
    let (&joints, &count) = spellings.iter().max_by_key(|(_, count)| **count)?;
    (count as f32 >= AGREEMENT * total as f32).then_some(joints)
}

/// The entries of all words: the class, and the joints as they were seen or
/// else as the weights have them.
fn entries_of(
    classes: &BTreeMap<String, (u8, Joints)>,
    seen: &BTreeMap<String, Spellings>,
    predict: impl Fn(&str) -> Option<Joints>,
) -> Vec<u64> {
    let all: BTreeSet<&String> = classes.keys().chain(seen.keys()).collect();
    let entry = |word: &String| {
        let class = classes.get(word).map_or(0, |(class, _)| *class);
        let joints = match seen.get(word) {
            Some(spellings) => settled(spellings),
            None => predict(word),
        };
        pack(word, class, joints)
    };
    let mut entries: Vec<u64> = all.into_iter().filter_map(entry).collect();
    entries.sort_unstable();
    entries.dedup_by_key(|entry| *entry >> 32);
    entries
}

/// What is learned from: the slots of a decision, the answer, the weight.
struct Example {
    slots: Vec<u32>,
    answer: bool,
    weight: f32,
}

/// The places where the words that `wanted` picks have a joint or none.
fn joint_examples(
    classes: &BTreeMap<String, (u8, Joints)>,
    seen: &BTreeMap<String, Spellings>,
    known: &Lexicon,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut add = |word: &str, joints: Joints, weight: f32| {
        let Some(codes) = Word::new(word, known).filter(|_| wanted(word)) else { return };
        for at in places(word) {
            let mut slots = Vec::new();
            codes.features(at, |slot| slots.push(slot as u32));
            examples.push(Example { slots, answer: joints >> at & 1 == 1, weight });
        }
    };
    for (word, spellings) in seen {
        for (&joints, &count) in spellings {
            add(word, joints, (1.0 + count as f32).ln());
        }
    }
    for (word, &(_, joints)) in classes.iter().filter(|(word, (_, joints))| *joints != 0 && !seen.contains_key(*word)) {
        add(word, joints, LISTED);
    }
    examples
}

/// A bit for each [`Word::gate`] that a joint was seen at.
fn gate(classes: &BTreeMap<String, (u8, Joints)>, seen: &BTreeMap<String, Spellings>, known: &Lexicon) -> Vec<u8> {
    let mut bits = vec![0; GATES / 8];
    let of_lexicon = classes.iter().map(|(word, (_, joints))| (word, *joints));
    let of_texts = seen.iter().flat_map(|(word, spellings)| spellings.keys().map(move |&joints| (word, joints)));
    for (word, joints) in of_lexicon.chain(of_texts) {
        let Some(codes) = Word::new(word, known) else { continue };
        for at in places(word).filter(|at| joints >> at & 1 == 1) {
            let place = codes.gate(at);
            if let Some(byte) = bits.get_mut(place / 8) {
                *byte |= 1 << (place % 8);
            }
        }
    }
    bits
}

/// Every place in running text where «X‌های» or «Xه‌ای» was chosen.
fn choice_examples(texts: &[String], known: &Lexicon, weights: &[f32]) -> Vec<Example> {
    let mut examples = Vec::new();
    for text in texts {
        for (start, written) in words(text) {
            let (word, joints) = without_joints(written);
            let Some(choice) = Choice::new(&word, known) else { continue };
            let answer = joints >> (choice.letters + 1) & 1 == 1;
            if answer == (joints >> choice.letters & 1 == 1) && (answer || choice.joins) {
                continue;
            }
            let lean = choice.lean(&word, known, |codes, at| {
                let mut sum = 0.0;
                codes.features(at, |slot| sum += weights.get(slot).copied().unwrap_or(0.0));
                (sum * SCALE) as i32
            });
            let mut slots = Vec::new();
            choice.features(&word, context(text, start, start + written.len()), lean, |slot| slots.push(slot as u32));
            examples.push(Example { slots, answer, weight: 1.0 });
        }
    }
    examples
}

/// The numbers of letters after which `word` can have a joint.
fn places(word: &str) -> impl Iterator<Item = usize> {
    let last = word.chars().count();
    word.chars()
        .enumerate()
        .map(|(at, letter)| (at + 1, letter))
        .filter_map(move |(at, letter)| (at < last && joins_next(letter)).then_some(at))
}

/// The joints of `word` by the weights alone.
fn predict(word: &str, known: &Lexicon, weight: impl Fn(usize) -> i32) -> Option<Joints> {
    let codes = Word::new(word, known)?;
    let score = |at| {
        let mut sum = 0;
        codes.features(at, |slot| sum += weight(slot));
        sum
    };
    Some(places(word).filter(|&at| score(at) > 0).fold(0, |set, at| set | 1 << at))
}

/// How well words that were not learned from are spelt, in words for people.
fn held_out(classes: &BTreeMap<String, (u8, Joints)>, seen: &BTreeMap<String, Spellings>, known: &Lexicon) -> String {
    let is_held = |word: &str| {
        word.bytes().fold(7u64, |hash, b| hash.wrapping_mul(0x100_0000_01B3) ^ u64::from(b)) % HELD_OUT == 0
    };
    let weights = fit(&joint_examples(classes, seen, known, |word| !is_held(word)));
    let weight = |slot: usize| weights.get(slot).map_or(0, |w| (w * SCALE) as i32);
    let (mut right, mut invented, mut missed, mut total, mut whole) = (0, 0, 0, 0, 0);
    for (word, spellings) in seen.iter().filter(|(word, _)| is_held(word)) {
        let (Some(found), Some(expected)) = (predict(word, known, weight), settled(spellings)) else { continue };
        right += (found & expected).count_ones();
        invented += (found & !expected).count_ones();
        missed += (expected & !found).count_ones();
        whole += u32::from(found == expected);
        total += 1;
    }
    let percent = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of.max(1));
    format!(
        "held-out words by the weights alone: {:.2} % right of {total}; joints P {:.2} R {:.2}\n",
        percent(whole, total),
        percent(right, right + invented),
        percent(right, right + missed),
    )
}

/// Logistic regression by AdaGrad.
fn fit(examples: &[Example]) -> Vec<f32> {
    let (mut weights, mut squares) = (vec![0.0f32; SLOTS], vec![1e-3f32; SLOTS]);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..EPOCHS {
        for at in (1..order.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(at, (state % (at as u64 + 1)) as usize);
        }
        for example in order.iter().filter_map(|&at| examples.get(at)) {
            let sum: f32 = example.slots.iter().filter_map(|&slot| weights.get(slot as usize)).sum();
            let error = (1.0 / (1.0 + (-sum).exp()) - f32::from(u8::from(example.answer))) * example.weight;
            for &slot in &example.slots {
                if let (Some(weight), Some(square)) = (weights.get_mut(slot as usize), squares.get_mut(slot as usize)) {
                    let gradient = error + DECAY * *weight;
                    *square += gradient * gradient;
                    *weight -= RATE * gradient / square.sqrt();
                }
            }
        }
    }
    weights
}
