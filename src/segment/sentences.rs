//! Sentences: where a terminator ends one and where it does not.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Sentence, Token, TokenKind};
use crate::text::verbs::Verbs;
use crate::text::{Span, rows};

/// Appends the sentences of `section` to `out`, in order. `tokens` are those
/// of all of `text`.
pub fn sentences(text: &str, section: Span, tokens: &[Token], out: &mut Vec<Sentence>) {
    let first = tokens.partition_point(|t| t.span.start < section.start);
    let last = tokens.partition_point(|t| t.span.end <= section.end);
    let Some(tokens) = tokens.get(first..last).filter(|t| !t.is_empty()) else { return };
    let mut splitter = Splitter { text, tokens, start: 0 };
    let mut closing = splitter.brackets();
    let mut push = |range: std::ops::Range<usize>| {
        if let (Some(from), Some(to)) = (tokens.get(range.start), range.end.checked_sub(1).and_then(|l| tokens.get(l)))
        {
            let span = Span { start: from.span.start, end: to.span.end };
            out.push(Sentence { span, tokens: first + range.start..first + range.end });
        }
    };
    let mut at = 0;
    while at < tokens.len() {
        let end = splitter.end_after(at, &mut closing);
        if let Some(end) = end {
            push(splitter.start..end);
            splitter.start = end;
        }
        at = end.unwrap_or(at + 1);
    }
    push(splitter.start..tokens.len());
}

/// The longest quotation that is not split, in tokens.
const LONGEST_QUOTATION: usize = 40;
/// The longest dateline, in tokens: «تهران - واحد مرکزی خبر:».
const LONGEST_DATELINE: usize = 8;

/// How far out of what is open a mark may close.
const DEEPEST: usize = 4;

/// A mark that opens and one that closes, in tokens.
#[derive(Clone, Copy)]
struct Bracketed {
    open: usize,
    close: usize,
}

struct Splitter<'a> {
    text: &'a str,
    /// The tokens of the section.
    tokens: &'a [Token],
    /// The first token of the sentence.
    start: usize,
}

