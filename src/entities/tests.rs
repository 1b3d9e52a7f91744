//! The stage as a whole, on tables small enough to read here.

use proptest::prelude::*;

use super::*;
use crate::segment;

const TABLES: Tables<'static> = Tables {
    countries: "SY\tسوریه\t\tسوری|سوری‌ها\tx\nRU\tروسیه\tفدراسیون روسیه\tروس|روسی|روس‌ها\tx\nIR\tایران\t\tایرانی\tx\nUS\tآمریکا\tایالات متحده\tآمریکایی\tx",
    cities: "10\tدمشق\t\tSY\t1500000\tx\n11\tمسکو\t\tRU\t9000000\tx\n12\tطرطوس\t\tSY\t90000\tx\n13\tاسپرینگ\t\tUS\t50000\tx\n14\tاسپرینگ\t\tRU\t60000\tx",
    iran_places: "کرمان\t\tprovince\t\t20\tx\nبافق\t\tcity\tیزد\t21\tx",
    places: "کارون\t\triver\tx\nخلیج فارس\t\tgulf\tx",
    organizations: "کرملین\t\tstate\tRU\tx\nایسنا\tخبرگزاری دانشجویان ایران\tagency\tIR\tx\nمجلس شورای اسلامی\t\tparliament\tIR\tx",
    nationalities: "کرد\tکردها\tethnic\t\tx",
    given_names: "ماهر\tm\tar\t\nنادر\tm\tfa\tword\nلیلا\tf\tfa\t\nامید\tm\tfa\tword\nاحمد\tm\tar\t",
    surnames: "رستگار\tfa\t\nکریمی\tfa\t\nامینی\tfa\t",
    titles: "دکتر\thonorific\tn\nوزیر\tpost\ty\nسخنگوی\tpost\ty\nرئیس\tpost\ty\nمعاون\tpost\ty\nنماینده\tpost\ty\nسید\tprefix\tn",
    heads: "وزارت\tORG\ty\tcomplement\t0.9\nدولت\tORG\ty\tcomplement\t0.5\nدولت موقت\tORG\ty\tcomplement\t0.6\nکمیسیون\tORG\ty\tcomplement\t0.8\nشرکت\tORG\ty\tname\t0.6\nاستان\tLOC\ty\tname\t0.8\nکاخ\tFAC\ty\tname\t0.7\nورزشگاه\tFAC\ty\tname\t0.7\nارتش\tORG\ty\tcomplement\t0.6\nجشنواره فیلم\tEVE\ty\tname\t0.8\nروزنامه\tORG\ty\tname\t0.6",
    complements: "امور خارجه\tوزارت|وزیر\tx\nصنعت، معدن و تجارت\tوزارت\tx\nامنیت ملی\tکمیسیون\tx",
    stop_words: "به\tprep\nدر\tprep\nاز\tprep\nرا\tpostp\nگفت\treport\nکرد\tverb\nشد\tverb\nدارد\tverb\nرفت\tverb\nبود\tverb\nبا\tprep\nو\tconj\nکه\tconj\nاین\tdet\nکرده‌اند\tverb\nاو\tpron",
    name_parts: "ال\tsurname_prefix\nزاده\tsurname_suffix\nبن\tlink",
    amounts: "یک\tnumber\t1\nهزار\tmultiplier\t1000\nمیلیارد\tmultiplier\t1000000000\nمیلیون\tmultiplier\t1000000\nدلار\tcurrency\tدلار\nتومان\tcurrency\tتومان\nدرصد\tpercent\tدرصد",
    ordinary_words: "سفر دیدار پاسخ نشست زیادی کتاب",
    ..Tables::EMPTY
};

/// The entities of `text`, each line a sentence, by the tables above.
fn read(text: &str) -> Vec<Entity> {
    read_with(&Gazetteer::from_tables(&TABLES), text)
}

