//! The gazetteer: every table in one index.
//!
//! Phrases are paths of word numbers in a tree. A word of the text costs one
//! hash look-up; the tree is entered only at words that open some phrase.

mod builder;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::EntityKind;
use super::amounts::Amount;
use super::fold::stem;
use super::tables::Tables;

pub(super) use super::flags::Flags;
pub(super) use super::fold::Ending;
use builder::Builder;
pub use builder::WrongTable;

/// The name of the table that a user adds.
pub(super) const OWN: &str = "own";

/// A named thing in a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The canonical name.
    pub(super) name: Box<str>,
    /// The key of its words.
    pub(super) key: u64,
    pub(super) kind: EntityKind,
    /// The table's own kind: `city`, `agency`.
    pub(super) class: Box<str>,
    /// The table.
    pub(super) table: &'static str,
    /// Authority and identifier.
    pub(super) id: Option<(Cow<'static, str>, Box<str>)>,
    /// ISO 3166 code of the country that it lies in or belongs to; empty when unknown.
    pub(super) country: Box<str>,
    /// Whether the name is an everyday word too; of an organisation any form of one word.
    pub(super) ambiguous: bool,
    /// Inhabitants; 0 when unknown.
    pub(super) population: u32,
}

/// What opens a named thing: «وزارت», «شهر».
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Head {
    pub(super) kind: EntityKind,
    /// Whether the head belongs to the name.
    pub(super) in_span: bool,
    /// Whether a noun complement follows («امور خارجه») rather than a bare name.
    pub(super) complement: bool,
    /// How surely it opens a name, 0 to 1.
    pub(super) weight: f32,
}

/// What stands beside a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Title {
    /// «دکتر», «سرهنگ»: makes no role alone.
    Honorific,
    /// A post or occupation: «وزیر».
    Post,
}

/// What a phrase is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entry {
    /// Index of a [`Row`], and whether it is the row's canonical name.
    Row(u32, bool),
    Title(Title),
    Head(Head),
    /// Index into the lists of heads that complements go with.
    Complement(u32),
}

/// A word as the tables know it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Its number; 0 when no table has it.
    pub(super) id: u32,
    pub(super) flags: Flags,
    /// The node that phrases which begin with it pass; 0 for none.
    pub(super) node: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// One more than the index of the first entry that ends here; 0 for none.
    entries: u32,
    /// Whether longer phrases pass through.
    inner: bool,
}

/// The tables that entities are found with; immutable, shared by all threads.
#[derive(Debug, Default)]
pub struct Gazetteer {
    words: FxHashMap<Box<str>, u32>,
    known: Vec<Known>,
    nodes: Vec<Node>,
    edges: FxHashMap<(u32, u32), u32>,
    /// Entries, each with one more than the index of the next at the same node.
    entries: Vec<(Entry, u32)>,
    rows: Vec<Row>,
    name_shapes: Vec<(Shape, Box<str>)>,
    /// What words are in amounts.
    amounts: FxHashMap<u32, Amount>,
    /// For each complement the keys of the heads that it goes with, sorted.
    heads_of_complements: Vec<Box<[u64]>>,
}

/// Where letters stand that tell what an unknown word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    SurnamePrefix,
    SurnameSuffix,
    CommonPrefix,
    CommonSuffix,
    OccupationSuffix,
}

impl Gazetteer {
    /// Reads the embedded tables.
    pub fn embedded() -> Self {
        Self::from_tables(&Tables::EMBEDDED)
    }

    /// Reads `tables`; a line that lacks columns has them empty.
    pub fn from_tables(tables: &Tables<'_>) -> Self {
        let mut builder = Builder::new();
        builder.read(tables);
        builder.gazetteer
    }

    /// The embedded tables and a user's own, whose names win over them. Its lines
    /// have up to four columns, separated by tabs:
    ///
    /// 1. the name;
    /// 2. other forms of it, separated by `|`;
    /// 3. the type: `PERSON`, `ORGANIZATION`, `LOCATION`, `FACILITY`, `EVENT`,
    ///    `PRODUCT` or `NATIONALITY`;
    /// 4. its identifier, as `authority:id`; may be left out.
    ///
    /// Empty lines and those that begin with `#` are passed over.
    ///
    /// # Errors
    /// The first line that has another form.
    pub fn embedded_with(own: &str) -> Result<Self, WrongTable> {
        let mut builder = Builder::new();
        builder.read(&Tables::EMBEDDED);
        builder.own(own)?;
        Ok(builder.gazetteer)
    }

    /// What the tables know of a folded word, as it is and without an ending.
    pub(super) fn word(&self, folded: &str) -> (Known, Known, Ending) {
        let exact = self.known(folded);
        match stem(folded) {
            Some((stem, ending)) => (exact, self.known(stem), ending),
            None => (exact, Known::default(), Ending::None),
        }
    }

    fn known(&self, folded: &str) -> Known {
        let id = self.words.get(folded).copied().unwrap_or_default();
        self.known.get(id as usize).copied().unwrap_or_default()
    }

    /// The node after `node` by word `word`; 0 for none.
    pub(super) fn step(&self, node: u32, word: u32) -> u32 {
        let inner = self.nodes.get(node as usize).is_some_and(|node| node.inner);
        if inner && word != 0 { self.edges.get(&(node, word)).copied().unwrap_or_default() } else { 0 }
    }

    /// The entries of the phrase that ends at `node`.
    pub(super) fn entries(&self, node: u32) -> impl Iterator<Item = Entry> + '_ {
        let mut next = self.nodes.get(node as usize).map_or(0, |node| node.entries);
        std::iter::from_fn(move || {
            let (entry, following) = self.entries.get(next.checked_sub(1)? as usize)?;
            next = *following;
            Some(*entry)
        })
    }

    /// Whether an unknown folded word looks like a surname: …زاده, ال….
    pub(super) fn has_shape_of_surname(&self, folded: &str) -> bool {
        self.has_shape(folded, Shape::SurnamePrefix, Shape::SurnameSuffix)
    }

    /// Whether an unknown folded word looks like an everyday word: …کننده, …ترین.
    pub(super) fn has_shape_of_common_word(&self, folded: &str) -> bool {
        self.has_shape(folded, Shape::CommonPrefix, Shape::CommonSuffix)
    }

    /// Whether an unknown folded word looks like an occupation: …نواز.
    pub(super) fn has_shape_of_occupation(&self, folded: &str) -> bool {
        self.has_shape(folded, Shape::OccupationSuffix, Shape::OccupationSuffix)
    }

    fn has_shape(&self, folded: &str, prefix: Shape, suffix: Shape) -> bool {
        self.name_shapes.iter().any(|(shape, letters)| {
            // At least two letters must be left beside the affix.
            folded.len() >= letters.len() + 4
                && (*shape == prefix && prefix != suffix && folded.starts_with(&**letters)
                    || *shape == suffix && folded.ends_with(&**letters))
        })
    }

    /// Whether a complement goes with the head phrase that has `key`.
    pub(super) fn goes_with(&self, complement: u32, key: u64) -> bool {
        self.heads_of_complements.get(complement as usize).is_some_and(|heads| heads.binary_search(&key).is_ok())
    }

    /// What the word with number `word` is in an amount.
    pub(super) fn amount(&self, word: u32) -> Option<&Amount> {
        self.amounts.get(&word)
    }

    /// The row at `index`.
    pub(super) fn row(&self, index: u32) -> Option<&Row> {
        self.rows.get(index as usize)
    }

    /// How many named things the tables hold.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the tables hold no named thing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
