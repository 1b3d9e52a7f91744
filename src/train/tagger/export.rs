//! The model file: rows pruned and quantised.

use rustc_hash::FxHashMap;

use super::crf::{Field, Row};
use crate::entities::tagger::features::{Feature, InClusters};
use crate::entities::tagger::labels::{LABELS, ROW};
use crate::entities::tagger::model::{MAGIC, fingerprint, slot};

/// The model file of `field`. At most `max_rows` features are kept, those with
/// the largest weights; the model works out the rows of `frequent` words and of
/// those in `clusters` once.
pub fn export(
    field: &Field,
    max_rows: usize,
    frequent: &[String],
    clusters: &FxHashMap<String, InClusters>,
) -> Vec<u8> {
    let largest = |row: &Row| row.iter().fold(0.0_f32, |a, w| a.max(w.abs()));
    // The few weights beyond this are cut down to it.
    let mut sizes: Vec<f32> = field.rows.iter().map(largest).collect();
    sizes.sort_by(f32::total_cmp);
    let limit = sizes.get(sizes.len() * 9995 / 10_000).copied().unwrap_or(1.0).max(1e-6);
    let marks = field.marks.iter().map(largest).fold(0.0, f32::max);
    let scale = limit.max(marks) / 127.0;
    let quantise = |row: &Row| row.map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8);

    let mut kept: Vec<(Feature, [i8; ROW], f32)> = field
        .index
        .iter()
        .filter_map(|(&feature, &place)| {
            let row = field.rows.get(place as usize)?;
            let bytes = quantise(row);
            bytes.iter().any(|w| *w != 0).then(|| (feature, bytes, largest(row)))
        })
        .collect();
    kept.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    kept.truncate(max_rows);
    kept.sort_by_key(|(feature, ..)| *feature);

    let slots = (kept.len() * 5 / 4 + 2).next_power_of_two();
    let mut table: Vec<Option<&(Feature, [i8; ROW], f32)>> = vec![None; slots];
    for entry in &kept {
        let mut at = slot(entry.0, slots - 1);
        while let Some(Some(_)) = table.get(at) {
            at = (at + 1) & (slots - 1);
        }
        if let Some(place) = table.get_mut(at) {
            *place = Some(entry);
        }
    }

    let mut out = MAGIC.to_vec();
    out.extend((slots as u32).to_le_bytes());
    out.extend(scale.to_bits().to_le_bytes());
    for row in &field.transitions {
        for weight in row.iter().take(LABELS) {
            out.extend(((weight / scale).round().clamp(-32000.0, 32000.0) as i16).to_le_bytes());
        }
    }
    let weights = |row: [i8; ROW]| row.into_iter().take(LABELS).map(|w| w as u8);
    for row in &field.marks {
        out.extend(weights(quantise(row)));
    }
    for entry in &table {
        out.extend(entry.map_or(0, |(feature, ..)| fingerprint(*feature)).to_le_bytes());
    }
    for (_, row, _) in table.iter().flatten() {
        out.extend(weights(*row));
    }
    let mut others: Vec<&String> = clusters.keys().filter(|word| !frequent.contains(word)).collect();
    others.sort_unstable();
    for word in frequent.iter().chain(others) {
        let [coarse, middle, fine] = clusters.get(word).copied().unwrap_or_default();
        out.extend(format!("{word}\t{coarse}\t{middle}\t{fine}\n").into_bytes());
    }
    out
}