fn read_with(gazetteer: &Gazetteer, text: &str) -> Vec<Entity> {
    let mut out = Vec::new();
    let tokens = segment::tokens(text);
    extract(text, &sentences(text, &tokens), &tokens, gazetteer, None, &mut out);
    out
}

fn sentences(text: &str, tokens: &[Token]) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        segment::sentences(text, Span::new(at, at + line.len()), tokens, &mut sentences);
        at += line.len() + 1;
    }
    sentences
}

/// The mentions of `text` in order, as `form/kind`.
fn mentions(text: &str) -> Vec<String> {
    forms(text, &read(text))
}

fn forms(text: &str, entities: &[Entity]) -> Vec<String> {
    let mut found: Vec<(Span, EntityKind)> =
        entities.iter().flat_map(|e| e.mentions.iter().map(|m| (m.span, e.kind))).collect();
    found.sort();
    found.into_iter().map(|(span, kind)| format!("{}/{kind:?}", span.of(text))).collect()
}

#[test]
fn mentions_have_the_spans_and_kinds_of_the_guide() {
    for (text, expected) in [
        ("وزارت امور خارجه دولت موقت سوریه پاسخ را رد کرد", &["وزارت امور خارجه دولت موقت سوریه/Organization"][..]),
        ("ارتش سوریه به طرطوس رفت", &["ارتش سوریه/Organization", "طرطوس/Location"]),
        ("وزارت صنعت، معدن و تجارت این را گفت", &["وزارت صنعت، معدن و تجارت/Organization"]),
        ("کمیسیون امنیت ملی مجلس شورای اسلامی", &["کمیسیون امنیت ملی مجلس شورای اسلامی/Organization"]),
        ("نشست در کاخ گلچشمه دمشق بود", &["کاخ گلچشمه/Facility", "دمشق/Location"]),
        ("سفر به استان کرمان", &["استان کرمان/Location"]),
        ("لیلا رستگار سخنگوی کرملین این را گفت", &["لیلا رستگار/Person", "کرملین/Organization"]),
        ("دکتر امینی گفت", &["امینی/Person"]),
        ("به گزارش خبرگزاری دانشجویان ایران", &["خبرگزاری دانشجویان ایران/Organization"]),
        ("روس‌ها در خلیج فارس", &["روس‌ها/Nationality", "خلیج فارس/Location"]),
        ("روزنامه «باد شمال» این را گفت", &["باد شمال/Organization"]),
        ("او امید زیادی دارد", &[]),
        ("او این را کرد", &[]),
    ] {
        assert_eq!(mentions(text), expected, "{text}");
    }
}

#[test]
fn a_lost_or_spaced_zwnj_changes_nothing() {
    assert_eq!(mentions("روسها رفتند"), ["روسها/Nationality"]);
    assert_eq!(mentions("ایرانیها و سوریها"), ["ایرانیها/Nationality", "سوریها/Nationality"]);
}

#[test]
fn the_embedded_tables_serve_the_grammar() {
    let gazetteer = Gazetteer::embedded();
    for (text, expected) in [
        (
            "پرویز شکیبافر، مدیرعامل شرکت برق منطقه‌ای خراسان، به ایسنا گفت: مصرف ۱۲ درصد بالا رفت.",
            &["پرویز شکیبافر/Person", "شرکت برق منطقه‌ای خراسان/Organization", "ایسنا/Organization", "۱۲ درصد/Percent"]
                [..],
        ),
        (
            "سخنگوی وزارت امور خارجه ژاپن دیروز وارد تهران شد.",
            &["وزارت امور خارجه ژاپن/Organization", "تهران/Location"],
        ),
        (
            "سفارت ایران در بغداد و دانشگاه صنعتی شریف همکاری می‌کنند.",
            &["سفارت ایران در بغداد/Organization", "دانشگاه صنعتی شریف/Organization"],
        ),
        (
            "زلزله‌ای استان کرمان را لرزاند؛ روستاهای تیکلان و مورچان آسیب دید.",
            &["استان کرمان/Location", "تیکلان/Location", "مورچان/Location"],
        ),
        ("شرکت فرانسوی «ونتالا» ۲٫۵ میلیون یورو پرداخت.", &["فرانسوی/Nationality", "۲٫۵ میلیون یورو/Money"]),
        ("پیش از نوروز، دو کارگر افغان به شیراز رفتند.", &["نوروز/Event", "افغان/Nationality", "شیراز/Location"]),
    ] {
        assert_eq!(forms(text, &read_with(&gazetteer, text)), expected, "{text}");
    }
}

