//! What tables and rules say of each token, as bits that the tagger learns to
//! trust or not.

use super::EntityKind;
use super::candidates::Candidate;
use super::gazetteer::Entry;
use super::reading::{Part, Reading};
use super::tagger::labels::{KINDS, Label, Position, label};

/// First the flags of the word.
const FLAGS: u32 = 32;
/// Then what it can be in a person's name.
const PARTS: u32 = FLAGS;
/// Then its label by the rules, O left out.
const LABELS: u32 = PARTS + 8;
/// Then the types of the rows that cover it.
const ROWS: u32 = LABELS + 28;

/// The marks of every token of the document, given what the rules chose.
pub(super) fn marks(reading: &Reading<'_>, chosen: &[Candidate]) -> Vec<u128> {
    let mut marks = vec![0; reading.tokens.len()];
    for sentence in reading.sentences {
        for at in sentence.tokens.clone() {
            let word = reading.word(at);
            set(&mut marks, at, word.flags.bits() & ((1 << FLAGS) - 1));
            if let Some(part) = part(word.part) {
                set(&mut marks, at, 1 << (PARTS + part));
            }
            for m in reading.matches(at) {
                if let Entry::Row(index, _) = m.entry
                    && let Some(kind) = reading.gazetteer.row(index).and_then(|row| number(row.kind))
                {
                    (at..m.end).for_each(|at| set(&mut marks, at, 1 << (ROWS + kind)));
                }
            }
        }
    }
    for candidate in chosen {
        let Some(kind) = number(candidate.kind) else { continue };
        for at in candidate.start..candidate.end {
            let position = match (at == candidate.start, at + 1 == candidate.end) {
                (true, true) => Position::Single,
                (true, false) => Position::Begin,
                (false, false) => Position::Inside,
                (false, true) => Position::End,
            };
            set(&mut marks, at, 1 << (LABELS + label_bit(label(kind as usize, position))));
        }
    }
    marks
}

fn set(marks: &mut [u128], at: usize, bits: u128) {
    if let Some(mark) = marks.get_mut(at) {
        *mark |= bits;
    }
}

fn label_bit(label: Label) -> u32 {
    u32::from(label) - 1
}

fn number(kind: EntityKind) -> Option<u32> {
    KINDS.iter().position(|k| *k == kind).map(|at| at as u32)
}

const fn part(part: Part) -> Option<u32> {
    Some(match part {
        Part::No => return None,
        Part::Prefix => 0,
        Part::Link => 1,
        Part::Given => 2,
        Part::Surname => 3,
        Part::Shaped => 4,
        Part::Unknown => 5,
        Part::Common => 6,
        Part::Scarce => 7,
    })
}
