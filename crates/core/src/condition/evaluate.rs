//! Asking a condition of an order: every step is counted, and nothing can panic.

use std::borrow::Cow;

use super::compare::{compare, is_equal};
use super::context::OrderContext;
use super::convert::{count, size, to_int, to_text};
use super::node::{Each, Function, Node, Operation, Quantifier};
use super::tally::Tally;
use super::value::Value;

/// Most steps of one evaluation: each part of a condition costs one, again for each element it is asked of.
pub const STEPS_MAX: u32 = 200_000;
/// So many bytes of a text cost a step.
pub(super) const BYTES_PER_STEP: usize = 64;

/// Why a condition has no answer for an order. The caller says what that counts as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// A key of free data is not there; `has` tells beforehand.
    #[error("the order has no {0:?}")]
    Missing(String),
    /// Free data is of another kind than the condition takes it for.
    #[error("{what} does not go with {kind}")]
    WrongKind {
        /// What was to be done, such as `+`.
        what: &'static str,
        /// The kind that was found.
        kind: &'static str,
    },
    /// A number is beyond the range of whole numbers, or was to be divided by 0.
    #[error("{0} has no result within the range of whole numbers")]
    OutOfRange(&'static str),
    /// More steps than [`STEPS_MAX`].
    #[error("it takes more than {STEPS_MAX} steps for this order")]
    TooCostly,
}

type Result<T> = std::result::Result<T, ConditionError>;

/// Asks the condition; the answer is a bool.
pub(super) fn holds(node: &Node, order: &OrderContext) -> Result<bool> {
    let mut run = Run {
        order,
        bound: Vec::new(),
        left: STEPS_MAX,
    };
    let value = run.value(node)?;
    bool("a condition", &value)
}

struct Run<'a> {
    order: &'a OrderContext,
    /// What `exists` and its like have at hand.
    bound: Vec<Value<'a>>,
    /// Steps left.
    left: u32,
}