#[test]
fn amounts_are_named_by_their_value() {
    let text = "یک میلیارد و ۷۰۰ میلیون دلار\n۳٫۵ درصد\n2,500 تومان\n۶۲۰ هزار میلیارد تومان";
    let names: Vec<String> = read(text).into_iter().map(|e| e.name).collect();
    assert_eq!(names, ["1700000000 دلار", "3.5 درصد", "2500 تومان", "620000000000000 تومان"]);
}

#[test]
fn unknown_names_need_a_title_beside_them() {
    assert_eq!(mentions("تزوگل مبیندا، وزیر امور خارجه، به مسکو رفت"), ["تزوگل مبیندا/Person", "مسکو/Location"]);
    assert_eq!(mentions("تزوگل مبیندا به مسکو رفت"), ["مسکو/Location"]);
}

#[test]
fn a_surname_joins_the_full_name() {
    let text = "الشاکری به مسکو رفت\nماهر الشاکری، وزیر امور خارجه سوریه، گفت\nالشاکری رفت";
    let entities = read(text);
    let person = entities.iter().find(|e| e.kind == EntityKind::Person).expect("a person");
    assert_eq!((person.name.as_str(), person.mentions.len()), ("ماهر الشاکری", 3));
    assert_eq!(person.id, "local:per:ماهر-الشاکری");
    assert_eq!(person.aliases, ["الشاکری"]);
    let role = person.roles.first().expect("a role");
    assert_eq!(role.span.of(text), "وزیر امور خارجه سوریه");
    assert_eq!(role.of, ["iso3166:SY"]);
}

#[test]
fn a_role_ends_where_the_clause_goes_on() {
    for (text, role) in [
        ("ماهر الشاکری وزیر نیرو ریاست این گروه را بر عهده دارد", "وزیر نیرو"),
        ("ماهر الشاکری وزیر امور خارجه سوریه مورد انتقاد قرار گرفت", "وزیر امور خارجه سوریه"),
        ("ماهر الشاکری وزیر امور خارجه سوریه و هیئت همراه او آمدند", "وزیر امور خارجه سوریه"),
        ("ماهر الشاکری وزیر امور خارجه در کاخ ریاست‌جمهوری ماند", "وزیر امور خارجه"),
        ("ماهر الشاکری سفیر سوریه در روسیه گفت", "سفیر سوریه در روسیه"),
        ("ماهر الشاکری وزیر امور خارجه سوریه گفت", "وزیر امور خارجه سوریه"),
    ] {
        let entities = read_with(&Gazetteer::embedded(), text);
        let roles: Vec<&str> = entities.iter().flat_map(|e| &e.roles).map(|r| r.span.of(text)).collect();
        assert_eq!(roles, [role], "{text}");
    }
}

#[test]
fn a_body_and_its_bare_name_are_one() {
    let text = "باشگاه تیراوان شکست خورد\nتیراوان بازیکن گرفت\nباشگاه تیراوان گفت";
    let entities = read_with(&Gazetteer::embedded(), text);
    let bodies = entities.iter().filter(|e| e.kind == EntityKind::Organization);
    assert_eq!(bodies.map(|e| e.mentions.len()).collect::<Vec<_>>(), [3]);
}

