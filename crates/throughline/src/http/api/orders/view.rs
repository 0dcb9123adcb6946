//! An order as the API shows it.

use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::{Map, Value};
use throughline_core::id::{ContactNo, LineNo, OrderId};
use throughline_core::money::Currency;
use throughline_core::network::Network;
use throughline_core::order::{
    FulfilmentStatus, Method, Order, OrderStatus, PaymentStatus, ReturnsStatus, Units, Verb,
    available_actions, cancelled_units, legs, statuses, totals,
};
use throughline_core::party::{Address, Contact};
use throughline_core::payment::PaymentState;
use throughline_core::promise::promises;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::MethodShape;
use super::choice_view::ChoiceView;
use super::hold_view::HoldView;
use super::kinds::{
    FulfilmentStatusShape, OrderStatusShape, PaymentStatusShape, ReturnsStatusShape,
};
use super::promised::LinePromiseView;
use crate::http::api::fulfilments::view::FulfilmentView;
use crate::http::api::legs::view::LegView;
use crate::http::api::returns::view::ReturnView;
use crate::http::api::shapes::{AddressShape, ChargeShape, Instant};
use crate::http::auth::Caller;

/// What is needed besides the order to show it.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Locations and channels.
    pub network: &'a Network,
    /// Personal values of this order.
    pub contacts: &'a Contacts,
    /// Who is looking.
    pub caller: &'a Caller,
}

/// Personal values by the id of their row.
pub type Contacts = FxHashMap<Uuid, Contact>;

/// An order: what was ordered, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: OrderId,
    /// The number people use.
    number: u64,
    /// Rises with every journal entry; the value of `ETag` and `If-Match`.
    version: u64,
    /// The order as a whole.
    #[schema(value_type = OrderStatusShape)]
    status: OrderStatus,
    /// Its money.
    #[schema(value_type = PaymentStatusShape)]
    payment_status: PaymentStatus,
    /// Its fulfilments.
    #[schema(value_type = FulfilmentStatusShape)]
    fulfilment_status: FulfilmentStatus,
    /// Its returns.
    #[schema(value_type = ReturnsStatusShape)]
    return_status: ReturnsStatus,
    /// Code of the channel.
    channel: &'a str,
    /// The order's name at the channel.
    external_ref: Option<&'a str>,
    /// ISO 4217 code.
    #[schema(value_type = String)]
    currency: Currency,
    /// Who ordered.
    customer: Option<CustomerView<'a>>,
    /// Where it goes.
    #[schema(value_type = Option<AddressShape>)]
    ship_to: Option<&'a Address>,
    /// Who pays.
    #[schema(value_type = Option<AddressShape>)]
    bill_to: Option<&'a Address>,
    /// What was ordered. Of a kit, the component lines carry the quantities that move.
    lines: Vec<LineView<'a>>,
    /// Charges of the whole order.
    #[schema(value_type = Vec<ChargeShape>)]
    charges: &'a [throughline_core::order::Charge],
    /// What it costs and what is owed.
    totals: TotalsView,
    /// What each location does.
    fulfilments: Vec<FulfilmentView<'a>>,
    /// What others do for it: requests to suppliers, transfers to stores.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    legs: Vec<LegView<'a>>,
    /// Reasons not to move on, released ones included.
    holds: Vec<HoldView<'a>>,
    /// What the customer was offered when a promise slipped.
    choices: Vec<ChoiceView<'a>>,
    /// Tenders.
    payments: Vec<PaymentView<'a>>,
    /// Goods coming back.
    returns: Vec<ReturnView<'a>>,
    /// Smaller numbers are served first.
    priority: i32,
    /// Labels.
    tags: &'a [String],
    /// Notes.
    notes: Vec<NoteView<'a>>,
    /// The customer's purchase order number.
    po_number: Option<&'a str>,
    /// Whether nothing of it is begun until all of it is allocated.
    ship_complete: bool,
    /// Whether items that have a case quantity are ordered and served in whole cases.
    whole_cases: bool,
    /// The reservation that became the order's allocations.
    #[schema(value_type = Option<Uuid>)]
    reservation_id: Option<throughline_core::id::ReservationId>,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    placed_at: Instant,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
    /// Days until it is to be paid, where what is not paid is owed on the customer's credit terms.
    terms_days: Option<u16>,
    /// When and why the whole order was cancelled.
    cancelled: Option<CancelledView<'a>>,
    /// Free data of integrations.
    #[schema(value_type = Object)]
    metadata: &'a Map<String, Value>,
    /// What this caller may do with it now.
    available_actions: Vec<&'static str>,
}

