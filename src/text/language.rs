//! Which language a text is in.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::characters::{Action, Characters, rows};
use super::letters::is_arabic_letter;
use super::zwnj::joints::Speller;

/// A language that is told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Persian.
    Persian,
    /// Arabic.
    Arabic,
    /// Urdu.
    Urdu,
    /// Pashto.
    Pashto,
    /// Central Kurdish, Sorani.
    Sorani,
    /// English.
    English,
    /// None is plain.
    #[default]
    Undetermined,
}

impl Language {
    /// Every language that is told apart.
    pub const ALL: [Language; 7] = [
        Language::Persian,
        Language::Arabic,
        Language::Urdu,
        Language::Pashto,
        Language::Sorani,
        Language::English,
        Language::Undetermined,
    ];

    /// The BCP-47 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Persian => "fa",
            Self::Arabic => "ar",
            Self::Urdu => "ur",
            Self::Pashto => "ps",
            Self::Sorani => "ckb",
            Self::English => "en",
            Self::Undetermined => "und",
        }
    }
}

/// How many bytes of a text are looked at: all of a short one, and as much of
/// a long one, at even distances.
const SAMPLE: usize = 1536;
/// The bytes that are judged together; each part has one vote for each of its
/// letters, so that a quotation in another language does not win.
const PART: usize = 192;
/// What a function word is worth against a letter, in nats.
const WORD: f32 = 2.5;
/// What a beginning or an ending is worth.
const AFFIX: f32 = 0.7;
/// What a ZWNJ is worth for Persian.
const ZWNJ: f32 = 1.5;
/// How much of the evidence is independent: letters of a word are not.
const INDEPENDENT: f32 = 0.3;

/// The languages in Arabic script, in the order of the table of letters;
/// `Undetermined` stands for all others.
const ARABIC_SCRIPT: [Language; 6] =
    [Language::Persian, Language::Arabic, Language::Urdu, Language::Pashto, Language::Sorani, Language::Undetermined];

type Scores = [f32; ARABIC_SCRIPT.len()];

/// For Persian alone.
const PERSIAN: Scores = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// What a word of the lexicon is worth for Persian: little, because other
/// languages have many of the same.
const KNOWN: f32 = 0.3;
/// What any other word is worth for Persian.
const UNKNOWN: f32 = -0.8;

/// The main language of `source`, as it was sent, and the confidence from 0 to 1.
///
/// Letters are judged by how often each language writes them after the letter
/// before, words by tables of function words, beginnings and endings.
pub fn detect(source: &str) -> (Language, f32) {
    let tables = Tables::get();
    // For each language its letters in all parts, and the same weighed with the
    // confidence.
    let mut votes = [(0.0, 0.0); Language::ALL.len()];
    let mut letters = 0.0;
    for part in parts(source) {
        let (language, confidence, count) = tables.judge(part);
        letters += count;
        if let Some((votes, sure)) = Language::ALL.iter().position(|&l| l == language).and_then(|at| votes.get_mut(at))
        {
            *votes += count;
            *sure += count * confidence;
        }
    }
    let best = Language::ALL.into_iter().zip(votes).max_by(|(_, (a, _)), (_, (b, _))| a.total_cmp(b));
    match best {
        Some((language, (_, sure))) if letters > 0.0 && language != Language::Undetermined => {
            (language, sure / letters)
        }
        _ => (Language::Undetermined, 0.0),
    }
}

