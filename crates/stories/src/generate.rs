//! Strategies: steps in proportions that let orders come far, and go wrong.

use std::ops::Range;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use crate::Story;
use crate::cast::{Country, Place, Shop, Sku, Way};
use crate::step::{
    AgreeWord, Arrival, Change, ChosenWord, Fate, Fortune, Found, HoldWord, Mistake, NewLine,
    NewOrder, OutcomeWord, Packing, Paid, Part, PayWord, Pick, RejectWord, Scope, SettingWord,
    Share, Shipping, StatusWord, Step, VerdictWord, Version, What,
};

/// Who is there to do what the steps say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// One process; its batches may be lost.
    Alone,
    /// Several processes, which know little of each other.
    Crowd,
}

/// Stories of up to about sixty steps.
pub fn stories(flavour: Flavour) -> impl Strategy<Value = Story> {
    stories_with(flavour, 15..60)
}

/// Stories of so many steps, after a few that fill the shelves.
pub fn stories_with(flavour: Flavour, steps: Range<usize>) -> impl Strategy<Value = Story> {
    let stock = vec(receive().prop_map(plain), 2..5);
    (stock, vec(step(flavour), steps)).prop_map(|(mut stock, mut steps)| {
        stock.append(&mut steps);
        Story(stock)
    })
}

fn plain(what: What) -> Step {
    Step {
        what,
        key: None,
        version: Version::Any,
    }
}

fn step(flavour: Flavour) -> impl Strategy<Value = Step> {
    let key = weighted(0.12, 0..4u8);
    let version = prop_oneof![16 => Just(Version::Any), 3 => Just(Version::Current), 1 => Just(Version::Stale)];
    (what(flavour), key, version).prop_map(|(what, key, version)| Step { what, key, version })
}

fn what(flavour: Flavour) -> impl Strategy<Value = What> {
    prop_oneof![
        30 => orders(),
        36 => work(),
        10 => afterwards(),
        22 => stock(),
        8 => supply(),
        10 => settings(),
        5 => counting(),
        8 => world(flavour),
    ]
}

fn orders() -> impl Strategy<Value = What> {
    prop_oneof![
        28 => order().prop_map(What::Place),
        1 => order().prop_map(What::History),
        3 => draft().prop_map(What::Draft),
        2 => (pick(), draft()).prop_map(|(pick, order)| What::Redraft(pick, order)),
        4 => pick().prop_map(What::PlaceDraft),
        9 => (pick(), vec(change(), 1..4)).prop_map(|(pick, changes)| What::Amend(pick, changes)),
        6 => (pick(), vec(part(), 0..3)).prop_map(|(pick, parts)| What::Cancel(pick, parts)),
        4 => (pick(), select(HoldWord::ALL), vec(0..4u8, 0..2)).prop_map(|(pick, kind, lines)| What::Hold(pick, kind, lines)),
        6 => pick().prop_map(What::Release),
        4 => pick().prop_map(What::Source),
        3 => pick().prop_map(What::SourceAgain),
        3 => (pick(), 0..5u8, select(&[Sku::A, Sku::B][..]), select(Place::ALL))
            .prop_map(|(pick, units, sku, at)| What::SourcePlanned(pick, units, sku, at)),
        2 => pick().prop_map(What::ReleaseNow),
        3 => pick().prop_map(What::TimeIsUp),
        6 => pick().prop_map(What::Renew),
        14 => (pick(), select(ChosenWord::ALL)).prop_map(|(pick, word)| What::Choose(pick, word)),
        12 => (pick(), 0..4u8).prop_map(|(pick, secret)| What::Link(pick, secret)),
        2 => (pick(), priority()).prop_map(|(pick, priority)| What::Priority(pick, priority)),
        1 => pick().prop_map(What::Note),
        1 => (pick(), 0..4u8).prop_map(|(pick, tag)| What::Tag(pick, tag)),
    ]
}

