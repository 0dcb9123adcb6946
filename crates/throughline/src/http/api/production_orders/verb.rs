//! What all verbs of a production order share.

use axum::response::Response;
use throughline_core::command::{Command, OnOrder};
use throughline_core::order::{Order, Production};

use crate::http::api::Api;
use crate::http::auth::Caller;
use crate::http::path::ProductionName;
use crate::http::problem::Problem;
use crate::http::write::Asking;

impl Api {
    /// Executes a verb on a production order and answers it.
    ///
    /// # Errors
    /// 403 when the key is not for its location; else what the verb refuses.
    pub(super) async fn production_verb<T>(
        &self,
        asked: &Asking,
        ProductionName(order, no): ProductionName,
        what: T,
        command: impl FnOnce(OnOrder<T>) -> Command,
    ) -> Result<Response, Problem> {
        self.check_maker(&asked.caller, ProductionName(order, no))
            .await?;
        let done = self
            .execute(asked.request(command(asked.on(order, what))))
            .await?;
        self.answer(&asked.caller, done).await
    }

    /// A production order never changes its location.
    async fn check_maker(&self, caller: &Caller, name: ProductionName) -> Result<(), Problem> {
        if caller.locations.is_none() {
            return Ok(());
        }
        let network = self.current_network().await?;
        let (stored, _) = self
            .order(name.0)
            .await
            .map_err(|problem| problem.of_part("production order", name.1.of(name.0)))?;
        let production = production_of(&stored.order, name)?;
        caller.at_number(&network, Some(production.location))
    }
}

/// The production order of an order.
///
/// # Errors
/// 404 when the order has none of that number.
pub(in crate::http::api) fn production_of(
    order: &Order,
    name: ProductionName,
) -> Result<&Production, Problem> {
    let id = name.1.of(name.0);
    let found = order.progress.production(name.1);
    found.ok_or_else(|| Problem::not_found("production order", &id.to_string()))
}
