//! The best labels of a sentence, by dynamic programming over the labels that
//! may follow each other.

use super::labels::{KINDS, LABELS, Label, O, Position, ROW, label};
use super::model::ScoreRow;

/// States between names, and those that begin something: O and two a type.
const SIDE: usize = 1 + 2 * KINDS.len();

/// Labels after which any name may begin: O, and E and S of each type.
const CLOSED: [Label; SIDE] = side(Position::End);

/// Labels that may follow those: O, and B and S of each type.
const OPEN: [Label; SIDE] = side(Position::Begin);

const NEVER: i32 = i32::MIN / 4;

#[allow(clippy::indexing_slicing, reason = "worked out by the compiler")]
const fn side(position: Position) -> [Label; SIDE] {
    let mut labels = [O; SIDE];
    let mut kind = 0;
    while kind < KINDS.len() {
        labels[1 + 2 * kind] = label(kind, position);
        labels[2 + 2 * kind] = label(kind, Position::Single);
        kind += 1;
    }
    labels
}

/// The weights of transitions, laid out for the search.
#[derive(Debug)]
pub(super) struct Transitions {
    /// `between[from][to]`: from a closed label to an open one.
    between: [[i32; SIDE]; SIDE],
    /// `ahead[a][b]`: how much more a transition from `a` can be worth than the
    /// same from `b`, at best.
    ahead: [[i32; SIDE]; SIDE],
    /// For each type from B and I, to I and E.
    inside: [[[i32; 2]; 2]; KINDS.len()],
}

impl Transitions {
    /// From `weight(from, to)`.
    pub fn new(weight: impl Fn(Label, Label) -> i32) -> Self {
        let between = CLOSED.map(|from| OPEN.map(|to| weight(from, to)));
        let ahead = between.map(|a| between.map(|b| a.iter().zip(&b).map(|(a, b)| a - b).max().unwrap_or(0)));
        let inside = std::array::from_fn(|kind| {
            [Position::Begin, Position::Inside]
                .map(|from| [Position::Inside, Position::End].map(|to| weight(label(kind, from), label(kind, to))))
        });
        Self { between, ahead, inside }
    }

    /// The best labels for `emissions`. `back` is reused: for each token and
    /// label, the label before.
    #[allow(clippy::indexing_slicing, reason = "labels are below the length of a row, and sides below theirs")]
    pub fn best(&self, emissions: &[ScoreRow], back: &mut Vec<[Label; ROW]>) -> Vec<Label> {
        back.clear();
        back.resize(emissions.len(), [O; ROW]);
        let mut scores = [NEVER; ROW];
        for ((at, emission), from) in emissions.iter().enumerate().zip(back.iter_mut()) {
            let mut next = [NEVER; ROW];
            if at == 0 {
                for to in OPEN {
                    next[usize::from(to)] = i32::from(emission[usize::from(to)]);
                }
                scores = next;
                continue;
            }
            let closed = CLOSED.map(|label| scores[usize::from(label)]);
            let (mut leader, mut lead) = (0, closed[0]);
            for (state, &score) in closed.iter().enumerate() {
                if score > lead {
                    (leader, lead) = (state, score);
                }
            }
            let mut best = self.between[leader].map(|weight| lead + weight);
            let mut origin = [CLOSED[leader]; SIDE];
            for (state, &score) in closed.iter().enumerate() {
                // Most states are too far behind to lead anywhere.
                if state == leader || score + self.ahead[state][leader] <= lead {
                    continue;
                }
                for ((best, origin), weight) in best.iter_mut().zip(&mut origin).zip(&self.between[state]) {
                    if score + weight > *best {
                        (*best, *origin) = (score + weight, CLOSED[state]);
                    }
                }
            }
            for ((to, best), origin) in OPEN.into_iter().zip(best).zip(origin) {
                next[usize::from(to)] = best;
                from[usize::from(to)] = origin;
            }
            for (kind, weights) in self.inside.iter().enumerate() {
                let (begin, inside) = (label(kind, Position::Begin), label(kind, Position::Inside));
                let (from_begin, from_inside) = (scores[usize::from(begin)], scores[usize::from(inside)]);
                for (to, position) in [Position::Inside, Position::End].into_iter().enumerate() {
                    let to_label = usize::from(label(kind, position));
                    let (a, b) = (from_begin + weights[0][to], from_inside + weights[1][to]);
                    (next[to_label], from[to_label]) = if a >= b { (a, begin) } else { (b, inside) };
                }
            }
            for (next, &emission) in next.iter_mut().zip(emission).take(LABELS) {
                *next += i32::from(emission);
            }
            scores = next;
        }
        let mut label = CLOSED.into_iter().max_by_key(|label| scores[usize::from(*label)]).unwrap_or(O);
        let mut path = vec![O; emissions.len()];
        for (place, from) in path.iter_mut().zip(back.iter()).rev() {
            *place = label;
            label = from[usize::from(label)];
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entities::tagger::labels::{closes, may_follow, opens};

    fn weight(from: Label, to: Label) -> i32 {
        (i32::from(from) * 37 + i32::from(to) * 101) % 41 - 20
    }

    /// The score of a path; `None` when its labels may not follow each other.
    fn score(path: &[Label], emissions: &[ScoreRow]) -> Option<i32> {
        let ends = opens(*path.first()?) && closes(*path.last()?);
        let whole = ends && path.windows(2).all(|pair| may_follow(pair[0], pair[1]));
        let sum = |(label, row): (&Label, &ScoreRow)| i32::from(row[usize::from(*label)]);
        whole.then(|| {
            path.iter().zip(emissions).map(sum).sum::<i32>()
                + path.windows(2).map(|pair| weight(pair[0], pair[1])).sum::<i32>()
        })
    }

    proptest! {
        #[test]
        fn no_path_of_three_is_better(values in prop::collection::vec(-300..300i16, 3 * ROW)) {
            let emissions: Vec<ScoreRow> = values.chunks(ROW).map(|row| row.try_into().unwrap()).collect();
            let path = Transitions::new(weight).best(&emissions, &mut Vec::new());
            let found = score(&path, &emissions).unwrap();
            for a in 0..LABELS as Label {
                for b in 0..LABELS as Label {
                    for c in 0..LABELS as Label {
                        if let Some(other) = score(&[a, b, c], &emissions) {
                            prop_assert!(other <= found, "{path:?} is worse than {:?}", [a, b, c]);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_tokens_no_labels() {
        assert!(Transitions::new(weight).best(&[], &mut Vec::new()).is_empty());
    }
}
