//! What is checked of an order: everything that a request done twice, or lost, would change.

use serde_json::Value;

/// An order in numbers and names. Lists are sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Identity.
    pub(crate) id: String,
    /// The number people use.
    pub(crate) number: i64,
    /// Its name at the channel.
    pub(crate) reference: Option<String>,
    /// Its mark.
    pub(crate) marker: String,
    /// Lines.
    pub(crate) lines: i64,
    /// Money taken.
    pub(crate) captured: i64,
    /// Money given back.
    pub(crate) refunded: i64,
    /// References of tenders.
    pub(crate) payments: Vec<String>,
    /// Units cancelled.
    pub(crate) cancelled: i64,
    /// Units picked, whatever became of them since.
    pub(crate) handled: i64,
    /// Notes.
    pub(crate) notes: Vec<String>,
    /// Holds, released ones included.
    pub(crate) holds: i64,
    /// Tracking numbers.
    pub(crate) shipments: Vec<String>,
    /// Ids of returns.
    pub(crate) returns: Vec<String>,
    /// Units that came back, or did not.
    pub(crate) arrived: i64,
}

/// States of units that were picked once.
const HANDLED: [&str; 7] = [
    "picked",
    "packed",
    "shipped",
    "delivered",
    "refused",
    "lost",
    "returned_to_sender",
];

impl Facts {
    /// Reads what the API says of an order.
    ///
    /// # Errors
    /// When something is missing.
    pub(crate) fn read(order: &Value) -> Result<Self, String> {
        let lines = list(order, "lines")?;
        let returns = list(order, "returns")?;
        let mut arrived = 0;
        for one in returns {
            arrived += sum(list(one, "lines")?, &["received"])?;
        }
        Ok(Self {
            id: text(order, "id")?,
            number: number(order, "number")?,
            reference: order["external_ref"].as_str().map(str::to_owned),
            marker: text(order, "po_number")?,
            lines: count(lines),
            captured: number(&order["totals"], "captured_minor")?,
            refunded: number(&order["totals"], "refunded_minor")?,
            payments: sorted(list(order, "payments")?, "reference"),
            cancelled: sum(lines, &["cancelled"])?,
            handled: sum(lines, &HANDLED)?,
            notes: sorted(list(order, "notes")?, "text"),
            holds: count(list(order, "holds")?),
            shipments: sorted(list(order, "fulfilments")?, "tracking_number"),
            returns: sorted(returns, "id"),
            arrived,
        })
    }

    /// Says where others differ from these.
    pub(crate) fn differences(&self, others: &Self) -> String {
        let pairs = self.named().into_iter().zip(others.named());
        let differing = pairs.filter(|(ours, theirs)| ours != theirs);
        let words = differing
            .map(|((name, ours), (_, theirs))| format!("{name} should be {ours} and is {theirs}"));
        words.collect::<Vec<_>>().join(", ")
    }

    fn named(&self) -> [(&'static str, String); 15] {
        [
            ("id", self.id.clone()),
            ("number", self.number.to_string()),
            ("external_ref", format!("{:?}", self.reference)),
            ("po_number", self.marker.clone()),
            ("the count of lines", self.lines.to_string()),
            ("captured", self.captured.to_string()),
            ("refunded", self.refunded.to_string()),
            ("payments", self.payments.join(" ")),
            ("cancelled units", self.cancelled.to_string()),
            ("picked units", self.handled.to_string()),
            ("notes", format!("{:?}", self.notes)),
            ("the count of holds", self.holds.to_string()),
            ("shipments", self.shipments.join(" ")),
            ("returns", self.returns.join(" ")),
            ("units that came back", self.arrived.to_string()),
        ]
    }
}

/// A list of the API's answer.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let list = value[name].as_array().map(Vec::as_slice);
    list.ok_or_else(|| format!("no list {name} in {value}"))
}

/// A number of the API's answer.
pub(crate) fn number(value: &Value, name: &str) -> Result<i64, String> {
    value[name]
        .as_i64()
        .ok_or_else(|| format!("no number {name} in {value}"))
}

/// A text of the API's answer.
pub(crate) fn text(value: &Value, name: &str) -> Result<String, String> {
    let text = value[name].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("no text {name} in {value}"))
}

/// The sum of some numbers of every row.
pub(crate) fn sum(rows: &[Value], names: &[&str]) -> Result<i64, String> {
    let numbers = rows
        .iter()
        .flat_map(|row| names.iter().map(move |name| number(row, name)));
    numbers.sum()
}

fn count(rows: &[Value]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

fn sorted(rows: &[Value], name: &str) -> Vec<String> {
    let mut found: Vec<String> = rows
        .iter()
        .filter_map(|row| row[name].as_str())
        .map(str::to_owned)
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_what_differs_and_nothing_else() {
        let one = Facts {
            captured: 5,
            notes: vec!["n".to_owned()],
            ..Facts::default()
        };
        let two = Facts {
            notes: vec!["n".to_owned(); 2],
            ..one.clone()
        };
        assert_eq!(
            one.differences(&two),
            r#"notes should be ["n"] and is ["n", "n"]"#
        );
    }
}
