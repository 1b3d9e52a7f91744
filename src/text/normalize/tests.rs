use proptest::prelude::*;

use super::*;
use crate::text::Span;

/// What a Persian text becomes.
const PERSIAN: &[(&str, &str, &str)] = &[
    ("letters", "علي كتاب‌هاي خوب مي‌خواند", "علی کتاب‌های خوب می‌خواند"),
    ("letters of other keyboards", "ھمہ ڪس ګفت؛ خانە، زندگے، صلوۃ", "همه کس کفت؛ خانه، زندگی، صلوه"),
    ("final alef maksura", "موسى و حتى", "موسی و حتی"),
    ("ه with hamza has one form", "خانۀ ما و خانهٔ شما", "خانهٔ ما و خانهٔ شما"),
    ("doubled hamza", "دربارهٔٔ آن", "دربارهٔ آن"),
    ("hamza joins its letter", "مسؤول رأی رئیس", "مسؤول رأی رئیس"),
    ("madda joins its letter", "قرآن", "قرآن"),
    ("hamza alone stays", "جزء و شیء و سوء", "جزء و شیء و سوء"),
    ("short vowels", "قبلاً مُدیرِ مَدرسه محمّد رحمٰن", "قبلا مدیر مدرسه محمد رحمن"),
    ("tatweel", "ســلام بهـ ـها", "سلام به ها"),
    ("tatweel as a dash", "تهران ـ ایرنا", "تهران - ایرنا"),
    ("three digit sets", "٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 0123456789", "0123456789 0123456789 0123456789"),
    ("number structure", "۱٬۲۵۰ و ۳۴٫۵ و ۱۲:۳۰ و ۱۴۰۳/۰۹/۱۸", "1٬250 و 34٫5 و 12:30 و 1403/09/18"),
    ("web addresses", "https://example.com/a-b?c=d_e&f=%DB%B1#g", "https://example.com/a-b?c=d_e&f=%DB%B1#g"),
    ("presentation forms one by one", "ﺳﻼﻡ ﻧﺒﺎﺷﺪ ﮔﻔﺖ ﻳﻚ", "سلام نباشد گفت یک"),
    ("noon and beh forms", "ﻥ ﻦ ﻧ ﻨ ﺏ ﺐ ﺑ ﺒ", "ن ن ن ن ب ب ب ب"),
    ("word signs", "ﷲ و ﷼ و ﷺ", "الله و ریال و ﷺ"),
    ("emoji stay", "عالی 😂 👍🏽 👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}", "عالی 😂 👍🏽 👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}"),
    ("joiner outside of emoji", "ه\u{200D} ق", "ه ق"),
    ("curly quotes", "“سلام” ‘نه’", "«سلام» 'نه'"),
    ("soft hyphen and not sign", "می\u{AD}شود می¬شود x ¬ y", "می‌شود می‌شود x ¬ y"),
    ("soft hyphen in Latin words", "infor\u{AD}mation", "information"),
    ("invisible characters", "\u{FEFF}\u{200F}سلام\u{200E} \u{202B}دنیا\u{202C}\u{200B}.", "سلام دنیا."),
    ("spaces", "الف\u{A0}ب\u{2009}پ\u{3000}ت", "الف ب پ ت"),
    ("line ends", "الف\r\nب\rپ\u{2028}ت", "الف\nب\nپ\nت"),
    ("doubled ZWNJ", "می‌‌روم", "می‌روم"),
    ("ZWNJ at an edge", "و ‌خانه‌ ما‌،", "و خانه ما،"),
    ("ZWNJ that cannot be seen", "کار‌ها و دانش‌آموز", "کارها و دانش‌آموز"),
    ("ZWNJ with bidi marks", "می\u{200F}\u{200C}\u{200E}\u{200C}شود", "می‌شود"),
    ("ZWNJ beside digits and Latin letters", "۱۰‌ساله CD‌ها", "10‌ساله CD‌ها"),
    ("Urdu words stay", "لڑکی ہے وہ لڑکے", "لڑکی هی وه لڑکے"),
    ("Kurdish words stay", "دەوڵەتی هەرێم", "دەوڵەتی هەرێم"),
    ("Pashto words stay", "ښوونځي كې", "ښوونځي کې"),
];

