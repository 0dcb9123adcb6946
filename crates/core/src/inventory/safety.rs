//! Safety stock: units that are never promised.

/// Sets the units of a level that are never promised.
#[derive(Debug, Clone)]
pub struct SetSafetyStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units; 0 or more.
    pub quantity: i64,
}
