//! The gazetteer: every table in one index.
//!
//! Phrases are paths of word numbers in a tree. A word of the text costs one
//! hash look-up; the tree is entered only at words that open some phrase.

use rustc_hash::FxHashMap;

use super::EntityKind;
use super::amounts::Amount;
use super::fold::{self, fold, fold_into, stem};
use super::tables::{Tables, lines};
use crate::segment;

pub(super) use super::fold::Ending;

/// What the tables say of a single word; a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Flags(u64);

impl Flags {
    pub(super) const NONE: Flags = Flags(0);
    /// What an inflected word keeps of its stem.
    pub(super) const INFLECTED: Flags =
        Self::POST.and(Self::NATIONALITY).and(Self::LOCATION).and(Self::ORDINARY).and(Self::STOP).and(Self::COMPLEMENT);
    pub(super) const GIVEN: Flags = Flags(1);
    pub(super) const SURNAME: Flags = Flags(1 << 1);
    /// A name that is an everyday word too.
    pub(super) const EVERYDAY: Flags = Flags(1 << 2);
    /// Belongs to a name: سید, میرزا.
    pub(super) const PREFIX: Flags = Flags(1 << 3);
    /// Joins parts of a name: بن, ون.
    pub(super) const LINK: Flags = Flags(1 << 4);
    /// Never in a name.
    pub(super) const STOP: Flags = Flags(1 << 5);
    pub(super) const VERB: Flags = Flags(1 << 6);
    /// A verb of saying.
    pub(super) const REPORT: Flags = Flags(1 << 7);
    pub(super) const PREPOSITION: Flags = Flags(1 << 8);
    /// An ordinary noun, adjective or adverb.
    pub(super) const ORDINARY: Flags = Flags(1 << 9);
    pub(super) const HONORIFIC: Flags = Flags(1 << 10);
    pub(super) const POST: Flags = Flags(1 << 11);
    pub(super) const HEAD: Flags = Flags(1 << 12);
    pub(super) const LOCATION: Flags = Flags(1 << 13);
    pub(super) const NATIONALITY: Flags = Flags(1 << 14);
    /// A word of institutions: صنعت, بهداشت.
    pub(super) const COMPLEMENT: Flags = Flags(1 << 15);
    /// A single word that is an organisation, facility, event or product.
    pub(super) const OTHER_NAME: Flags = Flags(1 << 16);
    /// Ordinal numbers and the like that open the name of an event.
    pub(super) const ORDINAL: Flags = Flags(1 << 17);

    /// Opens a report with a verb: «تأکید کرد».
    pub(super) const REPORT_NOUN: Flags = Flags(1 << 18);
    /// «برادر», «جوانی»: a name may follow.
    pub(super) const KIN: Flags = Flags(1 << 19);

    /// In no table, but a common word by the lexicon.
    pub(super) const COMMON: Flags = Flags(1 << 20);

    /// In no table, and not common by the lexicon, but there.
    pub(super) const SCARCE: Flags = Flags(1 << 27);
    /// Never a name after a head: «قدیمی».
    pub(super) const ADJECTIVE: Flags = Flags(1 << 28);
    /// «این», «هر».
    pub(super) const DETERMINER: Flags = Flags(1 << 29);
    /// Its name may be a number: «کلانتری ۱۳۸».
    pub(super) const NUMBERED: Flags = Flags(1 << 30);
    /// An unknown word after it is likely a place: «در».
    pub(super) const PLACE: Flags = Flags(1 << 31);
    /// Its name alone is the same place: «شهر تبریز».
    pub(super) const SAME: Flags = Flags(1 << 32);
    /// The post of a place: «فرماندار».
    pub(super) const GOVERNOR: Flags = Flags(1 << 33);
    /// Ends the name of a body as its place would: «سازمان … کشور».
    pub(super) const CLOSER: Flags = Flags(1 << 34);
    /// In no table, but shaped like an occupation: «ویولنسل‌نواز».
    pub(super) const OCCUPATION: Flags = Flags(1 << 35);
    /// A body abroad: its place follows after «در».
    pub(super) const MISSION: Flags = Flags(1 << 21);
    /// Joins two countries in one name: «دوستی».
    pub(super) const BETWEEN: Flags = Flags(1 << 22);
    /// An outlet follows: «به نوشته».
    pub(super) const SOURCE: Flags = Flags(1 << 23);
    pub(super) const PORT: Flags = Flags(1 << 24);
    /// A club is near: «دیدار», «هواداران».
    pub(super) const SPORT: Flags = Flags(1 << 36);
    /// A month or a day of the week.
    pub(super) const TIME: Flags = Flags(1 << 37);
    /// A person's name follows: «به نام».
    pub(super) const NAMED: Flags = Flags(1 << 26);
    /// Leads from one place to another: «جاده».
    pub(super) const ROAD: Flags = Flags(1 << 25);

