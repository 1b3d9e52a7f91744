//! Dates, nanoseconds a token: `cargo bench --bench dates`. Articles are put
//! together from own sentences with drawn words and numbers, so that no two are
//! alike; repeating one would train the branch predictors and flatter.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

use std::hint::black_box;

use article_enricher::dates::{self, Context, Day};
use article_enricher::segment::{self, Sentence, Token};
use article_enricher::text::Span;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const MONTHS: [&str; 6] = ["فروردین", "تیر", "مهر", "آبان", "دی‌ماه", "اکتبر"];
const WEEKDAYS: [&str; 5] = ["شنبه", "دوشنبه", "سه‌شنبه", "پنجشنبه", "جمعه"];
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
/// About one date in sixty words, as in news.
const SENTENCES: [&str; 24] = [
    "سخنگوی وزارتخانه روز {W} گفت که {T} تغییری نمی‌کند و {T} نیز بررسی می‌شود.",
    "به گزارش خبرگزاری‌ها، دولت طرح تازه‌ای برای {T} آماده کرده است که از {N} {M} اجرا خواهد شد.",
    "وی افزود: «ما از هر پیشنهادی که به {T} کمک کند استقبال می‌کنیم.»",
    "کارگران از {T} گلایه دارند و نامه‌های آنان به نهادهای مسئول بی‌پاسخ مانده است.",
    "در این نشست نمایندگان دو شهر درباره {T} و {T} گفت‌وگو کردند و به توافق نرسیدند.",
    "باران شدید شامگاه {W} راه چندین روستا را بست و مدرسه‌ها به مدت {N} روز تعطیل شدند.",
    "به گفته رئیس این سازمان، {T} پس از {M} ۱۴۰۳ در بیشتر استان‌ها بهتر شده است.",
    "این در حالی است که {T} نسبت به سال گذشته {N} درصد بیشتر شده است.",
    "هوای شهر آفتابی است و دما در ساعت‌های میانی به {N} درجه می‌رسد.",
    "پلیس دو نفر را در پیوند با پرونده {T} بازداشت کرد و تحقیقات ادامه دارد.",
    "{T} را نمی‌شود با دستور درست کرد و مردم بهای آن را می‌پردازند.",
    "وزیر نیرو با اشاره به {T} تأکید کرد که نهادهای محلی باید در تصمیم‌گیری سهم بیشتری داشته باشند.",
    "نمایندگان شورا پس از بازدید از محل، گزارش خود را درباره {T} به استاندار سپردند.",
    "بسیاری از ساکنان می‌گویند {T} و {T} به یکدیگر گره خورده‌اند و راه‌حل ساده‌ای ندارند.",
    "این شرکت در بیانیه‌ای اعلام کرد که مسئولیت {T} بر عهده پیمانکار بوده است.",
    "کارشناسان هشدار می‌دهند که بی‌توجهی به {T} هزینه‌های سنگینی بر خانواده‌ها بار می‌کند.",
    "او درباره {T} گفت: «تا همه آمارها منتشر نشود، داوری درباره این طرح دشوار است.»",
    "در بازار، فروشندگان از کم‌شدن مشتری و گران‌شدن کالا می‌نالند و به {T} امید بسته‌اند.",
    "دادستان شهر دستور رسیدگی به پرونده {T} را صادر کرد و متهم را با قرار وثیقه آزاد گذاشت.",
    "بخش بزرگی از این بودجه صرف {T} شده و باقی آن به حساب پیمانکاران رفته است.",
    "تیم پزشکی می‌گوید حال مجروحان رو به بهبود است و خطری آنان را تهدید نمی‌کند.",
    "شهردار از شهروندان خواست در مصرف آب صرفه‌جویی کنند و به {T} یاری برسانند.",
    "روزنامه‌نگاران در تالار گرد آمدند و پرسش‌های خود را درباره {T} با سخنگو در میان گذاشتند.",
    "نشست بعدی {W} {N} {M} ساعت ۱۰ صبح با دستور کار {T} برگزار می‌شود.",
];

struct Text {
    text: String,
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
}

impl Text {
    fn new(lines: &[String]) -> Self {
        let text = lines.join("\n");
        let tokens = segment::tokens(&text);
        let (mut sentences, mut at) = (Vec::new(), 0);
        for line in lines {
            segment::sentences(&text, Span::new(at, at + line.len()), &tokens, &mut sentences);
            at += line.len() + 1;
        }
        Self { text, tokens, sentences }
    }
}

fn article(seed: &mut u64) -> Text {
    let mut next = |bound: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % bound
    };
    let mut lines = Vec::new();
    for _ in 0..25 {
        let mut line = SENTENCES[next(SENTENCES.len())].to_owned();
        for (slot, words) in [("{M}", &MONTHS[..]), ("{W}", &WEEKDAYS), ("{T}", &THINGS)] {
            while line.contains(slot) {
                line = line.replacen(slot, words[next(words.len())], 1);
            }
        }
        lines.push(line.replace("{N}", &(1 + next(30)).to_string()));
    }
    Text::new(&lines)
}

fn dates(c: &mut Criterion) {
    dates::prepare();
    let context = Context { document_date: Day::from_gregorian(2025, 9, 9), time_zone: None };
    let mut seed = 7;
    let articles: Vec<Text> = (0..400).map(|_| article(&mut seed)).collect();
    let hostile = [Text::new(&["سه شنبه ".repeat(20_000)])];
    let mut group = c.benchmark_group("dates");
    group.sample_size(20);
    for (name, texts) in [("articles, a token", &articles[..]), ("weekdays alone, a token", &hostile)] {
        group.throughput(Throughput::Elements(texts.iter().map(|text| text.tokens.len() as u64).sum()));
        group.bench_function(name, |b| {
            let mut found = Vec::new();
            b.iter(|| {
                for text in texts {
                    found.clear();
                    dates::extract(&text.text, &text.sentences, &text.tokens, &context, &mut found);
                    black_box(&found);
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, dates);
criterion_main!(benches);
