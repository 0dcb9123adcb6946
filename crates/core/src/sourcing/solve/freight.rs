//! What it costs to send a weight: steps of tariffs, and lines that lie below them.
//!
//! A line is a price to begin with and a price per unit of each part. No weight costs less than a line
//! says, so that lines turn steps into something that can be added up per unit.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::SCALE;
use super::parts::Parts;
use super::problem::{Shipping, Source};
use crate::carrier::Tariff;

/// Steps that are kept of one tariff; further ones are asked of the tariff itself.
const STEPS: usize = 256;
/// Lines that are kept below one freight, the level one aside.
const LINES: usize = 3;
const GRAMS_PER_KG: i64 = 1_000;
/// More than any price, scaled, and small enough to be added to others.
const FAR: i64 = i64::MAX / 8;

/// The prices of a tariff by weight, up to the weight of everything.
#[derive(Debug)]
struct Steps {
    tariff: Arc<Tariff>,
    /// The heaviest shipment of each price.
    ends_g: Vec<i64>,
    prices: Vec<i64>,
    /// Whether what lies beyond the last step is not taken.
    complete: bool,
}

/// The ways to send of one or many sources.
#[derive(Debug)]
pub(super) struct Freight {
    options: SmallVec<[Choice; 4]>,
    /// Below every price; never empty.
    pub(super) lines: SmallVec<[Line; 4]>,
    /// By weight class that is priced; never empty.
    pub(super) ladders: SmallVec<[Ladder; 2]>,
}

/// Prices by one weight class.
#[derive(Debug)]
pub(super) struct Ladder {
    pub(super) class: usize,
    /// The heaviest shipment of each price, and the price, scaled; both rise. No weight costs less than they say.
    pub(super) steps: Vec<(i64, i64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Choice {
    steps: usize,
    class: usize,
    fixed: i64,
}

/// A price that lies below all prices of a freight, scaled.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// To begin with.
    pub(super) start: i64,
    /// For each unit, by part.
    pub(super) per_part: SmallVec<[i64; 8]>,
    /// For each unit of its lightest part, by want.
    pub(super) per_want: SmallVec<[i64; 8]>,
}

/// All freights of a problem; sources with the same ways to send share one.
#[derive(Debug, Default)]
pub(super) struct Freights {
    steps: Vec<Steps>,
    known_steps: FxHashMap<(*const Tariff, usize), usize>,
    freights: Vec<Freight>,
    known: FxHashMap<SmallVec<[Choice; 4]>, usize>,
    /// Grams of everything, by class.
    total_g: SmallVec<[i64; 2]>,
}

impl Freights {
    /// No freight yet, for parts of this weight.
    pub(super) fn new(parts: &Parts) -> Self {
        let of_class = |class: usize| {
            let all = parts.parts.iter();
            all.map(|part| part.weights_g[class] * part.quantity)
                .fold(0, i64::saturating_add)
        };
        Self {
            total_g: (0..parts.classes).map(of_class).collect(),
            ..Self::default()
        }
    }

    /// The freight of a source.
    pub(super) fn of(&mut self, source: &Source, parts: &Parts) -> usize {
        let key: SmallVec<[Choice; 4]> = source
            .shipping
            .iter()
            .map(|shipping| self.choice(shipping))
            .collect();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let lines = self.lines(&key, parts);
        let ladders = self.ladders(&key);
        self.freights.push(Freight {
            options: key.clone(),
            lines,
            ladders,
        });
        self.known.insert(key, self.freights.len() - 1);
        self.freights.len() - 1
    }

    /// One that was given out.
    pub(super) fn get(&self, freight: usize) -> &Freight {
        &self.freights[freight]
    }

    /// What weights by class cost, in minor units; none where no way to send takes them.
    #[inline]
    pub(super) fn price(&self, freight: usize, weights_g: &[i64]) -> Option<i64> {
        let options = &self.freights[freight].options;
        if options.is_empty() {
            return Some(0);
        }
        let prices = options.iter().filter_map(|option| {
            let weight = weights_g.get(option.class).copied().unwrap_or(0);
            let price = self.steps[option.steps].price(weight)?;
            Some(price.saturating_add(option.fixed))
        });
        prices.min()
    }

    fn choice(&mut self, shipping: &Shipping) -> Choice {
        let class = shipping.weight_class;
        let total_g = self.total_g.get(class).copied().unwrap_or(0);
        let key = (Arc::as_ptr(&shipping.tariff), class);
        let steps = *self.known_steps.entry(key).or_insert_with(|| {
            self.steps.push(Steps::of(&shipping.tariff, total_g));
            self.steps.len() - 1
        });
        Choice {
            steps,
            class,
            fixed: shipping.fixed(),
        }
    }

