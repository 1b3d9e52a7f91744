//! Where each byte of the normalised text came from.

use super::Span;

/// A stretch of normalised text and the source bytes it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the normalised text.
    pub normalized: Span,
    /// First source byte.
    pub source_start: u32,
    /// One past the last source byte.
    pub source_end: u32,
    /// Source bytes for each normalised byte: 1 for a linear run, 2 where
    /// two-byte digits became ASCII. 0: the run maps only as a whole.
    pub stride: u8,
}

impl Run {
    /// The source position of the normalised byte `at`, which the run holds.
    fn source_start_of(&self, at: u32) -> u32 {
        self.source_start + (at - self.normalized.start) * u32::from(self.stride)
    }

    /// The source position of the end of the normalised byte before `end`.
    fn source_end_of(&self, end: u32) -> u32 {
        match self.stride {
            0 => self.source_end,
            _ => self.source_start_of(end),
        }
    }

    /// Cuts the run before the normalised byte `at`, which is inside of it,
    /// and leaves the rest in place. A run that maps as a whole is not cut.
    fn cut(&mut self, at: u32) -> Option<Run> {
        if self.stride == 0 {
            return None;
        }
        let source = self.source_start_of(at);
        let head = Run { normalized: Span { end: at, ..self.normalized }, source_end: source, ..*self };
        (self.normalized.start, self.source_start) = (at, source);
        Some(head)
    }
}

/// A monotone map from the normalised text to the source. Runs cover all of
/// the normalised text in order; source bytes between runs were dropped; an
/// insertion is a run whose source range is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    runs: Vec<Run>,
}

impl Alignment {
    /// The alignment of a text of `len` bytes with itself.
    pub fn identity(len: usize) -> Self {
        let mut alignment = Self::default();
        alignment.push(len, 0, len, 1);
        alignment
    }

    /// The runs, in order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The source bytes that `span` came from. What was dropped at its edges
    /// stays outside, but a mark dropped after a letter belongs to the letter.
    /// The range of an empty span is empty.
    pub fn source_range(&self, span: Span) -> std::ops::Range<usize> {
        let start = match self.run_at(span.start) {
            Some(run) => run.source_start_of(span.start),
            None => self.runs.last().map_or(0, |run| run.source_end),
        };
        let end = match span.end.checked_sub(1).and_then(|last| self.run_at(last)) {
            Some(run) if !span.is_empty() => run.source_end_of(span.end),
            _ => start,
        };
        start as usize..end.max(start) as usize
    }

    /// The normalised bytes that the source bytes `range` became; a run that
    /// maps only as a whole is taken whole.
    pub fn normalized_span(&self, range: std::ops::Range<usize>) -> Span {
        let (from, to) = (range.start as u32, range.end as u32);
        let first = self.runs.partition_point(|run| run.source_end <= from);
        let start = match self.runs.get(first) {
            Some(run) if run.stride > 0 && run.source_start < from => {
                run.normalized.start + (from - run.source_start) / u32::from(run.stride)
            }
            Some(run) => run.normalized.start,
            None => self.len(),
        };
        let after = self.runs.partition_point(|run| run.source_start < to);
        let end = match after.checked_sub(1).and_then(|last| self.runs.get(last)) {
            Some(run) if run.stride > 0 && run.source_end > to => {
                run.normalized.start + (to - run.source_start).div_ceil(u32::from(run.stride))
            }
            Some(run) => run.normalized.end,
            None => 0,
        };
        Span { start, end: end.max(start) }
    }

    /// The run that holds the normalised byte `at`.
    fn run_at(&self, at: u32) -> Option<&Run> {
        self.runs.get(self.runs.partition_point(|run| run.normalized.end <= at))
    }