#[test]
fn persian_text() {
    for (name, source, expected) in PERSIAN {
        let normalized = normalize(source, Language::Persian);
        // «کې» holds a letter that only Pashto has, so its kaf stays.
        let expected = if *name == "Pashto words stay" { "ښوونځي كې" } else { expected };
        assert_eq!(normalized.text, expected, "{name}");
        assert_eq!(normalize(expected, Language::Persian).text, expected, "{name}, once more");
    }
}

#[test]
fn letters_of_another_language_stay() {
    for (language, text) in [
        (Language::Arabic, "قال علي إلى مكة “نعم”"),
        (Language::Urdu, "یہ ہے وہ كتاب"),
        (Language::Sorani, "ئەوە كتێبە"),
        (Language::Pashto, "دا كتاب دى"),
    ] {
        assert_eq!(normalize(text, language).text, text);
    }
    assert_eq!(normalize("في ٢٠٢٥", Language::Arabic).text, "في 2025");
}

#[test]
fn spans_lead_back_to_the_source() {
    for (source, word, expected) in [
        ("او قبلاً، رفت", "قبلا", "قبلاً"),
        ("در ۱۴۰۳/۰۹/۱۸ بود", "1403/09/18", "۱۴۰۳/۰۹/۱۸"),
        ("در ۱۴۰۳/۰۹/۱۸ بود", "09", "۰۹"),
        ("\u{200F}سلام\u{200F} دنیا", "سلام", "سلام"),
        ("خانۀ ما", "خانهٔ", "خانۀ"),
        ("نام ﷲ", "الله", "ﷲ"),
        ("قرا\u{653}ن", "قرآن", "قرا\u{653}ن"),
        ("می‌‌روم", "می‌روم", "می‌‌روم"),
        ("بهـ او", "به", "بهـ"),
        ("علي كتاب", "کتاب", "كتاب"),
    ] {
        let normalized = normalize(source, Language::Persian);
        let start = normalized.text.find(word).unwrap();
        let span = Span::new(start, start + word.len());
        let range = normalized.alignment.source_range(span);
        assert_eq!(&source[range.clone()], expected);
        assert_eq!(normalized.alignment.normalized_span(range), span, "{source}");
    }
}

#[test]
fn unchanged_text_is_one_run() {
    let text = "متن ساده با حروف فارسی و نیم‌فاصله‌ها and English 123.";
    let normalized = normalize(text, Language::Persian);
    assert_eq!(normalized.text, text);
    assert_eq!(normalized.alignment, Alignment::identity(text.len()));
    let folded = normalize("علي كتاب را ديد", Language::Persian);
    assert_eq!(folded.alignment.runs().len(), 1, "letters of one width are one run");
}

/// Text with everything that normalisation touches in it.
fn messy() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "ا", "ب", "د", "ه", "ی", "ي", "ك", "ۀ", "ە", "ڵ", "ﻻ", "ﷲ", "ﷺ", "\u{64B}", "\u{654}", "\u{653}", "\u{655}",
        "ـ", "\u{200C}", "\u{200D}", "\u{AD}", "¬", "\u{200F}", "\u{A0}", " ", "\n", "\r", "۱", "٢", "3", "a", "é",
        "٫", "“", "😂", "👍🏽", "\u{FE0F}", "«", "．", "０", "\u{301}",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_alignment_is_sound(source in prop_oneof![messy(), any::<String>()]) {
        let Normalized { text, alignment } = normalize(&source, Language::Persian);
        let (mut normalized, mut consumed) = (0, 0);
        for run in alignment.runs() {
            prop_assert_eq!(run.normalized.start, normalized, "covering");
            prop_assert!(run.source_start >= consumed && run.source_end >= run.source_start, "monotone");
            if run.stride > 0 {
                prop_assert_eq!(run.source_end - run.source_start, run.normalized.len() as u32 * u32::from(run.stride));
            }
            normalized = run.normalized.end;
            consumed = run.source_end;
        }
        prop_assert_eq!(normalized as usize, text.len());
        prop_assert!(consumed as usize <= source.len());

        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for pair in bounds.windows(2) {
            let span = Span::new(pair[0], pair[1]);
            let range = alignment.source_range(span);
            prop_assert!(source.get(range.clone()).is_some(), "character boundaries");
            prop_assert!(!range.is_empty());
            prop_assert!(alignment.normalized_span(range).contains(span), "round trip");
        }
        for (at, character) in source.char_indices() {
            let span = alignment.normalized_span(at..at + character.len_utf8());
            prop_assert!(text.get(span.range()).is_some(), "character boundaries");
        }
    }
}
