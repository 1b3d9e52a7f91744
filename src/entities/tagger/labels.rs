//! BIOES labels over the types that are learned.

use crate::entities::EntityKind;

/// The types that the tagger knows, in the order of their labels.
pub const KINDS: [EntityKind; 7] = [
    EntityKind::Person,
    EntityKind::Organization,
    EntityKind::Location,
    EntityKind::Facility,
    EntityKind::Event,
    EntityKind::Product,
    EntityKind::Nationality,
];

/// How many labels there are: O, and B I E S of each type.
pub const LABELS: usize = 1 + 4 * KINDS.len();

/// Labels with padding: the length of a row.
pub const ROW: usize = 32;

const _: () = assert!(LABELS <= ROW);

/// A label: 0 is O; `1 + 4 * type + position` is B, I, E or S of a type.
pub type Label = u8;

/// Outside of any name.
pub const O: Label = 0;

/// Where in a name a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// First of several.
    Begin,
    /// Neither first nor last.
    Inside,
    /// Last of several.
    End,
    /// The only one.
    Single,
}

/// The label of `position` in a name of type number `kind`.
pub const fn label(kind: usize, position: Position) -> Label {
    (1 + 4 * kind + position as usize) as Label
}

/// Type number and position of a label; `None` for O.
pub const fn parts(label: Label) -> Option<(usize, Position)> {
    if label == O {
        return None;
    }
    let position = match (label - 1) % 4 {
        0 => Position::Begin,
        1 => Position::Inside,
        2 => Position::End,
        _ => Position::Single,
    };
    Some(((label as usize - 1) / 4, position))
}

/// Whether a sentence may begin with `label`, and `label` may follow a closed one.
pub const fn opens(label: Label) -> bool {
    !matches!(parts(label), Some((_, Position::Inside | Position::End)))
}

/// Whether a sentence may end with `label`.
pub const fn closes(label: Label) -> bool {
    !matches!(parts(label), Some((_, Position::Begin | Position::Inside)))
}

/// Whether `next` may follow `label`.
pub const fn may_follow(label: Label, next: Label) -> bool {
    if closes(label) {
        return opens(next);
    }
    match (parts(label), parts(next)) {
        (Some((kind, _)), Some((next_kind, Position::Inside | Position::End))) => kind == next_kind,
        _ => false,
    }
}

/// The names in a sequence of labels: token range and type number.
pub fn spans(labels: &[Label]) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> + '_ {
    let mut begin = 0;
    labels.iter().enumerate().filter_map(move |(at, &label)| {
        let (kind, position) = parts(label)?;
        match position {
            Position::Begin => begin = at,
            Position::Single => return Some((at..at + 1, kind)),
            Position::End => return Some((begin..at + 1, kind)),
            Position::Inside => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_their_parts() {
        for kind in 0..KINDS.len() {
            for position in [Position::Begin, Position::Inside, Position::End, Position::Single] {
                assert_eq!(parts(label(kind, position)), Some((kind, position)));
            }
        }
        assert_eq!(usize::from(label(KINDS.len() - 1, Position::Single)), LABELS - 1);
    }

    #[test]
    fn only_whole_names_follow_each_other() {
        let (b, e, s) = (label(0, Position::Begin), label(0, Position::End), label(1, Position::Single));
        assert!(may_follow(O, b) && may_follow(b, e) && may_follow(e, s) && may_follow(s, O));
        assert!(!may_follow(O, e) && !may_follow(b, O) && !may_follow(b, label(1, Position::End)));
    }

    #[test]
    fn spans_of_labels() {
        let labels = [O, label(2, Position::Begin), label(2, Position::End), label(0, Position::Single), O];
        assert_eq!(spans(&labels).collect::<Vec<_>>(), [(1..3, 2), (3..4, 0)]);
    }
}