/// Who ordered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCustomer)]
pub struct CustomerView<'a> {
    /// The customer's id.
    #[schema(value_type = Option<Uuid>)]
    id: Option<throughline_core::id::CustomerId>,
    /// Email address.
    email: Option<&'a str>,
    /// Full name.
    name: Option<&'a str>,
    /// Telephone number.
    phone: Option<&'a str>,
}

/// A line: a quantity of one SKU at one price. Every unit of `ordered` is in exactly one of `open`,
/// `backordered`, `cancelled` and the states of its fulfilments (`allocated` to `returned_to_sender`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
struct LineView<'a> {
    /// Identity.
    id: Uuid,
    /// The kit line this component belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kit_line_id: Option<Uuid>,
    /// Whether the line is a kit; its component lines carry the quantities that move.
    is_kit: bool,
    /// The SKU as ordered.
    sku: &'a str,
    /// The title as ordered.
    title: &'a str,
    /// How it reaches the customer.
    #[schema(value_type = MethodShape)]
    method: Method,
    /// Code of the location it is bound to.
    location: Option<&'a str>,
    /// Units ordered.
    ordered: i64,
    /// Units not yet sourced.
    open: i64,
    /// Units that wait for stock.
    backordered: i64,
    /// Units allocated at a location and not yet picked.
    allocated: i64,
    /// Units picked and not yet packed.
    picked: i64,
    /// Units packed and not yet shipped.
    packed: i64,
    /// Units on the way.
    shipped: i64,
    /// Units with the customer, returned ones included.
    delivered: i64,
    /// Units refused by the recipient.
    refused: i64,
    /// Units lost by the carrier.
    lost: i64,
    /// Units returned to sender by the carrier.
    returned_to_sender: i64,
    /// Units cancelled.
    cancelled: i64,
    /// Delivered units that came back.
    returned: i64,
    /// The agreement that it is called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>, nullable = false)]
    agreement_id: Option<throughline_core::id::AgreementId>,
    /// Units of a case that is never broken, where whole cases are demanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    case_quantity: Option<i64>,
    /// Price of `price_quantity` units.
    unit_price_minor: i64,
    /// How many units the price is for.
    price_quantity: i64,
    /// Discount on the whole line.
    discount_minor: i64,
    /// Tax on the whole line.
    tax_minor: i64,
    /// What the units cost that are not cancelled: price − discount + tax.
    total_minor: i64,
    /// Code of the carrier service that the customer chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    service: Option<&'a str>,
    /// When the customer wants it.
    #[schema(value_type = Option<String>, format = Date)]
    requested_date: Option<jiff::civil::Date>,
    /// What is promised of it; none where nothing was ever promised.
    promise: Option<LinePromiseView<'a>>,
    /// The line's own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AddressShape)]
    ship_to: Option<&'a Address>,
    /// Whether something else may come instead, at the same price, where nobody has it and the sourcing policy says so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    allow_substitutes: bool,
    /// The line whose units it came instead of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    instead_of: Option<Uuid>,
    /// Free data of integrations.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object, required = false)]
    metadata: &'a Map<String, Value>,
}

/// The money of an order, in minor units of its currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Totals)]
struct TotalsView {
    /// Price of the units that are not cancelled, before discounts and tax.
    goods_minor: i64,
    /// Discounts on these lines.
    discount_minor: i64,
    /// Charges of the whole order; none once everything is cancelled.
    charges_minor: i64,
    /// Tax on lines and charges.
    tax_minor: i64,
    /// What the order costs.
    total_minor: i64,
    /// Authorised and not given up.
    authorized_minor: i64,
    /// Captured.
    captured_minor: i64,
    /// Given back.
    refunded_minor: i64,
    /// What the customer has paid: captured − refunded.
    paid_minor: i64,
    /// What is still owed; negative when money has to go back.
    balance_minor: i64,
}

/// One tender and its life.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
struct PaymentView<'a> {
    /// Identity.
    id: Uuid,
    /// Where it is in its life.
    state: &'static str,
    /// What was used.
    method: &'a str,
    /// The gateway's name for it.
    reference: Option<&'a str>,
    /// Authorised.
    authorized_minor: i64,
    /// Captured.
    captured_minor: i64,
    /// Given back.
    refunded_minor: i64,
    /// When it was first recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Instant,
}

/// A note.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Note)]
struct NoteView<'a> {
    /// Identity.
    id: Uuid,
    /// The text; empty once it was erased.
    text: &'a str,
}

/// When and why a whole order was cancelled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCancelled)]
struct CancelledView<'a> {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Why, in the caller's words.
    reason: &'a str,
}

