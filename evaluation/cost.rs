//! What a byte of hostile text costs, by length: a stage that is more than
//! linear shows as a rising row.

use article_enricher::dates::Day;
use article_enricher::{Article, Cancel, Enricher, Error, Feature, Options};

use crate::Failure;

/// The lengths, in bytes.
const LENGTHS: [usize; 3] = [8 << 10, 64 << 10, 1 << 20];
/// A cost at the longest of more than this many times that at the shortest is
/// marked.
const RISING: f64 = 1.5;
/// A stage below this at the longest, in nanoseconds a byte, is not worth a mark.
const CHEAP: f64 = 20.0;

/// What is repeated, with a name.
const TEXTS: [(&str, &str); 22] = [
    ("no spaces", "کتابخانهمرکزیدانشگاهتهران"),
    ("digits", "۱۲۳۴۵۶۷۸۹۰"),
    ("ASCII digits", "1404"),
    ("numbers", "۱۴۰۴ "),
    ("ZWNJ", "\u{200C}"),
    ("combining marks", "\u{64B}\u{651}"),
    ("a letter with marks", "ب\u{651}\u{650}"),
    ("one letter", "ه"),
    ("letters apart", "و "),
    ("سه شنبه", "سه شنبه "),
    ("سه‌شنبه", "سه‌شنبه"),
    ("علی", "علی "),
    ("a name", "علی رضایی "),
    ("an organisation", "سازمان وزارت دانشگاه "),
    ("a speech", "علی رضایی گفت: "),
    ("quotation marks", "«"),
    ("quotation marks closed", "«الف» "),
    ("full stops", "."),
    ("dashes", "- "),
    ("lines of a letter", "ا\n"),
    ("lines of a word", "تهران\n"),
    ("an address", "http://a.b/"),
];

/// The stages told apart, by the features that take them: each takes what all
/// before it take, less the dates, which nothing else reads.
const STAGES: [(&str, &[Feature]); 4] = [
    ("text", &[Feature::Tokens]),
    ("dates", &[Feature::Dates]),
    ("entities", &[Feature::Entities]),
    ("discourse", &[Feature::Keyphrases, Feature::Quotations, Feature::Sources]),
];

/// Prints nanoseconds of processor time a byte for each text and length, whole
/// and of the stages that rise.
pub fn print(enricher: &Enricher) -> Result<(), Failure> {
    let lengths = LENGTHS.map(|length| format!("{} KB", length >> 10));
    println!("| text | {} | rising stages |\n|---|{}---|", lengths.join(" | "), "--:|".repeat(LENGTHS.len()));
    for (name, unit) in TEXTS {
        let costs = LENGTHS.map(|bytes| costs(enricher, &unit.repeat(bytes / unit.len())));
        let costs: Vec<[f64; STAGES.len()]> = costs.into_iter().collect::<Result<_, _>>()?;
        let whole: Vec<String> = costs.iter().map(|costs| format!("{:.0}", costs.iter().sum::<f64>())).collect();
        let rising = STAGES.iter().enumerate().filter_map(|(at, (stage, _))| {
            let (short, long) = (costs[0][at], costs[LENGTHS.len() - 1][at]);
            (long > CHEAP && long > RISING * short).then(|| format!("{stage} {short:.0} → {long:.0}"))
        });
        println!("| {name} | {} | {} |", whole.join(" | "), rising.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

/// What each of the stages costs on `text`, in nanoseconds a byte.
fn costs(enricher: &Enricher, text: &str) -> Result<[f64; STAGES.len()], Failure> {
    let mut article = Article::from_raw(text.to_owned());
    article.document_date = Some(Day::parse("2025-09-09")?);
    let mut costs = [0.0; STAGES.len()];
    for (cost, (_, features)) in costs.iter_mut().zip(STAGES) {
        let options = Options { features: features.iter().copied().collect(), ..Options::default() };
        *cost = f64::INFINITY;
        for _ in 0..(LENGTHS[LENGTHS.len() - 1] / text.len()).clamp(2, 20) {
            let before = processor_time()?;
            match enricher.enrich(&article, &options, &Cancel::never()) {
                // White space and nothing else is no text.
                Ok(_) | Err(Error::Invalid(_)) => {}
                Err(error) => return Err(error.into()),
            }
            *cost = cost.min((processor_time()? - before) / text.len() as f64);
        }
    }
    let [text, dates, entities, discourse] = costs;
    Ok([text, dates - text, entities - text, discourse - entities].map(|cost| cost.max(0.0)))
}

/// What this thread has run, in nanoseconds: other work on the machine does not
/// count, as it would by the clock on the wall.
fn processor_time() -> Result<f64, Failure> {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(statistics.split(' ').next().unwrap_or_default().parse()?)
}
