//! From what was parsed to what can be asked: every name is known, every function exists, kinds go together.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr};

use super::names::{LINE_NAMES, Scope, find, known};
use super::node::{Comparison, Each, Function, Kind, Node, Operation, Quantifier};
use super::parse::DEPTH_MAX;
use super::words::{
    comparison, function, how, operation, quantifier, segments, takes_texts, unknown,
};

/// What is wrong with a condition, and what would be right.
type Problem = String;
type Checked = Result<(Node, Kind), Problem>;

/// Checks a parsed condition; also tells which names of the table it uses.
pub(super) fn check(
    expr: &IdedExpr,
    scope: Scope,
) -> Result<(Node, Kind, Vec<&'static str>), Problem> {
    let mut check = Check {
        scope,
        bound: Vec::new(),
        depth: 0,
        used: Vec::new(),
    };
    let (node, kind) = check.node(expr)?;
    Ok((node, kind, check.used))
}

struct Check {
    scope: Scope,
    /// Names that `exists` and its like have given, innermost last, with their kinds.
    bound: Vec<(String, Kind)>,
    depth: usize,
    used: Vec<&'static str>,
}

impl Check {
    fn node(&mut self, expr: &IdedExpr) -> Checked {
        if self.depth == DEPTH_MAX {
            return Err(too_deep());
        }
        self.depth += 1;
        let checked = self.part(expr);
        self.depth -= 1;
        checked
    }

    fn part(&mut self, expr: &IdedExpr) -> Checked {
        match &expr.expr {
            Expr::Literal(literal) => constant(literal),
            Expr::Ident(_) | Expr::Select(_) => self.name(expr),
            Expr::List(list) => {
                let elements = list.elements.iter().map(|element| self.node(element));
                let elements = elements.collect::<Result<Vec<_>, _>>()?;
                let is_text = elements.iter().all(|(_, kind)| *kind == Kind::Text);
                let kind = if is_text { Kind::Texts } else { Kind::List };
                Ok((
                    Node::List(elements.into_iter().map(|(node, _)| node).collect()),
                    kind,
                ))
            }
            Expr::Call(call) => self.call(call),
            Expr::Map(_) | Expr::Struct(_) => {
                Err("must not make maps with { }; compare single values".to_owned())
            }
            Expr::Comprehension(_) | Expr::Unspecified => {
                Err("holds an expression that conditions cannot have".to_owned())
            }
        }
    }

    /// A name of the table, a variable, or a field of what either gives.
    fn name(&mut self, expr: &IdedExpr) -> Checked {
        let Some(path) = segments(expr) else {
            let Expr::Select(select) = &expr.expr else {
                return Err("holds a name that conditions cannot have".to_owned());
            };
            let of = self.node(&select.operand)?;
            return field(of, &select.field);
        };
        if path.len() > DEPTH_MAX {
            return Err(too_deep());
        }
        let variable = self.bound.iter().rposition(|(name, _)| *name == path[0]);
        let (start, taken) = match variable {
            Some(depth) => ((Node::Variable(depth), self.bound[depth].1), 1),
            None => self.listed(&path)?,
        };
        path[taken..]
            .iter()
            .try_fold(start, |of, name| field(of, name))
    }

    /// The longest start of the path that is in the table, and how many segments it has.
    fn listed(&mut self, path: &[&str]) -> Result<((Node, Kind), usize), Problem> {
        for taken in (1..=path.len()).rev() {
            if let Some(name) = find(&path[..taken].join("."), self.scope) {
                self.used.push(name.path);
                return Ok(((Node::Name(name), name.kind), taken));
            }
        }
        Err(self.unknown(&path.join(".")))
    }

    fn unknown(&self, path: &str) -> Problem {
        if find(path, Scope::Screening).is_some() {
            return format!("names {path:?}, which is known only to screening rules");
        }
        let within = format!("{path}.");
        let fields: Vec<&str> = known(self.scope)
            .filter_map(|name| name.path.strip_prefix(&within))
            .collect();
        if !fields.is_empty() {
            let fields = fields.join(", ");
            return format!(
                "names {path:?}, which is not a value; name one of its fields: {fields}"
            );
        }
        let names = known(self.scope).map(|name| name.path);
        unknown(
            "name",
            path,
            names.chain(self.bound.iter().map(|(name, _)| name.as_str())),
        )
    }

