//! Counts: stock becomes what was counted.

/// Sets stock to what was counted.
#[derive(Debug, Clone)]
pub struct CountStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units counted; 0 or more.
    pub quantity: i64,
    /// The count sheet.
    pub reference: String,
}