impl<'a> OrderView<'a> {
    /// Shows an order to a caller.
    #[must_use]
    pub fn new(order: &'a Order, around: Surroundings<'a>) -> Self {
        let (placed, progress) = (order.placed.as_ref(), &order.progress);
        let status = statuses(order);
        let address = |no: Option<ContactNo>| {
            around
                .contact(order, no)
                .and_then(|contact| contact.address.as_ref())
        };
        Self {
            id: order.id,
            number: order.number,
            version: order.version,
            status: status.order,
            payment_status: status.payment,
            fulfilment_status: status.fulfilment,
            return_status: status.returns,
            channel: around
                .network
                .channel(placed.channel)
                .map_or("", |channel| &channel.code),
            external_ref: placed.external_ref.as_deref(),
            currency: placed.currency,
            customer: CustomerView::new(order, around.contacts),
            ship_to: address(placed.ship_to),
            bill_to: address(placed.bill_to),
            lines: lines(order, around),
            charges: &placed.charges,
            totals: TotalsView::new(order),
            fulfilments: progress
                .fulfilments
                .iter()
                .map(|one| FulfilmentView::new(order, one, around))
                .collect(),
            legs: legs(order)
                .into_iter()
                .map(|leg| LegView::new(order, leg, around.network))
                .collect(),
            holds: progress
                .holds
                .iter()
                .map(|hold| HoldView::new(order, hold))
                .collect(),
            choices: progress
                .choices
                .iter()
                .map(|choice| ChoiceView::new(order, choice, around.network))
                .collect(),
            payments: progress
                .payments
                .iter()
                .map(|payment| PaymentView::new(order, payment))
                .collect(),
            returns: progress
                .returns
                .iter()
                .map(|one| ReturnView::new(order, one))
                .collect(),
            priority: progress.priority,
            tags: &progress.tags,
            notes: progress
                .notes
                .iter()
                .map(|no| NoteView::new(order, *no, around))
                .collect(),
            po_number: placed.po_number.as_deref(),
            ship_complete: placed.ship_complete,
            whole_cases: placed.whole_cases,
            reservation_id: progress.reservation,
            placed_at: Instant(placed.placed_at),
            updated_at: Instant(order.updated_at),
            terms_days: progress.terms_days,
            cancelled: progress.cancelled.as_ref().map(CancelledView::new),
            metadata: &placed.metadata,
            available_actions: actions(available_actions(order), around.caller),
        }
    }
}

/// The verbs that this caller may use, as the API writes them.
pub fn actions(verbs: Vec<Verb>, caller: &Caller) -> Vec<&'static str> {
    verbs
        .into_iter()
        .filter(|verb| caller.may(*verb))
        .map(Verb::as_str)
        .collect()
}

/// The rows of personal values that showing an order needs.
pub fn contact_ids(order: &Order) -> impl Iterator<Item = Uuid> + '_ {
    let placed = order.placed.as_ref();
    let own = [placed.person, placed.ship_to, placed.bill_to]
        .into_iter()
        .flatten();
    let of_lines = placed.lines.iter().filter_map(|line| line.ship_to);
    let of_fulfilments = order
        .progress
        .fulfilments
        .iter()
        .filter_map(|one| one.ship_to);
    let notes = order.progress.notes.iter().copied();
    own.chain(of_lines)
        .chain(of_fulfilments)
        .chain(notes)
        .map(|no| no.of(order.id))
}

impl<'a> Surroundings<'a> {
    /// The personal values in a row of the order, unless they were erased.
    #[must_use]
    pub fn contact(&self, order: &Order, no: Option<ContactNo>) -> Option<&'a Contact> {
        self.contacts.get(&no?.of(order.id))
    }
}

fn lines<'a>(order: &'a Order, around: Surroundings<'a>) -> Vec<LineView<'a>> {
    let sums = units_by_line(order);
    let both = order
        .placed
        .lines
        .iter()
        .zip(&order.progress.lines)
        .zip(&sums)
        .zip(promises(order));
    both.map(|(((line, progress), units), promise)| {
        let promise = promise.as_ref();
        let promise = promise.map(|told| LinePromiseView::new(order, line, told, around.network));
        LineView {
            promise,
            ..LineView::new(order, line, progress, units, around)
        }
    })
    .collect()
}

/// Sums the fulfilments' units by line, in the order of the lines.
fn units_by_line(order: &Order) -> Vec<Units> {
    let lines = &order.placed.lines;
    let mut sums = vec![Units::default(); lines.len()];
    for entry in order
        .progress
        .fulfilments
        .iter()
        .flat_map(|fulfilment| &fulfilment.lines)
    {
        if let Ok(position) = lines.binary_search_by_key(&entry.line, |line| line.no) {
            sums[position].add(&entry.units);
        }
    }
    sums
}