fn work() -> impl Strategy<Value = What> {
    prop_oneof![
        60 => pick().prop_map(What::Advance),
        4 => pick().prop_map(What::Accept),
        8 => (pick(), select(RejectWord::ALL)).prop_map(|(pick, how)| What::Reject(pick, how)),
        9 => (pick(), select(Place::ALL), share()).prop_map(|(pick, place, share)| What::Move(pick, place, share)),
        5 => (pick(), share()).prop_map(|(pick, share)| What::Part(pick, share)),
        12 => pick().prop_map(What::Merge),
        2 => pick().prop_map(What::Start),
        12 => (pick(), vec(found(), 0..3)).prop_map(|(pick, found)| What::PickUnits(pick, found)),
        10 => (pick(), packing()).prop_map(|(pick, packing)| What::Pack(pick, packing)),
        10 => (pick(), shipping()).prop_map(|(pick, shipping)| What::Ship(pick, shipping)),
        8 => (pick(), outcome(), scope()).prop_map(|(pick, outcome, scope)| What::Outcome(pick, outcome, scope)),
        4 => pick().prop_map(What::Ready),
        4 => pick().prop_map(What::Collect),
    ]
}

fn afterwards() -> impl Strategy<Value = What> {
    let state = select(PayWord::ALL);
    prop_oneof![
        5 => (pick(), state, share(), weighted(0.6, 0..3u8)).prop_map(|(pick, state, share, tender)| {
            let must_name = matches!(state, PayWord::Voided | PayWord::Failed | PayWord::Expired);
            let tender = tender.or(must_name.then_some(0));
            What::Pay(pick, state, share, tender.filter(|_| state != PayWord::Pending))
        }),
        3 => (pick(), vec(part(), 0..3)).prop_map(|(pick, parts)| What::Return(pick, parts)),
        4 => (pick(), select(Place::ALL), share(), select(Fortune::ALL))
            .prop_map(|(pick, place, share, fortune)| What::TakeBack(pick, place, share, fortune)),
    ]
}

fn stock() -> impl Strategy<Value = What> {
    let simple = || select(&[Sku::A, Sku::B, Sku::L][..]);
    let place = || select(Place::ALL);
    prop_oneof![
        10 => receive(),
        2 => (0..3u8).prop_map(What::RecallLot),
        6 => (0..3u8).prop_map(What::LiftRecall),
        4 => (-6..6i8, simple(), place()).prop_map(|(units, sku, at)| What::Adjust(units, sku, at)),
        4 => (0..12u8, simple(), place()).prop_map(|(units, sku, at)| What::Count(units, sku, at)),
        3 => (1..4u8, simple(), 0..3usize, 0..8usize).prop_map(|(units, sku, from, step)| {
            let to = (from + step.min(1) + step % 2) % Place::ALL.len();
            What::Transfer(units, sku, Place::ALL[from], Place::ALL[to])
        }),
        2 => (0..4u8, simple(), place()).prop_map(|(units, sku, at)| What::Safety(units, sku, at)),
        2 => (0..3u8, simple(), place()).prop_map(|(days, sku, at)| What::Exclude(days, sku, at)),
        7 => (vec((1..4u8, any_sku()), 1..3), weighted(0.3, place()), select(&[1u8, 10, 60][..]))
            .prop_map(|(lines, place, minutes)| What::Reserve(lines, place, minutes)),
        2 => pick().prop_map(What::End),
        2 => pick().prop_map(What::Expire),
        1 => simple().prop_map(What::Serve),
        1 => (0..3u8).prop_map(What::Customer),
        3 => select(&[1u8, 10, 60][..]).prop_map(What::Wait),
    ]
}

fn supply() -> impl Strategy<Value = What> {
    let simple = || select(&[Sku::A, Sku::B, Sku::L][..]);
    let place = || select(Place::ALL);
    let arrival = prop_oneof![3 => Just(Arrival::Plain), 2 => select(Arrival::ALL)];
    prop_oneof![
        4 => (1..9u8, simple(), place(), 0..9u8)
            .prop_map(|(units, sku, at, days)| What::Expect(units, sku, at, days)),
        4 => (1..4u8, simple(), place(), place(), 0..9u8)
            .prop_map(|(units, sku, from, to, days)| What::Send(units, sku, from, to, days)),
        7 => (pick(), share(), arrival).prop_map(|(pick, share, arrival)| What::Arrive(pick, share, arrival)),
        2 => (pick(), 0..9u8).prop_map(|(pick, days)| What::Postpone(pick, days)),
        2 => pick().prop_map(What::CallOff),
    ]
}

