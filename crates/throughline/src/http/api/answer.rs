//! The answer to a write: the resource it is about, as it is now.

mod settings;

use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use throughline_core::catalog::Item;
use throughline_core::decision::{AnswerKind, Resource};
use throughline_core::id::{
    AgreementId, CountTaskId, CustomerId, FulfilmentNo, ItemId, OrderId, ReservationId, ReturnNo,
    SupplyId,
};
use throughline_core::inventory::{Level, Reservation};
use throughline_core::network::{ChannelId, LocationGroupId, LocationId, Network, ScreeningId};
use throughline_core::order::{Fulfilment, Order, Return};
use throughline_core::sourcing::policy::PolicyId;
use uuid::Uuid;

use super::Api;
use super::channels::view::ChannelView;
use super::count_tasks::view::CountTaskView;
use super::customers::view::CustomerView;
use super::fulfilments::view::FulfilmentView;
use super::items::view::ItemView;
use super::location_groups::view::LocationGroupView;
use super::locations::view::LocationView;
use super::orders::view::{Contacts, OrderView, Surroundings, contact_ids};
use super::production_orders::production_of;
use super::production_orders::view::ProductionView;
use super::reservations::view::ReservationView;
use super::returns::view::ReturnView;
use super::screening_rules::view::ScreeningRulesView;
use super::sourcing_policies::view::PolicyView;
use super::stock::view::StockView;
use super::supply::view::SupplyView;
use super::visits::view::VisitView;
use super::visits::visit_of;
use crate::execute::Done;
use crate::http::auth::Caller;
use crate::http::path::{ProductionName, VisitName};
use crate::http::problem::Problem;

/// JSON with a status and headers.
#[derive(Debug)]
pub struct Rendered {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Rendered {
    /// Writes a value as JSON.
    #[must_use]
    pub fn new(status: StatusCode, value: &impl Serialize) -> Self {
        let mut body = Vec::with_capacity(4096);
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Err(error) = serde_json::to_writer(&mut body, value) {
            tracing::error!(%error, "an answer cannot be written as JSON");
        }
        Self {
            status,
            headers,
            body,
        }
    }

    /// A value that was read, as JSON.
    #[must_use]
    pub fn ok(value: &impl Serialize) -> Self {
        Self::new(StatusCode::OK, value)
    }

    /// The same with the order's version as `ETag`.
    #[must_use]
    pub fn with_version(mut self, version: u64) -> Self {
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
            self.headers.insert(ETAG, tag);
        }
        self
    }

    /// The same with where the new resource is.
    #[must_use]
    pub fn at(mut self, location: &str) -> Self {
        if let Ok(location) = HeaderValue::from_str(location) {
            self.headers.insert(LOCATION, location);
        }
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    fn at_if_created(self, location: impl FnOnce() -> String) -> Self {
        if self.status == StatusCode::CREATED {
            self.at(&location())
        } else {
            self
        }
    }
}

impl IntoResponse for Rendered {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}

impl Api {
    /// Answers a write with the resource it is about.
    ///
    /// # Errors
    /// A fault when what is to be shown cannot be read.
    pub async fn answer(&self, caller: &Caller, done: Done) -> Result<Response, Problem> {
        self.render(caller, done)
            .await
            .map(IntoResponse::into_response)
    }

    /// Like [`Api::answer`], before it becomes a response.
    ///
    /// # Errors
    /// A fault when what is to be shown cannot be read.
    pub async fn render(&self, caller: &Caller, done: Done) -> Result<Rendered, Problem> {
        let status = match done.answer.outcome {
            AnswerKind::Created => StatusCode::CREATED,
            AnswerKind::Ok => StatusCode::OK,
        };
        match done.answer.resource {
            Resource::Nothing => Ok(Rendered::new(status, &serde_json::json!({}))),
            Resource::Order(id) => self.render_order(caller, done, id, status).await,
            Resource::Fulfilment(id, no) => {
                self.render_fulfilment(caller, done, (id, no), status).await
            }
            Resource::Production(id, no) => {
                self.render_production(caller, done, ProductionName(id, no), status)
                    .await
            }
            Resource::Visit(id, no) => {
                self.render_visit(caller, done, VisitName(id, no), status)
                    .await
            }
            Resource::Return(id, no) => self.render_return(done, (id, no), status).await,
            Resource::Item(id) => self.render_item(done, id, status).await,
            Resource::Location(id) => self.render_location(done, id, status).await,
            Resource::Channel(id) => self.render_channel(done, id, status).await,
            Resource::LocationGroup(id) => self.render_location_group(done, id, status).await,
            Resource::Policy(id) => self.render_policy(done, id, status).await,
            Resource::Calendar(id) => self.render_calendar(done, id, status).await,
            Resource::Service(id) => self.render_service(done, id, status).await,
            Resource::Closure(id) => self.render_closure(done, id, status).await,
            Resource::ScreeningRules(id) => self.render_rules(done, id, status).await,
            Resource::Customer(id) => self.render_customer(id, status).await,
            Resource::StockLevel(item, location) => {
                self.render_level(done, (item, location), status).await
            }
            Resource::Reservation(id) => self.render_reservation(done, id, status).await,
            Resource::CountTask(id) => self.render_count_task(done, id, status).await,
            Resource::Supply(id) => self.render_supply(done, id, status).await,
            Resource::Agreement(id) => self.render_agreement(id, status).await,
        }
    }

