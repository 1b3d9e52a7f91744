//! Reads the tables into the index.

use super::super::EntityKind;
use super::super::amounts::Amount;
use super::super::fold::{self, fold, fold_into};
use super::super::tables::{Tables, line, lines};
use super::{Entry, Flags, Gazetteer, Head, Known, Node, OWN, Row, Shape, Title};
use crate::segment;

/// Fills a gazetteer, table by table.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) gazetteer: Gazetteer,
    folded: String,
}

/// A line of a user's table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct WrongTable {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl Builder {
    /// One with nothing read; number 0 stands for no word and no node.
    pub(super) fn new() -> Self {
        let mut builder = Self::default();
        builder.gazetteer.nodes.push(Node::default());
        builder.gazetteer.known.push(Known::default());
        builder
    }

    /// Reads a user's own table.
    pub(super) fn own(&mut self, table: &str) -> Result<(), WrongTable> {
        let rows = table.strip_prefix('\u{FEFF}').unwrap_or(table).lines().enumerate();
        for (index, text) in rows.filter(|(_, text)| !text.starts_with('#') && !text.trim().is_empty()) {
            let wrong = |what: String| WrongTable { line: index + 1, what };
            let line = line(text);
            let (name, label, id) = (line.column(0), line.column(2), line.column(3));
            if name.is_empty() {
                return Err(wrong("no name in the first column".to_owned()));
            }
            if text.split('\t').count() > 4 {
                return Err(wrong("more than four columns".to_owned()));
            }
            let kind = kind_of_contract(label)
                .ok_or_else(|| wrong(format!("{label:?} in the third column is no type such as ORGANIZATION")))?;
            let id = match id.split_once(':') {
                Some((authority, id)) if !authority.is_empty() && !id.is_empty() => {
                    Some((authority.to_owned().into(), id.into()))
                }
                None if id.is_empty() => None,
                _ => return Err(wrong(format!("{id:?} in the fourth column is not authority:id"))),
            };
            let row = Row { id, ..plain(OWN, kind, name, "") };
            self.row(row, line.list(1));
        }
        Ok(())
    }

    pub(super) fn read(&mut self, tables: &Tables<'_>) {
        self.words(tables);
        self.triggers(tables);
        self.names(tables);
    }

    fn words(&mut self, tables: &Tables<'_>) {
        for line in lines(tables.stop_words) {
            let flags = Flags::of_stop_word(line.column(1));
            self.flag(line.column(0), flags);
        }
        for line in lines(tables.cues) {
            let flags = Flags::of_cue(line.column(0));
            for word in line.column(1).split_whitespace() {
                self.flag(word, flags);
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
                self.flag(word, flags);
            }
        }
        for (table, flag, ambiguity) in [(tables.given_names, Flags::GIVEN, 3), (tables.surnames, Flags::SURNAME, 2)] {
            for line in lines(table) {
                let everyday = line.column(ambiguity).split(['|', ',']).any(|kind| kind == "word");
                let flags = if everyday { flag.and(Flags::EVERYDAY) } else { flag };
                self.flag(line.column(0), flags);
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
                    self.flag(line.column(0), Flags::LINK);
                    continue;
                }
            };
            self.gazetteer.name_shapes.push((shape, fold(line.column(0)).into()));
        }
    }

    fn triggers(&mut self, tables: &Tables<'_>) {
        for line in lines(tables.titles) {
            let (title, flag) = match line.column(1) {
                "honorific" | "rank" => (Some(Title::Honorific), Flags::HONORIFIC),
                "post" => (Some(Title::Post), Flags::POST),
                _ => (None, Flags::PREFIX),
            };
            if let Some(title) = title {
                self.phrase(line.column(0), Entry::Title(title));
            }
            self.flag(line.column(0), flag);
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
            self.flag(line.column(0), Flags::HEAD);
        }
        for line in lines(tables.complements) {
            let mut heads: Vec<u64> = line.list(1).map(|head| self.key(head)).collect();
            heads.sort_unstable();
            let index = self.gazetteer.heads_of_complements.len() as u32;
            self.gazetteer.heads_of_complements.push(heads.into());
            self.phrase(line.column(0), Entry::Complement(index));
            self.flag(line.column(0), Flags::COMPLEMENT);
        }
    }

    fn names(&mut self, tables: &Tables<'_>) {
        use EntityKind::{Event, Facility, Location, Organization, Person, Product};
        for line in lines(tables.countries) {
            let code = line.column(0);
            let row = Row {
                id: Some(("iso3166".into(), code.into())),
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
                id: Some(line.column(0)).filter(|id| !id.is_empty()).map(|id| ("geonames".into(), id.into())),
                country: line.column(3).into(),
                population: line.column(4).parse().unwrap_or_default(),
                ambiguous: line.column(6).contains("word"),
                ..plain("cities", Location, line.column(1), "city")
            };
            self.row(row, line.list(2));
        }
        for line in lines(tables.iran_places) {
            let row = Row {
                id: Some(line.column(4)).filter(|id| !id.is_empty()).map(|id| ("geonames".into(), id.into())),
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
            self.flag(form, flag);
        }
    }

    /// Flags `form` when it is one word.
    fn flag(&mut self, form: &str, flags: Flags) {
        if form.is_empty() || form.contains(' ') {
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

fn kind_of_contract(label: &str) -> Option<EntityKind> {
    Some(match label {
        "PERSON" => EntityKind::Person,
        "ORGANIZATION" => EntityKind::Organization,
        "LOCATION" => EntityKind::Location,
        "FACILITY" => EntityKind::Facility,
        "EVENT" => EntityKind::Event,
        "PRODUCT" => EntityKind::Product,
        "NATIONALITY" => EntityKind::Nationality,
        _ => return None,
    })
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