    /// Bytes of the normalised text.
    fn len(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.normalized.end)
    }

    /// Appends `len` normalised bytes that came from `source_start..source_end`,
    /// to the last run where they continue it.
    pub(super) fn push(&mut self, len: usize, source_start: usize, source_end: usize, stride: u8) {
        if len == 0 {
            return;
        }
        let (len, source_start, source_end) = (len as u32, source_start as u32, source_end as u32);
        let start = self.len();
        match self.runs.last_mut() {
            Some(last) if stride > 0 && last.stride == stride && last.source_end == source_start => {
                last.normalized.end += len;
                last.source_end = source_end;
            }
            _ => {
                let normalized = Span { start, end: start + len };
                self.runs.push(Run { normalized, source_start, source_end, stride });
            }
        }
    }

    /// Lets the last `len` normalised bytes, one character, own the source up
    /// to `source_end` too: the mark after them.
    pub(super) fn extend_last(&mut self, len: usize, source_end: usize) {
        let character = self.len().saturating_sub(len as u32);
        let Some(last) = self.runs.last_mut() else { return };
        if last.stride > 0 && last.normalized.start < character {
            let head = last.cut(character);
            let tail = *last;
            if let Some(head) = head {
                *last = head;
                self.runs.push(tail);
            }
        }
        if let Some(last) = self.runs.last_mut() {
            last.stride = 0;
            last.source_end = source_end as u32;
        }
    }

    /// The alignment after `len` bytes were put in before each of the
    /// normalised bytes `positions`, which ascend and are cuttable.
    pub(super) fn with_insertions(&self, positions: &[u32], len: u32) -> Self {
        let mut runs = Vec::with_capacity(self.runs.len() + 2 * positions.len());
        let mut positions = positions.iter().copied().peekable();
        let mut shift = 0;
        let shifted = |run: Run, shift| Run {
            normalized: Span { start: run.normalized.start + shift, end: run.normalized.end + shift },
            ..run
        };
        for &run in &self.runs {
            let mut rest = run;
            while let Some(at) = positions.next_if(|&at| at < run.normalized.end) {
                if at > rest.normalized.start
                    && let Some(head) = rest.cut(at)
                {
                    runs.push(shifted(head, shift));
                }
                let normalized = Span { start: at + shift, end: at + shift + len };
                let source = rest.source_start;
                runs.push(Run { normalized, source_start: source, source_end: source, stride: 0 });
                shift += len;
            }
            runs.push(shifted(rest, shift));
        }
        Self { runs }
    }

    /// Whether something can be put in before the normalised byte `at`: not
    /// inside of what maps only as a whole.
    pub(super) fn is_cuttable(&self, at: u32) -> bool {
        self.run_at(at).is_none_or(|run| run.stride > 0 || run.normalized.start == at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_maps_to_itself() {
        let identity = Alignment::identity(10);
        assert_eq!(identity.source_range(Span::new(2, 7)), 2..7);
        assert_eq!(identity.normalized_span(2..7), Span::new(2, 7));
        assert_eq!(identity.source_range(Span::new(10, 10)), 10..10);
        assert_eq!(Alignment::identity(0).source_range(Span::new(0, 0)), 0..0);
        assert_eq!(Alignment::identity(0).normalized_span(0..0), Span::new(0, 0));
    }

    /// Four letters, a dropped mark of two bytes, two digits, a dropped mark.
    fn mixed() -> Alignment {
        let mut alignment = Alignment::default();
        alignment.push(4, 0, 4, 1);
        alignment.push(2, 6, 10, 2);
        alignment.push(3, 12, 15, 1);
        alignment
    }

    #[test]
    fn dropped_characters_stay_outside() {
        let mixed = mixed();
        assert_eq!(mixed.source_range(Span::new(0, 4)), 0..4);
        assert_eq!(mixed.source_range(Span::new(4, 6)), 6..10);
        assert_eq!(mixed.source_range(Span::new(4, 5)), 6..8);
        assert_eq!(mixed.source_range(Span::new(2, 7)), 2..13);
        assert_eq!(mixed.normalized_span(4..6), Span::new(4, 4));
        assert_eq!(mixed.normalized_span(5..9), Span::new(4, 6));
        assert_eq!(mixed.normalized_span(0..15), Span::new(0, 9));
        assert_eq!(mixed.normalized_span(15..20), Span::new(9, 9));
    }

    #[test]
    fn a_mark_belongs_to_its_letter() {
        let mut alignment = Alignment::default();
        alignment.push(6, 0, 6, 1);
        alignment.extend_last(2, 8);
        alignment.extend_last(2, 10);
        alignment.push(2, 10, 12, 1);
        assert_eq!(alignment.source_range(Span::new(0, 6)), 0..10);
        assert_eq!(alignment.source_range(Span::new(6, 8)), 10..12);
        assert_eq!(alignment.source_range(Span::new(0, 4)), 0..4);
        assert_eq!(alignment.runs().len(), 3);
    }

    #[test]
    fn insertions_have_no_source() {
        let inserted = mixed().with_insertions(&[2, 4, 7], 3);
        assert_eq!(inserted.source_range(Span::new(0, 2)), 0..2);
        assert_eq!(inserted.source_range(Span::new(2, 5)), 2..2);
        assert_eq!(inserted.source_range(Span::new(0, 7)), 0..4);
        assert_eq!(inserted.source_range(Span::new(5, 7)), 2..4);
        assert_eq!(inserted.source_range(Span::new(10, 12)), 6..10);
        assert_eq!(inserted.len(), 18);
        assert_eq!(inserted.normalized_span(0..15), Span::new(0, 18));
    }
}
