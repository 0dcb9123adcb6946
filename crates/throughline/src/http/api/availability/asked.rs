//! What is asked: SKUs, and for whom.

use jiff::civil::Date;
use throughline_core::network::is_country;
use throughline_core::text::SKU_MAX;

use crate::http::problem::Problem;
use crate::nearest;

/// Most SKUs of one question.
pub(super) const SKUS_MAX: usize = 100;
/// The parameters, as messages name them.
const KNOWN: [&str; 5] = [
    "sku",
    "channel",
    "ship_to",
    "date",
    "min_confidence_percent",
];

/// What is asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Question {
    /// SKUs in the order they are asked for, each once.
    pub(super) skus: Vec<String>,
    /// Code of the channel.
    pub(super) channel: Option<String>,
    /// Country that it is to go to.
    pub(super) ship_to: Option<String>,
    /// A day that is asked for in particular.
    pub(super) date: Option<Date>,
    /// Supply that is less sure does not count.
    pub(super) min_confidence_percent: u8,
}

impl Question {
    /// Reads the parameters; only `sku` may be repeated.
    ///
    /// # Errors
    /// 400 that names the parameter.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut question = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, text) in pairs {
            if name != "sku" && seen.contains(&name) {
                return Err(Problem::parameter(name, "must be given once"));
            }
            question.take(&name, text)?;
            seen.push(name);
        }
        match question.skus.len() {
            0 => Err(Problem::parameter("sku", "must be given, at least once")),
            1..=SKUS_MAX => Ok(question),
            _ => {
                let problem = format!("may be given {SKUS_MAX} times at most; ask again for more");
                Err(Problem::parameter("sku", problem))
            }
        }
    }

    fn take(&mut self, name: &str, text: String) -> Result<(), Problem> {
        match name {
            "sku" if text.is_empty() || text.len() > SKU_MAX => {
                let problem = format!("must be 1 to {SKU_MAX} bytes long");
                return Err(Problem::parameter("sku", problem));
            }
            "sku" if self.skus.contains(&text) => {}
            "sku" => self.skus.push(text),
            "channel" => self.channel = Some(text),
            "ship_to" if !is_country(&text) => {
                let problem = "must be an ISO 3166-1 alpha-2 country code such as DE";
                return Err(Problem::parameter("ship_to", problem));
            }
            "ship_to" => self.ship_to = Some(text),
            "date" => {
                let date = text.parse();
                let problem = |_| Problem::parameter("date", "must be a date such as 2026-01-31");
                self.date = Some(date.map_err(problem)?);
            }
            "min_confidence_percent" => self.min_confidence_percent = percent(&text)?,
            other => {
                let hint = nearest::hint(other, KNOWN);
                let shown: String = other.chars().take(64).collect();
                let problem = format!("the parameter {shown:?} is unknown{hint}");
                return Err(Problem::parameter(shown, problem));
            }
        }
        Ok(())
    }
}

fn percent(text: &str) -> Result<u8, Problem> {
    let read = text.parse().ok().filter(|percent| *percent <= 100);
    read.ok_or_else(|| {
        Problem::parameter(
            "min_confidence_percent",
            "must be a number between 0 and 100",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Question, String> {
        let pairs = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Question::read(pairs.collect()).map_err(|problem| {
            let body = serde_json::to_value(problem.body()).unwrap();
            body["field"].as_str().unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn skus_may_be_repeated_and_stand_once() {
        let question = read(&[
            ("sku", "A"),
            ("date", "2026-01-31"),
            ("sku", "B"),
            ("sku", "A"),
        ]);
        let question = question.unwrap();
        assert_eq!(question.skus, ["A", "B"]);
        assert_eq!(
            question.date.map(|date| date.to_string()).as_deref(),
            Some("2026-01-31")
        );
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_its_name() {
        let many: Vec<String> = (0..101).map(|sku| sku.to_string()).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|sku| ("sku", sku.as_str())).collect();
        for (pairs, field) in [
            (&[][..], "sku"),
            (&many[..], "sku"),
            (&[("sku", "")], "sku"),
            (&[("sku", "A"), ("chanel", "web")], "chanel"),
            (
                &[("sku", "A"), ("channel", "a"), ("channel", "b")],
                "channel",
            ),
            (&[("sku", "A"), ("ship_to", "XX")], "ship_to"),
            (&[("sku", "A"), ("date", "soon")], "date"),
            (
                &[("sku", "A"), ("min_confidence_percent", "101")],
                "min_confidence_percent",
            ),
            (
                &[("sku", "A"), ("min_confidence_percent", "-1")],
                "min_confidence_percent",
            ),
        ] {
            assert_eq!(read(pairs), Err(field.to_owned()), "{pairs:?}");
        }
    }
}
