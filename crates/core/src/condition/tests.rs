//! Conditions as tables: what is refused, what holds, and that it agrees with the interpreter of the crate `cel`.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::order::Method;

pub(super) fn order() -> OrderContext {
    let metadata = json!({
        "gift": true, "source": "app", "ratio": 1.5, "count": 3, "none": null,
        "nested": {"deep": [1, 2, 3]}, "words": ["a", "b"]
    });
    let serde_json::Value::Object(metadata) = metadata else {
        unreachable!("it is an object")
    };
    let line = |sku: &str, quantity, unit_price_minor| LineContext {
        sku: sku.to_owned(),
        quantity,
        unit_price_minor,
        ..LineContext::default()
    };
    OrderContext {
        channel: "web".to_owned(),
        currency: "EUR".to_owned(),
        total_minor: 12_345,
        goods_minor: 12_000,
        priority: 100,
        tags: vec!["vip".to_owned(), "gift".to_owned()],
        metadata,
        ship_to: ShipToContext {
            country: "DE".to_owned(),
            region: String::new(),
            area: "DE/481/116".to_owned(),
        },
        lines: vec![
            line("A", 2, 5_000),
            line("B", 1, 2_000),
            LineContext {
                method: Method::Pickup,
                ..line("C", 7, 0)
            },
        ],
        units: 10,
        weight_g: 4_200,
        weekday: 5,
        hour: 23,
        ..OrderContext::default()
    }
}

fn ask(text: &str) -> Result<bool, String> {
    let condition = Condition::parse_in(Scope::Screening, "/when", text);
    let condition = condition.map_err(|refusal| refusal.to_string())?;
    condition.holds(&order()).map_err(|error| error.to_string())
}

#[test]
fn conditions_hold_or_not() {
    for (text, holds) in [
        ("true", true),
        ("total_minor > 10000", true),
        ("total_minor > 10000 && ship_to.country == \"DE\"", true),
        ("total_minor >= 12346 || priority < 100", false),
        ("!(channel == 'web')", false),
        ("channel in ['web', 'app']", true),
        ("'vip' in tags", true),
        ("size(tags) == 2 && tags.size() == 2", true),
        ("tags[1] == 'gift'", true),
        (
            "channel.startsWith('w') && channel.endsWith('b') && channel.contains('e')",
            true,
        ),
        ("lines.exists(l, l.sku == 'B' && l.quantity == 1)", true),
        ("lines.exists(l, l.sku == 'X')", false),
        ("lines.all(l, l.quantity > 0)", true),
        ("lines.exists_one(l, l.method == 'pickup')", true),
        ("lines.filter(l, l.unit_price_minor == 0).size() == 1", true),
        ("lines.map(l, l.sku) == ['A', 'B', 'C']", true),
        ("lines.map(l, l.quantity)[2] == 7", true),
        (
            "lines.exists(l, tags.exists(t, t == 'vip' && l.quantity > 6))",
            true,
        ),
        (
            "lines[0].unit_price_minor * lines[0].quantity == 10000",
            true,
        ),
        ("total_minor * 100 / goods_minor > 101", true),
        ("total_minor % 2 == 1 && -total_minor < 0", true),
        ("total_minor > 100000 ? false : priority == 100", true),
        ("metadata.gift", true),
        ("metadata['source'] == 'app'", true),
        ("metadata.source + '!' == 'app!'", true),
        (
            "metadata.ratio > 1 && metadata.ratio < 2 && metadata.ratio == 1.5",
            true,
        ),
        ("metadata.count == 3 && int(metadata.ratio) == 1", true),
        ("metadata.none == null", true),
        ("metadata.nested.deep[1] == 2", true),
        ("metadata.words == ['a', 'b']", true),
        ("metadata.words.exists(w, w == 'b')", true),
        ("metadata.exists(key, key == 'gift')", true),
        ("has(metadata.gift) && !has(metadata.other)", true),
        (
            "has(metadata.nested.deep) && !has(metadata.nested.flat)",
            true,
        ),
        ("'gift' in metadata && !('other' in metadata)", true),
        ("has(ship_to.country) && !has(ship_to.region)", true),
        ("local.weekday == 5 && local.hour >= 22", true),
        ("string(total_minor) == '12345' && int('7') == 7", true),
        // A side that settles the matter does so, whichever it is and whatever the other one says.
        ("metadata.other == 1 || total_minor > 1", true),
        ("total_minor > 1 || metadata.other == 1", true),
        ("metadata.other == 1 && total_minor < 1", false),
        ("tags.exists(t, t == 'gift' || metadata.other == 1)", true),
        // What is of another kind is not the same, and no mistake.
        ("metadata.gift == 'yes'", false),
        ("metadata.count != metadata.source", true),
    ] {
        assert_eq!(ask(text), Ok(holds), "{text}");
    }
}

