//! What the enricher finds in a set, in the form that the set's scorer reads.

use std::io::{BufRead, Write};
use std::path::Path;

use article_enricher::dates::{self, DateMention, Day};
use article_enricher::discourse;
use article_enricher::entities::{Entity, EntityKind, Mention, Role};
use article_enricher::text::{OffsetIndex, OffsetUnit, Span};
use article_enricher::{Article, Cancel, Enricher, Enrichment, Error, Options};
use serde_json::{Value, json};

use crate::Failure;

/// What [`predict`] can print.
pub const KINDS: &str = "tokens|zwnj|sections|dates|hengam|entities|news|news-gold|keyphrases";

/// Writes the predictions of `kind` for each case of the set in `gold`. With
/// `strip` every ZWNJ is taken out of the text first, and offsets are in the
/// text as it was.
pub fn predict(enricher: &Enricher, kind: &str, gold: &Path, strip: bool, out: &mut impl Write) -> Result<(), Failure> {
    for line in std::io::BufReader::new(std::fs::File::open(gold)?).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let text = case["text"].as_str().or(case["input"].as_str()).ok_or("a case without text")?;
        let sent: String = if strip { text.replace('\u{200C}', "") } else { text.to_owned() };
        let mut article = Article::from_raw(sent);
        article.document_date = case["document_date"].as_str().map(Day::parse).transpose()?;
        let mut enrichment = match enricher.enrich(&article, &Options::default(), &Cancel::never()) {
            Ok(enrichment) => enrichment,
            // A set may hold a case without any text: nothing is found in it.
            Err(Error::Invalid(_)) => {
                let nothing = json!({"id": case["id"], "tokens": [], "sentences": [], "mentions": [], "spans": [], "output": text});
                writeln!(out, "{nothing}")?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if kind == "news-gold" {
            with_gold_entities(&case, &mut enrichment);
        }
        let places = Places::new(&enrichment, strip.then_some(text));
        let mut answer = match kind {
            "tokens" => tokens(&enrichment, &places),
            "zwnj" => json!({"output": with_insertions(&enrichment)}),
            "sections" => sections(&enrichment),
            "dates" => dates(&enrichment, &places),
            "hengam" => hengam(&enrichment, &places),
            "entities" => entities(&enrichment, &places),
            "keyphrases" => keyphrases(&enrichment),
            "news" | "news-gold" => news(&enrichment, &places, text),
            other => return Err(format!("unknown kind {other}: one of {KINDS}").into()),
        };
        answer["id"] = case["id"].clone();
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// Turns spans into code points of the set's own text.
struct Places<'a> {
    enrichment: &'a Enrichment<'a>,
    index: OffsetIndex<'a>,
    /// For each code point of the stripped text, its place in the original.
    unstripped: Option<Vec<u32>>,
}

impl<'a> Places<'a> {
    fn new(enrichment: &'a Enrichment<'a>, original: Option<&str>) -> Self {
        let unstripped = original.map(|text| {
            let kept = text.chars().enumerate().filter(|(_, c)| *c != '\u{200C}');
            kept.map(|(at, _)| at as u32).chain([text.chars().count() as u32]).collect()
        });
        Self { enrichment, index: OffsetIndex::new(&enrichment.source.text, OffsetUnit::CodePoints), unstripped }
    }

    fn of(&self, span: Span) -> [u32; 2] {
        let bytes = self.enrichment.document.alignment.source_range(span);
        let (start, end) = (self.index.position(bytes.start), self.index.position(bytes.end));
        match &self.unstripped {
            Some(places) if start < end => [places[start as usize], places[end as usize - 1] + 1],
            _ => [start, end],
        }
    }
}

/// The source with nothing changed but the ZWNJs that were put in.
fn with_insertions(enrichment: &Enrichment<'_>) -> String {
    let source = &enrichment.source.text;
    let mut out = String::new();
    let mut copied = 0;
    for run in enrichment.document.alignment.runs() {
        if run.source_start == run.source_end {
            let at = run.source_start as usize;
            out.push_str(&source[copied..at]);
            out.push_str(run.normalized.of(&enrichment.document.text));
            copied = at;
        }
    }
    out + &source[copied..]
}

fn tokens(enrichment: &Enrichment<'_>, places: &Places<'_>) -> Value {
    let tokens: Vec<_> = enrichment.document.tokens.iter().map(|t| places.of(t.span)).collect();
    let sentences: Vec<_> = enrichment.document.sentences.iter().map(|s| places.of(s.span)).collect();
    json!({"tokens": tokens, "sentences": sentences})
}

fn sections(enrichment: &Enrichment<'_>) -> Value {
    let document = &enrichment.document;
    let parts: Vec<_> =
        document.sections.iter().map(|s| json!([format!("{:?}", s.kind), s.span.of(&document.text)])).collect();
    json!({"language": document.language.code(), "confidence": document.language_confidence, "sections": parts})
}

fn keyphrases(enrichment: &Enrichment<'_>) -> Value {
    let flat = |k: &discourse::Keyphrase| json!({"text": k.text, "score": k.score, "from_publisher": k.from_publisher, "entity": k.entity_id, "spans": k.spans.len()});
    json!({"keyphrases": enrichment.keyphrases.iter().map(flat).collect::<Vec<_>>()})
}

fn dates(enrichment: &Enrichment<'_>, places: &Places<'_>) -> Value {
    let flat = |date: &DateMention| {
        let [start, end] = places.of(date.span);
        let day = |pick: fn(&dates::Interval) -> Day| date.interval.as_ref().map(|i| pick(i).gregorian_string());
        json!({
            "start_cp": start, "end_cp": end,
            "type": format!("{:?}", date.kind).to_uppercase(),
            "calendar": date.calendar.map_or("NONE".into(), |c| format!("{c:?}").to_uppercase()),
            "value": date.value, "timex3": date.timex3,
            "mod": date.modifier.map(dates::Modifier::name),
            "rules": date.rules,
            "start": day(|i| i.start), "end": day(|i| i.end),
        })
    };
    json!({"mentions": enrichment.dates.iter().map(flat).collect::<Vec<_>>()})
}

/// Dates with their times split off.
fn hengam(enrichment: &Enrichment<'_>, places: &Places<'_>) -> Value {
    let flat = |(span, label): (Span, &str)| {
        let [start, end] = places.of(span);
        json!([start, end, label])
    };
    json!({"spans": crate::hengam::spans(enrichment).into_iter().map(flat).collect::<Vec<_>>()})
}

fn label(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "PER",
        EntityKind::Organization => "ORG",
        EntityKind::Location => "LOC",
        EntityKind::Facility => "FAC",
        EntityKind::Event => "EVE",
        EntityKind::Product => "PRO",
        EntityKind::Nationality => "NAT",
        EntityKind::Money => "MON",
        EntityKind::Percent => "PCT",
    }
}

fn entities(enrichment: &Enrichment<'_>, places: &Places<'_>) -> Value {
    let mut spans = Vec::new();
    for entity in &enrichment.entities {
        for mention in &entity.mentions {
            let [start, end] = places.of(mention.span);
            spans.push(json!([start, end, label(entity.kind)]));
        }
    }
    json!({"spans": spans})
}

fn news(enrichment: &Enrichment<'_>, places: &Places<'_>, text: &str) -> Value {
    let entity = |e: &article_enricher::entities::Entity| {
        json!({
            "id": e.id, "type": label(e.kind),
            "mentions": e.mentions.iter().map(|m| places.of(m.span)).collect::<Vec<_>>(),
        })
    };
    let roles: Vec<_> = enrichment
        .entities
        .iter()
        .flat_map(|e| e.roles.iter().map(|r| json!({"person": e.id, "span": places.of(r.span)})))
        .collect();
    // The sets mark the words of speakers whom they name.
    let quotations: Vec<_> = enrichment
        .quotations
        .iter()
        .filter(|q| !q.speaker_id.is_empty())
        .map(|q| json!({"speaker": q.speaker_id, "span": places.of(q.content)}))
        .collect();
    let sources: Vec<_> =
        enrichment.sources.iter().map(|s| json!({"entity": s.entity_id, "span": places.of(s.span)})).collect();
    json!({
        "text": text, "roles": roles, "quotations": quotations, "sources": sources,
        "entities": enrichment.entities.iter().map(entity).collect::<Vec<_>>(),
    })
}

/// Puts the set's own entities and roles in the place of those found, and
/// reads quotations and sources again, so that their rules are judged alone.
fn with_gold_entities(case: &Value, enrichment: &mut Enrichment<'_>) {
    let starts: Vec<usize> = enrichment.source.text.char_indices().map(|(at, _)| at).collect();
    let byte = |place: &Value| starts[place.as_u64().unwrap_or_default() as usize];
    let document = &enrichment.document;
    let span = |pair: &Value| document.alignment.normalized_span(byte(&pair[0])..byte(&pair[1]));
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mention = |pair: &Value| Mention { span: span(pair), confidence: 1.0, rule: "gold", resource: String::new() };
    let mut entities: Vec<Entity> = Vec::new();
    for gold in list(&case["entities"]) {
        let mentions: Vec<Mention> = list(&gold["mentions"]).iter().map(mention).collect();
        let kinds = EntityKind::AVAILABLE;
        let kind = kinds.into_iter().find(|&kind| Some(label(kind)) == gold["type"].as_str());
        let name = mentions.iter().map(|m| m.span.of(&document.text)).max_by_key(|name| name.len());
        let roles = list(&case["roles"]).into_iter().filter(|role| role["person"] == gold["id"]);
        entities.push(Entity {
            id: gold["id"].to_string(),
            name: name.unwrap_or_default().to_owned(),
            kind: kind.unwrap_or(EntityKind::Product),
            salience: 0.0,
            aliases: Vec::new(),
            links: Vec::new(),
            roles: roles.map(|role| Role { span: span(&role["span"]), of: Vec::new() }).collect(),
            mentions,
        });
    }
    let running: Vec<_> = {
        let in_running = |at: Span| document.sections.iter().any(|s| s.kind.is_running_text() && s.span.contains(at));
        document.sentences.iter().filter(|s| in_running(s.span)).cloned().collect()
    };
    let reading = discourse::Reading::new(&document.text, &running, &document.tokens, &entities);
    let (quotations, sources) = (discourse::quotations(&reading), discourse::sources(&reading));
    (enrichment.quotations, enrichment.sources, enrichment.entities) = (quotations, sources, entities);
}
