//! Moving stock between locations, at once.

/// Moves available stock from one location to another.
#[derive(Debug, Clone)]
pub struct TransferStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location it leaves.
    pub from: String,
    /// Code of the location it goes to.
    pub to: String,
    /// Units; at least 1.
    pub quantity: i64,
    /// The document.
    pub reference: String,
}
