//! Restoration of lost ZWNJs: میکنند → می‌کنند.

use super::Normalized;

/// Inserts the ZWNJs that a Persian text has lost, inside words only; returns
/// how many were inserted and how many were there already.
pub fn restore(_normalized: &mut Normalized) -> Restored {
    Restored::default()
}

/// What [`restore`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// ZWNJs that the text had inside its words.
    pub present: usize,
    /// ZWNJs that were put in.
    pub inserted: usize,
}

impl Restored {
    /// Whether the text has plainly lost its ZWNJs.
    pub const fn is_plainly_stripped(self) -> bool {
        self.inserted >= 3 && self.present * 4 < self.inserted
    }
}
