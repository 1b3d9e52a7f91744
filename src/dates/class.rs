//! The classes that the grammar is written in.

/// Declares the classes with their names in the tables and what they mean.
macro_rules! classes {
    ($($variant:ident $name:literal $meaning:literal)*) => {
        /// A lexical class: what a word or number can be within a date.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub(super) enum Class { $(#[doc = $meaning] $variant),* }

        impl Class {
            /// Every class, in order.
            pub(super) const ALL: &'static [Class] = &[$(Class::$variant),*];

            /// Its name in the tables.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Class::$variant => $name),* }
            }

            /// What it means, in English.
            #[cfg(test)]
            pub(super) const fn meaning(self) -> &'static str {
                match self { $(Class::$variant => $meaning),* }
            }
        }
    };
}

classes! {
    Weekday "weekday" "a weekday; 1 is Monday"
    Month "month" "a month name that is hardly anything else; P, G or I and its number"
    WordMonth "month?" "a month name that is also a common word or name"
    May "may" "مه and می, which are a month only with a day, a year or ماه"
    RareMonth "month!" "a month name that is nearly always something else"
    Mah "ماه" "the word ماه"
    Mahha "ماه‌های" "the word ماه‌های"
    Sal "سال" "the word سال"
    Salha "سال‌های" "the word سال‌های"
    Ruz "روز" "the word روز"
    Ruzha "روزهای" "the word روزهای"
    Saat "ساعت" "the word ساعت"
    Dahe "دهه" "the word دهه"
    Daheha "دهه‌های" "the word دهه‌های"
    Qarn "قرن" "the words قرن and سده"
    Fasl "فصل" "the word فصل"
    Hafte "هفته" "the word هفته"
    Daqiqe "دقیقه" "the word دقیقه"
    Unit "unit" "a unit of time"
    Long "long" "a unit made an adjective: روزه، ساله"
    Aged "aged" "ساله: a length or an age"
    One "one" "«ساعتی»: one of the unit, before «بعد» or «پیش»"
    Be "به" "the word به, in «یک ربع به هفت»"
    Part "part" "a part of the day: MO MD AF EV"
    Night "night" "the night"
    SurePart "part!" "a part of the day that is hardly anything else"
    Today "today" "a day counted from the document's"
    Tonight "tonight" "a night counted from the document's day"
    ThisYear "thisyear" "a year counted from the document's"
    This "this" "this, before its noun"
    That "that" "that same, before its noun: what was mentioned"
    Current "current" "current, after its noun"
    Last "last" "last, after its noun"
    Next "next" "next, after its noun"
    Ago "ago" "ago, after a length"
    Later "later" "from now, after a length"
    Past "past" "past, after a length that ends now"
    Ahead "ahead" "coming, after a length that begins now"
    Edge "edge" "START, MID or END of what follows"
    First "first" "اول before سال and ماه"
    EdgeAdjective "edgeadj" "START or END, after its noun"
    Final "final" "the last, before its noun"
    Dated "مورخ" "the words مورخ and تاریخ"
    Half "half" "half, before an ordinal"
    HalfYear "halfyear" "half-year, before an ordinal"
    Season "season" "a season: SP SU FA WI"
    Weekend "weekend" "the weekend"
    To "to" "between the ends of a range"
    For "for" "برای: what follows is planned"
    Dash "dash" "a dash"
    And "and" "و"
    Comma "comma" "a comma"
    Open "open" "an opening bracket"
    Close "close" "a closing bracket"
    Era "era" "the name of an era: SH solar, LH lunar, AH hijri, CE, BC, SS imperial"
    Suffix "suffix" "makes an ordinal of the digits before it"
    Every "every" "هر"
    Plural "plural" "the plural ending"
    PluralsOf "plurals-of" "the plural ending of what goes on"
    Fraction "fraction" "half or a quarter: sixtieths of an hour"
    Vague "vague" "a few"
    Daily "daily" "an adverb of recurrence; its TIMEX3 value"
    Rate "rate" "«روزی»، «سالی»: so often; its TIMEX3 value"
    Times "times" "بار and its kind"
    Once "once" "once"
    In "in" "در between a number of times and a unit"
    Ref "ref" "a vague reference; its TIMEX3 value"
    Approx "approx" "before a length: APPROX, MORE_THAN, LESS_THAN"
    Zone "zone" "به وقت"
    Place "place" "a place that names a time zone; its IANA name, or local"
    Named "named" "a day or period with a name"
    Ending "ending" "«منتهی به»"
    // Numbers: classes by value and form, the narrower ones first.
    NumDate "numdate" "a whole date in digits"
    NumMonth "nummonth" "year and month in digits"
    Clock "clock" "a clock time in digits"
    Year4 "year4" "a number that can be a year with a word that says so"
    YearBare "yearbare" "a number of four digits that can be a year by itself"
    Year2 "year2" "two digits"
    Tens "tens" "a multiple of ten below 100"
    Dom "dom" "1 to 31 in digits or as an ordinal"
    DomWord "domword" "1 to 31 as a spelled cardinal"
    Hour "hour" "0 to 24"
    Minute "minute" "0 to 59"
    Ordinal "ordinal" "an ordinal number"
    Decimal "decimal" "a number with a decimal fraction"
    Number "number" "a whole number"
    // What stands around.
    TimePrep "tprep" "a preposition that takes a time"
    Between "between" "between"
    Prep "prep" "another function word"
    Bar "bar" "what follows is a name, not a month"
    DayBar "daybar" "what follows is no weekday"
    PartBar "partbar" "what follows is no time: «نماز صبح»"
    Paper "paper" "a newspaper, whose name may be a time"
    Buried "buried" "caught: the month after it is an avalanche"
    YearKind "yearkind" "the year is not that of the calendar"
    Many "many" "hundreds, thousands"
    AgeBefore "agebefore" "the length that follows is an age"
    Counted "counted" "what is before is a count"
    Label "label" "what follows is a label"
    Event "event" "what follows is the year of an event"
    Term "term" "what follows is a term, not an age"
    Age "age" "the length before is an age"
    NotNow "notnow" "what follows is the present age, not today: «دنیای امروز»"
    Black "black" "the weekday before is the name of something"
    Dushanbe "dushanbe" "the city of Dushanbe"
    Birth "birth" "the two digits that follow are a year"
    Postponed "postponed" "put off to what stands before"
    Shot "shot" "the word beside is a bullet"
    Fond "fond" "the word before is no month: «مهر مادر»"
    Life "life" "the decade before is one of a life: «دهه چهل زندگی»"
    Watch "watch" "what is before is a watch or a clock: «ساعت مچی»"
    Stop "stop" "ends what belongs together"
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ClassSet(pub(super) u128);

impl ClassSet {
    pub(super) const fn of(class: Class) -> Self {
        Self(1 << class as u8)
    }

    pub(super) const fn with(self, class: Class) -> Self {
        Self(self.0 | 1 << class as u8)
    }

    pub(super) const fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    pub(super) const fn meets(self, other: ClassSet) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Class {
    /// The class that the tables call `name`.
    pub(super) fn parse(name: &str) -> Option<Class> {
        Class::ALL.iter().copied().find(|class| class.name() == name)
    }
}