impl<'a> LineView<'a> {
    fn new(
        order: &'a Order,
        line: &'a throughline_core::order::Line,
        progress: &throughline_core::order::LineProgress,
        units: &Units,
        around: Surroundings<'a>,
    ) -> Self {
        let location = line.location.and_then(|id| around.network.location(id));
        let cancelled = cancelled_units(order, line, progress.cancelled);
        Self {
            id: line.no.of(order.id),
            kit_line_id: line.kit.map(|kit: LineNo| kit.of(order.id)),
            is_kit: line.is_kit,
            sku: &line.sku,
            title: &line.title,
            method: line.method,
            location: location.map(|location| location.code.as_str()),
            ordered: line.quantity,
            open: progress.open,
            backordered: progress.backordered,
            allocated: units.assigned,
            picked: units.picked,
            packed: units.packed,
            shipped: units.shipped,
            delivered: units.delivered,
            refused: units.refused,
            lost: units.lost,
            returned_to_sender: units.returned_to_sender,
            cancelled,
            returned: progress.returned,
            agreement_id: line.agreement,
            case_quantity: line.case_quantity,
            unit_price_minor: line.unit_price_minor,
            price_quantity: line.price_quantity,
            discount_minor: line.discount_minor,
            tax_minor: line.tax_minor,
            total_minor: line.amount(line.quantity - cancelled),
            service: line
                .service
                .and_then(|id| around.network.service(id))
                .map(|service| service.code.as_str()),
            requested_date: line.requested_date,
            promise: None,
            ship_to: around
                .contact(order, line.ship_to)
                .and_then(|contact| contact.address.as_ref()),
            allow_substitutes: line.substitutable,
            instead_of: line.instead_of.map(|no| no.of(order.id)),
            metadata: &line.metadata,
        }
    }
}

impl<'a> CustomerView<'a> {
    /// Shows who ordered, if anything is known.
    #[must_use]
    pub fn new(order: &Order, contacts: &'a Contacts) -> Option<Self> {
        let row = order
            .placed
            .person
            .and_then(|no| contacts.get(&no.of(order.id)));
        let person = row.and_then(|contact| contact.person.as_ref());
        let id = order.placed.customer;
        (id.is_some() || person.is_some()).then(|| Self {
            id,
            email: person.and_then(|person| person.email.as_deref()),
            name: person.and_then(|person| person.name.as_deref()),
            phone: person.and_then(|person| person.phone.as_deref()),
        })
    }
}

impl TotalsView {
    fn new(order: &Order) -> Self {
        let money = totals(order);
        Self {
            goods_minor: money.goods_minor,
            discount_minor: money.discount_minor,
            charges_minor: money.charges_minor,
            tax_minor: money.tax_minor,
            total_minor: money.total_minor,
            authorized_minor: money.authorized_minor,
            captured_minor: money.captured_minor,
            refunded_minor: money.refunded_minor,
            paid_minor: money.paid_minor,
            balance_minor: money.balance_minor,
        }
    }
}

impl<'a> PaymentView<'a> {
    fn new(order: &Order, payment: &'a throughline_core::payment::Payment) -> Self {
        Self {
            id: payment.no.of(order.id),
            state: payment_state(payment),
            method: &payment.method,
            reference: payment.reference.as_deref(),
            authorized_minor: payment.authorized_minor,
            captured_minor: payment.captured_minor,
            refunded_minor: payment.refunded_minor,
            recorded_at: Instant(payment.at),
        }
    }
}

fn payment_state(payment: &throughline_core::payment::Payment) -> &'static str {
    match payment.ended {
        _ if payment.refunded_minor > 0 && payment.refunded_minor == payment.captured_minor => {
            "refunded"
        }
        _ if payment.refunded_minor > 0 => "partially_refunded",
        _ if payment.captured_minor > 0 => "captured",
        Some(PaymentState::Failed) => "failed",
        Some(PaymentState::Expired) => "expired",
        Some(_) => "voided",
        None if payment.authorized_minor > 0 => "authorized",
        None => "pending",
    }
}

impl<'a> NoteView<'a> {
    fn new(order: &Order, no: ContactNo, around: Surroundings<'a>) -> Self {
        let text = around
            .contact(order, Some(no))
            .and_then(|contact| contact.text.as_deref());
        Self {
            id: no.of(order.id),
            text: text.unwrap_or_default(),
        }
    }
}

impl<'a> CancelledView<'a> {
    fn new(cancelled: &'a throughline_core::order::Cancelled) -> Self {
        Self {
            at: Instant(cancelled.at),
            reason: &cancelled.reason,
        }
    }
}
