//! What may be a mention, and the one place where overlaps are settled.

use super::EntityKind;

/// A stretch of tokens that some source takes for a mention. Gazetteer, heads
/// and persons propose them; a learned tagger proposes its spans in the same way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Its first token.
    pub(super) start: usize,
    /// One past its last token.
    pub(super) end: usize,
    pub(super) kind: EntityKind,
    /// How surely span and kind are right, 0 to 1.
    pub(super) confidence: f32,
    /// The rule, for evidence.
    pub(super) rule: &'static str,
    /// The gazetteer row that it rests on.
    pub(super) row: Option<u32>,
}

/// Candidates below this are no mentions.
const ACCEPTED: f32 = 0.42;

/// The mentions among `candidates`, in order, none overlapping: the choice
/// whose weights add up highest, where a longer span outweighs what it covers
/// unless it is much less sure. `tokens` is how many tokens there are.
pub(super) fn settle(mut candidates: Vec<Candidate>, tokens: usize) -> Vec<Candidate> {
    candidates.retain(|c| c.start < c.end && c.end <= tokens);
    merge(&mut candidates);
    candidates.sort_by_key(|c| (c.end, c.start, c.kind));
    // best[i]: the weight of the best choice among the first i tokens, and the
    // candidate that ends there.
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(tokens + 1);
    best.push((0.0, None));
    let mut next = 0;
    for end in 1..=tokens {
        let mut here = (best.get(end - 1).map_or(0.0, |b| b.0), None);
        while let Some(candidate) = candidates.get(next).filter(|c| c.end == end) {
            let total = best.get(candidate.start).map_or(0.0, |b| b.0) + weight(candidate);
            if total > here.0 {
                here = (total, Some(next));
            }
            next += 1;
        }
        best.push(here);
    }
    let mut chosen = Vec::new();
    let mut end = tokens;
    while end > 0 {
        match best.get(end).and_then(|b| b.1).and_then(|index| candidates.get(index)) {
            Some(candidate) => {
                chosen.push(*candidate);
                end = candidate.start;
            }
            None => end -= 1,
        }
    }
    chosen.reverse();
    chosen
}

fn weight(candidate: &Candidate) -> f32 {
    let length = (candidate.end - candidate.start).min(8) as f32;
    (candidate.confidence - ACCEPTED) * (1.0 + 1.2 * (length - 1.0))
}

/// Makes one candidate of those with the same span and kind: two sources that
/// agree are surer than either, and the surest gives rule and row.
fn merge(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| {
        let key = |c: &Candidate| (c.start, c.end, c.kind);
        key(a).cmp(&key(b)).then(b.confidence.total_cmp(&a.confidence))
    });
    candidates.dedup_by(|later, first| {
        let same = (later.start, later.end, later.kind) == (first.start, first.end, first.kind);
        if same {
            if later.rule != first.rule {
                first.confidence = (1.0 - (1.0 - first.confidence) * (1.0 - later.confidence * 0.5)).min(0.99);
            }
            first.row = first.row.or(later.row);
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(start: usize, end: usize, confidence: f32) -> Candidate {
        Candidate { start, end, kind: EntityKind::Location, confidence, rule: "test", row: None }
    }

    #[test]
    fn the_longer_span_wins_unless_it_is_much_less_sure() {
        let country = candidate(2, 3, 0.95);
        assert_eq!(settle(vec![country, candidate(0, 3, 0.9)], 4), [candidate(0, 3, 0.9)]);
        assert_eq!(settle(vec![country, candidate(0, 3, 0.5)], 4), [country]);
    }

    #[test]
    fn unsure_and_outlying_candidates_are_dropped() {
        assert_eq!(settle(vec![candidate(0, 1, 0.2), candidate(3, 9, 0.9), candidate(2, 2, 0.9)], 4), []);
    }
}
