//! What travels: units by weight and size.

use crate::catalog::{Dimensions, Item};
use crate::id::ItemId;

/// So many equal units of a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// Weight of one; unknown counts as nothing.
    pub weight_g: Option<i64>,
    /// Outer dimensions of one; unknown counts as nothing.
    pub dimensions: Option<Dimensions>,
    /// How many.
    pub quantity: i64,
}

impl Units {
    /// What travels for so many units of an item: of a kit its components, each found by `part`; one that is not found is left
    /// out.
    pub fn of<'a>(
        item: &'a Item,
        quantity: i64,
        part: impl Fn(ItemId) -> Option<&'a Item>,
    ) -> Vec<Self> {
        if !item.is_kit() {
            return vec![Self::simple(item, quantity)];
        }
        let parts = item.components.iter().filter_map(|component| {
            let quantity = quantity.saturating_mul(component.quantity);
            Some(Self::simple(part(component.item)?, quantity))
        });
        parts.collect()
    }

    fn simple(item: &Item, quantity: i64) -> Self {
        Self {
            weight_g: item.weight_g,
            dimensions: item.dimensions,
            quantity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Component;
    use crate::time::Millis;

    fn item(number: u128, weight_g: i64) -> Item {
        Item {
            id: ItemId::new(Millis(1), number),
            version: 1,
            sku: number.to_string(),
            title: number.to_string(),
            gtin: None,
            weight_g: Some(weight_g),
            dimensions: None,
            unit_cost_minor: None,
            components: Vec::new(),
            oversell_limit: 0,
            list_prices: Vec::new(),
            case_quantity: None,
            selling: Default::default(),
            tracking: Default::default(),
        }
    }

    #[test]
    fn of_a_kit_its_components_travel() {
        let (cup, saucer) = (item(1, 200), item(2, 100));
        let component = |item: &Item, quantity| Component {
            item: item.id,
            sku: item.sku.clone(),
            quantity,
        };
        let set = Item {
            components: vec![component(&cup, 6), component(&saucer, 12)],
            ..item(3, 9)
        };
        let known = |id: ItemId| [&cup, &saucer].into_iter().find(|item| item.id == id);
        let units = Units::of(&set, 2, known);
        let travels: Vec<(Option<i64>, i64)> = units
            .iter()
            .map(|one| (one.weight_g, one.quantity))
            .collect();
        assert_eq!(travels, [(Some(200), 12), (Some(100), 24)]);
        assert_eq!(Units::of(&cup, 3, known).len(), 1);
        assert_eq!(Units::of(&set, 1, |_| None), []);
    }
}
