//! The tables that names and triggers are read from.

macro_rules! tables {
    ($($table:ident),* $(,)?) => {
        /// The text of every table, as tab-separated lines; `#` opens a comment.
        /// Their columns are stated in each file's first comment.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, reason = "one table each, named as its file is")]
        pub struct Tables<'a> { $(pub $table: &'a str),* }

        impl Tables<'static> {
            /// The tables in the repository's `data/gazetteer`.
            pub const EMBEDDED: Self =
                Tables { $($table: include_str!(concat!("../../data/gazetteer/", stringify!($table), ".tsv"))),* };

            /// Tables without a line.
            pub const EMPTY: Self = Tables { $($table: ""),* };
        }
    };
}

tables!(
    countries,
    cities,
    iran_places,
    places,
    organizations,
    facilities,
    events,
    products,
    nationalities,
    given_names,
    surnames,
    persons,
    titles,
    heads,
    complements,
    stop_words,
    name_parts,
    ordinary_words,
    cues,
    amounts,
);

/// One line of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a>(&'a str);

impl<'a> Line<'a> {
    /// The column at `index`, trimmed; empty when there is none.
    pub(super) fn column(self, index: usize) -> &'a str {
        self.0.split('\t').nth(index).unwrap_or_default().trim()
    }

    /// The alternatives in the column at `index`, separated by `|`.
    pub(super) fn list(self, index: usize) -> impl Iterator<Item = &'a str> {
        self.column(index).split('|').map(str::trim).filter(|name| !name.is_empty())
    }
}

/// A line by itself.
pub(super) fn line(text: &str) -> Line<'_> {
    Line(text)
}

/// The lines of a table that hold something.
pub(super) fn lines(table: &str) -> impl Iterator<Item = Line<'_>> {
    table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(Line)
}
