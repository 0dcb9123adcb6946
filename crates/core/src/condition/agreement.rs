//! Conditions mean what they mean to the interpreter of the crate `cel`: random ones, of the subset that both know.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::tests::order;
use super::*;

/// Free data as a value of the crate: whole numbers are ints, as they are to us.
fn as_cel(json: &serde_json::Value) -> cel::Value {
    match json {
        serde_json::Value::Null => cel::Value::Null,
        serde_json::Value::Bool(bool) => cel::Value::Bool(*bool),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => cel::Value::Int(whole),
            None => cel::Value::Float(number.as_f64().unwrap()),
        },
        serde_json::Value::String(text) => cel::Value::from(text.as_str()),
        serde_json::Value::Array(list) => {
            cel::Value::List(Arc::new(list.iter().map(as_cel).collect()))
        }
        serde_json::Value::Object(map) => {
            let map: std::collections::HashMap<String, cel::Value> = map
                .iter()
                .map(|(key, value)| (key.clone(), as_cel(value)))
                .collect();
            cel::Value::Map(map.into())
        }
    }
}

/// The names that the interpreter of the crate can be given as they are.
fn for_the_crate(order: &OrderContext) -> cel::Context<'static, 'static> {
    let mut context = cel::Context::default();
    let mut add = |name: &str, value: serde_json::Value| {
        context.add_variable_from_value(name, as_cel(&value));
    };
    add("channel", json!(order.channel));
    add("total_minor", json!(order.total_minor));
    add("goods_minor", json!(order.goods_minor));
    add("priority", json!(order.priority));
    add("units", json!(order.units));
    add("tags", json!(order.tags));
    add("metadata", json!(order.metadata));
    add("ship_to", json!({"country": order.ship_to.country}));
    let lines = order.lines.iter().map(|line| {
        json!({"sku": line.sku, "quantity": line.quantity, "method": line.method.as_str(),
            "unit_price_minor": line.unit_price_minor})
    });
    add("lines", json!(lines.collect::<Vec<_>>()));
    context
}

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("total_minor".to_owned()),
        Just("units".to_owned()),
        Just("metadata.count".to_owned()),
        Just("metadata.missing".to_owned()),
        Just("lines[1].quantity".to_owned()),
        Just("lines[9].quantity".to_owned()),
        Just("size(tags)".to_owned()),
        Just("size(lines.filter(l, l.quantity > 1))".to_owned()),
        (-3i64..4).prop_map(|number| number.to_string()),
        Just(i64::MAX.to_string()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        (inner.clone(), "[-+*/%]", inner).prop_map(|(a, sign, b)| format!("({a} {sign} {b})"))
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("channel".to_owned()),
        Just("ship_to.country".to_owned()),
        Just("metadata.source".to_owned()),
        Just("tags[0]".to_owned()),
        Just("'web'".to_owned()),
        Just("'gift'".to_owned()),
        Just("(channel + 'b')".to_owned()),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (number(), "(==|!=|<|<=|>|>=)", number()).prop_map(|(a, s, b)| format!("{a} {s} {b}")),
        (text(), "(==|!=|<|<=|>|>=)", text()).prop_map(|(a, s, b)| format!("{a} {s} {b}")),
        text().prop_map(|text| format!("{text} in tags")),
        (text(), text()).prop_map(|(a, b)| format!("{a}.startsWith({b})")),
        (text(), text()).prop_map(|(a, b)| format!("{a}.contains({b})")),
        number().prop_map(|n| format!("lines.exists(l, l.quantity == {n})")),
        number().prop_map(|n| format!("lines.all(l, l.quantity > {n} / l.quantity)")),
        text().prop_map(|t| format!("lines.exists_one(l, l.method == {t} || l.sku < 'B')")),
        Just("metadata.gift".to_owned()),
        Just("metadata.missing".to_owned()),
        Just("has(metadata.missing)".to_owned()),
        Just("has(metadata.gift)".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(({a}) ? ({b}) : ({c}))")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_condition_means_what_it_means_to_the_crates_interpreter(text in condition()) {
        prop_assume!(text.len() <= CONDITION_MAX);
        let order = order();
        let ours = Condition::parse("/when", &text);
        prop_assume!(ours.is_ok() || !is_too_deep(&ours));
        let ours = ours.unwrap().holds(&order).ok();
        let program = cel::Program::compile(&text).unwrap();
        let theirs = match program.execute(&for_the_crate(&order)) {
            Ok(cel::Value::Bool(bool)) => Some(bool),
            _ => None,
        };
        prop_assert_eq!(ours, theirs, "{}", text);
    }
}

fn is_too_deep(parsed: &Result<Condition, crate::Refusal>) -> bool {
    let refusal = parsed.as_ref().err().map(ToString::to_string);
    refusal.is_some_and(|text| {
        text.contains("deep") || text.contains("brackets") || text.contains("ecursion")
    })
}
