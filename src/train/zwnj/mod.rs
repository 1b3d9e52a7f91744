//! Trains the model behind [`crate::text::zwnj`].

mod data;
mod regression;

use data::{Data, settled};
use regression::{Example, fit};

use crate::text::Language;
use crate::text::normalize::normalize;
use crate::text::zwnj::model::{Choice, Model, SCALE};
use crate::text::zwnj::{context, without_joints, words};

/// One word in so many is held out for the report.
const HELD_OUT: u64 = 8;

/// Trains on `texts`, with the lexicon of `data/text/lexicon.tsv` and `names`, one
/// a line; returns the model file and a report for people.
pub fn train(lexicon: &str, names: &str, texts: &[String]) -> (Vec<u8>, String) {
    let texts: Vec<String> = texts.iter().map(|text| normalize(text, Language::Persian).text).collect();
    let names = normalize(names, Language::Persian).text;
    let data = Data::new(lexicon, &names, &texts);
    let gate = data.gate();
    let mut weights = fit(&data.examples(|_| true));
    let choices = choice_examples(&texts, &model(&data, &weights, &gate));
    // The two sets of features share the slots, but hardly any slot.
    weights.iter_mut().zip(fit(&choices)).filter(|(_, of_choice)| *of_choice != 0.0).for_each(|(w, c)| *w = c);
    let entries = data.entries(&model(&data, &weights, &gate));
    let weights = quantised(&weights);

    let report = format!(
        "{}{} words seen, {} in the lexicon, {} choices by context, {} entries, {} weights",
        held_out(&data, &gate),
        data.seen.len(),
        data.classes.len(),
        choices.len(),
        entries.len(),
        weights.iter().filter(|&&weight| weight != 0).count()
    );
    let mut file = (entries.len() as u32).to_le_bytes().to_vec();
    file.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
    file.extend(weights.iter().map(|&weight| weight as u8));
    file.extend(gate);
    (file, report)
}

/// A model that judges every word by the weights.
fn model(data: &Data, weights: &[f32], gate: &[u8]) -> Model {
    Model::new(data.lexicon.clone(), quantised(weights), gate.to_vec())
}

fn quantised(weights: &[f32]) -> Vec<i8> {
    weights.iter().map(|weight| (weight * SCALE).round().clamp(-127.0, 127.0) as i8).collect()
}

/// Every place in running text where «X‌های» or «Xه‌ای» was chosen.
fn choice_examples(texts: &[String], model: &Model) -> Vec<Example> {
    let mut examples = Vec::new();
    for text in texts {
        for (start, written) in words(text) {
            let (word, joints) = without_joints(written);
            let Some(choice) = Choice::new(&word, &model.lexicon) else { continue };
            let answer = joints >> (choice.letters + 1) & 1 == 1;
            if answer == (joints >> choice.letters & 1 == 1) && (answer || choice.joins) {
                continue;
            }
            let mut slots = Vec::new();
            let context = context(text, start, start + written.len());
            choice.features(&word, context, choice.lean(&word, model), |slot| slots.push(slot as u32));
            examples.push(Example { slots, answer, weight: 1.0 });
        }
    }
    examples
}

/// How well words that were not learned from are spelt, in words for people.
fn held_out(data: &Data, gate: &[u8]) -> String {
    let hash = |word: &str| word.bytes().fold(7u64, |hash, b| hash.wrapping_mul(0x100_0000_01B3) ^ u64::from(b));
    let is_held = |word: &str| hash(word).is_multiple_of(HELD_OUT);
    let model = model(data, &fit(&data.examples(|word| !is_held(word))), gate);
    let (mut right, mut invented, mut missed, mut total, mut whole) = (0, 0, 0, 0, 0);
    for (word, spellings) in data.seen.iter().filter(|(word, _)| is_held(word)) {
        let (found, Some(expected)) = (model.predict(word), settled(spellings)) else { continue };
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