impl<'a> Splitter<'a> {
    /// The text of token `at`; empty past the ends.
    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.text))
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Whether nothing stands between token `at` and the one before.
    fn touches_last(&self, at: usize) -> bool {
        let end = at.checked_sub(1).and_then(|last| self.tokens.get(last)).map(|t| t.span.end);
        end.is_some() && end == self.tokens.get(at).map(|t| t.span.start)
    }

    /// Where the sentence ends when it ends with token `at`: one past its last
    /// token.
    fn end_after(&self, at: usize, brackets: &mut std::iter::Peekable<std::vec::IntoIter<Bracketed>>) -> Option<usize> {
        if self.breaks_line(at) {
            return Some(at + 1);
        }
        let word = self.word(at);
        if word == ":" {
            return self.is_dateline(at).then_some(at + 1);
        }
        if !is_terminator(word) {
            return None;
        }
        while brackets.next_if(|b| b.close < at).is_some() {}
        let inside = brackets.peek().filter(|b| b.open < at).copied();

        let mut end = at + 1;
        while self.touches_last(end) && is_terminator(self.word(end)) {
            end += 1;
        }
        let last_terminator = self.word(end - 1);
        let terminators = end - at;
        while self.touches_last(end) && is_closing(self.word(end)) && self.closes(end) {
            end += 1;
        }
        if end == self.tokens.len() {
            return Some(end);
        }
        if let Some(inside) = inside {
            // Inside of what closes later, or right here.
            let is_quotation = is_quote(self.word(inside.open));
            if inside.close >= end {
                return (is_quotation
                    && inside.close - inside.open > LONGEST_QUOTATION
                    && self.is_end(at, end, terminators, last_terminator))
                .then_some(end);
            }
            if !is_quotation || self.goes_on(inside.open, end, last_terminator) {
                return None;
            }
            return Some(end);
        }
        self.is_end(at, end, terminators, last_terminator).then_some(end)
    }

    /// Whether the terminators from `at`, the last of which is `last`, end a
    /// sentence before token `end`.
    fn is_end(&self, at: usize, end: usize, terminators: usize, last: &str) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let is_ellipsis = |word: &str| word == "…" || (word.starts_with('.') && word.len() > 1);
        if is_ellipsis(self.word(at)) && terminators == 1 {
            return before != "و" && (Verbs::get().is_finite(before) || self.breaks_line(end - 1));
        }
        if last != "." || terminators > 1 {
            return true;
        }
        if self.touches_last(at) && is_abbreviation(before) {
            // At the very end it closes both; before a line break too.
            return false;
        }
        let from_start = at - self.start;
        let is_number = |kind| kind == Some(TokenKind::Number);
        let is_marker = match from_start {
            1 => is_number(self.kind(self.start)),
            2 => is_number(self.kind(self.start + 1)) && class_of(self.word(self.start)) == Some("marker"),
            _ => false,
        };
        !is_marker
    }

    /// Whether the sentence goes on after quoted text that opens at `open` and
    /// closes right before `end`.
    fn goes_on(&self, open: usize, end: usize, last: &str) -> bool {
        let next = self.word(end);
        if matches!(next, "،" | "," | "؛" | ":" | ")" | "-" | "–" | "." | "؟" | "!") {
            return true;
        }
        let class = class_of(next);
        if open == self.start {
            return class.is_some_and(|class| matches!(class, "goes-on" | "saying"));
        }
        match (open.checked_sub(1).map(|before| self.word(before)), last) {
            (Some(":"), _) => matches!(next, "و" | "که" | "را" | "سپس"),
            // In running words it is a name: «کجا می‌روی؟».
            (_, "؟" | "?" | "!") => true,
            _ => class == Some("goes-on"),
        }
    }

    /// Whether a line ends after token `at`.
    fn breaks_line(&self, at: usize) -> bool {
        match (self.tokens.get(at), self.tokens.get(at + 1)) {
            (Some(this), Some(next)) => {
                Span { start: this.span.end, end: next.span.start }.of(self.text).contains('\n')
            }
            _ => false,
        }
    }

    /// Whether the sentence up to the colon `at` is a dateline: words with a
    /// dash between them, «تهران - ایرنا:».
    fn is_dateline(&self, at: usize) -> bool {
        let words = self.start..at;
        let is_dash = |at: usize| matches!(self.word(at), "-" | "–" | "—");
        let dash = words.clone().find(|&at| is_dash(at));
        words.len() <= LONGEST_DATELINE
            && dash.is_some_and(|dash| dash > self.start && dash + 1 < at && !self.touches_last(dash))
            && words.clone().all(|at| self.kind(at) == Some(TokenKind::Word) || is_dash(at))
            && !words.clone().any(|at| Verbs::get().is_finite(self.word(at)))
    }

    /// Whether the closing mark `at` closes something: a straight quotation
    /// mark may open the next sentence instead.
    fn closes(&self, at: usize) -> bool {
        self.word(at) != "\"" || !self.touches_last(at + 1) || !matches!(self.kind(at + 1), Some(TokenKind::Word))
    }

    /// The outermost brackets and quotation marks that close in the section,
    /// in order.
    fn brackets(&self) -> std::iter::Peekable<std::vec::IntoIter<Bracketed>> {
        let mut found: Vec<Bracketed> = Vec::new();
        let mut open: Vec<(usize, char)> = Vec::new();
        // Old dumps have the two the wrong way round: «علی) ع (گفت».
        let marks = || self.tokens.iter().map(|token| token.span.of(self.text));
        let is_mirrored = marks().find(|mark| matches!(*mark, "(" | ")")) == Some(")");
        for (at, token) in self.tokens.iter().enumerate() {
            if !matches!(token.kind, TokenKind::Punctuation) {
                continue;
            }
            let Some(mark) = token.span.of(self.text).chars().next() else { continue };
            match mark {
                '«' => open.push((at, '»')),
                '(' if !is_mirrored => open.push((at, ')')),
                '[' => open.push((at, ']')),
                '"' if !open.iter().rev().take(DEEPEST).any(|&(_, closing)| closing == '"') => open.push((at, '"')),
                '»' | ')' | ']' | '"' => {
                    let near = open.len().saturating_sub(DEEPEST);
                    let is_its = |&(_, closing): &(usize, char)| closing == mark;
                    let Some(depth) = open.iter().skip(near).rposition(is_its).map(|depth| near + depth) else {
                        continue;
                    };
                    let Some(&(start, _)) = open.get(depth) else { continue };
                    // What opened inside and did not close is let go.
                    open.truncate(depth);
                    while found.last().is_some_and(|inner| inner.open > start) {
                        found.pop();
                    }
                    found.push(Bracketed { open: start, close: at });
                }
                _ => {}
            }
        }
        found.into_iter().peekable()
    }
}

