//! Steps as text, and back, so that a story that failed can be pasted into a test.
//!
//! ```text
//! place shop 2×A 1×K:pickup@S 1×B>FR to DE ref=1 from=#0 priority=5 captured customer=1 trimmings
//! pick #3 l0=some2~1          the fourth fulfilment that can be picked: some of the first line, one is short
//! ship any#2 p1               the third fulfilment, whatever its state: its second package
//! again 4                     the fifth request once more
//! ```
//!
//! What follows ` > ` in a line tells what came of the step and is not read.

mod read;
mod write;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Flavour, Story, stories_with};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_is_written_is_read_again(story in stories_with(Flavour::Crowd, 1..20)) {
            let text = story.to_string();
            prop_assert_eq!(text.parse::<Story>(), Ok(story), "{}", text);
        }
    }

    #[test]
    fn what_came_of_a_step_is_not_read() {
        let told = "receive 5×A@W > ok\n\n  place shop 2×A to DE > created order 1\n";
        let story: Story = told.parse().expect("two steps");
        assert_eq!(
            story.to_string(),
            "receive 5×A@W\nplace shop 2×A to DE unpaid\n"
        );
    }

    #[test]
    fn a_word_too_many_is_an_error() {
        for wrong in [
            "wait 5 6",
            "jump",
            "pick",
            "pick #x",
            "place shop 2A",
            "cancel #0 0=all",
        ] {
            assert!(wrong.parse::<Story>().is_err(), "{wrong}");
        }
    }
}
