//! Items: the master data of SKUs.

mod gtin;
mod item;
mod list_price;
mod making;
mod put_item;
mod recall;
mod selling;
mod stock_word;
mod tracking;
mod visiting;

pub use gtin::{Gtin, InvalidGtin};
pub use item::{Component, Dimensions, Item};
pub use list_price::{ListPrice, ListPriceRow, PutListPrices, put_list_prices};
pub use making::{LEAD_DAYS_MAX, MAKERS_MAX, Maker};
pub use put_item::{PutItem, put_item};
pub use recall::{LiftRecall, Recall, RecallItem, lift_recall, recall_item};
pub(crate) use recall::{hold_recalled, refuse_recalled, refused as recalled};
pub use selling::{Backorder, Preorder, SUBSTITUTES_MAX, Selling};
pub use stock_word::{StockWord, Thresholds};
pub use tracking::{LIFE_DAYS_MAX, LotTracking, SerialTracking, Tracking};
pub use visiting::{DaySlot, SLOTS_MAX, TEAMS_MAX, Team};
