//! The style of the Hengam set: `DAT` for days and longer units, `TIM` for
//! clock times and parts of the day, which are spans of their own there.

use article_enricher::dates::{self, Context, DateMention, Granularity, Kind};
use article_enricher::segment::{self, Sentence};
use article_enricher::text::Span;
use article_enricher::{Enrichment, segment::TokenKind};

/// The spans of `enrichment`'s dates in that style, in order.
pub fn spans(enrichment: &Enrichment<'_>) -> Vec<(Span, &'static str)> {
    let mut out = Vec::new();
    for date in &enrichment.dates {
        split(&enrichment.document.text, date.span, date, &mut out);
    }
    out
}

/// Cuts `date`, which is at `span`, where the sides by themselves have different
/// labels: «صبح | یکشنبه ۱۸ آذر».
fn split(text: &str, span: Span, date: &DateMention, out: &mut Vec<(Span, &'static str)>) {
    if date.kind == Kind::Time || date.kind == Kind::Set {
        let words = segment::tokens(span.of(text));
        let cuts = words.windows(2).filter_map(|pair| {
            let left = trimmed(text, Span { end: span.start + pair[0].span.end, ..span });
            let right = trimmed(text, Span { start: span.start + pair[1].span.start, ..span });
            let (a, b) = (alone(text, left)?, alone(text, right)?);
            (label(&a) != label(&b)).then_some([(left, a), (right, b)])
        });
        let cuts: Vec<_> = cuts.collect();
        // «ساعت ۵ عصر | فردا» rather than «ساعت ۵ | عصر فردا».
        let is_clean = |[(_, a), (_, b)]: &&[(Span, DateMention); 2]| (a.kind == Kind::Time) != (b.kind == Kind::Time);
        if let Some(sides) = cuts.iter().find(is_clean).or(cuts.first()) {
            sides.iter().for_each(|(span, date)| split(text, *span, date, out));
            return;
        }
    }
    out.push((span, label(date)));
}

/// The mention that the words at `span` are when nothing stands around them.
fn alone(text: &str, span: Span) -> Option<DateMention> {
    let words = span.of(text);
    let tokens = segment::tokens(words);
    let whole = Span::new(0, words.len());
    let sentence = Sentence { span: whole, tokens: 0..tokens.len() };
    let mut found = Vec::new();
    dates::extract(words, &[sentence], &tokens, &Context::default(), &mut found);
    found.pop().filter(|date| date.span == whole)
}

/// `span` without the punctuation and the «و» at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let words = segment::tokens(span.of(text));
    let joins = |word: &&segment::Token| word.kind != TokenKind::Punctuation && word.span.of(span.of(text)) != "و";
    let (first, last) = (words.iter().find(joins), words.iter().rfind(joins));
    match (first, last) {
        (Some(first), Some(last)) => Span { start: span.start + first.span.start, end: span.start + last.span.end },
        _ => span,
    }
}

fn label(date: &DateMention) -> &'static str {
    let short = [Granularity::Second, Granularity::Minute, Granularity::Hour, Granularity::PartOfDay];
    let is_short = date.granularity.is_some_and(|granularity| short.contains(&granularity));
    // «دیشب» is a time of a day that it tells itself.
    let tells_its_day = date.kind == Kind::Time && date.rules.iter().any(|rule| rule.starts_with("day."));
    if is_short && !tells_its_day { "TIM" } else { "DAT" }
}
