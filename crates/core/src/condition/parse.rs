//! A condition: its text, and what it was turned into once.

use std::fmt;
use std::sync::Arc;

use cel::common::ast::IdedExpr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::check::check;
use super::context::OrderContext;
use super::evaluate::{ConditionError, holds};
use super::names::Scope;
use super::node::{Kind, Node};
use crate::refusal::Refusal;

/// Longest condition, in bytes.
pub const CONDITION_MAX: usize = 2_000;
/// How deep the parts of a condition may be nested.
pub const DEPTH_MAX: usize = PARSER_DEPTH_MAX as usize;
const PARSER_DEPTH_MAX: u16 = 24;
/// How many mistakes the parser looks for after the first.
const MISTAKES_MAX: u32 = 3;

/// A condition over an order, written in CEL. Compiled once; clones share it.
#[derive(Clone)]
pub struct Condition {
    text: Arc<str>,
    node: Arc<Node>,
    names: Arc<[&'static str]>,
}

impl Condition {
    /// Parses and checks a condition that can see the order alone ([`Scope::Order`]).
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names `field`: what is not CEL, an unknown name or function with the nearest known
    /// one, kinds that can never go together, a result that is no bool, and what is beyond [`CONDITION_MAX`] or
    /// [`DEPTH_MAX`].
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        Self::parse_in(Scope::Order, field, text)
    }

    /// Parses and checks a condition that can see what the scope knows.
    ///
    /// # Errors
    /// See [`Condition::parse`].
    pub fn parse_in(scope: Scope, field: &str, text: &str) -> Result<Self, Refusal> {
        crate::text::required(field, text, CONDITION_MAX)?;
        let checked = compile(scope, text);
        let (node, names) = checked.map_err(|problem| Refusal::invalid(field, problem))?;
        Ok(Self {
            text: text.into(),
            node: Arc::new(node),
            names: names.into(),
        })
    }

    /// Asks the condition of an order.
    ///
    /// # Errors
    /// [`ConditionError`] where the order's free data is not what the condition takes it for, a number leaves its range,
    /// or it takes too many steps. The caller says what that counts as; nothing panics.
    pub fn holds(&self, order: &OrderContext) -> Result<bool, ConditionError> {
        holds(&self.node, order)
    }

    /// The names that it uses, as the table has them.
    #[must_use]
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The text as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn compile(scope: Scope, text: &str) -> Result<(Node, Vec<&'static str>), String> {
    nesting(text)?;
    let (node, kind, names) = check(&parse(text)?, scope)?;
    if kind.may_be(Kind::Bool) {
        return Ok((node, names));
    }
    Err(format!(
        "is a {kind}; a condition must be true or false, such as total_minor > 10000"
    ))
}

/// The parser and its tree go as deep as brackets do, so those are counted first.
fn nesting(text: &str) -> Result<(), String> {
    let mut depth = 0usize;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Err(format!(
                "has more than {DEPTH_MAX} brackets within each other; split it into several rules"
            ));
        }
    }
    Ok(())
}

fn parse(text: &str) -> Result<IdedExpr, String> {
    let parser = cel::Env::default()
        .with_optional_support(false)
        .parser()
        .max_recursion_depth(PARSER_DEPTH_MAX)
        .error_recovery_limit(MISTAKES_MAX);
    parser.parse(text).map_err(|errors| {
        let Some(first) = errors.errors.into_iter().next() else {
            return "is not CEL".to_owned();
        };
        let (line, column) = first.pos;
        format!("is not CEL at line {line}, column {column}: {}", first.msg)
    })
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Condition {}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Reads what was parsed and stored before, in whatever scope that was.
impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_in(Scope::Screening, "the condition", &text)
            .map_err(|refusal| serde::de::Error::custom(refusal.to_string()))
    }
}