    async fn render_order(
        &self,
        caller: &Caller,
        done: Done,
        id: OrderId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let (order, contacts) = self.order_of(done, id).await?;
        let around = Surroundings {
            network: &network,
            contacts: &contacts,
            caller,
        };
        let rendered =
            Rendered::new(status, &OrderView::new(&order, around)).with_version(order.version);
        Ok(rendered.at_if_created(|| format!("/v1/orders/{id}")))
    }

    async fn render_fulfilment(
        &self,
        caller: &Caller,
        done: Done,
        (id, no): (OrderId, FulfilmentNo),
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let (order, contacts) = self.order_of(done, id).await?;
        let fulfilment = fulfilment_of(&order, no)?;
        let around = Surroundings {
            network: &network,
            contacts: &contacts,
            caller,
        };
        Ok(
            Rendered::new(status, &FulfilmentView::new(&order, fulfilment, around))
                .with_version(order.version),
        )
    }

    async fn render_production(
        &self,
        caller: &Caller,
        done: Done,
        name: ProductionName,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let (order, _) = self.order_of(done, name.0).await?;
        let production = production_of(&order, name)?;
        let view = ProductionView::new(&order, production, &network, caller);
        Ok(Rendered::new(status, &view).with_version(order.version))
    }

    async fn render_visit(
        &self,
        caller: &Caller,
        done: Done,
        name: VisitName,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let (order, _) = self.order_of(done, name.0).await?;
        let visit = visit_of(&order, name)?;
        let view = VisitView::new(&order, visit, &network, caller);
        let rendered = Rendered::new(status, &view).with_version(order.version);
        Ok(rendered.at_if_created(|| format!("/v1/visits/{}", name.1.of(name.0))))
    }

    async fn render_return(
        &self,
        done: Done,
        (id, no): (OrderId, ReturnNo),
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let (order, _) = self.order_of(done, id).await?;
        let one = return_of(&order, no)?;
        let rendered =
            Rendered::new(status, &ReturnView::new(&order, one)).with_version(order.version);
        Ok(rendered.at_if_created(|| format!("/v1/returns/{}", no.of(id))))
    }

    async fn render_item(
        &self,
        done: Done,
        id: ItemId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let written = done.items.into_iter().find(|item| item.id == id);
        let item = self.item_or(written, id).await?;
        let network = self.current_network().await?;
        let rendered = Rendered::new(status, &ItemView::new(&item, &network));
        Ok(rendered.at_if_created(|| format!("/v1/items/{}", escaped(&item.sku))))
    }

    async fn render_location(
        &self,
        done: Done,
        id: LocationId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let location = network
            .location(id)
            .ok_or_else(|| Problem::not_found("location", ""))?;
        let rendered = Rendered::new(status, &LocationView::new(&network, location));
        Ok(rendered.at_if_created(|| format!("/v1/locations/{}", escaped(&location.code))))
    }

    async fn render_location_group(
        &self,
        done: Done,
        id: LocationGroupId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let group = network
            .group(id)
            .ok_or_else(|| Problem::not_found("location group", ""))?;
        let rendered = Rendered::new(status, &LocationGroupView::new(&network, group));
        Ok(rendered.at_if_created(|| format!("/v1/location-groups/{}", escaped(&group.code))))
    }

    async fn render_policy(
        &self,
        done: Done,
        id: PolicyId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let policy = network
            .policies
            .get(usize::from(id.0))
            .ok_or_else(|| Problem::not_found("sourcing policy", ""))?;
        let rendered = Rendered::new(status, &PolicyView::new(&network, policy));
        Ok(rendered.at_if_created(|| format!("/v1/sourcing-policies/{}", escaped(&policy.code))))
    }

    async fn render_channel(
        &self,
        done: Done,
        id: ChannelId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let channel = network
            .channel(id)
            .ok_or_else(|| Problem::not_found("channel", ""))?;
        let rendered = Rendered::new(status, &ChannelView::new(channel, &network));
        Ok(rendered.at_if_created(|| format!("/v1/channels/{}", escaped(&channel.code))))
    }