    pub(super) const fn bits(self) -> u128 {
        self.0 as u128
    }

    pub(super) const fn has(self, any: Flags) -> bool {
        self.0 & any.0 != 0
    }

    pub(super) const fn and(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    pub(super) const fn only(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }
}

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
    pub(super) id: Option<(&'static str, Box<str>)>,
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

/// A title and whether its complement follows: «وزیر امور خارجه».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Title {
    Honorific,
    Rank,
    Post { complement: bool },
    Prefix,
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
    /// Words that end a name: «به گزارش».
    Stop,
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
        let mut builder = Builder::default();
        builder.gazetteer.nodes.push(Node::default());
        builder.gazetteer.known.push(Known::default());
        builder.read(tables);
        builder.gazetteer
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

#[derive(Default)]
struct Builder {
    gazetteer: Gazetteer,
    folded: String,
}

impl Builder {
    fn read(&mut self, tables: &Tables<'_>) {
        self.words(tables);
        self.triggers(tables);
        self.names(tables);
    }

    fn words(&mut self, tables: &Tables<'_>) {
        for line in lines(tables.stop_words) {
            let class = line.column(1);
            let flags = match class {
                "report" => Flags::STOP.and(Flags::VERB).and(Flags::REPORT),
                "verb" | "aux" => Flags::STOP.and(Flags::VERB),
                "prep" => Flags::STOP.and(Flags::PREPOSITION),
                "number" => Flags::STOP.and(Flags::ORDINAL),
                "report_noun" => Flags::ORDINARY.and(Flags::REPORT_NOUN),
                "kin" | "person" => Flags::ORDINARY.and(Flags::KIN),
                // Names elsewhere: آذر, دوشنبه.
                "month" | "weekday" => Flags::ORDINARY.and(Flags::TIME),
                "noun" => Flags::ORDINARY,
                "adj" | "modifier" => Flags::ORDINARY.and(Flags::ADJECTIVE),
                "det" => Flags::STOP.and(Flags::DETERMINER),
                _ => Flags::STOP,
            };
            self.flag_or_phrase(line.column(0), flags, Some(Entry::Stop));
        }
        for line in lines(tables.cues) {
            let flags = match line.column(0) {
                "mission" => Flags::MISSION,
                "between" => Flags::BETWEEN,
                "source" => Flags::SOURCE,
                "named" => Flags::NAMED,
                "numbered" => Flags::NUMBERED,
                "place" => Flags::PLACE,
                "same" => Flags::SAME,
                "governor" => Flags::GOVERNOR,
                "closer" => Flags::CLOSER,
                "sport" => Flags::SPORT,
                "road" => Flags::ROAD,
                _ => Flags::PORT,
            };
            for word in line.column(1).split_whitespace() {
                self.flag_or_phrase(word, flags, None);
            }
        }
        for line in lines(tables.amounts) {
            let value = || line.column(2).parse().unwrap_or_default();
            let amount = match line.column(1) {
                "number" => Amount::Number(value()),
                "multiplier" => Amount::Multiplier(value()),
                "currency" => Amount::Currency(line.column(2).into()),
                _ => Amount::Percent,
            };
            let word = self.word(line.column(0));
            self.gazetteer.amounts.insert(word, amount);
        }
        for line in lines(tables.ordinary_words) {
            let flags = match line.column(1) {
                "verb" => Flags::STOP.and(Flags::VERB),
                "adj" => Flags::ORDINARY.and(Flags::ADJECTIVE),
                _ => Flags::ORDINARY,
            };
            for word in line.column(0).split_whitespace() {
                self.flag_or_phrase(word, flags, None);
            }
        }
        for (table, flag, ambiguity) in [(tables.given_names, Flags::GIVEN, 3), (tables.surnames, Flags::SURNAME, 2)] {
            for line in lines(table) {
                let everyday = line.column(ambiguity).split(['|', ',']).any(|kind| kind == "word");
                let flags = if everyday { flag.and(Flags::EVERYDAY) } else { flag };
                self.flag_or_phrase(line.column(0), flags, None);
            }
        }
        for line in lines(tables.name_parts) {
            let shape = match line.column(1) {
                "surname_prefix" => Shape::SurnamePrefix,
                "surname_suffix" => Shape::SurnameSuffix,
                "common_prefix" => Shape::CommonPrefix,
                "common_suffix" => Shape::CommonSuffix,
                "occupation_suffix" => Shape::OccupationSuffix,
                _ => {
                    self.flag_or_phrase(line.column(0), Flags::LINK, None);
                    continue;
                }
            };
            self.gazetteer.name_shapes.push((shape, fold(line.column(0)).into()));
        }
    }

    fn triggers(&mut self, tables: &Tables<'_>) {
        for line in lines(tables.titles) {
            let (title, flag) = match line.column(1) {
                "honorific" => (Title::Honorific, Flags::HONORIFIC),
                "rank" => (Title::Rank, Flags::HONORIFIC),
                "post" => (Title::Post { complement: line.column(2) == "y" }, Flags::POST),
                _ => (Title::Prefix, Flags::PREFIX),
            };
            self.phrase(line.column(0), Entry::Title(title));
            self.flag_or_phrase(line.column(0), flag, None);
        }
        for line in lines(tables.heads) {
            let Some(kind) = kind(line.column(1)) else { continue };
            let head = Head {
                kind,
                in_span: line.column(2) == "y",
                complement: line.column(3) == "complement",
                weight: line.column(4).parse().unwrap_or(0.5),
            };
            self.phrase(line.column(0), Entry::Head(head));
            self.flag_or_phrase(line.column(0), Flags::HEAD, None);
        }
        for line in lines(tables.complements) {
            let mut heads: Vec<u64> = line.list(1).map(|head| self.key(head)).collect();
            heads.sort_unstable();
            let index = self.gazetteer.heads_of_complements.len() as u32;
            self.gazetteer.heads_of_complements.push(heads.into());
            self.phrase(line.column(0), Entry::Complement(index));
            self.flag_or_phrase(line.column(0), Flags::COMPLEMENT, None);
        }
    }

    fn names(&mut self, tables: &Tables<'_>) {
        use EntityKind::{Event, Facility, Location, Organization, Person, Product};
        for line in lines(tables.countries) {
            let code = line.column(0);
            let row = Row {
                id: Some(("iso3166", code.into())),
                country: code.into(),
                ambiguous: line.column(5).contains("word"),
                ..plain("countries", Location, line.column(1), "country")
            };
            self.row(row, line.list(2));
            let mut forms = line.list(3);
            if let Some(first) = forms.next() {
                self.row(nationality(first, "people", code), forms);
            }
        }
        for line in lines(tables.nationalities) {
            let row = nationality(line.column(0), line.column(2), line.column(3));
            self.row(Row { ambiguous: line.column(5).contains("word"), ..row }, line.list(1));
        }
        for line in lines(tables.cities) {
            let row = Row {
                id: Some(line.column(0)).filter(|id| !id.is_empty()).map(|id| ("geonames", id.into())),
                country: line.column(3).into(),
                population: line.column(4).parse().unwrap_or_default(),
                ambiguous: line.column(6).contains("word"),
                ..plain("cities", Location, line.column(1), "city")
            };
            self.row(row, line.list(2));
        }
        for line in lines(tables.iran_places) {
            let row = Row {
                id: Some(line.column(4)).filter(|id| !id.is_empty()).map(|id| ("geonames", id.into())),
                country: "IR".into(),
                ambiguous: line.column(6).contains("word"),
                ..plain("iran_places", Location, line.column(0), line.column(2))
            };
            self.row(row, line.list(1));
        }
        for line in lines(tables.organizations) {
            let row = Row {
                country: line.column(3).into(),
                ambiguous: line.column(5).contains("word"),
                ..plain("organizations", Organization, line.column(0), line.column(2))
            };
            self.row(row, line.list(1));
        }
        for (name, kind, table) in [
            ("places", Location, tables.places),
            ("facilities", Facility, tables.facilities),
            ("events", Event, tables.events),
            ("products", Product, tables.products),
            ("persons", Person, tables.persons),
        ] {
            for line in lines(table) {
                let row = plain(name, kind, line.column(0), line.column(2));
                self.row(Row { ambiguous: line.column(4).contains("word"), ..row }, line.list(1));
            }
        }
    }

    fn row<'a>(&mut self, row: Row, aliases: impl Iterator<Item = &'a str>) {
        if row.name.is_empty() {
            return;
        }
        let index = self.gazetteer.rows.len() as u32;
        let flag = match row.kind {
            EntityKind::Location => Flags::LOCATION,
            EntityKind::Nationality => Flags::NATIONALITY,
            EntityKind::Person => Flags::default(),
            _ => Flags::OTHER_NAME,
        };
        let name = row.name.clone();
        let key = self.key(&name);
        self.gazetteer.rows.push(Row { key, ..row });
        for (form, canonical) in std::iter::once((&*name, true)).chain(aliases.map(|alias| (alias, false))) {
            self.phrase(form, Entry::Row(index, canonical));
            self.flag_or_phrase(form, flag, None);
        }
    }

    /// Flags `form` when it is one word; a longer one becomes a phrase for `entry`.
    fn flag_or_phrase(&mut self, form: &str, flags: Flags, entry: Option<Entry>) {
        if form.is_empty() {
            return;
        }
        if form.contains(' ') {
            if let Some(entry) = entry {
                self.phrase(form, entry);
            }
            return;
        }
        let id = self.word(form);
        if let Some(known) = self.gazetteer.known.get_mut(id as usize) {
            known.flags = known.flags.and(flags);
        }
    }

    /// Files `entry` under `form`, and under the same with spaces for ZWNJs.
    fn phrase(&mut self, form: &str, entry: Entry) {
        self.path(form, entry);
        if form.contains('\u{200C}') {
            self.path(&form.replace('\u{200C}', " "), entry);
        }
    }

    fn path(&mut self, form: &str, entry: Entry) {
        let mut at = 0;
        for token in segment::tokens(form) {
            let word = self.word(token.span.of(form));
            at = if at == 0 { self.first_node(word) } else { self.child(at, word) };
        }
        if at == 0 {
            return;
        }
        let Gazetteer { nodes, entries, .. } = &mut self.gazetteer;
        if let Some(node) = nodes.get_mut(at as usize) {
            entries.push((entry, node.entries));
            node.entries = entries.len() as u32;
        }
    }

    fn first_node(&mut self, word: u32) -> u32 {
        let Gazetteer { nodes, known, .. } = &mut self.gazetteer;
        let Some(known) = known.get_mut(word as usize) else { return 0 };
        if known.node == 0 {
            known.node = nodes.len() as u32;
            nodes.push(Node::default());
        }
        known.node
    }

    fn child(&mut self, parent: u32, word: u32) -> u32 {
        let Gazetteer { nodes, edges, .. } = &mut self.gazetteer;
        if let Some(node) = nodes.get_mut(parent as usize) {
            node.inner = true;
        }
        *edges.entry((parent, word)).or_insert_with(|| {
            nodes.push(Node::default());
            nodes.len() as u32 - 1
        })
    }

    /// The key of a phrase, as [`fold::key`] has it for the same words in a text.
    fn key(&mut self, phrase: &str) -> u64 {
        let folded = &mut self.folded;
        fold::key(segment::tokens(phrase).iter().map(|token| {
            fold_into(token.span.of(phrase), folded);
            fold::hash(folded)
        }))
    }

    /// The number of `word`, a new one when it is new.
    fn word(&mut self, word: &str) -> u32 {
        fold_into(word, &mut self.folded);
        let Gazetteer { words, known, .. } = &mut self.gazetteer;
        if let Some(id) = words.get(self.folded.as_str()) {
            return *id;
        }
        let id = known.len() as u32;
        words.insert(self.folded.as_str().into(), id);
        known.push(Known { id, ..Known::default() });
        id
    }
}

fn plain(table: &'static str, kind: EntityKind, name: &str, class: &str) -> Row {
    Row {
        name: name.into(),
        key: 0,
        kind,
        class: class.into(),
        table,
        id: None,
        country: Box::default(),
        ambiguous: false,
        population: 0,
    }
}

fn nationality(form: &str, class: &str, country: &str) -> Row {
    Row { country: country.into(), ..plain("nationalities", EntityKind::Nationality, form, class) }
}

fn kind(label: &str) -> Option<EntityKind> {
    Some(match label {
        "PER" => EntityKind::Person,
        "ORG" => EntityKind::Organization,
        "LOC" => EntityKind::Location,
        "FAC" => EntityKind::Facility,
        "EVE" => EntityKind::Event,
        "PRO" => EntityKind::Product,
        _ => return None,
    })
}