/// The parts of `source` that are judged.
fn parts(source: &str) -> impl Iterator<Item = &str> {
    let step = if source.len() <= SAMPLE { PART } else { source.len() * PART / SAMPLE };
    let boundary = |mut at: usize| {
        while !source.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    (0..source.len()).step_by(step).map(move |start| {
        let start = boundary(start);
        source.get(start..boundary((start + PART).min(source.len()))).unwrap_or_default()
    })
}

/// The tables that languages are told by.
struct Tables {
    /// For each letter from U+0600 on: the logarithm of its share in each
    /// language.
    letters: Vec<Scores>,
    /// For each letter of the table of letters its number.
    numbers: [u8; (LAST - FIRST) as usize],
    /// For each letter after each, by their numbers: the logarithm of its share
    /// of what follows the first.
    pairs: Vec<Scores>,
    words: FxHashMap<&'static str, Scores>,
    prefixes: FxHashMap<&'static str, Scores>,
    suffixes: FxHashMap<&'static str, Scores>,
    /// Function words of English (positive) and of other languages in Latin
    /// script.
    latin: FxHashMap<&'static str, f32>,
    latin_suffixes: Vec<&'static str>,
    characters: &'static Characters,
}

/// What a part of the text holds.
#[derive(Default)]
struct Evidence {
    scores: Scores,
    arabic: f32,
    latin: f32,
    /// Latin letters beyond ASCII.
    accented: f32,
    /// Letters of other scripts.
    other: f32,
    english: f32,
}

impl Tables {
    fn get() -> &'static Self {
        static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);
        &TABLES
    }

    /// The language of `part`, the confidence, and how many letters it has.
    fn judge(&self, part: &str) -> (Language, f32, f32) {
        let mut evidence = Evidence::default();
        let mut rest = part;
        while let Some(start) = rest.find(is_letter) {
            rest = rest.get(start..).unwrap_or_default();
            let end = rest.find(|c: char| !is_letter(c) && c != '\u{200C}').unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            self.weigh(word, &mut evidence);
            rest = after;
        }
        let letters = evidence.arabic + evidence.latin + evidence.other;
        if letters < 2.0 || evidence.other > evidence.arabic.max(evidence.latin) {
            return (Language::Undetermined, 0.0, letters);
        }
        if evidence.latin > evidence.arabic {
            let is_english = evidence.accented * 16.0 <= evidence.latin && evidence.english >= 0.0;
            let confidence = 1.0 - 0.5 / (1.0 + evidence.english.max(0.0));
            let language = if is_english { Language::English } else { Language::Undetermined };
            return (language, confidence, letters);
        }
        let best = ARABIC_SCRIPT.iter().zip(evidence.scores).max_by(|(_, a), (_, b)| a.total_cmp(b));
        let Some((&language, top)) = best else { return (Language::Undetermined, 0.0, letters) };
        let all: f32 = evidence.scores.iter().map(|score| ((score - top) * INDEPENDENT).exp()).sum();
        (language, 1.0 / all, letters)
    }

    /// Adds what `word` tells.
    fn weigh(&self, word: &str, evidence: &mut Evidence) {
        let first = word.chars().next().unwrap_or(' ');
        if first.is_ascii() || ('\u{C0}'..'\u{250}').contains(&first) {
            evidence.latin += word.chars().count() as f32;
            evidence.accented += word.chars().filter(|c| !c.is_ascii()).count() as f32;
            let lower = word.to_lowercase();
            evidence.english += match self.latin.get(lower.as_str()) {
                Some(&weight) => weight,
                None if self.latin_suffixes.iter().any(|s| lower.len() > s.len() + 2 && lower.ends_with(s)) => 0.4,
                None => 0.0,
            };
            return;
        }
        let mut add = |scores: &Scores, weight: f32| {
            evidence.scores.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score * weight);
        };
        let (mut arabic, mut other) = (0.0, 0.0);
        let mut letters = word.chars();
        let mut form = "".chars();
        let mut before = None;
        while let Some(letter) = form.next().or_else(|| letters.next()) {
            // Presentation forms stand for letters.
            if letter >= '\u{FB50}'
                && let Action::Always(letters) = self.characters.action(letter.into())
            {
                form = letters.chars();
                continue;
            }
            let place = u32::from(letter).wrapping_sub(FIRST) as usize;
            match self.letters.get(place) {
                Some(alone) => {
                    let number = self.numbers.get(place).map_or(0, |&number| usize::from(number));
                    let after = before.and_then(|before| self.pairs.get(before * NUMBERS + number));
                    add(after.unwrap_or(alone), 1.0);
                    arabic += 1.0;
                    before = Some(number);
                }
                None if letter == '\u{200C}' => add(&PERSIAN, ZWNJ),
                None => other += 1.0,
            }
        }
        let lexicon = &Speller::get().model.lexicon;
        let is_known = match word.contains('\u{200C}') {
            true => lexicon.contains(&word.replace('\u{200C}', "")),
            false => lexicon.contains(word),
        };
        add(&PERSIAN, if is_known { KNOWN } else { UNKNOWN });
        if let Some(scores) = self.words.get(word) {
            add(scores, WORD);
        } else {
            // Affixes have one to four letters of two bytes each.
            for length in [2, 4, 6, 8].into_iter().take_while(|length| length + 2 < word.len()) {
                let end = word.len() - length;
                if let Some(scores) = word.get(..length).and_then(|prefix| self.prefixes.get(prefix)) {
                    add(scores, AFFIX);
                }
                if let Some(scores) = word.get(end..).and_then(|suffix| self.suffixes.get(suffix)) {
                    add(scores, AFFIX);
                }
            }
        }
        evidence.arabic += arabic;
        evidence.other += other;
    }

    fn read() -> Self {
        // A letter that no table has is rare everywhere.
        let rare = |share: f32| (share / 1000.0).ln();
        let mut tables = Self {
            letters: vec![[rare(SMALLEST); ARABIC_SCRIPT.len()]; (LAST - FIRST) as usize],
            numbers: [0; (LAST - FIRST) as usize],
            pairs: Vec::new(),
            words: FxHashMap::default(),
            prefixes: FxHashMap::default(),
            suffixes: FxHashMap::default(),
            latin: FxHashMap::default(),
            latin_suffixes: Vec::new(),
            characters: Characters::get(),
        };
        let place = |letter: char| u32::from(letter).wrapping_sub(FIRST) as usize;
        let read = |scores: &mut Scores, columns: std::str::Split<'_, char>| {
            for (score, share) in scores.iter_mut().zip(columns) {
                *score = rare(share.parse().unwrap_or(SMALLEST));
            }
        };
        let mut row_of_all = vec![[rare(SMALLEST); ARABIC_SCRIPT.len()]; NUMBERS];
        for (row, number) in rows(include_str!("../../data/text/letter_shares.tsv")).zip(1..) {
            let mut columns = row.split('\t');
            let letter = columns.next().and_then(|letter| letter.chars().next()).map_or(0, place);
            if let (Some(slot), Some(last)) = (tables.letters.get_mut(letter), row_of_all.get_mut(usize::from(number)))
            {
                read(slot, columns);
                *last = *slot;
            }
            if let Some(slot) = tables.numbers.get_mut(letter) {
                *slot = number;
            }
        }
        // A pair that is rare everywhere tells what its second letter tells.
        tables.pairs = row_of_all.repeat(NUMBERS);
        for row in rows(include_str!("../../data/text/letter_pairs.tsv")) {
            let mut columns = row.split('\t');
            let mut pair = columns.next().unwrap_or_default().chars().map(place);
            let mut number = || tables.numbers.get(pair.next()?).map(|&number| usize::from(number));
            if let (Some(first), Some(second)) = (number(), number())
                && let Some(slot) = tables.pairs.get_mut(first * NUMBERS + second)
            {
                read(slot, columns);
            }
        }
        for row in rows(include_str!("../../data/text/function_words.tsv")) {
            let mut columns = row.split('\t');
            let (Some(language), Some(kind), Some(forms)) = (columns.next(), columns.next(), columns.next()) else {
                continue;
            };
            let place = ARABIC_SCRIPT.iter().position(|l| l.code() == language);
            for form in forms.split(' ') {
                match (place, kind) {
                    (Some(place), "word") => set(tables.words.entry(form).or_default(), place, 1.0),
                    (Some(place), "marker") => set(tables.words.entry(form).or_default(), place, 2.0),
                    (Some(place), "prefix") => set(tables.prefixes.entry(form).or_default(), place, 1.0),
                    (Some(place), _) => set(tables.suffixes.entry(form).or_default(), place, 1.0),
                    (None, "word") => {
                        tables.latin.entry(form).or_insert(if language == "en" { 1.0 } else { -1.0 });
                    }
                    (None, _) => tables.latin_suffixes.push(form),
                }
            }
        }
        tables
    }
}

