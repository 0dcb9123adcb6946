//! What a condition is once it is checked: a tree that knows the kinds of its parts.

use std::fmt;

use super::context::{LineContext, OrderContext};
use super::names::NameOf;

/// What kind of value a part of a condition has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A whole number; money is in minor units.
    Int,
    /// A number with a fraction; only metadata has them.
    Double,
    /// Text.
    Text,
    /// Nothing; only metadata has it.
    Null,
    /// A line of the order.
    Line,
    /// Free data by key.
    Map,
    /// A list of texts.
    Texts,
    /// The lines of the order.
    Lines,
    /// A list of whatever.
    List,
    /// Known only once the condition meets an order.
    Any,
}

impl Kind {
    /// The kind in words, as refusals and documents say it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Text => "string",
            Self::Null => "null",
            Self::Line => "line",
            Self::Map => "map",
            Self::Texts => "list of strings",
            Self::Lines => "list of lines",
            Self::List => "list",
            Self::Any => "any",
        }
    }

    /// What one element of a list is; nothing for what is no list.
    pub(super) fn element(self) -> Option<Self> {
        match self {
            Self::Texts | Self::Map => Some(Self::Text),
            Self::Lines => Some(Self::Line),
            Self::List | Self::Any => Some(Self::Any),
            Self::Bool | Self::Int | Self::Double | Self::Text | Self::Null | Self::Line => None,
        }
    }

    /// Whether a value of this kind may be one of `other`.
    pub(super) fn may_be(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Double)
    }

    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Lines | Self::List)
    }
}

/// One part of a condition.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Box<str>),
    /// A name of the table, read from the order.
    Name(&'static NameOf<OrderContext>),
    /// What `exists` and its like have at hand, by the depth they are nested in.
    Variable(usize),
    LineField(Box<Node>, &'static NameOf<LineContext>),
    Key(Box<Node>, Box<str>),
    Index(Box<Node>, Box<Node>),
    HasKey(Box<Node>, Box<str>),
    IsGiven(Box<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<[Node; 3]>),
    Compare(Comparison, Box<[Node; 2]>),
    Compute(Operation, Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    List(Vec<Node>),
    Call(Function, Vec<Node>),
    Each(Quantifier, Box<Each>),
}

/// A condition that is asked of each element of a list.
#[derive(Debug, Clone)]
pub(super) struct Each {
    pub(super) of: Node,
    pub(super) body: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    ToInt,
    ToText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Exists,
    ExistsOne,
    All,
    Filter,
    Map,
}

impl Operation {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
