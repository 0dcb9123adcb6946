//! Which facts a request needs, as far as what is loaded tells; asked again after each loading.

use crate::command::{Command, Request};
use crate::facts::{ClaimKey, ClaimKind, Facts, Need};
use crate::id::{AgreementId, CountTaskId, CustomerId, ItemId, OrderId, ReservationId, SupplyId};
use crate::inventory::LotCode;
use crate::order::place::{NewLine, NewOrder};
use crate::order::screening;

/// Tells what is to be loaded before the request is decided. It may tell too little: `decide`
/// itself is the judge, and names what is still missing. It never tells what is loaded.
pub fn needs(facts: &Facts, request: &Request, out: &mut Vec<Need>) {
    let mut needs = Needs { facts, out };
    let (key, _) = request.claim();
    // A generated claim is new by construction, unless the executor has reason to look (a retry).
    if key.kind != ClaimKind::Generated {
        needs.claim(key);
    }
    match &request.command {
        Command::PutItem(c) => {
            needs.sku(&c.sku, false);
            c.components
                .iter()
                .for_each(|(sku, _)| needs.sku(sku, false));
            let others = c.selling.substitutes.iter();
            others.for_each(|sku| needs.sku(sku, false));
        }
        Command::PutListPrices(c) => c.rows.iter().for_each(|row| needs.sku(&row.sku, false)),
        Command::PutLocation(_)
        | Command::PutLocationGroup(_)
        | Command::PutChannel(_)
        | Command::PutCalendar(_)
        | Command::PutPolicy(_)
        | Command::PutService(_)
        | Command::PutClosure(_)
        | Command::EndClosure(_)
        | Command::PutScreeningRules(_) => {}
        Command::RecallItem(c) => {
            needs.sku(&c.sku, false);
            needs.lot(&c.sku, c.lot.as_deref());
        }
        Command::LiftRecall(c) => needs.sku(&c.sku, true),
        Command::PutAccount(c) => needs.account(c.customer),
        Command::CreateAgreement(c) => c.lines.iter().for_each(|line| needs.sku(&line.sku, false)),
        Command::CloseAgreement(c) => needs.agreement(c.id),
        Command::PutCustomer(c) => {
            crate::party::claim_keys(&c.person, c.external_ref.as_deref())
                .for_each(|key| needs.claim(key));
        }
        Command::ReceiveStock(c) => {
            needs.sku(&c.sku, true);
            needs.lot(&c.sku, c.lot.as_ref().map(|lot| lot.code.as_str()));
        }
        Command::AdjustStock(c) => {
            needs.sku(&c.sku, true);
            needs.lot(&c.sku, c.lot.as_ref().map(|lot| lot.code.as_str()));
        }
        Command::CountStock(c) => {
            needs.sku(&c.sku, true);
            needs.lot(&c.sku, c.lot.as_ref().map(|lot| lot.code.as_str()));
        }
        Command::CreateCountTask(c) => {
            needs.sku(&c.sku, false);
            needs.lot(&c.sku, c.lot.as_ref().map(|lot| lot.code.as_str()));
        }
        Command::RecordCount(c) => needs.count_task(c.task),
        Command::DecideCount(c) => needs.count_task(c.task),
        Command::TransferStock(c) => {
            needs.sku(&c.sku, true);
            needs.lot(&c.sku, c.lot.as_ref().map(|lot| lot.code.as_str()));
        }
        Command::SetSafetyStock(c) => needs.sku(&c.sku, true),
        Command::SetRingFence(c) => needs.sku(&c.sku, true),
        Command::ExcludeItem(c) => needs.sku(&c.sku, true),
        Command::CreateSupply(c) => needs.incoming(&c.sku),
        Command::ShipTransfer(c) => {
            needs.sku(&c.sku, true);
            needs.incoming(&c.sku);
            needs.lot(&c.sku, c.lot.as_ref().map(|lot| lot.code.as_str()));
        }
        Command::ChangeSupply(c) => needs.supply(c.supply, false),
        Command::ReceiveSupply(c) => needs.supply(c.supply, true),
        Command::CancelSupply(c) => needs.supply(c.supply, true),
        Command::CreateReservation(c) => c.lines.iter().for_each(|(sku, _)| needs.sku(sku, true)),
        Command::EndReservation(c) => needs.reservation(c.id),
        Command::ServeWaiting(c) => needs.item(c.item),
        Command::SaveDraft(c) => {
            if c.exists {
                needs.order(c.id, false);
            }
            needs.new_order(&c.order, false);
        }
        Command::PlaceOrder(c) => needs.new_order(&c.order, c.history.is_none()),
        command => on_order(&mut needs, command),
    }
}

