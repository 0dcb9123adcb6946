//! What becomes of the elements of a list that a condition is asked of, one after the other.

use super::evaluate::{ConditionError, bool};
use super::node::Quantifier;
use super::value::Value;

type Result<T> = std::result::Result<T, ConditionError>;

/// What became of the elements so far.
#[derive(Default)]
pub(super) struct Tally<'a> {
    holds: i64,
    fails: i64,
    kept: Vec<Value<'a>>,
    error: Option<ConditionError>,
}

impl<'a> Tally<'a> {
    /// Counts one element in; tells whether the rest does not matter any more. An element without an answer is
    /// forgiven if another one settles the matter.
    pub(super) fn settles(
        &mut self,
        quantifier: Quantifier,
        element: Value<'a>,
        outcome: Result<Value<'a>>,
    ) -> Result<bool> {
        if quantifier == Quantifier::Map {
            self.kept.push(outcome?);
            return Ok(false);
        }
        match outcome.and_then(|value| bool("exists, all or filter", &value)) {
            Err(ConditionError::TooCostly) => return Err(ConditionError::TooCostly),
            Err(error) => {
                self.error.get_or_insert(error);
            }
            Ok(true) => {
                self.holds += 1;
                if quantifier == Quantifier::Filter {
                    self.kept.push(element);
                }
            }
            Ok(false) => self.fails += 1,
        }
        Ok(match quantifier {
            Quantifier::Exists => self.holds > 0,
            Quantifier::All => self.fails > 0,
            Quantifier::ExistsOne | Quantifier::Filter | Quantifier::Map => false,
        })
    }

    pub(super) fn result(self, quantifier: Quantifier) -> Result<Value<'a>> {
        let settled = match quantifier {
            Quantifier::Exists => self.holds > 0,
            Quantifier::All => self.fails > 0,
            Quantifier::ExistsOne | Quantifier::Filter | Quantifier::Map => false,
        };
        match self.error {
            Some(error) if !settled => return Err(error),
            _ => {}
        }
        Ok(match quantifier {
            Quantifier::Exists => Value::Bool(self.holds > 0),
            Quantifier::ExistsOne => Value::Bool(self.holds == 1),
            Quantifier::All => Value::Bool(self.fails == 0),
            Quantifier::Filter | Quantifier::Map => Value::List(self.kept.into()),
        })
    }
}
