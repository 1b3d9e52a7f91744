//! Tables of cases: what is marked in the text stands for what the entity room
//! finds. `[p1 …]` is a person, `[o2 …]` a body, `[l3 …]` a place, and the
//! number says which; `{1 …}` is the title of person 1.

use proptest::prelude::*;

use super::*;
use crate::entities::{Entity, EntityKind, Mention, Role};
use crate::segment::{self, Sentence, Token};

struct Marked {
    text: String,
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
    entities: Vec<Entity>,
}

impl Marked {
    fn new(marked: &str) -> Self {
        let (mut text, mut open, mut entities) = (String::new(), Vec::new(), Vec::<Entity>::new());
        let mut rest = marked.chars();
        while let Some(c) = rest.next() {
            match c {
                '[' | '{' => {
                    let head: String = rest.by_ref().take_while(|c| *c != ' ').collect();
                    open.push((text.len(), head));
                }
                ']' | '}' => {
                    let (start, head) = open.pop().unwrap();
                    let span = Span::new(start, text.len());
                    let id = head.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
                    let kind = match head.chars().next() {
                        Some('o') => EntityKind::Organization,
                        Some('l') => EntityKind::Location,
                        _ => EntityKind::Person,
                    };
                    let name = span.of(&text).to_owned();
                    let at = entities.iter().position(|e| e.id == id).unwrap_or_else(|| {
                        entities.push(entity(&id, kind, name));
                        entities.len() - 1
                    });
                    if c == ']' {
                        let resource = String::new();
                        entities[at].kind = kind;
                        entities[at].mentions.push(Mention { span, confidence: 1.0, rule: "", resource });
                    } else {
                        entities[at].roles.push(Role { span, of: Vec::new() });
                    }
                }
                _ => text.push(c),
            }
        }
        let tokens = segment::tokens(&text);
        let (mut sentences, mut at) = (Vec::new(), 0);
        for line in text.split('\n') {
            segment::sentences(&text, Span::new(at, at + line.len()), &tokens, &mut sentences);
            at += line.len() + 1;
        }
        Self { text, tokens, sentences, entities }
    }

    fn reading(&self) -> Reading<'_> {
        Reading::new(&self.text, &self.sentences, &self.tokens, &self.entities)
    }

    /// Speaker and content of each quotation.
    fn quotations(&self) -> Vec<(String, &str)> {
        let found = quotations(&self.reading());
        found.into_iter().map(|q| (q.speaker_id, q.content.of(&self.text))).collect()
    }

    /// Hop, entity, name and span of each source.
    fn sources(&self) -> Vec<(u32, String, String, &str)> {
        let found = sources(&self.reading());
        found.into_iter().map(|s| (s.hop, s.entity_id, s.name, s.span.of(&self.text))).collect()
    }
}

