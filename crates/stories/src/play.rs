//! Playing many stories, and making a small one of a story that fails.

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use crate::generate::{Flavour, stories};
use crate::{Story, Subject, Tally, tell};

/// The seed that is used unless more is asked for, so that the tests of one version always tell the same stories.
const SEED: u64 = 20_260_105;

/// Times a story is told to make it smaller.
const TRIES_MAX: u32 = 600;

/// Tells `cases` stories to new subjects; `PROPTEST_CASES` tells more of them, and `PROPTEST_RNG_SEED` others.
/// Answers what came of the steps.
///
/// # Panics
/// With the smallest story that could be made of one that failed, ready to be pasted into a test.
pub fn play(flavour: Flavour, cases: u32, mut subject: impl FnMut() -> Box<dyn Subject>) -> Tally {
    let mut runner = TestRunner::new(config(cases));
    let tally = std::cell::RefCell::new(Tally::default());
    let subject = std::cell::RefCell::new(&mut subject);
    let result = runner.run(&stories(flavour), |story| {
        let mut subject = (subject.borrow_mut())();
        let told = tell(&story, subject.as_mut(), &mut tally.borrow_mut());
        told.map(drop)
            .map_err(|broken| TestCaseError::fail(short(&broken.violations)))
    });
    match result {
        Ok(()) => tally.into_inner(),
        Err(TestError::Fail(_, story)) => {
            let tries = config(cases).max_shrink_iters.min(TRIES_MAX);
            let story = smallest(story, tries, &mut *subject.borrow_mut());
            let mut subject = (subject.borrow_mut())();
            replay_on(&story, subject.as_mut());
            panic!("the story failed once, and not again:\n\n{story}");
        }
        Err(TestError::Abort(reason)) => panic!("no more stories: {reason}"),
    }
}

/// Takes steps out of a story that fails as long as it does.
fn smallest(
    mut story: Story,
    mut tries: u32,
    subject: &mut impl FnMut() -> Box<dyn Subject>,
) -> Story {
    let mut position = story.0.len();
    while position > 0 && tries > 0 {
        position -= 1;
        tries -= 1;
        let mut shorter = story.clone();
        shorter.0.remove(position);
        if tell(&shorter, subject().as_mut(), &mut Tally::default()).is_err() {
            story = shorter;
            // Steps that were needed by this one may not be needed any more.
            position = story.0.len();
        }
    }
    story
}

/// Tells one story, given as text, and answers it with what came of each step.
///
/// # Panics
/// When it cannot be read, or something is not true that must always be.
pub fn replay(text: &str, subject: &mut dyn Subject) -> String {
    let story: Story = text.parse().unwrap_or_else(|error| panic!("{error}"));
    replay_on(&story, subject)
}

fn replay_on(story: &Story, subject: &mut dyn Subject) -> String {
    match tell(story, subject, &mut Tally::default()) {
        Ok(told) => told.join("\n"),
        Err(broken) => panic!("a story breaks what must always be true:\n\n{broken}"),
    }
}

fn short(violations: &[throughline_core::order::Violation]) -> String {
    violations
        .first()
        .map(|violation| violation.invariant.to_owned())
        .unwrap_or_default()
}

fn config(cases: u32) -> Config {
    let is_set = |name: &str| std::env::var_os(name).is_some();
    let mut config = Config {
        failure_persistence: None,
        max_shrink_time: 240_000,
        ..Config::default()
    };
    if !is_set("PROPTEST_MAX_SHRINK_ITERS") {
        config.max_shrink_iters = 3_000;
    }
    if is_set("PROPTEST_CASES") || is_set("PROPTEST_RNG_SEED") {
        return config;
    }
    Config {
        cases,
        rng_seed: RngSeed::Fixed(SEED),
        ..config
    }
}
