//! Values while a condition is asked: borrowed from the order and from the condition wherever they can be.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use super::context::LineContext;

/// A value while a condition is asked.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    Line(&'a LineContext),
    Map(&'a Map<String, Json>),
    Texts(&'a [String]),
    Lines(&'a [LineContext]),
    Array(&'a [Json]),
    List(Rc<[Value<'a>]>),
}

impl<'a> Value<'a> {
    pub(super) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Free data as a value: whole numbers are ints, all others doubles.
    pub(super) fn of_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(bool) => Self::Bool(*bool),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Self::Int(whole),
                None => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::text(text),
            Json::Array(elements) => Self::Array(elements),
            Json::Object(map) => Self::Map(map),
        }
    }

    /// The kind in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::Line(_) => "line",
            Self::Map(_) => "map",
            Self::Texts(_) | Self::Lines(_) | Self::Array(_) | Self::List(_) => "list",
        }
    }

    /// How many elements (or keys) it has; nothing for what has none.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::Map(map) => Some(map.len()),
            Self::Texts(list) => Some(list.len()),
            Self::Lines(list) => Some(list.len()),
            Self::Array(list) => Some(list.len()),
            Self::List(list) => Some(list.len()),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Line(_) => None,
        }
    }

    /// Free data as the list of its keys; all else as it is.
    pub(super) fn with_keys(self) -> Self {
        match self {
            Self::Map(map) => Self::List(map.keys().map(|key| Self::text(key)).collect()),
            other => other,
        }
    }

    /// The element at a position of a list.
    pub(super) fn at(&self, position: usize) -> Option<Self> {
        match self {
            Self::Texts(list) => list.get(position).map(|text| Self::text(text)),
            Self::Lines(list) => list.get(position).map(Self::Line),
            Self::Array(list) => list.get(position).map(Self::of_json),
            Self::List(list) => list.get(position).cloned(),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Map(_)
            | Self::Line(_) => None,
        }
    }

    /// Whether it is more than nothing: not empty, not 0, not false.
    pub(super) fn is_given(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(bool) => *bool,
            Self::Int(number) => *number != 0,
            Self::Double(number) => number.abs() > 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Line(_) => true,
            Self::Map(_) | Self::Texts(_) | Self::Lines(_) | Self::Array(_) | Self::List(_) => {
                self.len().is_some_and(|len| len > 0)
            }
        }
    }
}
