//! Word clusters from running text, by exchange: a word moves to the cluster
//! whose words stand between the same neighbours.
//!
//! Maximised is the mutual information between clusters and the words beside
//! them, as in Uszkoreit and Brants (2008), with neighbours on both sides.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// The cluster of each word, for one number of clusters; words in order of
/// frequency.
pub struct Clusters {
    /// Words by falling frequency.
    pub words: Vec<String>,
    /// The cluster of each word, from 0.
    pub of: Vec<u16>,
}

/// Counts of the words beside each word.
pub struct Neighbours {
    words: Vec<String>,
    counts: Vec<f64>,
    /// For each word, neighbour (left ones even, right ones odd) and count.
    beside: Vec<Vec<(u32, f64)>>,
    contexts: usize,
}

impl Neighbours {
    /// Counts in `sentences`, of words seen at least `least` times. Rarer words
    /// stand as one.
    pub fn count(sentences: &[Vec<String>], least: usize) -> Self {
        let mut seen = BTreeMap::<&str, usize>::new();
        for word in sentences.iter().flatten() {
            *seen.entry(word).or_default() += 1;
        }
        let mut words: Vec<(&str, usize)> = seen.into_iter().filter(|(_, count)| *count >= least).collect();
        words.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
        let number: FxHashMap<&str, u32> = words.iter().enumerate().map(|(at, (word, _))| (*word, at as u32)).collect();
        let (rare, edge) = (words.len() as u32, words.len() as u32 + 1);
        let mut beside: Vec<FxHashMap<u32, f64>> = vec![FxHashMap::default(); words.len()];
        for sentence in sentences {
            let numbers: Vec<u32> =
                sentence.iter().map(|word| number.get(word.as_str()).copied().unwrap_or(rare)).collect();
            for (at, &word) in numbers.iter().enumerate() {
                let Some(beside) = beside.get_mut(word as usize) else { continue };
                let left = at.checked_sub(1).and_then(|at| numbers.get(at)).copied().unwrap_or(edge);
                let right = numbers.get(at + 1).copied().unwrap_or(edge);
                *beside.entry(2 * left).or_default() += 1.0;
                *beside.entry(2 * right + 1).or_default() += 1.0;
            }
        }
        let beside = beside
            .into_iter()
            .map(|counts| {
                let mut counts: Vec<_> = counts.into_iter().collect();
                counts.sort_by_key(|(neighbour, _)| *neighbour);
                counts
            })
            .collect();
        Self {
            counts: words.iter().map(|(_, count)| 2.0 * *count as f64).collect(),
            words: words.into_iter().map(|(word, _)| word.to_owned()).collect(),
            beside,
            contexts: 2 * (edge as usize + 1),
        }
    }

    /// Clusters the words into `count` clusters in `rounds` rounds.
    pub fn cluster(&self, count: usize, rounds: usize) -> Clusters {
        let mut of: Vec<u16> = (0..self.words.len()).map(|at| (at % count) as u16).collect();
        let mut totals = vec![0.0; count];
        // For each context, how often each cluster stands beside it.
        let mut table: Vec<BTreeMap<u16, f64>> = vec![BTreeMap::new(); self.contexts];
        for ((&cluster, beside), &total) in of.iter().zip(&self.beside).zip(&self.counts) {
            *at(&mut totals, cluster) += total;
            for &(context, n) in beside {
                if let Some(row) = table.get_mut(context as usize) {
                    *row.entry(cluster).or_default() += n;
                }
            }
        }
        let mut gains = vec![0.0; count];
        for _ in 0..rounds {
            let mut moved = 0;
            for ((place, beside), &total) in of.iter_mut().zip(&self.beside).zip(&self.counts) {
                let old = *place;
                // Take the word out.
                *at(&mut totals, old) -= total;
                gains.fill(0.0);
                for &(context, n) in beside {
                    let Some(row) = table.get_mut(context as usize) else { continue };
                    if let Some(sum) = row.get_mut(&old) {
                        *sum -= n;
                        if *sum < 0.5 {
                            row.remove(&old);
                        }
                    }
                    let alone = xlogx(n);
                    for (&cluster, &sum) in row.iter() {
                        *at(&mut gains, cluster) += xlogx(sum + n) - xlogx(sum) - alone;
                    }
                }
                for (gain, &sum) in gains.iter_mut().zip(&totals) {
                    *gain -= xlogx(sum + total) - xlogx(sum);
                }
                let best = gains.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
                let new = best.map_or(old, |(cluster, _)| cluster as u16);
                *place = new;
                moved += usize::from(new != old);
                *at(&mut totals, new) += total;
                for &(context, n) in beside {
                    if let Some(row) = table.get_mut(context as usize) {
                        *row.entry(new).or_default() += n;
                    }
                }
            }
            if moved * 200 < self.words.len() {
                break;
            }
        }
        Clusters { words: self.words.clone(), of }
    }
}

fn at(values: &mut [f64], cluster: u16) -> &mut f64 {
    // Every cluster is below the length of `values`.
    #[allow(clippy::indexing_slicing, reason = "clusters are counted up to the length")]
    &mut values[usize::from(cluster)]
}

fn xlogx(x: f64) -> f64 {
    if x > 0.0 { x * x.ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_between_the_same_neighbours_come_together() {
        let line = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut sentences = Vec::new();
        for city in ["تهران", "شیراز", "تبریز"] {
            for verb in ["رفت", "آمد", "ماند"] {
                sentences.push(line(&format!("او به {city} {verb}")));
            }
        }
        let clusters = Neighbours::count(&sentences, 1).cluster(5, 10);
        let of = |word: &str| clusters.of[clusters.words.iter().position(|w| w == word).unwrap()];
        assert!(of("تهران") == of("شیراز") && of("شیراز") == of("تبریز"));
        assert!(of("رفت") == of("آمد") && of("رفت") != of("تهران"));
    }
}
