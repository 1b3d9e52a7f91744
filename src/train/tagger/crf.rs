//! A linear-chain conditional random field, trained by AdaGrad.
//!
//! Where a token's annotation leaves several labels open, the likelihood is
//! that of all labellings that fit.

use rustc_hash::FxHashMap;

use super::corpus::Example;
use crate::entities::tagger::features::{DISTANCES, EDGE, Feature, InClusters, REACH, features};
use crate::entities::tagger::labels::{LABELS, Label, O, ROW, closes, may_follow, opens};
use crate::entities::tagger::model::{MARK_ROWS, MARKS};

/// Weights or gradients over the labels.
pub type Row = [f32; ROW];

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Passes over the examples.
    pub epochs: usize,
    /// Step size.
    pub rate: f32,
    /// What squared gradients are counted from: keeps first steps small.
    pub damping: f32,
    /// Weight decay.
    pub decay: f32,
    /// How often a feature is left out, 0 to 1.
    pub dropout: f32,
    /// How often a mark is left out, 0 to 1: rules are surer on the articles
    /// that they were written beside than they will be on others.
    pub mark_dropout: f32,
    /// Features seen less often are not learned.
    pub cutoff: u32,
    /// Of the order of examples and of dropout.
    pub seed: u64,
}

/// A trained field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Place of each feature's row.
    pub index: FxHashMap<Feature, u32>,
    /// Rows of features.
    pub rows: Vec<Row>,
    /// Rows of marks, as in the model file.
    pub marks: Vec<Row>,
    /// `transitions[from][to]`.
    pub transitions: Vec<Row>,
}

impl Field {
    fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.rows.iter_mut().chain(&mut self.marks).chain(&mut self.transitions)
    }

    /// Adds the weights of `other`, which has the same features.
    fn add(&mut self, other: &Field) {
        let others = other.rows.iter().chain(&other.marks).chain(&other.transitions);
        for (row, other) in self.rows_mut().zip(others) {
            for (weight, other) in row.iter_mut().zip(other) {
                *weight += other;
            }
        }
    }

    fn divide(&mut self, by: f32) {
        self.rows_mut().flatten().for_each(|weight| *weight /= by);
    }

    /// Makes "outside" less likely by `bias` log odds a token: more names are
    /// found, and fewer of them are right.
    pub fn discourage_outside(&mut self, bias: f32) {
        for row in &mut self.transitions {
            if let Some(weight) = row.get_mut(usize::from(O)) {
                *weight -= bias;
            }
        }
    }
}

/// A word type's feature rows, by distance.
type TypeFeatures = [Vec<u32>; DISTANCES];

