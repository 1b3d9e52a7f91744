//! Logistic regression over hashed features.

use crate::text::zwnj::SLOTS;

/// Passes over the examples.
const EPOCHS: usize = 12;
/// The step of AdaGrad.
const RATE: f32 = 0.05;
/// Pulls weights to 0, against what was seen once.
const DECAY: f32 = 1e-3;

/// What is learned from: the slots of a decision, the answer, the weight.
pub(super) struct Example {
    pub slots: Vec<u32>,
    pub answer: bool,
    pub weight: f32,
}

/// The weights of the [`SLOTS`], by AdaGrad; the same for the same examples.
pub(super) fn fit(examples: &[Example]) -> Vec<f32> {
    let (mut weights, mut squares) = (vec![0.0f32; SLOTS], vec![1e-3f32; SLOTS]);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = Random::default();
    for _ in 0..EPOCHS {
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at + 1));
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

/// Numbers that are the same in every run: xorshift.
pub(super) struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x2545_F491_4F6C_DD1D)
    }
}

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}