impl<'a> Run<'a> {
    fn spend(&mut self, steps: usize) -> Result<()> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.left = self
            .left
            .checked_sub(steps)
            .ok_or(ConditionError::TooCostly)?;
        Ok(())
    }

    fn value(&mut self, node: &'a Node) -> Result<Value<'a>> {
        self.spend(1)?;
        match node {
            Node::Null => Ok(Value::Null),
            Node::Bool(bool) => Ok(Value::Bool(*bool)),
            Node::Int(number) => Ok(Value::Int(*number)),
            Node::Double(number) => Ok(Value::Double(*number)),
            Node::Text(text) => Ok(Value::text(text)),
            Node::Name(name) => Ok((name.read)(self.order)),
            Node::Variable(depth) => Ok(self.bound.get(*depth).cloned().unwrap_or(Value::Null)),
            Node::LineField(line, field) => match self.value(line)? {
                Value::Line(line) => Ok((field.read)(line)),
                other => Err(wrong(field.path, &other)),
            },
            Node::Key(of, key) => self.key(of, key),
            Node::Index(of, index) => self.index(of, index),
            Node::HasKey(of, key) => match self.value(of)? {
                Value::Map(map) => Ok(Value::Bool(map.contains_key(&**key))),
                other => Err(wrong("has", &other)),
            },
            Node::IsGiven(of) => Ok(Value::Bool(self.value(of)?.is_given())),
            Node::Not(of) => {
                let value = self.value(of)?;
                Ok(Value::Bool(!bool("!", &value)?))
            }
            Node::Negate(of) => self.negate(of),
            Node::And(left, right) => self.either(left, right, false),
            Node::Or(left, right) => self.either(left, right, true),
            Node::If(parts) => {
                let value = self.value(&parts[0])?;
                let chosen = if bool("?", &value)? { 1 } else { 2 };
                self.value(&parts[chosen])
            }
            Node::Compare(how, sides) => {
                let (left, right) = self.both(sides)?;
                let outcome = compare(*how, &left, &right);
                outcome
                    .map(Value::Bool)
                    .ok_or_else(|| wrong("a comparison", &left))
            }
            Node::Compute(how, sides) => {
                let (left, right) = self.both(sides)?;
                self.compute(*how, left, right)
            }
            Node::In(sides) => self.is_in(sides),
            Node::List(elements) => {
                let values: Result<Vec<_>> =
                    elements.iter().map(|element| self.value(element)).collect();
                Ok(Value::List(values?.into()))
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Each(quantifier, each) => self.each(*quantifier, each),
        }
    }

    fn both(&mut self, sides: &'a [Node; 2]) -> Result<(Value<'a>, Value<'a>)> {
        let left = self.value(&sides[0])?;
        let right = self.value(&sides[1])?;
        self.spend(size(&left).min(size(&right)))?;
        Ok((left, right))
    }

    fn key(&mut self, of: &'a Node, key: &str) -> Result<Value<'a>> {
        match self.value(of)? {
            Value::Map(map) => map
                .get(key)
                .map(Value::of_json)
                .ok_or_else(|| ConditionError::Missing(key.to_owned())),
            other => Err(wrong("a key", &other)),
        }
    }

    fn index(&mut self, of: &'a Node, index: &'a Node) -> Result<Value<'a>> {
        let (of, index) = (self.value(of)?, self.value(index)?);
        match (&of, &index) {
            (Value::Map(map), Value::Text(key)) => map
                .get(&**key)
                .map(Value::of_json)
                .ok_or_else(|| ConditionError::Missing(key.to_string())),
            (Value::Map(_), other) | (other, Value::Text(_)) => Err(wrong("[ ]", other)),
            (list, Value::Int(position)) => usize::try_from(*position)
                .ok()
                .and_then(|position| list.at(position))
                .ok_or_else(|| ConditionError::Missing(format!("[{position}]"))),
            (_, other) => Err(wrong("[ ]", other)),
        }
    }

    fn negate(&mut self, of: &'a Node) -> Result<Value<'a>> {
        match self.value(of)? {
            Value::Int(number) => number
                .checked_neg()
                .map(Value::Int)
                .ok_or(ConditionError::OutOfRange("-")),
            Value::Double(number) => Ok(Value::Double(-number)),
            other => Err(wrong("-", &other)),
        }
    }

    /// `&&` and `||`: as CEL says, a side that settles the matter does so even if the other one has no answer.
    fn either(&mut self, left: &'a Node, right: &'a Node, settles: bool) -> Result<Value<'a>> {
        let what = if settles { "||" } else { "&&" };
        let left = self.value(left).and_then(|value| bool(what, &value));
        if left == Ok(settles) || left == Err(ConditionError::TooCostly) {
            return left.map(Value::Bool);
        }
        let right = self.value(right).and_then(|value| bool(what, &value));
        match (left, right) {
            (_, Ok(right)) if right == settles => Ok(Value::Bool(settles)),
            (_, Err(ConditionError::TooCostly)) => Err(ConditionError::TooCostly),
            (Err(error), _) | (_, Err(error)) => Err(error),
            (Ok(_), Ok(_)) => Ok(Value::Bool(!settles)),
        }
    }

    fn is_in(&mut self, sides: &'a [Node; 2]) -> Result<Value<'a>> {
        let (value, list) = (self.value(&sides[0])?, self.value(&sides[1])?);
        if let Value::Map(map) = &list {
            let key = matches!(&value, Value::Text(key) if map.contains_key(&**key));
            return Ok(Value::Bool(key));
        }
        let Some(len) = list.len() else {
            return Err(wrong("in", &list));
        };
        self.spend(len)?;
        let found = (0..len)
            .filter_map(|at| list.at(at))
            .any(|one| is_equal(&one, &value));
        Ok(Value::Bool(found))
    }

    fn compute(&mut self, how: Operation, left: Value<'a>, right: Value<'a>) -> Result<Value<'a>> {
        let what = how.symbol();
        match (left, right) {
            (Value::Int(left), Value::Int(right)) => {
                let result = match how {
                    Operation::Add => left.checked_add(right),
                    Operation::Subtract => left.checked_sub(right),
                    Operation::Multiply => left.checked_mul(right),
                    Operation::Divide => left.checked_div(right),
                    Operation::Remainder => left.checked_rem(right),
                };
                result
                    .map(Value::Int)
                    .ok_or(ConditionError::OutOfRange(what))
            }
            (Value::Text(left), Value::Text(right)) if how == Operation::Add => {
                self.spend((left.len() + right.len()) / BYTES_PER_STEP)?;
                Ok(Value::Text(Cow::Owned(format!("{left}{right}"))))
            }
            (Value::Int(_) | Value::Text(_), other) | (other, _) => Err(wrong(what, &other)),
        }
    }

    fn call(&mut self, function: Function, arguments: &'a [Node]) -> Result<Value<'a>> {
        let values: Result<Vec<_>> = arguments.iter().map(|node| self.value(node)).collect();
        let values = values?;
        self.spend(values.iter().map(size).sum())?;
        match (function, values.as_slice()) {
            (Function::Size, [Value::Text(text)]) => Ok(count(text.chars().count())),
            (Function::Size, [list]) => list.len().map(count).ok_or_else(|| wrong("size", list)),
            (Function::ToInt, [value]) => to_int(value),
            (Function::ToText, [value]) => to_text(value),
            (function, [Value::Text(text), Value::Text(part)]) => Ok(Value::Bool(match function {
                Function::Contains => text.contains(&**part),
                Function::StartsWith => text.starts_with(&**part),
                Function::EndsWith => text.ends_with(&**part),
                Function::Size | Function::ToInt | Function::ToText => false,
            })),
            (_, [Value::Text(_), other] | [other, ..]) => Err(wrong("a function of texts", other)),
            (_, []) => Err(wrong("a function", &Value::Null)),
        }
    }

    fn each(&mut self, quantifier: Quantifier, each: &'a Each) -> Result<Value<'a>> {
        let list = self.value(&each.of)?.with_keys();
        let Some(len) = list.len() else {
            return Err(wrong("exists, all, filter or map", &list));
        };
        let mut tally = Tally::default();
        for at in 0..len {
            let Some(element) = list.at(at) else { break };
            self.bound.push(element.clone());
            let outcome = self.value(&each.body);
            self.bound.pop();
            if tally.settles(quantifier, element, outcome)? {
                break;
            }
        }
        tally.result(quantifier)
    }
}

pub(super) fn wrong(what: &'static str, value: &Value<'_>) -> ConditionError {
    ConditionError::WrongKind {
        what,
        kind: value.kind(),
    }
}

pub(super) fn bool(what: &'static str, value: &Value<'_>) -> Result<bool> {
    match value {
        Value::Bool(bool) => Ok(*bool),
        other => Err(wrong(what, other)),
    }
}
