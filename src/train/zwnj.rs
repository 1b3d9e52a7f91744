//! Trains the model behind [`crate::text::zwnj`].

use std::collections::BTreeMap;

use crate::text::letters::joins_next;
use crate::text::normalize::normalize;
use crate::text::zwnj::model::{Joints, Lexicon, SCALE, pack};
use crate::text::zwnj::{SLOTS, Word, without_joints, words};
use crate::text::{Language, rows};

const EPOCHS: usize = 12;
const RATE: f32 = 0.15;
/// Pulls weights to 0, against what was seen once.
const DECAY: f32 = 2e-6;
/// A word that was seen keeps its spelling when this part of its occurrences
/// has it.
const AGREEMENT: f32 = 0.8;

/// How a word was written in the running text.
type Spellings = BTreeMap<Joints, u32>;

/// A word that is learned from.
struct Example {
    word: Word,
    joints: Joints,
    /// The letters after which a joint can be seen.
    places: Vec<usize>,
    weight: f32,
}

/// Trains on `texts`, with the lexicon of `data/text/lexicon.tsv`; returns the
/// model file and a report for people.
pub fn train(lexicon: &str, texts: &[String]) -> (Vec<u8>, String) {
    let classes = classes(lexicon);
    let seen = spellings(texts);
    let known = Lexicon::new(
        classes.iter().filter_map(|(word, &(class, _))| pack(word, class, None)).collect::<Vec<_>>().into_iter(),
    );

    let mut examples = Vec::new();
    for (word, spellings) in &seen {
        for (&joints, &count) in spellings {
            let Some(example) = example(word, joints, (1.0 + count as f32).ln(), &known) else { continue };
            examples.push(example);
        }
    }
    // The lexicon's own compounds teach too.
    for (word, &(_, joints)) in classes.iter().filter(|(word, (_, joints))| *joints != 0 && !seen.contains_key(*word)) {
        examples.extend(example(word, joints, 0.5, &known));
    }
    let weights = fit(&examples);
    let quantised: Vec<i8> = weights.iter().map(|w| (w * SCALE).round().clamp(-127.0, 127.0) as i8).collect();
    let predict = |word: &str| {
        let codes = Word::new(word, &known)?;
        let places = places(word);
        let score = |at| {
            let mut sum = 0;
            codes.features(at, |slot| sum += i32::from(quantised.get(slot).copied().unwrap_or(0)));
            sum
        };
        Some(places.into_iter().filter(|&at| score(at) > 0).fold(0, |set: Joints, at| set | 1 << at))
    };

    let mut entries = Vec::new();
    let mut corrected = 0;
    let all: std::collections::BTreeSet<&String> = classes.keys().chain(seen.keys()).collect();
    for word in all {
        let class = classes.get(word).map_or(0, |(class, _)| *class);
        let predicted = predict(word);
        let settled = match seen.get(word).map(settled) {
            Some(Some(joints)) => Some(joints),
            Some(None) => None,
            None => predicted,
        };
        corrected += usize::from(settled.is_some() && settled != predicted);
        entries.extend(pack(word, class, settled));
    }
    entries.sort_unstable();
    entries.dedup_by_key(|entry| *entry >> 32);
    let report = format!(
        "{} words seen, {} in the lexicon, {} examples; {} entries, {corrected} against the weights; {} weights",
        seen.len(),
        classes.len(),
        examples.len(),
        entries.len(),
        quantised.iter().filter(|&&w| w != 0).count()
    );
    let mut file = (entries.len() as u32).to_le_bytes().to_vec();
    file.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
    file.extend(quantised.iter().map(|&weight| weight as u8));
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
    for text in texts {
        let normalized = normalize(text, Language::Persian);
        for (_, word) in words(&normalized.text) {
            let (bare, joints) = without_joints(word);
            *seen.entry(bare.into()).or_default().entry(joints).or_default() += 1;
        }
    }
    seen
}

/// The spelling of a word that most of its occurrences have.
fn settled(spellings: &Spellings) -> Option<Joints> {
    let total: u32 = spellings.values().sum();
    let (&joints, &count) = spellings.iter().max_by_key(|(_, count)| **count)?;
    (count as f32 >= AGREEMENT * total as f32).then_some(joints)
}

fn example(word: &str, joints: Joints, weight: f32, known: &Lexicon) -> Option<Example> {
    Some(Example { word: Word::new(word, known)?, joints, places: places(word), weight })
}

/// The numbers of letters after which `word` can have a joint.
fn places(word: &str) -> Vec<usize> {
    let letters = word.chars().count();
    word.chars()
        .enumerate()
        .map(|(at, letter)| (at + 1, letter))
        .filter(|&(at, letter)| at < letters && joins_next(letter))
        .map(|(at, _)| at)
        .collect()
}

/// Logistic regression by AdaGrad.
fn fit(examples: &[Example]) -> Vec<f32> {
    let (mut weights, mut squares) = (vec![0.0f32; SLOTS], vec![1e-3f32; SLOTS]);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut slots = Vec::new();
    for _ in 0..EPOCHS {
        for at in (1..order.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            order.swap(at, (state % (at as u64 + 1)) as usize);
        }
        for example in order.iter().filter_map(|&at| examples.get(at)) {
            for &at in &example.places {
                slots.clear();
                example.word.features(at, |slot| slots.push(slot));
                let sum: f32 = slots.iter().filter_map(|&slot| weights.get(slot)).sum();
                let wanted = if example.joints >> at & 1 == 1 { 1.0 } else { 0.0 };
                let error = (1.0 / (1.0 + (-sum).exp()) - wanted) * example.weight;
                for &slot in &slots {
                    if let (Some(weight), Some(square)) = (weights.get_mut(slot), squares.get_mut(slot)) {
                        let gradient = error + DECAY * *weight;
                        *square += gradient * gradient;
                        *weight -= RATE * gradient / square.sqrt();
                    }
                }
            }
        }
    }
    weights
}
