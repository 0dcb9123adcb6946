//! The bar that shows where the units of a line are.

use throughline_core::order::{LineProgress, Order, Units};

use super::ink::{Ink, Tone};

/// Cells of a bar.
const CELLS: i64 = 20;

/// Units of a line in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) word: &'static str,
    pub(super) units: i64,
    cell: char,
    tone: Tone,
}

/// Where the units of the line at this position are; states without units are left out.
pub(super) fn parts(order: &Order, position: usize) -> Vec<Part> {
    let (line, progress) = (
        &order.placed.lines[position],
        &order.progress.lines[position],
    );
    let mut units = Units::default();
    let fulfilments = order.progress.fulfilments.iter();
    fulfilments
        .filter_map(|one| one.units(line.no))
        .for_each(|one| units.add(one));
    states(&units, progress)
        .into_iter()
        .filter(|part| part.units > 0)
        .collect()
}

fn states(units: &Units, progress: &LineProgress) -> [Part; 11] {
    let part = |word, units, cell, tone| Part {
        word,
        units,
        cell,
        tone,
    };
    [
        part("delivered", units.delivered, '█', Tone::Good),
        part("shipped", units.shipped, '▓', Tone::Moving),
        part("packed", units.packed, '▒', Tone::Moving),
        part("picked", units.picked, '▒', Tone::Moving),
        part("allocated", units.assigned, '░', Tone::Moving),
        part("backordered", progress.backordered, '·', Tone::Waiting),
        part("open", progress.open, '·', Tone::Waiting),
        part("refused", units.refused, '!', Tone::Bad),
        part("lost", units.lost, '!', Tone::Bad),
        part(
            "returned to sender",
            units.returned_to_sender,
            '!',
            Tone::Bad,
        ),
        part("cancelled", progress.cancelled, '×', Tone::Faint),
    ]
}

/// The bar: cells in proportion, and at least one for each state with units.
pub(super) fn bar(parts: &[Part], ink: Ink) -> String {
    let cells = shares(parts);
    let drawn = parts.iter().zip(cells).map(|(part, cells)| {
        let text: String = std::iter::repeat_n(part.cell, cells).collect();
        ink.paint(part.tone, &text)
    });
    drawn.collect()
}

fn shares(parts: &[Part]) -> Vec<usize> {
    let total: i64 = parts.iter().map(|part| part.units).sum();
    let share = |part: &Part| {
        (i128::from(part.units) * i128::from(CELLS) / i128::from(total.max(1))).max(1)
    };
    let mut shares: Vec<i128> = parts.iter().map(share).collect();
    // What rounding left over, or took too much, falls to the first of the largest, where it shows least.
    let rest = i128::from(CELLS) - shares.iter().sum::<i128>();
    if let Some(largest) = shares.iter_mut().rev().max() {
        *largest += rest;
    }
    shares
        .into_iter()
        .map(|share| usize::try_from(share).unwrap_or_default())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(delivered: i64, shipped: i64, cancelled: i64) -> String {
        let units = Units {
            delivered,
            shipped,
            ..Units::default()
        };
        let progress = LineProgress {
            cancelled,
            ..LineProgress::default()
        };
        let parts: Vec<Part> = states(&units, &progress)
            .into_iter()
            .filter(|part| part.units > 0)
            .collect();
        bar(&parts, Ink::new(false))
    }

    #[test]
    fn every_bar_is_equally_long_and_shows_every_state() {
        for ((delivered, shipped, cancelled), expected) in [
            ((4, 0, 0), "████████████████████"),
            ((3, 1, 0), "███████████████▓▓▓▓▓"),
            ((1, 1, 1), "████████▓▓▓▓▓▓××××××"),
            ((1_000_000, 1, 1), "██████████████████▓×"),
        ] {
            assert_eq!(drawn(delivered, shipped, cancelled), expected);
        }
    }
}
