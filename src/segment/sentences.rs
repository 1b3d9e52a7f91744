//! Sentences: where a terminator ends one and where it does not.

use std::iter::Peekable;
use std::sync::LazyLock;
use std::vec::IntoIter;

use rustc_hash::FxHashMap;

use super::{Sentence, Token, TokenKind};
use crate::text::verbs::Verbs;
use crate::text::{Span, rows};

/// Appends the sentences of `section` to `out`, in order. `tokens` are those
/// of all of `text`.
pub fn sentences(text: &str, section: Span, tokens: &[Token], out: &mut Vec<Sentence>) {
    let first = tokens.partition_point(|t| t.span.start < section.start);
    let last = tokens.partition_point(|t| t.span.end <= section.end);
    let tokens = tokens.get(first..last).unwrap_or_default();
    let mut splitter = Splitter::new(text, tokens);
    while splitter.start < tokens.len() {
        let range = splitter.start..splitter.next_end();
        if let (Some(from), Some(to)) = (tokens.get(range.start), tokens.get(range.end - 1)) {
            let span = Span { start: from.span.start, end: to.span.end };
            out.push(Sentence { span, tokens: first + range.start..first + range.end });
        }
        splitter.start = range.end;
    }
}

/// The longest quotation that is not split, in tokens.
const LONGEST_QUOTATION: usize = 40;
/// The most marks that end a sentence together.
const LONGEST_RUN: usize = 64;
/// The longest dateline, in tokens: «تهران - واحد مرکزی خبر:».
const LONGEST_DATELINE: usize = 8;
/// The most items of a list in running text.
const LONGEST_LIST: u32 = 100;
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
    /// The number of the last item of a list.
    item: Option<u32>,
    /// The brackets and quotation marks that close in the section, the
    /// outermost, in order; those before the current token are taken off.
    brackets: Peekable<IntoIter<Bracketed>>,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens, start: 0, item: None, brackets: brackets(text, tokens).into_iter().peekable() }
    }

    /// One past the last token of the sentence.
    fn next_end(&mut self) -> usize {
        (self.start..self.tokens.len()).find_map(|at| self.end_after(at)).unwrap_or(self.tokens.len())
    }

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
    fn end_after(&mut self, at: usize) -> Option<usize> {
        if self.breaks_line(at) {
            return Some(at + 1);
        }
        match self.word(at) {
            ":" => return self.is_dateline(at).then_some(at + 1),
            word if !is_terminator(word) => return None,
            _ => {}
        }
        let mut terminators = 1;
        while terminators < LONGEST_RUN
            && self.touches_last(at + terminators)
            && is_terminator(self.word(at + terminators))
        {
            terminators += 1;
        }
        let mut end = at + terminators;
        while self.touches_last(end) && is_closing(self.word(end)) && self.closes(end) {
            end += 1;
        }
        if end == self.tokens.len() {
            return Some(end);
        }
        while self.brackets.next_if(|brackets| brackets.close < at).is_some() {}
        let ends = match self.brackets.peek().filter(|brackets| brackets.open < at).copied() {
            None => self.is_end(at, end, terminators),
            // In brackets none ends, in a long quotation each does.
            Some(around) if around.close >= end => {
                let is_long = around.close - around.open > LONGEST_QUOTATION;
                is_long && is_quote(self.word(around.open)) && self.is_end(at, end, terminators)
            }
            // They close right here.
            Some(around) => is_quote(self.word(around.open)) && !self.goes_on(around.open, end, at + terminators - 1),
        };
        ends.then_some(end)
    }

    /// Whether the `terminators` from `at` on end a sentence before token `end`.
    fn is_end(&mut self, at: usize, end: usize, terminators: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        if terminators == 1 && is_ellipsis(self.word(at)) {
            let goes_on =
                matches!(before, "و" | "یا") || matches!(self.word(end), "و" | "یا" | "که" | "تا" | "ولی" | "،");
            return !goes_on && (Verbs::get().is_finite(before) || self.breaks_line(end - 1));
        }
        if terminators > 1 || self.word(at) != "." {
            return true;
        }
        let is_abbreviated = self.touches_last(at) && self.is_abbreviation(at, end);
        !is_abbreviated && !self.is_list_number(at)
    }

    /// Whether the full stop `at` is that of an abbreviation or initial before
    /// it; `end` is the token after it.
    fn is_abbreviation(&self, at: usize, end: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let word = self.word(before);
        let mut letters = word.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            // «ویتامین ث.» ends with the letter's name; «و» is a word.
            let is_name = before > self.start && class_of(self.word(before - 1)) == Some("lettered");
            return letter.is_alphabetic() && letter != 'و' && !is_name;
        }
        let is_letter = |part: &str| {
            let mut letters = part.chars();
            letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
        };
        match class_of(word) {
            Some("abbreviation") => true,
            Some("abbreviation-number") => self.kind(end) == Some(TokenKind::Number),
            _ => word.contains('.') && word.split('.').all(is_letter),
        }
    }

    /// Whether the full stop `at` follows the number of an item: at the start
    /// of a sentence («1.», «بند 3.»), after a colon, or one more than the last.
    fn is_list_number(&mut self, at: usize) -> bool {
        let Some(place) = at.checked_sub(1).filter(|&place| self.kind(place) == Some(TokenKind::Number)) else {
            return false;
        };
        let number: Option<u32> = self.word(place).parse().ok();
        let follows = number.is_some() && number == self.item.map(|item| item + 1);
        let is_item = match place.checked_sub(self.start) {
            Some(0) => true,
            Some(1) if class_of(self.word(self.start)) == Some("marker") => true,
            _ => follows || place.checked_sub(1).is_some_and(|before| self.word(before) == ":"),
        };
        if is_item {
            self.item = number.filter(|&number| number < LONGEST_LIST);
        }
        is_item
    }

    /// Whether the sentence goes on after quoted text that opens at `open` and
    /// closes right before `end`; `last` is its last terminator.
    fn goes_on(&self, open: usize, end: usize, last: usize) -> bool {
        let next = self.word(end);
        if matches!(next, "،" | "," | "؛" | ":" | ")" | "-" | "–" | "." | "؟" | "!") {
            return true;
        }
        let class = class_of(next);
        if open == self.start {
            return class.is_some_and(|class| matches!(class, "goes-on" | "saying"));
        }
        match (open.checked_sub(1).map(|before| self.word(before)), self.word(last)) {
            (Some(":"), _) => matches!(next, "و" | "که" | "را" | "سپس"),
            // In running words it is a name: «کجا می‌روی؟».
            (_, "؟" | "?" | "!") => true,
            (_, last) if is_ellipsis(last) => true,
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
    /// dash between them, «تهران - ایرنا:», or an outlet alone.
    fn is_dateline(&self, at: usize) -> bool {
        let words = self.start..at;
        // First, so that a long sentence with many colons is not read for each.
        if words.len() > LONGEST_DATELINE {
            return false;
        }
        let is_dash = |at: usize| matches!(self.word(at), "-" | "–" | "—");
        let dash = words.clone().find(|&at| is_dash(at));
        let is_outlet = match dash {
            Some(dash) => dash > self.start && dash + 1 < at && !self.touches_last(dash + 1),
            None => words.clone().all(|at| class_of(self.word(at)) == Some("outlet")),
        };
        is_outlet
            && words.clone().all(|at| self.kind(at) == Some(TokenKind::Word) || is_dash(at))
            && !words.clone().any(|at| Verbs::get().is_finite(self.word(at)))
    }

    /// Whether the closing mark `at` closes something: a straight quotation
    /// mark may open the next sentence instead.
    fn closes(&self, at: usize) -> bool {
        self.word(at) != "\"" || !self.touches_last(at + 1) || !matches!(self.kind(at + 1), Some(TokenKind::Word))
    }
}

/// The outermost brackets and quotation marks that close among `tokens`, in
/// order.
fn brackets(text: &str, tokens: &[Token]) -> Vec<Bracketed> {
    let mut found: Vec<Bracketed> = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    let is_mark = |token: &&Token| token.kind == TokenKind::Punctuation;
    // Old dumps have the two the wrong way round: «علی) ع (گفت».
    let mut marks = tokens.iter().filter(is_mark).map(|token| token.span.of(text));
    let is_mirrored = marks.find(|mark| matches!(*mark, "(" | ")")) == Some(")");
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| is_mark(token)) {
        let Some(mark) = token.span.of(text).chars().next() else { continue };
        match mark {
            '«' => open.push((at, '»')),
            '(' if !is_mirrored => open.push((at, ')')),
            '[' => open.push((at, ']')),
            '"' if !open.iter().rev().take(DEEPEST).any(|&(_, closing)| closing == '"') => open.push((at, '"')),
            '»' | ')' | ']' | '"' => {
                let near = open.len().saturating_sub(DEEPEST);
                let depth = open.iter().skip(near).rposition(|&(_, closing)| closing == mark).map(|depth| near + depth);
                let Some((depth, &(start, _))) = depth.and_then(|depth| Some((depth, open.get(depth)?))) else {
                    continue;
                };
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
    found
}

fn is_ellipsis(word: &str) -> bool {
    word == "…" || (word.starts_with('.') && word.len() > 1)
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
            "سکوت کرد… و رفت.",
            "آن‌گاه «آه...» کشید.",
            "ویتامین ث. |مفید است.",
            "نشانی 1.1.1.1. |پایان.",
            "سه چیز: 1. نان 2. آب 3. هوا. |تمام شد.",
            "تهران- ایسنا: |باران آمد.",
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