    async fn render_rules(
        &self,
        done: Done,
        id: ScreeningId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let rules = network
            .screening
            .get(usize::from(id.0))
            .ok_or_else(|| Problem::not_found("screening rules", ""))?;
        let rendered = Rendered::new(status, &ScreeningRulesView::new(rules));
        Ok(rendered.at_if_created(|| format!("/v1/screening-rules/{}", escaped(&rules.code))))
    }

    async fn render_customer(
        &self,
        id: CustomerId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let customer = self.customer(id).await?;
        let rendered = Rendered::new(status, &CustomerView::new(&customer));
        Ok(rendered.at_if_created(|| format!("/v1/customers/{id}")))
    }

    async fn render_level(
        &self,
        done: Done,
        (item, location): (ItemId, LocationId),
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let (item, level): (Arc<Item>, Level) = match done.level {
            Some(level) => level,
            None => self.level(item, location).await?,
        };
        Ok(Rendered::new(
            status,
            &StockView::new(&item.sku, &level, &network),
        ))
    }

    async fn render_reservation(
        &self,
        done: Done,
        id: ReservationId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let reservation: Arc<Reservation> = match done.reservation {
            Some(reservation) => reservation,
            None => self.reservation(id).await?,
        };
        let rendered = Rendered::new(status, &ReservationView::new(&reservation, &network));
        Ok(rendered.at_if_created(|| format!("/v1/reservations/{id}")))
    }

    async fn render_count_task(
        &self,
        done: Done,
        id: CountTaskId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let task = self.count_task(id).await?;
        let view = CountTaskView::new(&task, &network);
        let rendered = Rendered::new(status, &view).with_version(task.version);
        Ok(rendered.at_if_created(|| format!("/v1/count-tasks/{id}")))
    }

    async fn render_agreement(
        &self,
        id: AgreementId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let view = self.agreement_view(id).await?;
        let rendered = Rendered::new(status, &view);
        Ok(rendered.at_if_created(|| format!("/v1/agreements/{id}")))
    }

    async fn render_supply(
        &self,
        done: Done,
        id: SupplyId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let supply = match done.supply {
            Some(supply) => supply,
            None => self.supply(id).await?,
        };
        let rendered =
            Rendered::new(status, &SupplyView::new(&supply, &network)).with_version(supply.version);
        Ok(rendered.at_if_created(|| format!("/v1/supply/{id}")))
    }

    /// The network of this answer; a replayed one may not carry it.
    async fn network_of(&self, done: &Done) -> Result<Arc<Network>, Problem> {
        if done.network.version > 0 {
            Ok(Arc::clone(&done.network))
        } else {
            self.current_network().await
        }
    }

    /// The order of this answer with the personal values that showing it needs.
    async fn order_of(&self, done: Done, id: OrderId) -> Result<(Arc<Order>, Contacts), Problem> {
        let Some(order) = done.order else {
            let (stored, contacts) = self.order(id).await?;
            return Ok((Arc::new(stored.order), contacts));
        };
        let mut contacts: Contacts = done.contacts.into_iter().collect();
        let missing: Vec<Uuid> = contact_ids(&order)
            .filter(|id| !contacts.contains_key(id))
            .collect();
        if !missing.is_empty() {
            contacts.extend(self.contacts(missing).await?);
        }
        Ok((order, contacts))
    }

    async fn item_or(&self, written: Option<Arc<Item>>, id: ItemId) -> Result<Arc<Item>, Problem> {
        match written {
            Some(item) => Ok(item),
            None => self.item_by_id(id).await,
        }
    }
}

/// A fulfilment of an order.
///
/// # Errors
/// 404 when the order has none with this number.
pub fn fulfilment_of(order: &Order, no: FulfilmentNo) -> Result<&Fulfilment, Problem> {
    order
        .progress
        .fulfilment(no)
        .ok_or_else(|| Problem::not_found("fulfilment", &no.of(order.id).to_string()))
}

/// A return of an order.
///
/// # Errors
/// 404 when the order has none with this number.
pub fn return_of(order: &Order, no: ReturnNo) -> Result<&Return, Problem> {
    let found = order.progress.returns.iter().find(|one| one.no == no);
    found.ok_or_else(|| Problem::not_found("return", &no.of(order.id).to_string()))
}

/// A SKU or code as a segment of a path (RFC 3986, unreserved characters stay).
fn escaped(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_in_paths() {
        assert_eq!(escaped("A-1._~"), "A-1._~");
        assert_eq!(escaped("ü/b c"), "%C3%BC%2Fb%20c");
    }
}