    fn call(&mut self, call: &CallExpr) -> Checked {
        if let Some(checked) = self.operator(call) {
            return checked;
        }
        let name = call.func_name.as_str();
        if let Some(quantifier) = quantifier(name) {
            return self.each(quantifier, call);
        }
        if name == "has" {
            return self.has(call);
        }
        let (function, kind) = function(name)?;
        let target = call.target.as_deref().into_iter();
        let arguments = target.chain(&call.args).map(|expr| self.node(expr));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let wanted = if takes_texts(function) { 2 } else { 1 };
        if arguments.len() != wanted || (wanted == 2 && call.target.is_none()) {
            return Err(format!("calls {name:?} in another way than {}", how(name)));
        }
        for (_, given) in &arguments {
            let fits = match function {
                Function::Size => given.element().is_some() || *given == Kind::Text,
                Function::ToInt => !given.is_list() && !matches!(given, Kind::Map | Kind::Line),
                Function::ToText => !given.is_list() && !matches!(given, Kind::Map | Kind::Line),
                Function::Contains | Function::StartsWith | Function::EndsWith => {
                    given.may_be(Kind::Text)
                }
            };
            if !fits {
                return Err(format!(
                    "calls {name:?} with a {given}; call it as {}",
                    how(name)
                ));
            }
        }
        let arguments = arguments.into_iter().map(|(node, _)| node).collect();
        Ok((Node::Call(function, arguments), kind))
    }

    /// What is written with signs; nothing for what is called by name.
    fn operator(&mut self, call: &CallExpr) -> Option<Checked> {
        let name = call.func_name.as_str();
        Some(match (name, call.args.as_slice()) {
            ("!_", [of]) => self
                .of_kind("!", of, &[Kind::Bool])
                .map(|of| (Node::Not(Box::new(of.0)), Kind::Bool)),
            ("-_", [of]) => self
                .of_kind("-", of, &[Kind::Int, Kind::Double])
                .map(|of| (Node::Negate(Box::new(of.0)), of.1)),
            ("_&&_" | "_||_", parts) => self.logic(name, parts),
            ("_?_:_", [when, yes, no]) => self.choice(when, yes, no),
            ("_[_]", [of, index]) => self.index(of, index),
            ("@in", [value, list]) => self.is_in(value, list),
            (_, [left, right]) => match (comparison(name), operation(name)) {
                (Some(how), _) => self.compare(how, left, right),
                (None, Some(how)) => self.compute(how, left, right),
                (None, None) => return None,
            },
            _ => return None,
        })
    }

    /// A part that must be of one of these kinds, as far as can be told.
    fn of_kind(&mut self, sign: &str, expr: &IdedExpr, kinds: &[Kind]) -> Checked {
        let (node, kind) = self.node(expr)?;
        if kinds.iter().any(|wanted| kind.may_be(*wanted)) {
            return Ok((node, kind));
        }
        let wanted: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        Err(format!(
            "has {sign} beside a {kind}; it goes with {}",
            wanted.join(" or ")
        ))
    }

    fn logic(&mut self, sign: &str, parts: &[IdedExpr]) -> Checked {
        let word = if sign == "_&&_" { "&&" } else { "||" };
        let mut joined: Option<Node> = None;
        for part in parts {
            let (node, _) = self.of_kind(word, part, &[Kind::Bool])?;
            joined = Some(match joined {
                None => node,
                Some(left) if word == "&&" => Node::And(Box::new(left), Box::new(node)),
                Some(left) => Node::Or(Box::new(left), Box::new(node)),
            });
        }
        joined
            .map(|node| (node, Kind::Bool))
            .ok_or_else(|| format!("has {word} with nothing beside it"))
    }