fn on_order(needs: &mut Needs<'_>, command: &Command) {
    match command {
        Command::PlaceDraft(c) => needs.order(c.order, true),
        Command::AmendOrder(c) => {
            needs.order(c.order, true);
            needs.lines(&c.what.add_lines, true);
        }
        Command::CancelOrder(c) => needs.order(c.order, true),
        Command::ReleaseHold(c) => needs.order(c.order, true),
        Command::SourceOrder(c) => needs.order(c.order, true),
        Command::IssueChoiceLink(c) => needs.order(c.order, false),
        Command::ChooseOption(c) => needs.order(c.order, true),
        Command::RenewPromise(c) => needs.order(c.order, false),
        Command::SetPriority(c) => needs.order(c.order, true),
        Command::HoldOrder(c) => needs.order(c.order, true),
        Command::ReceiveReturn(c) => needs.order(c.order, true),
        Command::RejectFulfilment(c) => needs.order(c.order, true),
        Command::PickFulfilment(c) => needs.order(
            c.order,
            c.what.lines.iter().flatten().any(|line| line.short > 0),
        ),
        Command::ShipFulfilment(c) => needs.order(c.order, true),
        Command::CollectFulfilment(c) => needs.order(c.order, true),
        Command::MoveFulfilment(c) => needs.order(c.order, true),
        Command::SplitFulfilment(c) => needs.order(c.order, false),
        Command::MergeFulfilments(c) => needs.order(c.order, false),
        Command::BookVisit(c) => needs.order(c.order, true),
        Command::RebookVisit(c) => needs.order(c.order, true),
        Command::CompleteVisit(c) => needs.order(c.order, true),
        Command::MissVisit(c) => needs.order(c.order, true),
        Command::AcceptProduction(c) => needs.order(c.order, true),
        Command::StartProduction(c) => needs.order(c.order, true),
        Command::CompleteProduction(c) => needs.order(c.order, true),
        Command::RejectProduction(c) => needs.order(c.order, true),
        Command::DecideApproval(c) => needs.order(c.order, true),
        Command::ReviewHolds(c) => needs.order(c.order, true),
        Command::RecordScore(c) => needs.order(c.order, true),
        Command::AddNote(c) => needs.order(c.order, false),
        Command::ChangeTags(c) => needs.order(c.order, false),
        Command::ReleaseScheduled(c) => needs.order(c.order, false),
        Command::RecordPayment(c) => needs.order(c.order, false),
        Command::RegisterReturn(c) => needs.order(c.order, false),
        Command::AcceptFulfilment(c) => needs.order(c.order, false),
        Command::PackFulfilment(c) => needs.order(c.order, false),
        Command::RecordOutcome(c) => needs.order(c.order, false),
        Command::MarkReady(c) => needs.order(c.order, false),
        _ => {}
    }
}

/// Tells what is to be loaded before lines are decided on that nobody has ordered yet: their items, with their stock.
pub fn needs_of_lines(facts: &Facts, lines: &[NewLine], out: &mut Vec<Need>) {
    Needs { facts, out }.lines(lines, true);
}

struct Needs<'a> {
    facts: &'a Facts,
    out: &'a mut Vec<Need>,
}

