//! What all verbs of a visit share.

use axum::response::Response;
use throughline_core::command::{Command, OnOrder};
use throughline_core::order::{Order, Visit};

use crate::http::api::Api;
use crate::http::auth::Caller;
use crate::http::path::VisitName;
use crate::http::problem::Problem;
use crate::http::write::Asking;

impl Api {
    /// Executes a verb on a visit and answers it.
    ///
    /// # Errors
    /// 403 when the key is not for its location; else what the verb refuses.
    pub(super) async fn visit_verb<T>(
        &self,
        asked: &Asking,
        VisitName(order, no): VisitName,
        what: T,
        command: impl FnOnce(OnOrder<T>) -> Command,
    ) -> Result<Response, Problem> {
        self.check_team(&asked.caller, VisitName(order, no)).await?;
        let done = self
            .execute(asked.request(command(asked.on(order, what))))
            .await?;
        self.answer(&asked.caller, done).await
    }

    async fn check_team(&self, caller: &Caller, name: VisitName) -> Result<(), Problem> {
        if caller.locations.is_none() {
            return Ok(());
        }
        let network = self.current_network().await?;
        let (stored, _) = self
            .order(name.0)
            .await
            .map_err(|problem| problem.of_part("visit", name.1.of(name.0)))?;
        let visit = visit_of(&stored.order, name)?;
        caller.at_number(&network, Some(visit.time.location))
    }
}

/// The visit of an order.
///
/// # Errors
/// 404 when the order has none of that number.
pub(in crate::http::api) fn visit_of(order: &Order, name: VisitName) -> Result<&Visit, Problem> {
    let id = name.1.of(name.0);
    let found = order.progress.visit(name.1);
    found.ok_or_else(|| Problem::not_found("visit", &id.to_string()))
}