    fn choice(&mut self, when: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Checked {
        let (when, _) = self.of_kind("?", when, &[Kind::Bool])?;
        let ((yes, kind), (no, other)) = (self.node(yes)?, self.node(no)?);
        let kind = if kind == other { kind } else { Kind::Any };
        Ok((Node::If(Box::new([when, yes, no])), kind))
    }

    fn index(&mut self, of: &IdedExpr, index: &IdedExpr) -> Checked {
        let ((of, kind), (index, by)) = (self.node(of)?, self.node(index)?);
        let (wanted, result) = match kind {
            Kind::Map => (Kind::Text, Kind::Any),
            Kind::Any => (Kind::Any, Kind::Any),
            list => match list.element() {
                Some(element) => (Kind::Int, element),
                None => {
                    return Err(format!(
                        "has [ ] behind a {kind}; only lists and maps have it"
                    ));
                }
            },
        };
        if !by.may_be(wanted) {
            return Err(format!("looks into a {kind} with a {by}; use a {wanted}"));
        }
        Ok((Node::Index(Box::new(of), Box::new(index)), result))
    }

    fn is_in(&mut self, value: &IdedExpr, list: &IdedExpr) -> Checked {
        let ((value, kind), (list, of)) = (self.node(value)?, self.node(list)?);
        match of.element() {
            None => Err(format!(
                "has \"in\" before a {of}; it goes with a list or a map"
            )),
            Some(element) if !kind.may_be(element) => Err(format!(
                "looks for a {kind} in a {of}, which can never have one"
            )),
            Some(_) => Ok((Node::In(Box::new([value, list])), Kind::Bool)),
        }
    }

    fn compare(&mut self, how: Comparison, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let ((left, kind), (right, other)) = (self.node(left)?, self.node(right)?);
        let is_equality = matches!(how, Comparison::Equal | Comparison::Unequal);
        let same = kind.may_be(other)
            || (kind.is_number() && other.is_number())
            || (is_equality && kind.is_list() && other.is_list());
        let ordered =
            |kind: Kind| kind.is_number() || matches!(kind, Kind::Text | Kind::Bool | Kind::Any);
        let fits = same && (is_equality || (ordered(kind) && ordered(other)));
        if !fits {
            return Err(format!(
                "compares a {kind} with a {other}, which can never be compared"
            ));
        }
        Ok((Node::Compare(how, Box::new([left, right])), Kind::Bool))
    }

    fn compute(&mut self, how: Operation, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let kinds: &[Kind] = match how {
            Operation::Add => &[Kind::Int, Kind::Text],
            Operation::Subtract
            | Operation::Multiply
            | Operation::Divide
            | Operation::Remainder => &[Kind::Int],
        };
        let (left, kind) = self.of_kind(how.symbol(), left, kinds)?;
        let (right, other) = self.of_kind(how.symbol(), right, kinds)?;
        if !kind.may_be(other) {
            return Err(format!(
                "has {} between a {kind} and a {other}",
                how.symbol()
            ));
        }
        let kind = if kind == Kind::Any { other } else { kind };
        Ok((Node::Compute(how, Box::new([left, right])), kind))
    }

    fn has(&mut self, call: &CallExpr) -> Checked {
        let wrong = || Err("calls \"has\" in another way than has(a.b)".to_owned());
        let [argument] = call.args.as_slice() else {
            return wrong();
        };
        let Expr::Select(SelectExpr { operand, field, .. }) = &argument.expr else {
            return wrong();
        };
        let (node, kind) = self.node(argument)?;
        // Of a listed name and of a line's field it is always known that they are there.
        if !matches!(node, Node::Key(..)) || !kind.may_be(Kind::Any) {
            return Ok((Node::IsGiven(Box::new(node)), Kind::Bool));
        }
        let (of, _) = self.node(operand)?;
        Ok((
            Node::HasKey(Box::new(of), field.as_str().into()),
            Kind::Bool,
        ))
    }

    fn each(&mut self, quantifier: Quantifier, call: &CallExpr) -> Checked {
        let name = call.func_name.as_str();
        let wrong = || format!("calls {name:?} in another way than {}", how(name));
        let (Some(of), [variable, body]) = (call.target.as_deref(), call.args.as_slice()) else {
            return Err(wrong());
        };
        let Expr::Ident(variable) = &variable.expr else {
            return Err(wrong());
        };
        let (of, kind) = self.node(of)?;
        let Some(element) = kind.element() else {
            return Err(format!("calls {name:?} of a {kind}; it goes with a list"));
        };
        self.bound.push((variable.clone(), element));
        let body = match quantifier {
            Quantifier::Map => self.node(body),
            _ => self.of_kind(name, body, &[Kind::Bool]),
        };
        self.bound.pop();
        let (body, result) = body?;
        let kind = match quantifier {
            Quantifier::Exists | Quantifier::ExistsOne | Quantifier::All => Kind::Bool,
            Quantifier::Filter if kind.is_list() => kind,
            Quantifier::Map if result == Kind::Text => Kind::Texts,
            Quantifier::Filter | Quantifier::Map => Kind::List,
        };
        Ok((Node::Each(quantifier, Box::new(Each { of, body })), kind))
    }
}

fn constant(literal: &LiteralValue) -> Checked {
    Ok(match literal {
        LiteralValue::Null => (Node::Null, Kind::Any),
        LiteralValue::Boolean(bool) => (Node::Bool(*bool.inner()), Kind::Bool),
        LiteralValue::Int(number) => (Node::Int(*number.inner()), Kind::Int),
        LiteralValue::Double(number) => (Node::Double(*number.inner()), Kind::Double),
        LiteralValue::String(text) => (Node::Text(text.inner().into()), Kind::Text),
        LiteralValue::UInt(_) => {
            return Err("has a number that ends in u; leave the u out".to_owned());
        }
        LiteralValue::Bytes(_) => return Err("has bytes (b\"…\"); use text".to_owned()),
    })
}

/// A field of a line, or a key of free data.
fn field((of, kind): (Node, Kind), name: &str) -> Checked {
    match kind {
        Kind::Line => match LINE_NAMES.iter().find(|field| field.path == name) {
            Some(field) => Ok((Node::LineField(Box::new(of), field), field.kind)),
            None => Err(unknown(
                "field of a line",
                name,
                LINE_NAMES.iter().map(|field| field.path),
            )),
        },
        Kind::Map | Kind::Any => Ok((Node::Key(Box::new(of), name.into()), Kind::Any)),
        Kind::Bool
        | Kind::Int
        | Kind::Double
        | Kind::Text
        | Kind::Null
        | Kind::Texts
        | Kind::Lines
        | Kind::List => Err(format!(
            "names the field {name:?} of a {kind}, which has none"
        )),
    }
}

fn too_deep() -> Problem {
    format!("is nested more than {DEPTH_MAX} deep; split it into several rules")
}