impl Needs<'_> {
    fn claim(&mut self, key: ClaimKey) {
        if !self.facts.claims.contains_key(&key) {
            self.out.push(Need::Claim(key));
        }
    }

    fn account(&mut self, customer: CustomerId) {
        if !self.facts.accounts.contains_key(&customer) {
            self.out.push(Need::Account(customer));
        }
    }

    fn agreement(&mut self, id: AgreementId) {
        if !self.facts.agreements.contains_key(&id) {
            self.out.push(Need::Agreement(id));
        }
    }

    fn sku(&mut self, sku: &str, with_stock: bool) {
        match self.facts.skus.get(sku) {
            None => self.out.push(Need::Sku(sku.to_owned())),
            Some(Some(item)) if with_stock => self.item(*item),
            Some(_) => {}
        }
    }

    fn item(&mut self, item: ItemId) {
        match self.facts.items.get(&item) {
            None => self.out.push(Need::Item(item)),
            Some(known) => known
                .components
                .iter()
                .for_each(|part| self.stock_and_item(part.item)),
        }
        self.stock_and_item(item);
    }

    fn stock_and_item(&mut self, item: ItemId) {
        if !self.facts.items.contains_key(&item) {
            self.out.push(Need::Item(item));
        }
        if !self.facts.stock.contains_key(&item) {
            self.out.push(Need::Stock(item));
        }
        let known = self.facts.items.get(&item);
        if known.is_some_and(|known| known.has_lots()) && !self.facts.lots.contains_key(&item) {
            self.out.push(Need::Lots(item));
        }
    }

    /// A task to count, and what is there to be compared with.
    fn count_task(&mut self, id: CountTaskId) {
        match self.facts.count_tasks.get(&id) {
            None => self.out.push(Need::CountTask(id)),
            Some(Some(task)) => self.item(task.item),
            Some(None) => {}
        }
    }

    /// A lot that is named by its code.
    fn lot(&mut self, sku: &str, code: Option<&str>) {
        let item = self.facts.skus.get(sku).copied().flatten();
        let key = item.zip(code.map(LotCode::new));
        if let Some(key) = key.filter(|key| !self.facts.known_lots.contains_key(key)) {
            self.out.push(Need::Lot(key.0, key.1));
        }
    }

    fn order(&mut self, id: OrderId, with_stock: bool) {
        match self.facts.orders.get(&id) {
            None => self.out.push(Need::Order(id)),
            Some(Some(order)) if with_stock => {
                if let Some(customer) = order
                    .placed
                    .customer
                    .filter(|_| order.progress.terms_days.is_some())
                {
                    self.account(customer);
                }
                let lines = order
                    .placed
                    .lines
                    .iter()
                    .filter(|line| !line.is_kit && line.method.uses_stock());
                lines.for_each(|line| match line.item {
                    Some(item) => self.stock_and_item(item),
                    None => self.sku(&line.sku, true),
                });
            }
            Some(_) => {}
        }
    }

    fn reservation(&mut self, id: ReservationId) {
        match self.facts.reservations.get(&id) {
            None => self.out.push(Need::Reservation(id)),
            Some(Some(reservation)) => reservation
                .lines
                .iter()
                .for_each(|line| self.stock_and_item(line.item)),
            Some(None) => {}
        }
    }

    fn supply(&mut self, id: SupplyId, with_stock: bool) {
        match self.facts.supplies.get(&id) {
            None => self.out.push(Need::Supply(id)),
            Some(Some(supply)) if with_stock => self.stock_and_item(supply.item),
            Some(_) => {}
        }
    }

    /// The item of a SKU, and its open supply.
    fn incoming(&mut self, sku: &str) {
        self.sku(sku, false);
        let item = self.facts.skus.get(sku).copied().flatten();
        let unknown = item.filter(|item| !self.facts.incoming.contains_key(item));
        self.out.extend(unknown.map(Need::Incoming));
    }

    fn new_order(&mut self, order: &NewOrder, with_stock: bool) {
        self.lines(&order.lines, with_stock);
        let channel = self.facts.network.channel_by_code(&order.channel);
        if let Some((channel, reference)) = channel.zip(order.external_ref.as_deref()) {
            self.claim(ClaimKey::external_ref(channel.id, reference));
        }
        let nobody = crate::party::Person::default();
        let person = order.customer.as_ref().unwrap_or(&nobody);
        crate::party::claim_keys(person, order.customer_ref.as_deref())
            .for_each(|key| self.claim(key));
        if let Some(id) = order.reservation {
            self.reservation(id);
        }
        let agreements = order.lines.iter().filter_map(|line| line.agreement);
        agreements.for_each(|id| self.agreement(id));
        if with_stock {
            let customer = crate::party::known_customer(self.facts, order);
            customer.into_iter().for_each(|id| self.account(id));
            screening::needs(self.facts, order, self.out);
        }
    }

    fn lines(&mut self, lines: &[NewLine], with_stock: bool) {
        lines
            .iter()
            .for_each(|line| self.sku(&line.sku, with_stock && line.method.uses_stock()));
    }
}
