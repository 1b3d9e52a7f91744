//! How what follows a head bears on its being a name.
//!
//! The head's weight is the share of its uses that open a name; each constant
//! says how much likelier than not what was read is with a name.

/// A name in quotes: روزنامه «…».
pub(super) const QUOTED: f32 = 6.0;
/// A numbered part of a nested name: شعبه دهم دادگاه ….
pub(super) const CERTAIN: f32 = 40.0;
/// A complement of the tables: وزارت | امور خارجه.
pub(super) const COMPLEMENT: f32 = 12.0;
/// A name with a head of its own.
pub(super) const NESTED: f32 = 8.0;
/// A name of the tables.
pub(super) const ROW: f32 = 8.0;
/// Everyday nouns that end in a place or body.
pub(super) const ANCHORED: f32 = 5.5;
/// Words that no table knows, or parts of a person's name.
pub(super) const NAME: f32 = 5.0;
/// Everyday nouns that fill the phrase.
pub(super) const NOUNS: f32 = 1.2;
/// One everyday word that ends the phrase: میدان | انقلاب.
pub(super) const EVERYDAY: f32 = 0.5;
/// A year or an ordinal after an event.
pub(super) const NUMBER: f32 = 1.5;
/// Adjectives alone, or nothing.
pub(super) const ADJECTIVES: f32 = 0.3;
/// A number, a determiner or a superlative before the head.
pub(super) const COUNTED: f32 = 0.15;

/// `weight` after evidence that is `odds` times likelier with a name.
pub(super) fn update(weight: f32, odds: f32) -> f32 {
    let weight = weight.clamp(0.05, 0.97);
    let posterior = odds * weight / (1.0 - weight);
    (posterior / (1.0 + posterior)).min(0.97)
}
