//! Byte positions of a text in the unit that a caller counts in.

/// A unit of text positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Unicode code points.
    #[default]
    CodePoints,
    /// Bytes of the UTF-8 form.
    Utf8Bytes,
    /// UTF-16 code units.
    Utf16CodeUnits,
}

/// Converts byte positions of one text into code points or UTF-16 code units.
#[derive(Clone, Debug)]
pub struct OffsetIndex<'a> {
    text: &'a str,
    unit: OffsetUnit,
    /// The count at every `STEP`th byte.
    marks: Vec<u32>,
}

/// Bytes between two marks: a lookup counts at most this many.
const STEP: usize = 64;

impl<'a> OffsetIndex<'a> {
    /// Indexes `text` for lookups in `unit`: one pass.
    pub fn new(text: &'a str, unit: OffsetUnit) -> Self {
        let mut marks = Vec::new();
        if unit != OffsetUnit::Utf8Bytes {
            marks.reserve(text.len() / STEP + 1);
            let mut count = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                marks.push(count);
                count += units(chunk, unit);
            }
        }
        Self { text, unit, marks }
    }

    /// The position of byte `byte`, which must be a character boundary; past
    /// the end it is that of the end.
    pub fn position(&self, byte: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let byte = byte.min(bytes.len());
        if self.unit == OffsetUnit::Utf8Bytes {
            return byte as u32;
        }
        let mark = (byte / STEP).min(self.marks.len().saturating_sub(1));
        let counted = self.marks.get(mark).copied().unwrap_or(0);
        counted + units(bytes.get(mark * STEP..byte).unwrap_or_default(), self.unit)
    }
}

/// How many units begin in `bytes`.
fn units(bytes: &[u8], unit: OffsetUnit) -> u32 {
    let starts = bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count();
    let pairs = match unit {
        OffsetUnit::Utf16CodeUnits => bytes.iter().filter(|&&b| b >= 0xF0).count(),
        _ => 0,
    };
    (starts + pairs) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_each_unit() {
        let text = "a۱😀می\u{200C}شود".repeat(20);
        for (unit, count) in [
            (OffsetUnit::CodePoints, (|s: &str| s.chars().count()) as fn(&str) -> usize),
            (OffsetUnit::Utf8Bytes, |s: &str| s.len()),
            (OffsetUnit::Utf16CodeUnits, |s: &str| s.encode_utf16().count()),
        ] {
            let index = OffsetIndex::new(&text, unit);
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                assert_eq!(index.position(byte) as usize, count(&text[..byte]), "{unit:?} at {byte}");
            }
        }
    }

    #[test]
    fn empty_text_and_past_the_end() {
        assert_eq!(OffsetIndex::new("", OffsetUnit::CodePoints).position(0), 0);
        assert_eq!(OffsetIndex::new("آب", OffsetUnit::Utf16CodeUnits).position(99), 2);
    }
}