    fn lines(&self, options: &[Choice], parts: &Parts) -> SmallVec<[Line; 4]> {
        let mut lines: SmallVec<[Line; 4]> = SmallVec::new();
        for (nth, class) in classes(options).into_iter().enumerate() {
            let points = self.points(options, class);
            let own = below(&points, class, parts);
            lines = if nth == 0 { own } else { lower(&lines, &own) };
        }
        if lines.is_empty() {
            lines.push(level(0, parts));
        }
        lines
    }

    /// By class, the lowest price of all options for each weight.
    fn ladders(&self, options: &[Choice]) -> SmallVec<[Ladder; 2]> {
        let mut ladders: SmallVec<[Ladder; 2]> = SmallVec::new();
        for class in classes(options) {
            let mut steps: Vec<(i64, i64)> = Vec::new();
            for (end, price) in self.points(options, class).into_iter().rev() {
                let price = price.saturating_mul(SCALE).min(FAR);
                if steps.last().is_none_or(|heavier| price < heavier.1) {
                    steps.push((end, price));
                }
            }
            steps.reverse();
            ladders.push(Ladder { class, steps });
        }
        if options.is_empty() {
            ladders.push(Ladder {
                class: 0,
                steps: vec![(i64::MAX, 0)],
            });
        }
        ladders
    }

    /// Weight and price at the heavy end of each step of all options of a class.
    fn points(&self, options: &[Choice], class: usize) -> Vec<(i64, i64)> {
        let of_class = options.iter().filter(|option| option.class == class);
        let mut points: Vec<(i64, i64)> = of_class
            .flat_map(|option| {
                let steps = &self.steps[option.steps];
                let total_g = self.total_g.get(class).copied().unwrap_or(0);
                let priced = |(end, price): (i64, i64)| (end, price.saturating_add(option.fixed));
                steps.outline(total_g).into_iter().map(priced)
            })
            .collect();
        points.sort_unstable();
        points
    }
}

impl Ladder {
    /// What a weight costs at least, scaled; none where it is not taken.
    pub(super) fn price(&self, weight_g: i64) -> Option<i64> {
        let step = self.steps.partition_point(|step| step.0 < weight_g);
        self.steps.get(step).map(|step| step.1)
    }
}

impl Steps {
    fn of(tariff: &Arc<Tariff>, total_g: i64) -> Self {
        let mut steps = Self {
            tariff: Arc::clone(tariff),
            ends_g: Vec::new(),
            prices: Vec::new(),
            complete: false,
        };
        let mut from_g = 0;
        while steps.ends_g.len() < STEPS {
            let Some(quote) = tariff.shipment(from_g) else {
                steps.complete = true;
                break;
            };
            let end_g = step_end(tariff, from_g);
            steps.ends_g.push(end_g);
            steps.prices.push(quote.price_minor);
            if end_g >= total_g {
                break;
            }
            from_g = end_g + 1;
        }
        steps
    }

    #[inline]
    fn price(&self, weight_g: i64) -> Option<i64> {
        let step = self.ends_g.partition_point(|end| *end < weight_g);
        match self.prices.get(step) {
            Some(price) => Some(*price),
            None if self.complete => None,
            None => Some(self.tariff.shipment(weight_g)?.price_minor),
        }
    }