/// Policies, carriers, closures, rules and tills change while orders wait; holds come to an end.
fn settings() -> impl Strategy<Value = What> {
    prop_oneof![
        10 => setting_word().prop_map(What::Setting),
        4 => (pick(), 0..100u8).prop_map(|(pick, score)| What::Scored(pick, score)),
        8 => (pick(), select(VerdictWord::ALL)).prop_map(|(pick, word)| What::Approve(pick, word)),
        3 => pick().prop_map(What::Review),
    ]
}

/// Closures come and go, and rules that ask for somebody are there more often than others.
fn setting_word() -> impl Strategy<Value = SettingWord> {
    prop_oneof![
        4 => select(SettingWord::ALL),
        1 => Just(SettingWord::Closed),
        2 => Just(SettingWord::Reopened),
        2 => Just(SettingWord::RulesApproval),
        1 => Just(SettingWord::RulesScorer),
    ]
}

fn counting() -> impl Strategy<Value = What> {
    prop_oneof![
        4 => (0..3u8, select(&[Sku::A, Sku::B][..]), select(Place::ALL))
            .prop_map(|(units, sku, at)| What::Task(units, sku, at)),
        6 => (pick(), -4..5i8).prop_map(|(pick, difference)| What::Counted(pick, difference)),
        5 => (pick(), select(AgreeWord::ALL)).prop_map(|(pick, word)| What::Agree(pick, word)),
    ]
}

fn world(flavour: Flavour) -> BoxedStrategy<What> {
    let fate = match flavour {
        Flavour::Alone => {
            prop_oneof![2 => Just(Fate::Commit), 1 => Just(Fate::Lost), 1 => Just(Fate::Unheard)]
                .boxed()
        }
        Flavour::Crowd => Just(Fate::Commit).boxed(),
    };
    let nodes = match flavour {
        Flavour::Alone => 0,
        Flavour::Crowd => 12,
    };
    let status = prop_oneof![3 => Just(StatusWord::Open), 2 => Just(StatusWord::Paused), 1 => Just(StatusWord::Closed)];
    prop_oneof![
        8 => (2..6u8, fate).prop_map(|(count, fate)| What::Together(count, fate)),
        nodes => (0..2u8).prop_map(What::Node),
        6 => (0..40u8).prop_map(What::Again),
        3 => (0..10u8).prop_map(What::Otherwise),
        5 => select(Mistake::ALL).prop_map(What::Mistake),
        3 => (select(&[Sku::A, Sku::B][..]), 0..4u8).prop_map(|(sku, units)| What::Oversell(sku, units)),
        1 => select(&[Sku::A, Sku::B, Sku::K][..]).prop_map(What::Rebuild),
        3 => (select(Place::ALL), status).prop_map(|(place, status)| What::Location(place, status)),
    ]
    .boxed()
}

fn receive() -> impl Strategy<Value = What> {
    (
        1..12u8,
        select(&[Sku::A, Sku::B, Sku::L][..]),
        select(Place::ALL),
    )
        .prop_map(|(units, sku, at)| What::Receive(units, sku, at))
}

fn order() -> impl Strategy<Value = NewOrder> {
    let shop = prop_oneof![
        6 => Just(Shop::Shop),
        4 => Just(Shop::Till),
        3 => Just(Shop::Desk),
        2 => Just(Shop::Market),
        1 => Just(Shop::Fair),
        1 => Just(Shop::Later),
        2 => Just(Shop::Patient),
    ];
    let paid = prop_oneof![6 => Just(Paid::Nothing), 1 => Just(Paid::Pending), 2 => Just(Paid::Authorized), 2 => Just(Paid::Captured)];
    (
        (
            shop,
            vec(line(), 1..4),
            weighted(0.93, select(Country::ALL)),
        ),
        (
            weighted(0.2, 0..4u8),
            weighted(0.2, pick()),
            weighted(0.2, priority()),
        ),
        (
            paid,
            weighted(0.2, 0..3u8),
            prop::bool::weighted(0.1),
            prop::bool::weighted(0.15),
        ),
    )
        .prop_map(
            |(
                (shop, lines, to),
                (reference, reservation, priority),
                (paid, customer, trimmings, complete),
            )| NewOrder {
                shop,
                lines,
                to,
                reference,
                reservation,
                priority,
                paid,
                customer,
                trimmings,
                complete,
            },
        )
}

