//! The words of CEL: which functions and signs there are, and what is said of a word that is unknown.

use cel::common::ast::{Expr, IdedExpr};

use super::names::FUNCTIONS;
use super::node::{Comparison, Function, Kind, Operation, Quantifier};

pub(super) fn function(name: &str) -> Result<(Function, Kind), String> {
    Ok(match name {
        "size" => (Function::Size, Kind::Int),
        "contains" => (Function::Contains, Kind::Bool),
        "startsWith" => (Function::StartsWith, Kind::Bool),
        "endsWith" => (Function::EndsWith, Kind::Bool),
        "int" => (Function::ToInt, Kind::Int),
        "string" => (Function::ToText, Kind::Text),
        _ => {
            return Err(unknown(
                "function",
                name,
                FUNCTIONS.iter().map(|(name, _)| *name),
            ));
        }
    })
}

pub(super) fn takes_texts(function: Function) -> bool {
    match function {
        Function::Contains | Function::StartsWith | Function::EndsWith => true,
        Function::Size | Function::ToInt | Function::ToText => false,
    }
}

pub(super) fn quantifier(name: &str) -> Option<Quantifier> {
    match name {
        "exists" => Some(Quantifier::Exists),
        "exists_one" => Some(Quantifier::ExistsOne),
        "all" => Some(Quantifier::All),
        "filter" => Some(Quantifier::Filter),
        "map" => Some(Quantifier::Map),
        _ => None,
    }
}

pub(super) fn comparison(name: &str) -> Option<Comparison> {
    match name {
        "_==_" => Some(Comparison::Equal),
        "_!=_" => Some(Comparison::Unequal),
        "_<_" => Some(Comparison::Less),
        "_<=_" => Some(Comparison::AtMost),
        "_>_" => Some(Comparison::More),
        "_>=_" => Some(Comparison::AtLeast),
        _ => None,
    }
}

pub(super) fn operation(name: &str) -> Option<Operation> {
    match name {
        "_+_" => Some(Operation::Add),
        "_-_" => Some(Operation::Subtract),
        "_*_" => Some(Operation::Multiply),
        "_/_" => Some(Operation::Divide),
        "_%_" => Some(Operation::Remainder),
        _ => None,
    }
}

/// How a function is called.
pub(super) fn how(name: &str) -> &'static str {
    let known = FUNCTIONS.iter().find(|(known, _)| *known == name);
    known.map_or("the list of functions says", |(_, how)| how)
}

/// The segments of a dotted name; nothing for what begins with anything else than a name.
pub(super) fn segments(expr: &IdedExpr) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut at = &expr.expr;
    loop {
        match at {
            Expr::Ident(name) => {
                found.push(name.as_str());
                found.reverse();
                return Some(found);
            }
            Expr::Select(select) => {
                found.push(select.field.as_str());
                at = &select.operand.expr;
            }
            _ => return None,
        }
    }
}

/// Least similarity (Jaro-Winkler) of a name that is offered instead of an unknown one.
const SIMILAR: f64 = 0.7;

pub(super) fn unknown<'a>(what: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let scored = known.map(|name| (strsim::jaro_winkler(given, name), name));
    let nearest = scored
        .filter(|(score, _)| *score >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, name)) => format!("names the unknown {what} {given:?}; did you mean {name:?}?"),
        None => {
            format!("names the unknown {what} {given:?}; the reference lists those that are known")
        }
    }
}
