//! Something else instead of what nobody has, as a policy answers: previewed, ordered, explained.

use serde_json::{Value, json};

use super::support::{Client, Server, furnish, order};

/// A channel with a policy that answers with substitutes, and `A` of which `B` may come instead.
fn set_up(client: &Client) {
    furnish(client);
    let item = json!({"sku": "A", "title": "Thing A", "substitutes": ["B"]});
    client.put("/v1/items/A", item).expect(200);
    let policy = json!({"name": "Instead", "ranked": ["fewest_locations"], "unserved": "substitute", "unserved_then": "cancel"});
    let made = client
        .put("/v1/sourcing-policies/instead", policy)
        .expect(201);
    assert_eq!(made.body["unserved"], "substitute");
    assert_eq!(made.body["unserved_then"], "cancel");
}

fn lines(allow: bool) -> Value {
    json!([{"sku": "A", "quantity": 23, "unit_price_minor": 500, "discount_minor": 230, "allow_substitutes": allow}])
}

#[test]
fn a_policy_answers_with_substitutes_where_the_line_allows_it() {
    Server::on_each_engine(|server| {
        let client = server.owner();
        set_up(&client);
        let line = json!({"sku": "A", "quantity": 23, "allow_substitutes": true});
        let inquiry = json!({"channel": "web", "ship_to": {"country": "GB"}, "lines": [line]});
        let preview = client
            .post("/v1/sourcing/preview", inquiry)
            .expect(200)
            .body;
        assert_eq!(preview["missing"], json!([]));
        assert_eq!(preview["substitutions"][0]["outcome"], "substituted");
        assert_eq!(preview["substitutions"][0]["sku"], "B");
        assert_eq!(preview["substitutions"][0]["quantity"], 3);

        let mut body = order(&[]);
        body["lines"] = lines(true);
        let placed = client.post("/v1/orders", body.clone()).expect(201).body;
        let of = |sku: &str| {
            let all = placed["lines"].as_array().unwrap();
            all.iter().find(|line| line["sku"] == sku).unwrap().clone()
        };
        let (was, instead) = (of("A"), of("B"));
        assert_eq!(
            (was["ordered"].clone(), was["discount_minor"].clone()),
            (json!(20), json!(200))
        );
        assert_eq!(
            (
                instead["ordered"].clone(),
                instead["discount_minor"].clone()
            ),
            (json!(3), json!(30))
        );
        assert_eq!(instead["unit_price_minor"], 500);
        assert_eq!(instead["instead_of"], was["id"]);
        assert_eq!(placed["totals"]["total_minor"], 23 * 500 - 230);
        let id = placed["id"].as_str().unwrap();
        let decisions = client
            .get(&format!("/v1/orders/{id}/sourcing"))
            .expect(200)
            .body;
        let told = &decisions["data"][0]["substitutions"][0];
        assert_eq!((&told["id"], &told["into"]), (&was["id"], &instead["id"]));
        let journal = client
            .get(&format!("/v1/orders/{id}/journal"))
            .expect(200)
            .body;
        let entries = journal["data"].as_array().unwrap();
        let entry = entries
            .iter()
            .find(|one| one["kind"] == "lines_substituted")
            .unwrap();
        assert_eq!(entry["body"]["policy"], "instead/1");

        // Nothing is left of A, and who does not allow it has the rest cancelled.
        body["lines"] = json!([{"sku": "A", "quantity": 1, "unit_price_minor": 500},
            {"sku": "B", "quantity": 1, "unit_price_minor": 500}]);
        let other = client.post("/v1/orders", body).expect(201).body;
        assert_eq!(other["lines"][0]["cancelled"], 1);
        let id = other["id"].as_str().unwrap();
        let decisions = client
            .get(&format!("/v1/orders/{id}/sourcing"))
            .expect(200)
            .body;
        assert_eq!(
            decisions["data"][0]["substitutions"][0]["outcome"],
            "not_allowed"
        );
    });
}

#[test]
fn a_second_answer_goes_with_substitutes_alone() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for (unserved, then) in [("wait", "cancel"), ("substitute", "substitute")] {
        let policy = json!({"name": "P", "ranked": ["nearest"], "unserved": unserved, "unserved_then": then});
        let refused = client.put("/v1/sourcing-policies/p", policy);
        let refused = refused.expect_problem(422, "invalid_field");
        assert_eq!(refused.body["field"], "/unserved_then");
    }
}