/// An example as the trainer reads it.
struct Sequence {
    types: Vec<u32>,
    marks: Vec<u128>,
    allowed: Vec<u32>,
    weight: f32,
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// Trains on `corpora`, each with the weight of its examples, and word
/// `clusters`; `report` is told
/// the mean loss of each epoch.
pub fn train(
    corpora: &[(Vec<Example>, f32)],
    clusters: &FxHashMap<String, InClusters>,
    settings: Settings,
    mut report: impl FnMut(usize, f32, &Field),
) -> Field {
    let (mut field, types, mut sequences) = prepare(corpora, clusters, settings.cutoff);
    let mut squares = vec![[settings.damping; ROW]; field.rows.len()];
    let mut mark_squares = vec![[settings.damping; ROW]; field.marks.len()];
    let mut transition_squares = vec![[settings.damping; ROW]; LABELS];
    let mut random = Random(settings.seed | 1);
    let mut work = Work::default();
    let mut active = Vec::new();
    let mut sum = Field { index: FxHashMap::default(), ..field.clone() };
    for epoch in 0..settings.epochs {
        for at in (1..sequences.len()).rev() {
            sequences.swap(at, (random.next() % (at as u64 + 1)) as usize);
        }
        let mut loss = 0.0;
        for sequence in &sequences {
            gather(sequence, &types, &settings, &mut random, &mut active);
            work.emissions(&field, &active);
            loss += f64::from(work.gradients(&field, &sequence.allowed)) * f64::from(sequence.weight);
            let step = |weights: &mut Row, squares: &mut Row, gradient: &Row| {
                for ((w, s), g) in weights.iter_mut().zip(squares).zip(gradient) {
                    let g = g * sequence.weight + settings.decay * *w;
                    *s += g * g;
                    *w -= settings.rate * g / s.sqrt();
                }
            };
            for (token, gradient) in active.iter().zip(&work.token_gradients) {
                for &row in &token.rows {
                    if let (Some(w), Some(s)) = (field.rows.get_mut(row as usize), squares.get_mut(row as usize)) {
                        step(w, s, gradient);
                    }
                }
                for &row in &token.marks {
                    if let (Some(w), Some(s)) = (field.marks.get_mut(row as usize), mark_squares.get_mut(row as usize))
                    {
                        step(w, s, gradient);
                    }
                }
            }
            for ((w, s), gradient) in
                field.transitions.iter_mut().zip(&mut transition_squares).zip(&work.transition_gradients)
            {
                step(w, s, gradient);
            }
        }
        // The weights at the ends of the later epochs are averaged.
        if epoch >= settings.epochs / 2 {
            sum.add(&field);
        }
        report(epoch, (loss / sequences.len().max(1) as f64) as f32, &field);
    }
    sum.index = field.index;
    sum.divide((settings.epochs - settings.epochs / 2) as f32);
    sum
}

fn prepare(
    corpora: &[(Vec<Example>, f32)],
    clusters: &FxHashMap<String, InClusters>,
    cutoff: u32,
) -> (Field, Vec<TypeFeatures>, Vec<Sequence>) {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut words: Vec<&str> = Vec::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut number = |word, times: &mut Vec<u32>| {
        let id = *numbers.entry(word).or_insert_with(|| {
            words.push(word);
            times.push(0);
            times.len() as u32 - 1
        });
        if let Some(count) = times.get_mut(id as usize) {
            *count += 1;
        }
        id
    };
    let mut sequences = Vec::new();
    for (examples, weight) in corpora {
        for example in examples.iter().filter(|example| !example.words.is_empty()) {
            let types = example.words.iter().map(|word| number(word, &mut counts)).collect();
            number(EDGE, &mut counts);
            sequences.push(Sequence {
                types,
                marks: example.marks.clone(),
                allowed: example.allowed.clone(),
                weight: *weight,
            });
        }
    }
    number(EDGE, &mut counts);
    let in_clusters = |word: &str| clusters.get(word).copied().unwrap_or_default();
    let mut seen: FxHashMap<Feature, u32> = FxHashMap::default();
    for (word, count) in words.iter().zip(&counts) {
        for distance in -REACH..=REACH {
            features(word, in_clusters(word), distance, |feature| *seen.entry(feature).or_default() += count);
        }
    }
    let mut index: FxHashMap<Feature, u32> = FxHashMap::default();
    let types = words
        .iter()
        .map(|word| {
            let mut rows: TypeFeatures = Default::default();
            for (rows, distance) in rows.iter_mut().zip(-REACH..) {
                features(word, in_clusters(word), distance, |feature| {
                    if seen.get(&feature).is_some_and(|&count| count >= cutoff) {
                        let next = index.len() as u32;
                        rows.push(*index.entry(feature).or_insert(next));
                    }
                });
                rows.sort_unstable();
                rows.dedup();
            }
            rows
        })
        .collect::<Vec<_>>();
    let edge = numbers.get(EDGE).copied().unwrap_or(0);
    for sequence in &mut sequences {
        // The edge stands before and after every sentence.
        let mut types = vec![edge; REACH as usize];
        types.append(&mut sequence.types);
        types.extend([edge; REACH as usize]);
        sequence.types = types;
    }
    let field = Field {
        rows: vec![[0.0; ROW]; index.len()],
        index,
        marks: vec![[0.0; ROW]; MARK_ROWS],
        transitions: vec![[0.0; ROW]; LABELS],
    };
    (field, types, sequences)
}

/// The rows that bear on one token.
#[derive(Default)]
struct Active {
    rows: Vec<u32>,
    marks: Vec<u32>,
}

fn gather(
    sequence: &Sequence,
    types: &[TypeFeatures],
    settings: &Settings,
    random: &mut Random,
    out: &mut Vec<Active>,
) {
    let length = sequence.allowed.len();
    out.resize_with(length, Active::default);
    for (at, token) in out.iter_mut().enumerate() {
        token.rows.clear();
        token.marks.clear();
        for offset in 0..DISTANCES {
            let features = sequence.types.get(at + offset).and_then(|&word| types.get(word as usize)?.get(offset));
            token.rows.extend(features.into_iter().flatten().filter(|_| random.unit() >= settings.dropout));
        }
        for distance in 0..3 {
            let place = (at + distance).checked_sub(1);
            let mut bits = place.and_then(|place| sequence.marks.get(place)).copied().unwrap_or(0);
            while bits != 0 {
                let row = (distance * MARKS) as u32 + bits.trailing_zeros();
                bits &= bits - 1;
                if random.unit() >= settings.mark_dropout {
                    token.marks.push(row);
                }
            }
        }
    }
}

/// Reused buffers.
#[derive(Default)]
struct Work {
    scores: Vec<Row>,
    token_gradients: Vec<Row>,
    transition_gradients: Vec<Row>,
}

impl Work {
    fn emissions(&mut self, field: &Field, active: &[Active]) {
        self.scores.clear();
        for token in active {
            let mut sum = [0.0; ROW];
            let features = token.rows.iter().filter_map(|&row| field.rows.get(row as usize));
            let marks = token.marks.iter().filter_map(|&row| field.marks.get(row as usize));
            for row in features.chain(marks) {
                for (sum, weight) in sum.iter_mut().zip(row) {
                    *sum += weight;
                }
            }
            self.scores.push(sum);
        }
    }

