//! What all verbs of a fulfilment share.

use axum::response::Response;
use throughline_core::command::{Command, OnOrder};
use throughline_core::id::FulfilmentNo;

use crate::http::api::Api;
use crate::http::api::answer::fulfilment_of;
use crate::http::auth::Caller;
use crate::http::path::FulfilmentName;
use crate::http::problem::Problem;
use crate::http::write::Asking;

impl Api {
    /// Executes a verb on a fulfilment and answers the fulfilment.
    ///
    /// # Errors
    /// 403 when the key is not for its location; else what the verb refuses.
    pub(super) async fn fulfilment_verb<T>(
        &self,
        asked: &Asking,
        FulfilmentName(order, no): FulfilmentName,
        what: T,
        command: impl FnOnce(OnOrder<T>) -> Command,
    ) -> Result<Response, Problem> {
        self.check_location(&asked.caller, FulfilmentName(order, no))
            .await?;
        let done = self
            .execute(asked.request(command(asked.on(order, what))))
            .await?;
        self.answer(&asked.caller, done).await
    }

    /// A fulfilment never changes its location, so what was read before the verb still holds in it.
    async fn check_location(
        &self,
        caller: &Caller,
        FulfilmentName(order, no): FulfilmentName,
    ) -> Result<(), Problem> {
        if caller.locations.is_none() {
            return Ok(());
        }
        let network = self.current_network().await?;
        let (stored, _) = self
            .order(order)
            .await
            .map_err(|problem| problem.of_part("fulfilment", order.child(no.0)))?;
        let fulfilment = fulfilment_of(&stored.order, no)?;
        // Until it has left it is for whoever sends it, and from then on for the store where it is collected.
        match fulfilment.left_for_store() {
            true => caller.at_number(&network, fulfilment.collect_at),
            false => caller.at_number(&network, fulfilment.location),
        }
    }
}

impl FulfilmentName {
    /// The fulfilment's number within its order.
    #[must_use]
    pub fn no(self) -> FulfilmentNo {
        self.1
    }
}
