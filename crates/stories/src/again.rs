//! Requests that are made again, with the same body or with another one.

use throughline_core::id::{CountTaskId, OrderId, RequestId, ReservationId, SupplyId};
use throughline_core::{Command, Request};

use crate::orders::nth;
use crate::stage::Scene;

impl Scene<'_> {
    /// An earlier request, as a caller makes it who has not heard of the answer: the same key and body, new ids.
    pub(crate) fn again(&mut self, position: u8) -> Option<Request> {
        let known = nth(&self.stage.asked, position)?.1.clone();
        let mut request = Request {
            id: RequestId::new(self.now, self.stage.bits()),
            ..known
        };
        match &mut request.command {
            Command::PlaceOrder(c) => c.id = OrderId::new(self.now, self.stage.bits()),
            Command::SaveDraft(c) if !c.exists => c.id = OrderId::new(self.now, self.stage.bits()),
            Command::CreateReservation(c) => c.id = ReservationId::new(self.now, self.stage.bits()),
            Command::CreateSupply(c) => c.id = SupplyId::new(self.now, self.stage.bits()),
            Command::ShipTransfer(c) => c.id = SupplyId::new(self.now, self.stage.bits()),
            Command::CreateCountTask(c) => c.id = CountTaskId::new(self.now, self.stage.bits()),
            _ => {}
        }
        Some(request)
    }

    /// The key or reference of an earlier request, with another body.
    pub(crate) fn otherwise(&mut self, position: u8) -> Option<Request> {
        let named: Vec<_> = self
            .stage
            .asked
            .iter()
            .filter(|(_, request)| is_named(request))
            .collect();
        let position = nth(&named, position).and_then(|(_, wanted)| {
            self.stage
                .asked
                .iter()
                .position(|(_, known)| known.id == wanted.id)
        })?;
        let mut request = self.again_at(position)?;
        if let Some(key) = &mut request.key {
            key.body_hash[0] ^= 1;
        }
        if let Command::PlaceOrder(c) = &mut request.command {
            c.body_hash[0] ^= 1;
        }
        Some(request)
    }

    fn again_at(&mut self, position: usize) -> Option<Request> {
        let known = self.stage.asked.get(position)?.1.clone();
        let id = RequestId::new(self.now, self.stage.bits());
        let mut request = Request { id, ..known };
        match &mut request.command {
            Command::PlaceOrder(c) => c.id = OrderId::new(self.now, self.stage.bits()),
            Command::CreateCountTask(c) => c.id = CountTaskId::new(self.now, self.stage.bits()),
            _ => {}
        }
        Some(request)
    }
}

/// Whether a request can be recognised by its caller's key or by the channel's reference.
fn is_named(request: &Request) -> bool {
    let has_reference =
        matches!(&request.command, Command::PlaceOrder(c) if c.order.external_ref.is_some());
    request.key.is_some() || has_reference
}
