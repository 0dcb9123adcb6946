//! Driving an order on: the next thing that somebody does with it.

use fastrand::Rng;
use serde_json::{Value, json};

use super::catalogue::{some_location, some_sku};
use super::facts::{list, number, sum, text};
use super::order::line;
use super::request::{Change, Effect, PickedLine, Request};
use super::stock::request;

/// An order of the book, and what the API says of it now.
pub(super) struct Work<'a> {
    /// Its position in the book.
    pub(super) position: usize,
    /// The order.
    pub(super) order: &'a Value,
    /// A name for what is done, which nothing else has.
    pub(super) name: &'a str,
}

/// What to do next with the order; `None` when there is nothing to do.
///
/// # Errors
/// When the order is not written as it must be.
pub(super) fn next(random: &mut Rng, work: &Work<'_>) -> Result<Option<Request>, String> {
    if let Some(release) = work.release(random) {
        return Ok(Some(release));
    }
    let roll = random.u32(..100);
    match roll {
        ..5 => Ok(Some(work.note())),
        5..15 => work.money(random),
        15..19 => work.cancel(random),
        19..21 => Ok(work.allows("hold").then(|| work.hold())),
        21..24 => Ok(work.allows("amend").then(|| work.amend(random))),
        24..36 => work.give_back(random),
        _ => work.fulfil(random),
    }
}

