use super::*;
use crate::segment;

#[test]
fn dbg() {
    let text = "پورشالچی پیش‌بینی کرد نوسان شاخص ادامه یابد.\nوزیر نیز وعده داده گزارش بازرسی منتشر شود.\nسازمان هشدار داد قیمت کم می‌شود.";
    let tokens = segment::tokens(text);
    let mut s = Vec::new();
    segment::sentences(text, Span::new(0, text.len()), &tokens, &mut s);
    let r = Reading::new(text, &s, &tokens, &[]);
    for x in &s {
        for at in x.tokens.clone() {
            println!("{} {:?} {:?}", r.raw(at), r.class(at), r.phrase_at(at, x.tokens.end));
        }
    }

    let q = quotations(&r);
    println!("{q:#?}");
}