/// The share of a letter that a language does not write, per mille.
const SMALLEST: f32 = 0.05;
/// The first letter of the table of letters.
const FIRST: u32 = 0x620;
/// One past the last.
const LAST: u32 = 0x700;
/// More than the letters that the table of letters has; 0 is the number of all
/// others.
const NUMBERS: usize = 80;

/// Whether `c` is a letter; the common scripts are looked at first.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7F' => c.is_ascii_alphabetic(),
        '\u{600}'..='\u{6FF}' => is_arabic_letter(c),
        _ => c.is_alphabetic(),
    }
}

fn set(scores: &mut Scores, place: usize, weight: f32) {
    if let Some(score) = scores.get_mut(place) {
        *score = weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [(Language, &str); 6] = [
        (Language::Persian, "وزیر خارجه گفت که مذاکرات با همسایگان در روزهای آینده ادامه می‌یابد و مردم امیدوارند."),
        (Language::Arabic, "قال الوزير إن المحادثات مع الدول المجاورة ستستمر في الأيام المقبلة وإن الناس متفائلون."),
        (
            Language::Urdu,
            "وزیر نے کہا کہ پڑوسی ممالک کے ساتھ بات چیت آنے والے دنوں میں جاری رہے گی اور لوگ پُرامید ہیں۔",
        ),
        (
            Language::Pashto,
            "وزیر وویل چې له ګاونډیو هېوادونو سره خبرې به په راتلونکو ورځو کې دوام ولري او خلک هیله من دي.",
        ),
        (
            Language::Sorani,
            "وەزیر گوتی کە گفتوگۆ لەگەڵ وڵاتانی دراوسێ لە ڕۆژانی داهاتوودا بەردەوام دەبێت و خەڵک هیوادارن.",
        ),
        (Language::English, "The minister said that talks with neighbouring countries will go on in the coming days."),
    ];

    #[test]
    fn each_language_is_told() {
        for (language, text) in TEXTS {
            let (detected, confidence) = detect(text);
            assert_eq!(detected, language, "{text}");
            assert!(confidence > 0.8, "{confidence} {text}");
            assert_eq!(detect(&text.replace('\u{200C}', "")).0, language);
        }
    }

    #[test]
    fn short_persian_text() {
        for text in ["آغاز نشست در دمشق", "قيمت سكه و طلا امروز", "گزارش روز", "میکنند آنها را", "کتابهای تازه"]
        {
            assert_eq!(detect(text).0, Language::Persian, "{text}");
        }
    }

    #[test]
    fn nothing_plain() {
        for text in ["", "123 456", "😂 !", "Президент сказал", "中国", "Der Minister hat gesagt, dass die Gespräche"]
        {
            assert_eq!(detect(text).0, Language::Undetermined, "{text}");
        }
    }

    #[test]
    fn the_main_language_wins() {
        let [(_, persian), (_, arabic), .., (_, english)] = TEXTS;
        for other in [arabic, english] {
            assert_eq!(detect(&format!("{persian} {persian} {other} {persian}")).0, Language::Persian);
            assert_eq!(detect(&format!("{other} {persian} {other} {other}")).0, detect(other).0);
        }
    }
}