fn entity(id: &str, kind: EntityKind, name: String) -> Entity {
    let (mentions, aliases, links, roles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    Entity { id: id.to_owned(), name, kind, salience: 0.0, mentions, aliases, links, roles }
}

#[test]
fn who_said_what() {
    for (marked, expected) in [
        // Direct speech: after the verb, before it, by itself.
        ("[p1 نرگس کاوه‌ای] گفت: «باران کافی نبود.»", vec![("1", "باران کافی نبود")]),
        ("«باران کافی نبود»، [p1 کاوه‌ای] گفت.", vec![("1", "باران کافی نبود")]),
        ("[p1 کاوه‌ای] دیر رسید. «باران کافی نبود.» این را [p1 کاوه‌ای] در راه گفت.", vec![("1", "باران کافی نبود")]),
        (
            "[p1 کاوه‌ای] افزود: «باران کم بود. ما چاه کندیم. آب کجاست؟»",
            vec![("1", "باران کم بود. ما چاه کندیم. آب کجاست؟")],
        ),
        ("[p1 کاوه‌ای] این طرح را «کوچک و دیر» خواند.", vec![("1", "کوچک و دیر")]),
        ("[p1 کاوه‌ای] این طرح را گامی بلند به پیش نامید.", vec![("1", "گامی بلند به پیش")]),
        // Reported speech: with «که», a colon, nothing.
        ("[p1 کاوه‌ای] تأکید کرد که بند بسته است.", vec![("1", "بند بسته است")]),
        ("[p1 کاوه‌ای]، {1 مدیر [o2 شرکت آب]}، می‌گوید بند بسته است.", vec![("1", "بند بسته است")]),
        ("به گفته [p1 کاوه‌ای]، بند تا بهار بسته می‌ماند.", vec![("1", "بند تا بهار بسته می‌ماند")]),
        ("به گفته {1 مدیر [o2 شرکت آب]}، [p1 کاوه‌ای]، بند بسته می‌ماند.", vec![("1", "بند بسته می‌ماند")]),
        ("[o2 شرکت آب] اعلام کرد بند بسته شده است.", vec![("2", "بند بسته شده است")]),
        ("در بیانیه [o2 شرکت آب] آمده است که بند بسته شد.", vec![("2", "بند بسته شد")]),
        // Two verbs of one speaker, and a verb of another.
        (
            "[p1 کاوه‌ای] گفت بند بسته است و افزود چاه خشک شده است.",
            vec![("1", "بند بسته است"), ("1", "چاه خشک شده است")],
        ),
        ("[p1 کاوه‌ای] این سخن را رد کرد، اما [p3 رستم شهابی] گفت بند بسته است.", vec![("3", "بند بسته است")]),
        // Pronouns, titles, nobody.
        ("[p1 کاوه‌ای] به دیدار [p3 شهابی] رفت. وی گفت بند بسته است.", vec![("1", "بند بسته است")]),
        ("[p1 کاوه‌ای] آمد. این مقام گفت بند بسته است.", vec![("1", "بند بسته است")]),
        (
            "[p1 کاوه‌ای] {1 وزیر نیروی [l2 ایران]} آمد. [p3 شهابی] رفت. وزیر نیرو گفت بند بسته است.",
            vec![("1", "بند بسته است")],
        ),
        (
            "{1 رئیس‌جمهوری [l2 ایران]} [p1 کاوه‌ای] آمد. [p3 شهابی] رفت. رئیس جمهور [l2 ایران] گفت بند بسته است.",
            vec![("1", "بند بسته است")],
        ),
        ("[p1 کاوه‌ای] آمد. وزیر راه گفت بند بسته است.", vec![("", "بند بسته است")]),
        ("[p1 کاوه‌ای] آمد. پدر یکی از کودکان گفت بند بسته است.", vec![("", "بند بسته است")]),
        ("[o4 خبرگزاری ایسنا] به نقل از [p1 کاوه‌ای] نوشت که بند بسته است.", vec![("1", "بند بسته است")]),
        // Words that go on in the next sentences.
        (
            "[p1 کاوه‌ای] گفت: چاه کندیم و آب نیافتیم. باز هم می‌کنیم. هوا سرد شد.",
            vec![("1", "چاه کندیم و آب نیافتیم. باز هم می‌کنیم")],
        ),
        // No words.
        ("[p1 کاوه‌ای] از بسته شدن بند خبر داد.", vec![]),
        ("[p1 کاوه‌ای] این عید را تبریک گفت.", vec![]),
        ("[o4 خبرگزاری ایسنا] نوشت بند بسته است.", vec![]),
        ("گفته شد که بند بسته است.", vec![]),
    ] {
        let marked = Marked::new(marked);
        let expected: Vec<_> = expected.into_iter().map(|(who, what)| (who.to_owned(), what)).collect();
        assert_eq!(marked.quotations(), expected, "{}", marked.text);
    }
}

#[test]
fn where_it_came_from() {
    for (marked, expected) in [
        ("به گزارش [o1 خبرگزاری ایرنا]، بند بسته شد.", vec![(1, "1", "ایرنا", "خبرگزاری ایرنا")]),
        (
            "به گزارش [o1 تابناک] به نقل از [o2 روزنامه آب]، بند بسته شد.",
            vec![(1, "1", "تابناک", "تابناک"), (2, "2", "روزنامه آب", "روزنامه آب")],
        ),
        (
            "به گزارش تابناک به نقل از ایرنان؛ بند بسته شد.",
            vec![(1, "", "تابناک", "تابناک"), (2, "", "ایرنا", "ایرنان")],
        ),
        (
            "[o1 ایسنا] به نقل از [o2 شبکه موج] نوشت بند بسته شد.",
            vec![(1, "1", "ایسنا", "ایسنا"), (2, "2", "شبکه موج", "شبکه موج")],
        ),
        ("[p3 شهابی] به خبرنگار [o1 ایلنا] گفت بند بسته شد.", vec![(1, "1", "ایلنا", "خبرنگار ایلنا")]),
        ("[p3 شهابی] به [o1 سپیده‌دم] گفت بند بسته شد.", vec![(1, "1", "سپیده‌دم", "سپیده‌دم")]),
        ("به نوشته خبرگزاری آوای خزر، بند بسته شد.", vec![(1, "", "خبرگزاری آوای خزر", "خبرگزاری آوای خزر")]),
        ("[o1 روزنامه آب] نوشت که بند بسته شد.", vec![(1, "1", "روزنامه آب", "روزنامه آب")]),
        ("[p3 شهابی] در گفت‌وگو با [o1 هفته‌نامه آب] گفت بند بسته شد.", vec![(1, "1", "هفته‌نامه آب", "هفته‌نامه آب")]),
        // No outlets.
        ("بنا بر این گزارش، بند بسته شد.", vec![]),
        ("[p3 شهابی] به [o1 شورای شهر] گفت بند بسته شد.", vec![]),
        ("[p3 شهابی] به کارگران گفت بند بسته شد.", vec![]),
        ("به گزارش خبرنگار ما، بند بسته شد.", vec![]),
    ] {
        let marked = Marked::new(marked);
        let expected: Vec<_> =
            expected.into_iter().map(|(hop, id, name, span)| (hop, id.to_owned(), name.to_owned(), span)).collect();
        assert_eq!(marked.sources(), expected, "{}", marked.text);
    }
    let misspelt = Marked::new("به گزارش تابناک به نقل از ایرنان؛ بند بسته شد.");
    let [right, wrong] = sources(&misspelt.reading()).try_into().unwrap();
    assert!(wrong.confidence < right.confidence);
}

#[test]
fn what_it_is_about() {
    let marked = Marked::new(
        "سیلاب بهاری در [l1 دره کبود]\nسیلاب‌های بهاری [l1 دره کبود] را فراگرفت. پل سنگی شکست. سیلاب بهاری دیگر در راه است. \
         پل سنگی را می‌سازند.",
    );
    let line = "دره_کبود، سیلاب، چاه";
    let text = format!("{}\n{line}", marked.text);
    let tokens = segment::tokens(&text);
    let reading = Reading::new(&text, &marked.sentences, &tokens, &marked.entities);
    let found = keyphrases(&reading, &[Span::new(text.len() - line.len(), text.len())], false);
    let publisher: Vec<_> =
        found.iter().filter(|k| k.from_publisher).map(|k| (&*k.text, &*k.entity_id, k.spans.len())).collect();
    assert_eq!(publisher, [("دره کبود", "1", 2), ("سیلاب", "", 3), ("چاه", "", 0)]);
    let ranked: Vec<_> = found.iter().filter(|k| !k.from_publisher).map(|k| (&*k.text, k.spans.len())).collect();
    assert_eq!(ranked, [("سیلاب بهاری", 3), ("پل سنگی", 2)]);
    assert!(found.iter().all(|k| (0.0..=1.0).contains(&k.score)));
    assert!(found.iter().any(|k| k.score == 1.0));
}

/// Pieces that the rules look at, for texts without any sense.
const PIECES: [&str; 30] = [
    "گفت",
    "می‌گویند",
    "که",
    ":",
    "«",
    "»",
    "،",
    "؛",
    ".",
    "؟",
    "\n",
    "به گفته",
    "به گزارش",
    "به نقل از",
    "[p1 مهرآوا]",
    "[o2 خبرگزاری ایرنا]",
    "[l3 تهران]",
    "{1 وزیر نیرو}",
    "وی",
    "این",
    "مقام",
    "را",
    "خواند",
    "تأکید کرد",
    "است",
    "و",
    "ایرنان",
    "بند بسته شد",
    "نوشت",
    "در",
];

fn check(marked: &Marked) {
    let reading = marked.reading();
    let ids: Vec<&str> = marked.entities.iter().map(|entity| &*entity.id).collect();
    let is_whole = |span: Span| marked.text.get(span.range()).is_some_and(|text| !text.is_empty());
    let quotations = quotations(&reading);
    assert!(quotations.is_sorted_by_key(|q| q.content.start), "{}", marked.text);
    for q in &quotations {
        assert!(is_whole(q.content) && q.cue.is_none_or(is_whole) && q.speaker.is_none_or(is_whole), "{}", marked.text);
        assert!(q.speaker_id.is_empty() || ids.contains(&&*q.speaker_id), "{}", marked.text);
    }
    let sources = sources(&reading);
    assert!(sources.is_sorted_by_key(|s| s.span.start), "{}", marked.text);
    for s in &sources {
        assert!(is_whole(s.span) && is_whole(s.cue) && s.hop > 0 && !s.name.is_empty(), "{}", marked.text);
        assert!(s.entity_id.is_empty() || ids.contains(&&*s.entity_id), "{}", marked.text);
    }
    for k in keyphrases(&reading, &[Span::new(0, marked.text.len())], false) {
        assert!(k.spans.is_sorted() && k.spans.iter().all(|&span| is_whole(span)), "{}", marked.text);
        assert!(k.entity_id.is_empty() || ids.contains(&&*k.entity_id), "{}", marked.text);
        assert!((0.0..=1.0).contains(&k.score) && !k.text.is_empty(), "{}", marked.text);
    }
}

proptest! {
    #[test]
    fn whatever_the_text_says(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        check(&Marked::new(&pieces.join(" ")));
    }

    #[test]
    fn whatever_the_letters(text in "[گفتهکویسنr«»:؛،.\"# \n\u{200C}0]{0,120}") {
        check(&Marked::new(&text));
    }
}

#[test]
fn long_texts_of_one_piece() {
    for piece in PIECES {
        check(&Marked::new(&format!("{piece} ").repeat(2000)));
    }
}