#[test]
fn what_has_no_answer_says_so() {
    for (text, error) in [
        ("metadata.other == 1", "the order has no \"other\""),
        (
            "metadata.nested.flat.more == 1",
            "the order has no \"flat\"",
        ),
        ("tags[2] == 'x'", "the order has no \"[2]\""),
        ("tags[-1] == 'x'", "the order has no \"[-1]\""),
        (
            "metadata.source > 3",
            "a comparison does not go with string",
        ),
        ("metadata.source + 1 == 2", "+ does not go with int"),
        ("metadata.count", "a condition does not go with int"),
        ("metadata.count.sub == 1", "a key does not go with int"),
        ("metadata.count && true", "&& does not go with int"),
        (
            "metadata.count.exists(x, true)",
            "exists, all, filter or map does not go with int",
        ),
        (
            "total_minor / (units - 10) > 1",
            "/ has no result within the range of whole numbers",
        ),
        (
            "total_minor * 9223372036854775807 > 1",
            "* has no result within the range of whole numbers",
        ),
        (
            "int('seven') == 7",
            "int has no result within the range of whole numbers",
        ),
        (
            "int(1e300) == 7",
            "int has no result within the range of whole numbers",
        ),
    ] {
        assert_eq!(ask(text), Err(error.to_owned()), "{text}");
    }
}

#[test]
fn what_cannot_be_a_condition_is_refused_with_the_remedy() {
    for (text, refusal) in [
        ("", "/when must not be empty"),
        (
            "total_minor > 100 &&",
            "/when is not CEL at line 1, column 21: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
        ),
        (
            "totl_minor > 100",
            "/when names the unknown name \"totl_minor\"; did you mean \"total_minor\"?",
        ),
        (
            "ship_to.contry == 'DE'",
            "/when names the unknown name \"ship_to.contry\"; did you mean \"ship_to.country\"?",
        ),
        (
            "ship_to == 'DE'",
            "/when names \"ship_to\", which is not a value; name one of its fields: country, region, area",
        ),
        (
            "lines.exists(l, l.skuu == 'A')",
            "/when names the unknown field of a line \"skuu\"; did you mean \"sku\"?",
        ),
        (
            "lines.exist(l, true)",
            "/when names the unknown function \"exist\"; did you mean \"exists\"?",
        ),
        (
            "now() > 1",
            "/when names the unknown function \"now\"; the reference lists those that are known",
        ),
        (
            "channel.matches('(a+)+$')",
            "/when names the unknown function \"matches\"; the reference lists those that are known",
        ),
        (
            "channel.length == 3",
            "/when names the field \"length\" of a string, which has none",
        ),
        (
            "total_minor + 1",
            "/when is a int; a condition must be true or false, such as total_minor > 10000",
        ),
        (
            "total_minor > '100'",
            "/when compares a int with a string, which can never be compared",
        ),
        (
            "tags > tags",
            "/when compares a list of strings with a list of strings, which can never be compared",
        ),
        (
            "1 in tags",
            "/when looks for a int in a list of strings, which can never have one",
        ),
        (
            "'a' in channel",
            "/when has \"in\" before a string; it goes with a list or a map",
        ),
        (
            "total_minor && true",
            "/when has && beside a int; it goes with bool",
        ),
        ("!channel", "/when has ! beside a string; it goes with bool"),
        (
            "total_minor * 1.5 > 3",
            "/when has * beside a double; it goes with int",
        ),
        (
            "total_minor + channel == 3",
            "/when has + between a int and a string",
        ),
        (
            "tags['a'] == 'a'",
            "/when looks into a list of strings with a string; use a int",
        ),
        (
            "channel[0] == 'a'",
            "/when has [ ] behind a string; only lists and maps have it",
        ),
        (
            "size(total_minor) > 3",
            "/when calls \"size\" with a int; call it as size(x): characters of a text, elements of a list",
        ),
        (
            "contains(channel, 'a')",
            "/when calls \"contains\" in another way than text.contains(part)",
        ),
        (
            "has(total_minor)",
            "/when calls \"has\" in another way than has(a.b)",
        ),
        (
            "lines.exists(l.sku, true)",
            "/when calls \"exists\" in another way than list.exists(x, condition): whether it holds for some element",
        ),
        (
            "lines.all(l, l.quantity)",
            "/when has all beside a int; it goes with bool",
        ),
        (
            "{'a': 1}.a == 1",
            "/when must not make maps with { }; compare single values",
        ),
        (
            "5u > 3u",
            "/when has a number that ends in u; leave the u out",
        ),
        ("b'a' == b'a'", "/when has bytes (b\"…\"); use text"),
    ] {
        let refused = Condition::parse("/when", text).map_err(|refusal| refusal.to_string());
        assert_eq!(refused, Err(refusal.to_owned()), "{text}");
    }
}

