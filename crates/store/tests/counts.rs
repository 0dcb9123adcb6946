//! Cycle counts on both engines: a task is read as it was written, and two who decide about it are told apart.

use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::{
    CountDecision, CountState, CreateCountTask, DecideCount, RecordCount, Tolerance,
};
use throughline_store::{StoreError, views};

use crate::support::{Shop, on_every_engine};

fn task(shop: &mut Shop, sku: &str, tolerance: Tolerance) -> CountTaskId {
    let create = CreateCountTask {
        id: CountTaskId::new(shop.now, shop.bits()),
        sku: sku.to_owned(),
        location: "L1".to_owned(),
        lot: None,
        note: Some("top shelf".to_owned()),
        tolerance,
    };
    let answer = shop.run(Command::CreateCountTask(create)).unwrap();
    let Resource::CountTask(id) = answer.resource else {
        panic!("{answer:?}");
    };
    id
}

fn counted(task: CountTaskId, quantity: i64) -> Command {
    Command::RecordCount(RecordCount {
        task,
        quantity,
        note: None,
    })
}

fn decided(task: CountTaskId, decision: CountDecision) -> Command {
    Command::DecideCount(DecideCount {
        task,
        decision,
        reason: Some("seen again".to_owned()),
    })
}

#[test]
fn a_count_waits_for_somebody_to_agree_and_is_kept_with_everything_that_was_decided() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let strict = task(&mut shop, "A", Tolerance::default());
        let other = task(
            &mut shop,
            "B",
            Tolerance {
                units: Some(5),
                ..Tolerance::default()
            },
        );
        shop.run(counted(strict, 90)).unwrap();
        shop.run(decided(strict, CountDecision::Reject)).unwrap();
        shop.run(counted(strict, 97)).unwrap();
        shop.run(counted(other, 96)).unwrap();
        let waiting = shop
            .store
            .read(|connection| views::counts::list(connection, Some(CountState::Waiting), None, 9))
            .unwrap();
        assert_eq!(waiting.data.len(), 1, "{engine:?}");
        assert_eq!(waiting.data[0].id, strict);
        shop.run(decided(strict, CountDecision::Approve)).unwrap();
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        let (known, first) = shop
            .store
            .read(|connection| {
                let known = views::counts::get(connection, strict)?;
                Ok((known, views::counts::list(connection, None, None, 1)?))
            })
            .unwrap();
        let known = known.unwrap();
        assert_eq!(
            (known.state, known.version),
            (CountState::Closed, 5),
            "{engine:?}"
        );
        let rounds: Vec<(i64, i64, bool)> = known
            .rounds
            .iter()
            .map(|round| (round.counted, round.expected, round.review.is_some()))
            .collect();
        assert_eq!(rounds, [(90, 100, true), (97, 100, true)]);
        assert!(first.has_more && first.data[0].id == other, "{engine:?}");
        database.execute("UPDATE count_task SET state = 'open' WHERE state = 'closed'");
        assert_eq!(shop.violations().len(), 2, "{engine:?}");
    });
}

#[test]
fn two_who_decide_about_one_count_are_told_apart() {
    on_every_engine(|engine, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let strict = task(&mut first, "A", Tolerance::default());
        first.run(counted(strict, 90)).unwrap();
        let mut second = Shop::new(database.open(), 2);
        let late = second.request(decided(strict, CountDecision::Reject));
        let planned = second.plan(std::slice::from_ref(&late)).unwrap();
        first.run(decided(strict, CountDecision::Approve)).unwrap();
        let failed = second.commit(&planned);
        assert!(
            matches!(failed, Err(StoreError::GuardFailed(_))),
            "{engine:?}: {failed:?}"
        );
        second.writer.rollback();
        let again = second.run_all(&[late]).remove(0);
        assert!(
            matches!(again, Err(Refusal::CountNotPossible { .. })),
            "{engine:?}: {again:?}"
        );
    });
}