impl Work<'_> {
    fn allows(&self, action: &str) -> bool {
        allows(self.order, action)
    }

    fn on_order(&self, verb: &str, body: &Value, change: Change) -> Request {
        let path = format!(
            "/v1/orders/{}/{verb}",
            self.order["id"].as_str().unwrap_or("?")
        );
        request(&path, self.name, body, Effect::Order(self.position, change))
    }

    fn note(&self) -> Request {
        let text = format!("note {}", self.name);
        self.on_order("notes", &json!({"text": text}), Change::Note(text.clone()))
    }

    fn hold(&self) -> Request {
        self.on_order("holds", &json!({"reason": self.name}), Change::Hold)
    }

    /// Holds do not last, or nothing would move any more.
    fn release(&self, random: &mut Rng) -> Option<Request> {
        let holds = self.order["holds"].as_array()?;
        let hold = holds.iter().find(|hold| hold["active"] == true)?["id"].as_str()?;
        if random.bool() {
            return None;
        }
        Some(self.on_order(
            &format!("holds/{hold}/release"),
            &json!({}),
            Change::ReleaseHold,
        ))
    }

    fn amend(&self, random: &mut Rng) -> Request {
        let sku = some_sku(random);
        let line = line(random, &sku, 1);
        self.on_order(
            "amend",
            &json!({"add_lines": [line], "reason": self.name}),
            Change::AddLine,
        )
    }

    fn cancel(&self, random: &mut Rng) -> Result<Option<Request>, String> {
        if !self.allows("cancel") {
            return Ok(None);
        }
        if random.u32(..4) == 0 {
            let body = json!({"reason": "the customer does not want it"});
            return Ok(Some(self.on_order("cancel", &body, Change::CancelRest)));
        }
        for line in list(self.order, "lines")? {
            let left = ["open", "backordered", "allocated", "picked", "packed"];
            if sum(std::slice::from_ref(line), &left)? > 0 {
                let body =
                    json!({"reason": "one too many", "lines": [{"id": line["id"], "quantity": 1}]});
                return Ok(Some(self.on_order("cancel", &body, Change::CancelUnits(1))));
            }
        }
        Ok(None)
    }

    /// Takes some of what was authorised, gives some of what was taken back, or takes cash.
    fn money(&self, random: &mut Rng) -> Result<Option<Request>, String> {
        for payment in list(self.order, "payments")? {
            let [authorized, captured, refunded] = [
                number(payment, "authorized_minor")?,
                number(payment, "captured_minor")?,
                number(payment, "refunded_minor")?,
            ];
            let amount = random.i64(1..=50);
            let body = |state: &str| json!({"payment_id": payment["id"], "state": state, "amount_minor": amount});
            if authorized - captured >= amount {
                return Ok(Some(self.on_order(
                    "payments",
                    &body("captured"),
                    Change::Capture(amount),
                )));
            }
            if captured - refunded >= amount {
                return Ok(Some(self.on_order(
                    "payments",
                    &body("refunded"),
                    Change::Refund(amount),
                )));
            }
        }
        let (reference, amount) = (format!("cash-{}", self.name), random.i64(1..=500));
        let body = json!({"state": "captured", "amount_minor": amount, "method": "cash", "reference": reference});
        Ok(Some(self.on_order(
            "payments",
            &body,
            Change::Pay(reference, amount),
        )))
    }

    /// Announces a unit, or takes an announced one in.
    fn give_back(&self, random: &mut Rng) -> Result<Option<Request>, String> {
        for one in list(self.order, "returns")? {
            for line in list(one, "lines")? {
                if number(line, "received")? < number(line, "quantity")? {
                    return self.arrive(random, one, line).map(Some);
                }
            }
        }
        if !self.allows("return") {
            return Ok(None);
        }
        for line in list(self.order, "lines")? {
            if number(line, "delivered")? > self.announced(line)? {
                let body =
                    json!({"lines": [{"id": line["id"], "quantity": 1, "reason": self.name}]});
                let path = format!("/v1/orders/{}/returns", text(self.order, "id")?);
                let request = request(&path, self.name, &body, Effect::Return(self.position));
                return Ok(Some(Request {
                    success: 201,
                    ..request
                }));
            }
        }
        Ok(None)
    }

    fn announced(&self, line: &Value) -> Result<i64, String> {
        let mut announced = 0;
        for one in list(self.order, "returns")? {
            for back in list(one, "lines")?
                .iter()
                .filter(|back| back["line_id"] == line["id"])
            {
                announced += number(back, "quantity")?;
            }
        }
        Ok(announced)
    }

    fn arrive(&self, random: &mut Rng, one: &Value, line: &Value) -> Result<Request, String> {
        let location = some_location(random);
        let restock = random.bool();
        let disposition = if restock { "restock" } else { "scrap" };
        let body = json!({"location": location, "lines": [{"id": line["id"], "quantity": 1, "disposition": disposition}]});
        let level = (text(line, "sku")?, location.to_owned());
        let effect = Effect::Arrive(self.position, restock.then_some(level));
        Ok(request(
            &format!("/v1/returns/{}/receive", text(one, "id")?),
            self.name,
            &body,
            effect,
        ))
    }

    fn fulfil(&self, random: &mut Rng) -> Result<Option<Request>, String> {
        let mut fulfilments: Vec<&Value> = list(self.order, "fulfilments")?.iter().collect();
        random.shuffle(&mut fulfilments);
        for fulfilment in fulfilments {
            let verb = ["pick", "pack", "ready", "ship", "pickup", "deliver"];
            let Some(verb) = verb.into_iter().find(|verb| allows(fulfilment, verb)) else {
                continue;
            };
            let untouched = sum(list(fulfilment, "lines")?, &["picked", "packed"])? == 0;
            if verb == "pick" && untouched && random.u32(..20) == 0 {
                let body = json!({"reason": self.name});
                let reject = self.on_fulfilment(fulfilment, "reject", &body, Effect::Fulfilment);
                return Ok(Some(reject));
            }
            return self.work_on(random, fulfilment, verb).map(Some);
        }
        Ok(None)
    }

    fn work_on(&self, random: &mut Rng, fulfilment: &Value, verb: &str) -> Result<Request, String> {
        let nothing = json!({});
        Ok(match verb {
            "pick" => self.pick(random, fulfilment)?,
            "ship" => {
                let number = format!("track-{}", self.name);
                let body = json!({"carrier": "post", "tracking_number": number});
                self.on_fulfilment(fulfilment, verb, &body, |order| {
                    Effect::Leave(order, Some(number))
                })
            }
            "pickup" => self.on_fulfilment(fulfilment, verb, &nothing, |order| {
                Effect::Leave(order, None)
            }),
            _ => self.on_fulfilment(fulfilment, verb, &nothing, Effect::Fulfilment),
        })
    }

    /// Picks one line, not always whole, and sometimes a unit is not there.
    fn pick(&self, random: &mut Rng, fulfilment: &Value) -> Result<Request, String> {
        let mut body = Vec::new();
        let mut picked = Vec::new();
        for line in list(fulfilment, "lines")? {
            let assigned = number(line, "assigned")?;
            if assigned == 0 || !body.is_empty() && random.bool() {
                continue;
            }
            let found = if random.u32(..4) == 0 {
                random.i64(1..=assigned)
            } else {
                assigned
            };
            let short = i64::from(found < assigned && random.bool());
            body.push(json!({"id": line["id"], "quantity": found, "short": short}));
            picked.push(PickedLine {
                sku: text(line, "sku")?,
                found,
                short,
            });
        }
        Ok(
            self.on_fulfilment(fulfilment, "pick", &json!({"lines": body}), |order| {
                Effect::Pick(order, picked)
            }),
        )
    }

    fn on_fulfilment(
        &self,
        fulfilment: &Value,
        verb: &str,
        body: &Value,
        effect: impl FnOnce(usize) -> Effect,
    ) -> Request {
        let path = format!(
            "/v1/fulfilments/{}/{verb}",
            fulfilment["id"].as_str().unwrap_or("?")
        );
        request(&path, self.name, body, effect(self.position))
    }
}

fn allows(what: &Value, action: &str) -> bool {
    what["available_actions"]
        .as_array()
        .is_some_and(|actions| actions.iter().any(|one| one == action))
}