fn is_terminator(word: &str) -> bool {
    matches!(word, "." | "!" | "؟" | "?" | "…" | "۔" | "‼" | "⁉")
        || (word.starts_with("..") && word.bytes().all(|b| b == b'.'))
}

fn is_closing(word: &str) -> bool {
    matches!(word, "»" | "\"" | ")" | "]" | "'" | "”" | "’")
}

fn is_quote(word: &str) -> bool {
    matches!(word, "«" | "\"")
}

/// Whether a full stop right after `word` is its own: initials and the words
/// of the table.
fn is_abbreviation(word: &str) -> bool {
    let mut letters = word.chars();
    let is_initial = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_alphabetic() && c != 'و');
    let is_dotted = word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
    is_initial || is_dotted || class_of(word) == Some("abbreviation")
}

fn class_of(word: &str) -> Option<&'static str> {
    static CLASSES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        rows(include_str!("../../data/text/sentences.tsv"))
            .filter_map(|row| row.split_once('\t'))
            .flat_map(|(class, words)| words.split_whitespace().map(move |word| (word, class)))
            .collect()
    });
    CLASSES.get(word).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::segment::tokens;

    fn split(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        sentences(text, Span::new(0, text.len()), &tokens(text), &mut found);
        found.iter().map(|s| s.span.of(text)).collect()
    }

    #[test]
    fn tricky_cases() {
        // The sentences of each text, set apart by `|`.
        for marked in [
            "باران بارید. |برف هم آمد.",
            "آیا آمد؟ |نه! |بعداً می‌آید.",
            "چه خبر؟!! |هیچ.",
            "دما 12.5 درجه بود. |دیروز 10.2 بود.",
            "نسخه 2.0.1 منتشر شد. |سایت example.com به‌روز شد.",
            "م. ر. احمدی رفت. |او برگشت.",
            "در قرن پنجم ق.م. ساخته شد. |بعد ویران شد.",
            "آقای ب.ج. دستگیر شد.",
            "Mr. Smith و J. K. Rowling آمدند. |بعد رفتند.",
            "نان، پنیر و... خریدیم. |به خانه رفتیم.",
            "نان و… خریدیم.",
            "او رفت... |کسی ندید.",
            "گل و بلبل… در باغ بودند.",
            "قیمت به 72. |دلار ارزان شد.",
            "1. نخست این. |2. دوم آن.",
            "بند 3. مالیات حذف شد.",
            "پرسید: «کی می‌آیی؟» و رفت.",
            "گفت: «فردا می‌آیم.» |همه خوشحال شدند.",
            "فیلم «چه کسی آمد؟» در جشنواره بود.",
            "گفت: «آمدم. دیدم.» و نشست.",
            "«می‌آیی؟» این را پرسید. |جوابی نشنید.",
            "نتیجه (به گفته او. و دیگران) خوب بود. |تمام.",
            "سه چیز خواست: نان، آب و هوا.",
            "باران بارید؛ برف هم آمد.",
            "اصفهان - ایرنا: |نمایشگاه باز شد.",
            "تهران - خبرگزاری صدا و سیما: |جلسه تمام شد.",
            "عنوان خبر\n|متن خبر آمد. |پایان",
            "گفت:\n|«تمام شد.»",
            "جمله تمام شد.|جمله بعد آمد.",
            "قیمت 5.5 دلار. |پایان",
            "او گفت \"نه.\" |بعد رفت.",
        ] {
            let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
            assert_eq!(split(&marked.replace('|', "")), expected);
        }
    }

    #[test]
    fn long_quotations_are_split() {
        let text = format!("گفت: «{}»", "این یک جمله است. ".repeat(20).trim());
        assert_eq!(split(&text).len(), 20);
    }

    proptest! {
        #[test]
        fn sentences_cover_the_tokens(text in "[ا-ی.؟!«»()\":\n …0-9-]{0,60}") {
            let all = tokens(&text);
            let mut found = Vec::new();
            sentences(&text, Span::new(0, text.len()), &all, &mut found);
            let mut next = 0;
            for sentence in found {
                prop_assert_eq!(sentence.tokens.start, next);
                prop_assert!(!sentence.tokens.is_empty());
                next = sentence.tokens.end;
            }
            prop_assert_eq!(next, all.len());
        }
    }
}