#[test]
fn a_shared_surname_goes_to_the_person_named_last() {
    let text = "ماهر الشاکری، وزیر، گفت\nالشاکری رفت\nاحمد الشاکری، رئیس، گفت\nالشاکری رفت";
    let persons: Vec<(String, usize)> = read(text).into_iter().map(|e| (e.name, e.mentions.len())).collect();
    assert_eq!(persons, [("ماهر الشاکری".to_owned(), 2), ("احمد الشاکری".to_owned(), 2)]);
}

#[test]
fn forms_of_one_thing_are_one_entity_with_its_identifier() {
    let entities = read("فدراسیون روسیه به ایسنا پاسخ داد\nروسیه و خبرگزاری دانشجویان ایران");
    let ids: Vec<(&str, usize)> = entities.iter().map(|e| (e.id.as_str(), e.mentions.len())).collect();
    assert_eq!(ids, [("iso3166:RU", 2), ("local:org:ایسنا", 2)]);
    let link = entities.first().and_then(|e| e.links.first()).expect("a link");
    assert_eq!((&*link.authority, link.id.as_str()), ("iso3166", "RU"));
    assert!(link.url.ends_with(":RU"));
}

#[test]
fn among_places_of_one_name_the_countries_named_decide() {
    assert_eq!(read("در اسپرینگ").first().map(|e| e.id.clone()).as_deref(), Some("geonames:14"));
    let american = read("آمریکا و ایالات متحده\nدر اسپرینگ");
    assert_eq!(american.get(1).map(|e| e.id.as_str()), Some("geonames:13"));
}

#[test]
fn the_headline_makes_salient() {
    let entities = read("دمشق\nمسکو در روسیه\nروسیه");
    let salience = |id: &str| entities.iter().find(|e| e.id == id).map_or(0.0, |e| e.salience);
    assert!(salience("geonames:10") > salience("geonames:11"));
    assert!(entities.iter().any(|e| e.salience == 1.0) && entities.iter().all(|e| e.salience <= 1.0));
}

/// Pieces that rules react to, in any order, and noise.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "وزارت",
        "امور خارجه",
        "دولت موقت",
        "سوریه",
        "،",
        "و",
        "لیلا",
        "رستگار",
        "الشاکری",
        "سخنگوی",
        "کرملین",
        "گفت",
        "را",
        "«",
        "»",
        "\n",
        "استان",
        "کرمان",
        "بن",
        "سید",
        "دکتر",
        "تزوگل",
        "(",
        ")",
        "۱۲",
        "\u{200C}",
        "ـ",
        "x",
        "🙂",
        "روس‌ها",
        "شرکت",
        "کاخ",
        "َ",
        ".",
    ]);
    let noise = prop_oneof![8 => piece.prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    prop::collection::vec(noise, 0..60).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn spans_are_words_of_the_text_and_never_overlap(text in texts()) {
        let entities = read(&text);
        let mut spans: Vec<Span> = entities.iter().flat_map(|e| e.mentions.iter().map(|m| m.span)).collect();
        spans.sort();
        for span in &spans {
            prop_assert!(!span.is_empty() && !span.of(&text).is_empty());
        }
        for pair in spans.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        for entity in &entities {
            prop_assert!((0.0..=1.0).contains(&entity.salience));
            prop_assert!(entity.mentions.is_sorted_by_key(|m| m.span));
            prop_assert!(entity.mentions.iter().all(|m| (0.0..=1.0).contains(&m.confidence)));
        }
    }

    #[test]
    fn the_same_text_gives_the_same_unique_ids(text in texts()) {
        let ids: Vec<String> = read(&text).into_iter().map(|e| e.id).collect();
        prop_assert_eq!(&ids, &read(&text).into_iter().map(|e| e.id).collect::<Vec<_>>());
        let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
        prop_assert_eq!(unique.len(), ids.len());
    }
}
