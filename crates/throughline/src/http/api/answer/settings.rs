//! Answers that show a setting of the network.

use axum::http::StatusCode;
use throughline_core::carrier::{ClosureId, ServiceId};
use throughline_core::network::CalendarId;

use super::{Rendered, escaped};
use crate::execute::Done;
use crate::http::api::Api;
use crate::http::api::calendars::view::CalendarView;
use crate::http::api::carrier_closures::view::ClosureView;
use crate::http::api::carrier_services::view::ServiceView;
use crate::http::problem::Problem;
use crate::wiring::clock;

impl Api {
    pub(super) async fn render_calendar(
        &self,
        done: Done,
        id: CalendarId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let calendar = network
            .calendar(id)
            .ok_or_else(|| Problem::not_found("calendar", ""))?;
        let view = CalendarView::new(calendar, clock::now().utc_date());
        let rendered = Rendered::new(status, &view);
        Ok(rendered.at_if_created(|| format!("/v1/calendars/{}", escaped(&calendar.code))))
    }

    pub(super) async fn render_service(
        &self,
        done: Done,
        id: ServiceId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let service = network
            .service(id)
            .ok_or_else(|| Problem::not_found("carrier service", ""))?;
        let rendered = Rendered::new(status, &ServiceView::new(service, &network));
        Ok(rendered.at_if_created(|| format!("/v1/carrier-services/{}", escaped(&service.code))))
    }

    pub(super) async fn render_closure(
        &self,
        done: Done,
        id: ClosureId,
        status: StatusCode,
    ) -> Result<Rendered, Problem> {
        let network = self.network_of(&done).await?;
        let closure = network
            .closure(id)
            .ok_or_else(|| Problem::not_found("carrier closure", ""))?;
        let view = ClosureView::new(closure, &network, clock::now().utc_date());
        let rendered = Rendered::new(status, &view);
        Ok(rendered.at_if_created(|| format!("/v1/carrier-closures/{}", escaped(&closure.code))))
    }
}