#[test]
fn what_was_seen_of_late_is_known_to_screening_rules_alone() {
    let text = "velocity.card.orders_hour > 3 && customer.is_new";
    assert!(Condition::parse_in(Scope::Screening, "/when", text).is_ok());
    let refused = Condition::parse("/when", text).map_err(|refusal| refusal.to_string());
    let known = "/when names \"velocity.card.orders_hour\", which is known only to screening rules";
    assert_eq!(refused, Err(known.to_owned()));
}

#[test]
fn deep_and_long_conditions_are_refused_before_they_cost_anything() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    for text in [
        nested("(", "true", ")", 900),
        nested("[", "true", "]", 900),
        nested("-", "1", "", 1_900),
        format!("metadata{}", ".a".repeat(900)),
        format!("metadata{}", "[0]".repeat(600)),
        format!("channel{}", ".size()".repeat(250)),
        nested("true ? ", "true", " : true", 120),
        nested("tags.exists(t, ", "true", ")", 100),
        "(".repeat(1_999),
        ")".repeat(1_999),
        "&&".repeat(999),
        "'".repeat(1_999),
    ] {
        let refused = Condition::parse("/when", &text);
        assert!(refused.is_err(), "{text} is a condition");
    }
    // Signs that undo each other are no depth.
    assert_eq!(ask(&nested("!", "true", "", 1_900)), Ok(true));
    let long = format!("channel == '{}'", "x".repeat(CONDITION_MAX));
    let refused = Condition::parse("/when", &long).map_err(|refusal| refusal.to_string());
    let too_long = "/when is 2013 bytes long; at most 2000 are allowed";
    assert_eq!(refused, Err(too_long.to_owned()));
}

#[test]
fn many_parts_beside_each_other_are_no_depth() {
    let text = vec!["channel == 'x'"; 80].join(" || ");
    assert_eq!(ask(&format!("{text} || true")), Ok(true));
}

#[test]
fn a_condition_that_multiplies_lists_ends_after_its_steps() {
    let mut order = order();
    order.lines = vec![order.lines[0].clone(); 5_000];
    for text in [
        "lines.all(a, lines.all(b, lines.all(c, a.sku == c.sku)))",
        "lines.map(a, lines.map(b, lines)).size() > 0",
        "lines.exists(a, lines.filter(b, b.quantity > 0) == [])",
        "lines.all(a, metadata.other == 1 || lines.all(b, b in lines))",
    ] {
        let condition = Condition::parse("/when", text).unwrap();
        assert_eq!(
            condition.holds(&order),
            Err(ConditionError::TooCostly),
            "{text}"
        );
    }
    let plain = Condition::parse("/when", "lines.all(a, a.sku == 'A' && a.quantity > 1)").unwrap();
    assert_eq!(plain.holds(&order), Ok(true));
}

#[test]
fn a_condition_is_stored_as_its_text() {
    let condition = Condition::parse("/when", "total_minor > 5").unwrap();
    let stored = serde_json::to_string(&condition).unwrap();
    assert_eq!(stored, "\"total_minor > 5\"");
    let read: Condition = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, condition);
    assert_eq!(read.holds(&order()), Ok(true));
    assert!(serde_json::from_str::<Condition>("\"totl > 5\"").is_err());
}

#[test]
fn every_name_is_listed_once_and_can_be_read() {
    let order = order();
    for (position, name) in NAMES.iter().enumerate() {
        let doubled = NAMES[..position]
            .iter()
            .any(|other| other.path == name.path);
        assert!(!doubled, "{} is listed twice", name.path);
        let test = match name.kind {
            Kind::Bool => name.path.to_owned(),
            Kind::Int => format!("{} < 0", name.path),
            Kind::Text => format!("{} == ''", name.path),
            Kind::Texts | Kind::Lines | Kind::List | Kind::Map => {
                format!("size({}) > 0", name.path)
            }
            Kind::Double | Kind::Null | Kind::Line | Kind::Any => unreachable!("no name is of it"),
        };
        let condition = Condition::parse_in(name.scope, "/when", &test).unwrap();
        assert!(condition.holds(&order).is_ok(), "{test}");
    }
}

#[test]
fn clones_share_what_was_compiled() {
    let condition = Arc::new(Condition::parse("/when", "true").unwrap());
    let asked: Vec<_> = (0..2)
        .map(|_| {
            let condition = Condition::clone(&condition);
            std::thread::spawn(move || condition.holds(&OrderContext::default()))
        })
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(asked, [Ok(true), Ok(true)]);
}
