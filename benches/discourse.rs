//! The discourse stages, nanoseconds a token: `cargo bench --bench discourse`.
//! Articles are put together from own sentences and names, so that no two are
//! alike; repeating one would train the branch predictors and flatter.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

use std::hint::black_box;

use article_enricher::discourse::{self, Reading};
use article_enricher::entities::{self, Entity, Gazetteer};
use article_enricher::segment::{self, Sentence, Token};
use article_enricher::text::Span;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const NAMES: [&str; 8] = [
    "نرگس کاظمی‌نژاد",
    "یوسف الحسینی",
    "کاوه شریفی",
    "مریم رحمانی",
    "سرگئی پترویچ",
    "لیلا نوروزی",
    "اسماعیل بارزانی",
    "النا میلر",
];
const BODIES: [&str; 6] =
    ["وزارت نیرو", "سازمان ملل متحد", "دانشگاه تهران", "بانک مرکزی", "ارتش سوریه", "فدراسیون فوتبال"];
const THINGS: [&str; 12] = [
    "قیمت نان",
    "آب آشامیدنی",
    "راه روستایی",
    "تعرفه برق",
    "بیمه کارگران",
    "صادرات پسته",
    "مهار سیلاب",
    "دستمزد معلمان",
    "مرز زمینی",
    "حق‌آبه رودخانه",
    "پژوهش دریایی",
    "قطار شهری",
];
const SENTENCES: [&str; 12] = [
    "{N}، سخنگوی {B}، روز دوشنبه گفت که {T} تا پایان سال تغییری نمی‌کند و {T} نیز بررسی می‌شود.",
    "به گزارش خبرگزاری ایرنا، {B} طرح تازه‌ای برای {T} آماده کرده است.",
    "وی افزود: «ما از هر پیشنهادی که به {T} کمک کند استقبال می‌کنیم.»",
    "کارگران از {T} گلایه دارند و نامه‌های آنان به {B} بی‌پاسخ مانده است.",
    "در این نشست نمایندگان {B} و {B} درباره {T} گفت‌وگو کردند.",
    "باران شدید دیشب راه چندین روستا را بست و مدرسه‌ها تعطیل شدند.",
    "به گفته {N}، رئیس {B}، {T} در ماه‌های آینده بهتر خواهد شد.",
    "این در حالی است که {T} نسبت به سال گذشته ۱۲ درصد بیشتر شده است.",
    "هوای شهر فردا آفتابی است و دما به ۳۴ درجه می‌رسد.",
    "پلیس دو نفر را در پیوند با پرونده {T} بازداشت کرد و تحقیقات ادامه دارد.",
    "«{T} را نمی‌شود با دستور درست کرد»؛ این را {N} در گفت‌وگو با روزنامه شرق گفت.",
    "{N} از آغاز {T} در چند شهر خبر داد و وعده داد گزارش کار هر ماه منتشر شود.",
];

struct Text {
    text: String,
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
    entities: Vec<Entity>,
    keywords: Span,
}

fn article(seed: &mut u64, gazetteer: &Gazetteer) -> Text {
    let mut next = |bound: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % bound
    };
    let mut lines = Vec::new();
    for _ in 0..25 {
        let mut line = SENTENCES[next(SENTENCES.len())].to_owned();
        for (slot, names) in [("{N}", &NAMES[..]), ("{B}", &BODIES), ("{T}", &THINGS)] {
            while line.contains(slot) {
                line = line.replacen(slot, names[next(names.len())], 1);
            }
        }
        lines.push(line);
    }
    let body = lines.join("\n");
    let keywords = [THINGS[next(12)], BODIES[next(6)], NAMES[next(8)], THINGS[next(12)]].join("، ");
    let text = format!("{body}\n{keywords}");
    let tokens = segment::tokens(&text);
    let (mut sentences, mut at) = (Vec::new(), 0);
    for line in &lines {
        segment::sentences(&text, Span::new(at, at + line.len()), &tokens, &mut sentences);
        at += line.len() + 1;
    }
    let mut entities = Vec::new();
    entities::extract(&text, &sentences, &tokens, gazetteer, None, &mut entities);
    Text { keywords: Span::new(at, text.len()), text, tokens, sentences, entities }
}

fn stages(c: &mut Criterion) {
    let gazetteer = Gazetteer::embedded();
    let mut seed = 7;
    let articles: Vec<Text> = (0..400).map(|_| article(&mut seed, &gazetteer)).collect();
    let tokens: usize = articles.iter().map(|a| a.tokens.len()).sum();
    let mut group = c.benchmark_group("discourse");
    group.sample_size(20);
    group.throughput(Throughput::Elements(tokens as u64));
    type Stage = fn(&Reading<'_>, Span);
    let stages: [(&str, Stage); 5] = [
        ("reading alone", |_, _| ()),
        ("quotations", |reading, _| drop(black_box(discourse::quotations(reading)))),
        ("sources", |reading, _| drop(black_box(discourse::sources(reading)))),
        ("keyphrases", |reading, line| drop(black_box(discourse::keyphrases(reading, &[line], false)))),
        ("all", |reading, line| {
            black_box(discourse::quotations(reading));
            black_box(discourse::sources(reading));
            black_box(discourse::keyphrases(reading, &[line], false));
        }),
    ];
    for (name, stage) in stages {
        group.bench_function(format!("{name}, a token"), |b| {
            b.iter(|| {
                for article in &articles {
                    let reading = Reading::new(&article.text, &article.sentences, &article.tokens, &article.entities);
                    stage(black_box(&reading), article.keywords);
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
