//! What is known of a word, as a set.

/// What the tables, the lexicon and its shape say of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Flags(u64);

// The learned tagger reads the first 32 by their numbers: their order is part of
// its model, so new flags go to the end.
macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        #[derive(Clone, Copy)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers the constants below")]
        enum Bit { $($name),* }

        impl Flags {
            $($(#[$doc])* pub(super) const $name: Flags = Flags(1 << Bit::$name as u64);)*
        }
    };
}

flags! {
    /// A given name.
    GIVEN,
    /// A surname.
    SURNAME,
    /// A name that is an everyday word too.
    EVERYDAY,
    /// Belongs to a name: سید, میرزا.
    PREFIX,
    /// Joins parts of a name: بن, ون.
    LINK,
    /// Never in a name.
    STOP,
    /// A finite verb.
    VERB,
    /// A verb of saying.
    REPORT,
    /// A preposition.
    PREPOSITION,
    /// An ordinary noun, adjective or adverb.
    ORDINARY,
    /// An honorific or a rank: «دکتر».
    HONORIFIC,
    /// A post or occupation: «وزیر».
    POST,
    /// Opens a name: «وزارت».
    HEAD,
    /// A place, of one word.
    LOCATION,
    /// A people, a faith, a language.
    NATIONALITY,
    /// A word of institutions: صنعت, بهداشت.
    COMPLEMENT,
    /// A single word that is an organisation, facility, event or product.
    OTHER_NAME,
    /// Ordinal numbers and the like that open the name of an event.
    ORDINAL,
    /// Opens a report with a verb: «تأکید کرد».
    REPORT_NOUN,
    /// «برادر», «جوانی»: a name may follow.
    KIN,
    /// In no table, but a common word by the lexicon.
    COMMON,
    /// A body abroad: its place follows after «در».
    MISSION,
    /// Joins two countries in one name: «دوستی».
    BETWEEN,
    /// An outlet follows: «به نوشته».
    SOURCE,
    /// A facility when it is named for a person: «بندر».
    PORT,
    /// Leads from one place to another: «جاده».
    ROAD,
    /// A person's name follows: «به نام».
    NAMED,
    /// In no table, and not common by the lexicon, but there.
    SCARCE,
    /// Never a name after a head: «قدیمی».
    ADJECTIVE,
    /// «این», «هر».
    DETERMINER,
    /// Its name may be a number: «کلانتری ۱۳۸».
    NUMBERED,
    /// An unknown word after it is likely a place: «در».
    PLACE,
    // The tagger does not read what follows.
    /// A month or a day of the week.
    TIME,
    /// In no table, but shaped like an occupation: «ویولنسل‌نواز».
    OCCUPATION,
    /// A list of places follows: «روستاهای».
    PLACES,
    /// A part of the body that it is followed by: «روابط عمومی …».
    PART,
    /// Its name alone is the same place, if no town has that name: «رود سیروان».
    LANDFORM,
    /// Its name alone is the same place, if a table has it as such: «استان لرستان».
    PROVINCE,
    /// Its name alone is the same place: «شهر تبریز».
    SAME,
    /// The post of a place: «فرماندار».
    GOVERNOR,
    /// Ends the name of a body as its place would: «سازمان … کشور».
    CLOSER,
    /// A club is near: «دیدار», «هواداران».
    SPORT,
    /// A comma inside of a name: «وزارت صنعت، معدن و تجارت».
    INSIDE,
    /// A post whose place follows after «در»: «سفیر».
    ABROAD,
    /// Its name alone is the same body: «باشگاه».
    CLUB,
}

impl Flags {
    /// Nothing is known.
    pub(super) const NONE: Flags = Flags(0);
    /// What an inflected word keeps of its stem.
    pub(super) const INFLECTED: Flags =
        Self::POST.and(Self::NATIONALITY).and(Self::LOCATION).and(Self::ORDINARY).and(Self::STOP).and(Self::COMPLEMENT);

    /// The set as bits, in the order above.
    pub(super) const fn bits(self) -> u128 {
        self.0 as u128
    }

    /// Whether any of `these` is set.
    pub(super) const fn has(self, these: Flags) -> bool {
        self.0 & these.0 != 0
    }

    /// Those of both.
    pub(super) const fn and(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Those in both.
    pub(super) const fn only(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }

    /// The flag of a class of `cues.tsv`.
    pub(super) fn of_cue(class: &str) -> Flags {
        match class {
            "mission" => Flags::MISSION,
            "between" => Flags::BETWEEN,
            "source" => Flags::SOURCE,
            "named" => Flags::NAMED,
            "numbered" => Flags::NUMBERED,
            "road" => Flags::ROAD,
            "port" => Flags::PORT,
            "part" => Flags::PART,
            "landform" => Flags::LANDFORM,
            "province" => Flags::PROVINCE,
            "place" => Flags::PLACE,
            "places" => Flags::PLACES,
            "same" => Flags::SAME,
            "governor" => Flags::GOVERNOR,
            "closer" => Flags::CLOSER,
            "abroad" => Flags::ABROAD,
            "club" => Flags::CLUB,
            "sport" => Flags::SPORT,
            _ => Flags::NONE,
        }
    }

    /// The flags of a class of `stop_words.tsv`.
    pub(super) fn of_stop_word(class: &str) -> Flags {
        match class {
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
        }
    }
}
