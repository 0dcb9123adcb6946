//! Reading the orders of the data.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lzma_rust2::XzReader;
use throughline_core::time::Millis;
use throughline_formats::sheet::{Document, Mapping, Method, Rows, Sheet, SheetOrder};

const MAPPING: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../mappings/uci-online-retail.toml"
));

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Goods that are shipped, of the orders of the data.
pub(super) struct Data {
    /// By time.
    pub(super) orders: Vec<Wanted>,
    /// Units by SKU, in all.
    pub(super) units: BTreeMap<String, i64>,
}

/// An order.
pub(super) struct Wanted {
    pub(super) at: Millis,
    pub(super) country: String,
    /// Who ordered; the order's own name where that is not known.
    pub(super) customer: String,
    /// SKU, units and price of a unit.
    pub(super) lines: Vec<(String, i64, i64)>,
}

/// Reads the orders of a file, which may be packed with xz.
pub(super) fn read(file: &Path) -> Result<Data> {
    let broken = |fault: &dyn std::fmt::Display| anyhow::anyhow!("{}: {fault}", file.display());
    let bytes = bytes_of(file)?;
    let mut mapping = Mapping::parse(MAPPING).map_err(|fault| broken(&fault))?;
    mapping.policy.rows = Rows::Live;
    let mut sheet = Sheet::open(Cursor::new(bytes), &mapping).map_err(|fault| broken(&fault))?;
    let mut orders = Vec::new();
    let read = sheet.read(|document| {
        if let Document::Order(order) = document {
            orders.push(order);
        }
        Ok::<(), std::convert::Infallible>(())
    });
    read.map_err(|fault| broken(&fault))?;
    let mut orders: Vec<Wanted> = orders.iter().filter_map(wanted).collect();
    ensure!(!orders.is_empty(), "{} holds no orders", file.display());
    orders.sort_by_key(|order| order.at);
    let mut units = BTreeMap::new();
    for (sku, quantity, _) in orders.iter().flat_map(|order| &order.lines) {
        *units.entry(sku.clone()).or_default() += quantity;
    }
    Ok(Data { orders, units })
}

impl Data {
    /// When the first order was placed.
    pub(super) fn begins(&self) -> Millis {
        self.orders.first().map_or(Millis(0), |order| order.at)
    }

    /// Days between the first order and the last one, both counted.
    pub(super) fn days(&self) -> i64 {
        let last = self.orders.last().map_or(self.begins(), |order| order.at);
        (last.0 - self.begins().0) / DAY_MS + 1
    }
}

fn wanted(order: &SheetOrder) -> Option<Wanted> {
    let shipped = order
        .lines
        .iter()
        .filter(|line| line.method == Method::Ship);
    let lines: Vec<(String, i64, i64)> = shipped
        .map(|line| (line.sku.clone(), line.quantity, line.unit_price_minor))
        .collect();
    let reference = order
        .customer
        .as_ref()
        .and_then(|one| one.reference.clone());
    let country = order.ship_to.as_ref().and_then(|to| to.country);
    (!lines.is_empty()).then(|| Wanted {
        at: Millis(order.placed_at.as_millisecond()),
        country: country.unwrap_or("GB").to_owned(),
        customer: reference.unwrap_or_else(|| order.reference.clone()),
        lines,
    })
}

fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    let mut file = File::open(path).with_context(cannot)?;
    if path.extension().is_some_and(|ending| ending == "xz") {
        let mut unpacked = XzReader::new(file, false);
        unpacked.read_to_end(&mut bytes).with_context(cannot)?;
    } else {
        file.read_to_end(&mut bytes).with_context(cannot)?;
    }
    Ok(bytes)
}
