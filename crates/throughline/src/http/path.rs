//! Reading path parameters. An id that cannot be one names nothing: 404, never a fault.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use throughline_core::id::{
    AgreementId, BulkId, CountTaskId, CustomerId, FulfilmentNo, KeyId, OrderId, ProductionNo,
    ReservationId, ReturnNo, SourcingRunId, SupplyId, VisitNo, parse_part,
};
use throughline_core::text::SKU_MAX;
use uuid::Uuid;

use super::problem::Problem;

/// A path parameter and what it names.
pub trait PathName: Sized + Send {
    /// What it names: `order`, `item` ...
    const WHAT: &'static str;
    /// Reads it; `None` when it can be nobody's name.
    fn read(text: &str) -> Option<Self>;
}

/// The one parameter of a path, or the first of two.
#[derive(Debug, Clone)]
pub struct Named<T>(pub T);

/// The two parameters of a path.
#[derive(Debug, Clone)]
pub struct NamedPair<A, B>(pub A, pub B);

/// An order as people name it: by id or by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderName {
    /// By id.
    Id(OrderId),
    /// By number.
    Number(u64),
}

/// A fulfilment by id.
#[derive(Debug, Clone, Copy)]
pub struct FulfilmentName(pub OrderId, pub FulfilmentNo);

/// A production order by id.
#[derive(Debug, Clone, Copy)]
pub struct ProductionName(pub OrderId, pub ProductionNo);

/// A visit by id.
#[derive(Debug, Clone, Copy)]
pub struct VisitName(pub OrderId, pub VisitNo);

/// A return by id.
#[derive(Debug, Clone, Copy)]
pub struct ReturnName(pub OrderId, pub ReturnNo);

/// A part of an order by id.
#[derive(Debug, Clone, Copy)]
pub struct PartName(pub OrderId, pub u16);

/// A SKU or a code.
#[derive(Debug, Clone)]
pub struct Code(pub String);

impl PathName for OrderName {
    const WHAT: &'static str = "order";
    fn read(text: &str) -> Option<Self> {
        match text.parse::<u64>() {
            Ok(number) if text.len() <= 19 && !text.starts_with('+') => Some(Self::Number(number)),
            _ => text.parse().ok().map(Self::Id),
        }
    }
}

impl PathName for FulfilmentName {
    const WHAT: &'static str = "fulfilment";
    fn read(text: &str) -> Option<Self> {
        parse_part(text)
            .ok()
            .map(|(order, number)| Self(order, FulfilmentNo(number)))
    }
}

impl PathName for ProductionName {
    const WHAT: &'static str = "production order";
    fn read(text: &str) -> Option<Self> {
        parse_part(text)
            .ok()
            .map(|(order, number)| Self(order, ProductionNo(number)))
    }
}

impl PathName for VisitName {
    const WHAT: &'static str = "visit";
    fn read(text: &str) -> Option<Self> {
        parse_part(text)
            .ok()
            .map(|(order, number)| Self(order, VisitNo(number)))
    }
}

impl PathName for ReturnName {
    const WHAT: &'static str = "return";
    fn read(text: &str) -> Option<Self> {
        parse_part(text)
            .ok()
            .map(|(order, number)| Self(order, ReturnNo(number)))
    }
}

impl PathName for PartName {
    const WHAT: &'static str = "hold";
    fn read(text: &str) -> Option<Self> {
        parse_part(text)
            .ok()
            .map(|(order, number)| Self(order, number))
    }
}

impl PathName for Code {
    const WHAT: &'static str = "item, location, channel or other setting";
    fn read(text: &str) -> Option<Self> {
        let possible =
            !text.is_empty() && text.len() <= SKU_MAX && !text.chars().any(char::is_control);
        possible.then(|| Self(text.to_owned()))
    }
}

macro_rules! root_name {
    ($($id:ty => $what:literal),+ $(,)?) => {$(
        impl PathName for $id {
            const WHAT: &'static str = $what;
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}
root_name!(OrderId => "order", ReservationId => "reservation", CustomerId => "customer", KeyId => "key",
    SupplyId => "supply", CountTaskId => "count task", BulkId => "bulk action", SourcingRunId => "sourcing run",
    AgreementId => "agreement");

impl<S: Send + Sync, T: PathName> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = raw(parts, state).await?;
        first(&params).map(Self)
    }
}

impl<S: Send + Sync, A: PathName, B: PathName> FromRequestParts<S> for NamedPair<A, B> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = raw(parts, state).await?;
        let second = params.iter().nth(1).map_or("", |(_, text)| text);
        Ok(Self(
            first(&params)?,
            B::read(second).ok_or_else(|| Problem::not_found(B::WHAT, &shown(second)))?,
        ))
    }
}

async fn raw<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| Problem::not_found("resource", "at this path"))
}

fn first<T: PathName>(params: &RawPathParams) -> Result<T, Problem> {
    let text = params.iter().next().map_or("", |(_, text)| text);
    T::read(text).ok_or_else(|| Problem::not_found(T::WHAT, &shown(text)))
}

/// A name as it is repeated in an answer: printable and not too long.
fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(64).collect::<String>())
}

/// The line of an order that a body names by id; `None` when it belongs to another order.
#[must_use]
pub fn part_of(order: OrderId, id: Uuid) -> Option<u16> {
    match throughline_core::id::split(id) {
        (root, number) if root == order.uuid() && number > 0 => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_core::time::Millis;

    #[test]
    fn an_order_is_named_by_id_or_number() {
        let id = OrderId::new(Millis(1), 7);
        assert_eq!(OrderName::read(&id.to_string()), Some(OrderName::Id(id)));
        assert_eq!(OrderName::read("1001"), Some(OrderName::Number(1001)));
        for bad in [
            "",
            "-1",
            "+1",
            "1.0",
            "99999999999999999999",
            "abc",
            &id.child(1).to_string(),
        ] {
            assert_eq!(OrderName::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_part_of_another_order_is_not_found_in_this_one() {
        let (order, other) = (OrderId::new(Millis(1), 7), OrderId::new(Millis(2), 8));
        assert_eq!(part_of(order, order.child(3)), Some(3));
        assert_eq!(part_of(order, other.child(3)), None);
        assert_eq!(part_of(order, order.uuid()), None);
    }
}
