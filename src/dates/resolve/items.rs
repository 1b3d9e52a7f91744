//! The words of a match, as they were read.

use crate::dates::Calendar;
use crate::dates::class::Class;
use crate::dates::lexicon::month_of;

/// A word of a match: what it was read as, and its value as that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::dates) struct Item {
    pub(in crate::dates) class: Class,
    pub(in crate::dates) value: i32,
}

/// The items of a match.
#[derive(Clone, Copy, Debug)]
pub(in crate::dates) struct Items<'a>(pub(in crate::dates) &'a [Item]);

impl Items<'_> {
    pub(in crate::dates) fn get(&self, class: Class) -> Option<i32> {
        self.0.iter().find(|item| item.class == class).map(|item| item.value)
    }

    pub(in crate::dates) fn has(&self, class: Class) -> bool {
        self.get(class).is_some()
    }

    pub(in crate::dates) fn any(&self, classes: &[Class]) -> Option<i32> {
        self.0.iter().find(|item| classes.contains(&item.class)).map(|item| item.value)
    }

    pub(in crate::dates) fn month(&self) -> Option<(Calendar, u8)> {
        self.any(&[Class::Month, Class::WordMonth, Class::May, Class::RareMonth]).map(month_of)
    }

    pub(in crate::dates) fn dom(&self) -> Option<u8> {
        self.any(&[Class::Dom, Class::DomWord]).map(|day| day as u8)
    }

    /// -1, 0 or 1 of «گذشته», «جاری», «آینده».
    pub(in crate::dates) fn direction(&self) -> Option<i32> {
        let of = |class| match class {
            Class::Last | Class::Ago | Class::Past => Some(-1),
            Class::Current | Class::This => Some(0),
            Class::Next | Class::Ahead | Class::Later => Some(1),
            _ => None,
        };
        self.0.iter().find_map(|item| of(item.class))
    }
}

pub(in crate::dates) fn names_a_day(items: Items<'_>) -> bool {
    items.month().is_some() || items.has(Class::NumDate) || items.has(Class::Named)
}

/// «بعد», which goes on from what was mentioned; «آینده» goes on from now.
pub(in crate::dates) fn is_narrative(items: Items<'_>) -> bool {
    items.get(Class::Next) == Some(1)
}
