//! The entity stage, nanoseconds a token, on varied text: `cargo bench --bench entities`.
//! Articles are put together from own sentences and names, so that no two are
//! alike; repeating one would train the branch predictors and flatter.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

use std::hint::black_box;

use article_enricher::entities::tagger::Model;
use article_enricher::entities::{self, Gazetteer};
use article_enricher::segment::{self, Sentence, Token};
use article_enricher::text::Span;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const GIVEN: [&str; 12] =
    ["محمدرضا", "نرگس", "اسماعیل", "کاوه", "لیلا", "یوسف", "النا", "سرگئی", "عبدالرحمن", "مریم", "جان", "هیوا"];
const SURNAMES: [&str; 12] = [
    "کاظمی‌نژاد",
    "الحسینی",
    "پترویچ",
    "شریفی",
    "قاسم‌زاده",
    "رحمانوف",
    "نوروزی",
    "الدوسری",
    "میلر",
    "کریمیان",
    "آریافر",
    "بارزانی",
];
const PLACES: [&str; 12] = [
    "تهران",
    "بغداد",
    "مسکو",
    "استان کرمان",
    "خلیج فارس",
    "پاریس",
    "شهرستان بافق",
    "ترکیه",
    "دوحه",
    "رود کارون",
    "بندرعباس",
    "ژنو",
];
const BODIES: [&str; 8] = [
    "وزارت نیرو",
    "سازمان ملل متحد",
    "کمیسیون انرژی مجلس شورای اسلامی",
    "دانشگاه تهران",
    "بانک مرکزی",
    "ارتش سوریه",
    "وزارت صنعت، معدن و تجارت",
    "فدراسیون فوتبال",
];
const SENTENCES: [&str; 14] = [
    "{G} {S}، سخنگوی {B}، روز دوشنبه گفت که قیمت نان در {P} تا پایان سال ثابت می‌ماند.",
    "به گزارش خبرگزاری ایرنا، {B} طرح تازه‌ای برای آب آشامیدنی {P} آماده کرده است.",
    "وی افزود: «ما از هر پیشنهادی که به کاهش هزینه‌ها کمک کند استقبال می‌کنیم.»",
    "رئیس {B} {G} {S} پس از بازدید از {P} راهی {P} شد.",
    "کارگران می‌گویند دستمزد سه ماه گذشته هنوز پرداخت نشده و نامه‌ها بی‌پاسخ مانده است.",
    "در این نشست نمایندگان {B} و {B} درباره تجارت مرزی گفت‌وگو کردند.",
    "باران شدید دیشب راه چندین روستا را بست و مدرسه‌ها تعطیل شدند.",
    "دکتر {S} این خبر را تأیید کرد، اما از جزئیات چیزی نگفت.",
    "{G} {S} و {G} {S} در مرحله نیمه‌نهایی برابر هم ایستادند.",
    "بر پایه آمار، مصرف برق در {P} نسبت به سال گذشته ۱۲ درصد بیشتر شده است.",
    "هوای {P} فردا آفتابی است و دما به ۳۴ درجه می‌رسد.",
    "پلیس {P} دو نفر را در پیوند با این پرونده بازداشت کرد و تحقیقات ادامه دارد.",
    "معاون وزیر بهداشت، {G} {S}، از آغاز واکسیناسیون در {P} و {P} خبر داد.",
    "این فیلم در جشنواره فیلم فجر دو جایزه گرفت و حالا روی پرده است.",
];

struct Text {
    text: String,
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
}

fn article(seed: &mut u64, sentences: usize) -> Text {
    let mut next = |bound: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % bound
    };
    let mut lines = Vec::new();
    for _ in 0..sentences {
        let mut line = SENTENCES[next(SENTENCES.len())].to_owned();
        for (slot, names) in [("{G}", &GIVEN[..]), ("{S}", &SURNAMES), ("{P}", &PLACES), ("{B}", &BODIES)] {
            while line.contains(slot) {
                line = line.replacen(slot, names[next(names.len())], 1);
            }
        }
        lines.push(line);
    }
    let text = lines.join("\n");
    let tokens = segment::tokens(&text);
    let mut found = Vec::new();
    let mut at = 0;
    for line in &lines {
        segment::sentences(&text, Span::new(at, at + line.len()), &tokens, &mut found);
        at += line.len() + 1;
    }
    Text { text, tokens, sentences: found }
}

const MODEL: &[u8] = include_bytes!("../models/tagger.bin");

fn stage(c: &mut Criterion) {
    let gazetteer = Gazetteer::embedded();
    let mut seed = 7;
    let articles: Vec<Text> = (0..400).map(|_| article(&mut seed, 25)).collect();
    let tokens: usize = articles.iter().map(|a| a.tokens.len()).sum();
    let mut group = c.benchmark_group("entities");
    group.sample_size(20);
    group.throughput(Throughput::Elements(tokens as u64));
    let model = Model::read(MODEL).ok();
    for (name, tagger) in [("tables and rules", None), ("tables, rules and tagger", model.as_ref())] {
        group.bench_function(format!("400 articles, {name}, a token"), |b| {
            b.iter(|| {
                for article in &articles {
                    let mut out = Vec::new();
                    entities::extract(&article.text, &article.sentences, &article.tokens, &gazetteer, tagger, &mut out);
                    black_box(out);
                }
            });
        });
    }
    group.finish();
    c.bench_function("tagger load", |b| b.iter(|| Model::read(MODEL)));
    c.bench_function("gazetteer load", |b| b.iter_batched(|| (), |()| Gazetteer::embedded(), BatchSize::PerIteration));
}

criterion_group!(benches, stage);
criterion_main!(benches);
