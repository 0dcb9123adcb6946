//! Packing picked units into packages.

use crate::id::FulfilmentNo;
use crate::order::LineUnits;

/// Packs picked units.
#[derive(Debug, Clone)]
pub struct PackFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// The packages; empty: one package with everything that is picked.
    pub packages: Vec<NewPackage>,
}

/// A package being packed.
#[derive(Debug, Clone, Default)]
pub struct NewPackage {
    /// What is in it.
    pub lines: Vec<LineUnits>,
    /// Weight in grams.
    pub weight_g: Option<i64>,
}
