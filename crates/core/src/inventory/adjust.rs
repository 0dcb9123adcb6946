//! Corrections of stock by a difference.

/// Corrects stock by a difference.
#[derive(Debug, Clone)]
pub struct AdjustStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units to add, or to take when negative; not 0.
    pub quantity: i64,
    /// The document.
    pub reference: String,
    /// Why: `damaged`, `found`, `stolen` or words of the caller's own.
    pub reason: Option<String>,
}