    /// Fills the gradients of the negative log likelihood, which it returns.
    fn gradients(&mut self, field: &Field, allowed: &[u32]) -> f32 {
        let factors = transition_factors(field);
        let free = Beliefs::new(&self.scores, &factors, None);
        let bound = Beliefs::new(&self.scores, &factors, Some(allowed));
        self.token_gradients.clear();
        for (free, bound) in free.tokens.iter().zip(&bound.tokens) {
            let mut gradient = [0.0; ROW];
            for ((gradient, free), bound) in gradient.iter_mut().zip(free).zip(bound) {
                *gradient = free - bound;
            }
            self.token_gradients.push(gradient);
        }
        self.transition_gradients = free.transitions;
        for (gradient, bound) in self.transition_gradients.iter_mut().zip(&bound.transitions) {
            for (gradient, bound) in gradient.iter_mut().zip(bound) {
                *gradient -= bound;
            }
        }
        free.log_sum - bound.log_sum
    }
}

fn transition_factors(field: &Field) -> Vec<Row> {
    let mut factors = vec![[0.0; ROW]; LABELS];
    for (from, (factors, weights)) in factors.iter_mut().zip(&field.transitions).enumerate() {
        for (to, (factor, weight)) in factors.iter_mut().zip(weights).take(LABELS).enumerate() {
            if may_follow(from as Label, to as Label) {
                *factor = weight.exp();
            }
        }
    }
    factors
}

/// Marginals by forward and backward sums.
struct Beliefs {
    tokens: Vec<Row>,
    transitions: Vec<Row>,
    log_sum: f32,
}

impl Beliefs {
    fn new(scores: &[Row], factors: &[Row], allowed: Option<&[u32]>) -> Self {
        let length = scores.len();
        let mut log_sum = 0.0_f32;
        // Emission factors, scaled by the best score of each token.
        let emissions: Vec<Row> = scores
            .iter()
            .enumerate()
            .map(|(at, scores)| {
                let set = allowed.and_then(|allowed| allowed.get(at)).copied().unwrap_or(u32::MAX);
                let best = scores.iter().take(LABELS).fold(f32::MIN, |a, &b| a.max(b));
                log_sum += best;
                let mut row = [0.0; ROW];
                for (label, (factor, score)) in row.iter_mut().zip(scores).take(LABELS).enumerate() {
                    let edge = (at > 0 || opens(label as Label)) && (at + 1 < length || closes(label as Label));
                    if edge && set & (1 << label) != 0 {
                        *factor = (score - best).exp().max(1e-30);
                    }
                }
                row
            })
            .collect();
        let mut forward: Vec<Row> = Vec::with_capacity(length);
        for emission in &emissions {
            let mut row = match forward.last() {
                None => *emission,
                Some(before) => {
                    let mut row = [0.0; ROW];
                    for (belief, factors) in before.iter().zip(factors) {
                        if *belief != 0.0 {
                            for (sum, factor) in row.iter_mut().zip(factors) {
                                *sum += belief * factor;
                            }
                        }
                    }
                    multiply(row, emission)
                }
            };
            log_sum += normalize(&mut row).ln();
            forward.push(row);
        }
        let mut tokens = vec![[0.0; ROW]; length];
        let mut transitions = vec![[0.0; ROW]; LABELS];
        let mut backward = [1.0; ROW];
        for at in (0..length).rev() {
            let (Some(here), Some(emission), Some(token)) = (forward.get(at), emissions.get(at), tokens.get_mut(at))
            else {
                continue;
            };
            let mut belief = multiply(*here, &backward);
            normalize(&mut belief);
            *token = belief;
            let arriving = multiply(backward, emission);
            let Some(before) = at.checked_sub(1).and_then(|at| forward.get(at)) else { continue };
            let mut next = [0.0; ROW];
            let mut pairs = [[0.0; ROW]; LABELS];
            let mut total = 0.0;
            for (((next, pairs), factors), before) in next.iter_mut().zip(&mut pairs).zip(factors).zip(before) {
                let mut sum = 0.0;
                for ((pair, factor), arriving) in pairs.iter_mut().zip(factors).zip(&arriving) {
                    let flow = factor * arriving;
                    sum += flow;
                    *pair = before * flow;
                    total += *pair;
                }
                *next = sum;
            }
            if total > 0.0 {
                for (sums, pairs) in transitions.iter_mut().zip(&pairs) {
                    for (sum, pair) in sums.iter_mut().zip(pairs) {
                        *sum += pair / total;
                    }
                }
            }
            normalize(&mut next);
            backward = next;
        }
        Self { tokens, transitions, log_sum }
    }
}

fn multiply(mut row: Row, other: &Row) -> Row {
    for (a, b) in row.iter_mut().zip(other) {
        *a *= b;
    }
    row
}

/// Makes the row sum to 1; returns what it summed to.
fn normalize(row: &mut Row) -> f32 {
    let sum: f32 = row.iter().sum::<f32>().max(1e-30);
    for value in row.iter_mut() {
        *value /= sum;
    }
    sum
}