    /// Steps that are nowhere dearer than the tariff, up to a weight; where it has many, they are coarse.
    fn outline(&self, total_g: i64) -> Vec<(i64, i64)> {
        let mut points: Vec<(i64, i64)> = self
            .ends_g
            .iter()
            .copied()
            .zip(self.prices.iter().copied())
            .collect();
        let mut from_g = self.ends_g.last().map_or(0, |end| end + 1);
        let count = i64::try_from(STEPS).unwrap_or(i64::MAX);
        let stride = ((total_g - from_g) / count).max(1);
        while from_g <= total_g && !self.complete {
            let Some(quote) = self.tariff.shipment(from_g) else {
                break;
            };
            let end_g = step_end(&self.tariff, from_g).max(from_g + stride);
            points.push((end_g, quote.price_minor));
            from_g = end_g + 1;
        }
        for (end_g, _) in &mut points {
            *end_g = (*end_g).min(total_g);
        }
        points
    }
}

/// Weight classes by which options are priced.
fn classes(options: &[Choice]) -> SmallVec<[usize; 2]> {
    let mut classes: SmallVec<[usize; 2]> = options.iter().map(|option| option.class).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// The heaviest shipment that surely costs the same as this one.
fn step_end(tariff: &Tariff, weight_g: i64) -> i64 {
    let parcel = tariff.parcel_max_g.max(1);
    let full = if weight_g <= parcel {
        0
    } else {
        (weight_g - 1) / parcel
    };
    let rest = weight_g - full * parcel;
    let bracket = tariff
        .brackets
        .iter()
        .find(|bracket| rest <= bracket.up_to_g);
    let end = bracket.map_or_else(
        || {
            let from_g = tariff.brackets.last().map_or(0, |last| last.up_to_g);
            let begun = (rest - from_g + GRAMS_PER_KG - 1) / GRAMS_PER_KG;
            from_g + begun * GRAMS_PER_KG
        },
        |bracket| bracket.up_to_g,
    );
    full * parcel + end.min(parcel).max(rest)
}

/// Lines below all points: the level one, and edges of the lower hull.
fn below(points: &[(i64, i64)], class: usize, parts: &Parts) -> SmallVec<[Line; 4]> {
    let least = points.iter().map(|(_, price)| *price).min().unwrap_or(0);
    let mut lines: SmallVec<[Line; 4]> = SmallVec::new();
    lines.push(level(least, parts));
    let hull = hull(points);
    let rising: Vec<_> = hull
        .windows(2)
        .filter(|edge| edge[1].1 > edge[0].1)
        .collect();
    let stride = rising.len().div_ceil(LINES).max(1);
    for edge in rising.iter().rev().step_by(stride) {
        lines.push(through(edge[0], edge[1], class, parts));
    }
    lines
}

/// The lower hull of points by rising weight.
fn hull(points: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut hull: Vec<(i64, i64)> = Vec::new();
    for point in points {
        if hull.last().is_some_and(|last| last.0 == point.0) {
            continue; // The cheaper one of the same weight comes first.
        }
        while let [.., a, b] = hull[..] {
            if cross(a, b, *point) > 0 {
                break;
            }
            hull.pop();
        }
        hull.push(*point);
    }
    hull
}

/// Above zero where b lies below the line from a to c.
fn cross(a: (i64, i64), b: (i64, i64), c: (i64, i64)) -> i128 {
    let wide = |value: i64| i128::from(value);
    (wide(b.0) - wide(a.0)) * (wide(c.1) - wide(a.1))
        - (wide(b.1) - wide(a.1)) * (wide(c.0) - wide(a.0))
}

fn level(price: i64, parts: &Parts) -> Line {
    Line {
        start: price.saturating_mul(SCALE),
        per_part: SmallVec::from_elem(0, parts.parts.len()),
        per_want: SmallVec::from_elem(0, parts.wants.len()),
    }
}

/// The line through two points, rounded down.
fn through(a: (i64, i64), b: (i64, i64), class: usize, parts: &Parts) -> Line {
    let (width, rise) = (i128::from(b.0 - a.0), i128::from(b.1 - a.1));
    let scaled = |value: i128| {
        let rounded = (value * i128::from(SCALE)).div_euclid(width);
        i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
    };
    let weights = parts
        .parts
        .iter()
        .map(|part| i128::from(part.weights_g[class]));
    let per_part: SmallVec<[i64; 8]> = weights.map(|weight| scaled(rise * weight)).collect();
    let wants = parts.wants.iter();
    let lightest = |parts: &[usize]| parts.iter().map(|part| per_part[*part]).min();
    Line {
        start: scaled(i128::from(a.1) * width - rise * i128::from(a.0)),
        per_want: wants
            .map(|want| lightest(&want.parts).unwrap_or(0))
            .collect(),
        per_part,
    }
}

/// Lines below both of two lists: the lower start and the lower price per unit.
fn lower(left: &[Line], right: &[Line]) -> SmallVec<[Line; 4]> {
    let longest = left.len().max(right.len());
    let nth = |lines: &'_ [Line], n: usize| lines[n.min(lines.len() - 1)].clone();
    (0..longest)
        .map(|n| {
            let (mut line, other) = (nth(left, n), nth(right, n));
            line.start = line.start.min(other.start);
            least(&mut line.per_part, &other.per_part);
            least(&mut line.per_want, &other.per_want);
            line
        })
        .collect()
}

fn least(own: &mut [i64], other: &[i64]) {
    for (own, other) in own.iter_mut().zip(other) {
        *own = (*own).min(*other);
    }
}