/// Mostly without payments, which come once it is placed.
fn draft() -> impl Strategy<Value = NewOrder> {
    (order(), prop::bool::weighted(0.1)).prop_map(|(order, paid)| NewOrder {
        paid: if paid { order.paid } else { Paid::Nothing },
        ..order
    })
}

fn line() -> impl Strategy<Value = NewLine> {
    let way = prop_oneof![
        8 => Just((Way::Ship, false)),
        1 => Just((Way::Ship, true)),
        3 => Just((Way::Pickup, true)),
        1 => Just((Way::Digital, false)),
        1 => Just((Way::Service, false)),
    ];
    let to = weighted(0.1, select(Country::ALL));
    (
        1..7u8,
        any_sku(),
        way,
        select(Place::ALL),
        to,
        weighted(0.15, 0..28u8),
    )
        .prop_map(|(units, sku, (way, bound), at, to, day)| {
            let at = bound.then_some(at);
            NewLine {
                units,
                sku,
                way,
                at,
                to,
                day,
            }
        })
}

fn any_sku() -> impl Strategy<Value = Sku> {
    prop_oneof![10 => Just(Sku::A), 6 => Just(Sku::B), 4 => Just(Sku::K), 6 => Just(Sku::L), 1 => Just(Sku::X)]
}

fn priority() -> impl Strategy<Value = u16> {
    prop_oneof![4 => Just(100u16), 4 => Just(5), 4 => Just(500), 1 => Just(0), 1 => Just(1_000), 1 => Just(1_001)]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => line().prop_map(Change::Add),
        5 => (0..4u8, 1..9u8).prop_map(|(line, units)| Change::Units(line, units)),
        3 => (0..4u8).prop_map(Change::Remove),
        1 => select(Country::ALL).prop_map(Change::To),
        1 => (0..4u8, select(Country::ALL)).prop_map(|(line, country)| Change::LineTo(line, country)),
        1 => (0..4u8, 1..2_000u16).prop_map(|(line, price)| Change::Price(line, price)),
        1 => (0..900u16).prop_map(Change::Postage),
        1 => (0..28u8).prop_map(Change::Day),
    ]
}

fn pick() -> impl Strategy<Value = Pick> {
    prop_oneof![11 => (0..8u8).prop_map(Pick::Fitting), 1 => (0..8u8).prop_map(Pick::Any)]
}

fn share() -> impl Strategy<Value = Share> {
    prop_oneof![12 => Just(Share::All), 10 => (0..8u8).prop_map(Share::Some), 1 => Just(Share::Over), 1 => Just(Share::Zero)]
}

fn part() -> impl Strategy<Value = Part> {
    (0..4u8, share()).prop_map(|(line, share)| Part { line, share })
}

fn found() -> impl Strategy<Value = Found> {
    let short = prop_oneof![3 => Just(0u8), 2 => 1..4u8];
    (part(), short).prop_map(|(part, short)| Found { part, short })
}

fn packing() -> impl Strategy<Value = Packing> {
    prop_oneof![
        4 => Just(Packing::Together),
        2 => Just(Packing::ByLine),
        2 => Just(Packing::InTwo),
        2 => vec(part(), 1..3).prop_map(Packing::These),
    ]
}

fn shipping() -> impl Strategy<Value = Shipping> {
    prop_oneof![5 => Just(Shipping::All), 3 => (0..4u8).prop_map(Shipping::One), 1 => Just(Shipping::Tracked)]
}

fn outcome() -> impl Strategy<Value = OutcomeWord> {
    prop_oneof![4 => Just(OutcomeWord::Delivered), 3 => select(OutcomeWord::ALL)]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![4 => Just(Scope::All), 2 => (0..4u8).prop_map(Scope::Package), 2 => part().prop_map(Scope::Part)]
}
