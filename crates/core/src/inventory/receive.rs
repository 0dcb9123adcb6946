//! Goods come in; the orders that wait for them are served in the same commit.

/// Takes stock in.
#[derive(Debug, Clone)]
pub struct ReceiveStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units; at least 1.
    pub quantity: i64,
    /// The document, such as a delivery note.
    pub reference: String,
}
