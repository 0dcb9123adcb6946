//! Planned faults: the story holds when the engine or the network fails at the worst moment.

use throughline_core::decision::Resource;
use throughline_store::{Fault, Faults, StoreError};

use crate::support::{Shop, line, on_every_engine, order};

#[test]
fn a_batch_cut_before_its_commit_never_happened() {
    on_every_engine(|_, database| {
        let faults = Faults::none();
        let mut shop = Shop::furnished(database.open_with(faults.clone()), 1);
        let place = shop.place(order("cut", vec![line("A", 1)]));
        let request = shop.request(place);
        faults.next(Fault::CutBeforeCommit);
        let error = shop.try_run(std::slice::from_ref(&request)).unwrap_err();
        assert!(matches!(error, StoreError::Retry(_)), "{error}");
        assert!(shop.violations().is_empty());
        assert!(shop.run_all(&[request])[0].is_ok());
        assert_eq!(faults.happened(), 1);
    });
}

#[test]
fn a_batch_whose_commit_got_no_answer_happens_once() {
    on_every_engine(|_, database| {
        let faults = Faults::none();
        let mut shop = Shop::furnished(database.open_with(faults.clone()), 1);
        let place = shop.place(order("unknown", vec![line("A", 1)]));
        let request = shop.request(place);
        faults.next(Fault::CutAfterCommit);
        let error = shop.try_run(std::slice::from_ref(&request)).unwrap_err();
        assert!(matches!(error, StoreError::UnknownOutcome), "{error}");
        let again = shop.run_all(std::slice::from_ref(&request));
        let Resource::Order(id) = again[0].as_ref().unwrap().resource else {
            panic!("{again:?}")
        };
        assert_eq!(shop.order(id).version, again[0].as_ref().unwrap().version);
        // The next batch is numbered after the one of unknown outcome, and its projections were caught up.
        let place = shop.place(order("next", vec![line("A", 1)]));
        shop.run(place).unwrap();
        shop.writer.flush_projections().unwrap();
        assert!(shop.violations().is_empty());
    });
}

#[test]
fn orders_survive_a_hail_of_faults_exactly_once() {
    on_every_engine(|engine, database| {
        for seed in 0..4 {
            let faults = Faults::seeded(seed, 5);
            let mut shop = if seed == 0 {
                Shop::furnished(database.open_with(Faults::none()), 1)
            } else {
                Shop::new(database.open_with(Faults::none()), u128::from(seed) + 1)
            };
            drop(shop.writer);
            shop.store = database.open_with(faults.clone());
            shop.writer = loop {
                match shop.store.writer("hail", shop.now) {
                    Ok(writer) => break writer,
                    Err(error) => assert!(error.is_retryable(), "{error}"),
                }
            };
            let mut placed = Vec::new();
            for batch in 0..15 {
                let requests: Vec<_> = (0..3)
                    .map(|number| {
                        let place = shop.place(order(
                            &format!("{seed}-{batch}-{number}"),
                            vec![line("A", 1)],
                        ));
                        shop.request(place)
                    })
                    .collect();
                for answer in shop.run_all(&requests) {
                    placed.push(answer.unwrap().resource);
                }
                while let Err(error) = shop.writer.flush_projections() {
                    assert!(error.is_retryable(), "{error}");
                }
            }
            faults.stop();
            placed.sort_unstable_by_key(|resource| resource.encode().1);
            placed.dedup();
            assert_eq!(placed.len(), 45, "{engine:?}");
            assert!(
                faults.happened() > 5,
                "{engine:?}: {} faults",
                faults.happened()
            );
            let violations = shop.violations();
            assert!(
                violations.is_empty(),
                "{engine:?}, seed {seed}: {violations:#?}"
            );
            shop.writer.release();
        }
    });
}
