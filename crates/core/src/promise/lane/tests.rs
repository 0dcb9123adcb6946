use proptest::prelude::*;

use super::*;

const TABLE: TableDays = TableDays {
    days: 3,
    margin_days: 2,
};

fn now() -> Month {
    Month(24_323)
}

/// A lane such as `L1 dhl DE n52e012`.
fn lane(text: &str) -> Lane {
    let words: Vec<&str> = text.split_whitespace().collect();
    Lane {
        location: LocationId(words[0][1..].parse().unwrap()),
        service: words[1].to_owned(),
        country: words[2].to_owned(),
        area: words
            .get(3)
            .map_or(String::new(), |area| (*area).to_owned()),
    }
}

/// A book of lines such as `L1 dhl DE n52e012: -1 2×40 3×5`: months before now, then days and parcels.
fn book(text: &str) -> LaneBook {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    LaneBook::of(lines.flat_map(|line| {
        let (name, counts) = line.split_once(": -").unwrap();
        let mut words = counts.split_whitespace();
        let before: i32 = words.next().unwrap().parse().unwrap();
        let name = lane(name);
        words.map(move |word| {
            let (days, parcels) = word.split_once('×').unwrap();
            LaneCount {
                lane: name.clone(),
                month: now().before(before),
                days: days.parse().unwrap(),
                parcels: parcels.parse().unwrap(),
            }
        })
    }))
}

fn told(book: &LaneBook, name: &str) -> String {
    let time = book.transit_time(&lane(name), now(), TABLE, 1);
    let proven = if time.proven { "proven" } else { "unproven" };
    format!(
        "{} {} {proven} {:?} {}",
        time.likely_days, time.kept_days, time.level, time.parcels
    )
}

#[test]
fn the_most_exact_level_with_enough_parcels_answers() {
    let steady = "
        L1 dhl DE n52e012: -2 1×30 2×5
        L1 dhl DE n52e012: -1 1×30 2×5
        L1 dhl DE n50e010: -2 2×40
        L1 dhl DE n50e010: -1 2×20 4×1
        L2 dhl DE n52e012: -1 2×9
    ";
    let book = book(steady);
    for (name, expected) in [
        ("L1 dhl DE n52e012", "1 2 proven Lane 70"),
        ("L1 dhl DE n50e010", "2 2 proven Lane 61"),
        ("L1 dhl DE n48e008", "2 2 proven Country 131"),
        ("L2 dhl DE n52e012", "2 2 proven Service 140"),
        ("L3 dhl FR", "2 2 proven Service 140"),
        ("L1 ups DE n52e012", "3 5 unproven Table 0"),
    ] {
        assert_eq!(told(&book, name), expected, "{name}");
    }
}

#[test]
fn what_is_not_backtested_or_fails_is_unproven_and_no_better_than_the_table() {
    for (counts, expected) in [
        // thirty parcels, and no month before them to judge them by
        ("L1 dhl DE: -0 1×30", "1 5 unproven Lane 30"),
        ("L1 dhl DE: -0 1×29", "3 5 unproven Table 0"),
        // the second month was slower than what the first one promised
        (
            "L1 dhl DE: -1 1×40
             L1 dhl DE: -0 1×20 4×20",
            "1 5 unproven Lane 80",
        ),
        // slower than the table says
        (
            "L1 dhl DE: -1 1×40
             L1 dhl DE: -0 8×40",
            "1 8 unproven Lane 80",
        ),
        // what is older than a year is forgotten, and still judges the year
        (
            "L1 dhl DE: -13 1×40
             L1 dhl DE: -12 1×40
             L1 dhl DE: -11 2×40",
            "2 5 unproven Lane 40",
        ),
        ("L1 dhl DE: -12 1×40", "3 5 unproven Table 0"),
        // beyond what is counted
        (
            "L1 dhl DE: -1 40×40
             L1 dhl DE: -0 40×40",
            "3 5 unproven Lane 80",
        ),
    ] {
        assert_eq!(told(&book(counts), "L1 dhl DE"), expected, "{counts}");
    }
}

#[test]
fn parcels_that_come_together_are_promised_later_than_each_alone() {
    let book = book(
        "
        L1 dhl DE: -2 1×92 2×4 3×4
        L1 dhl DE: -1 1×92 2×4 3×4
    ",
    );
    let kept = |together| {
        let time = book.transit_time(&lane("L1 dhl DE"), now(), TABLE, together);
        (time.kept_days, time.proven)
    };
    assert_eq!(kept(1), (1, true));
    assert_eq!(kept(2), (2, true));
    assert_eq!(kept(3), (3, true));
    // 200 parcels do not say what one in a thousand takes.
    assert_eq!(kept(100), (5, false));
}

/// A stream of numbers that is the same each time (Steele, Lea and Flood, SplitMix, 2014).
fn numbers(mut seed: u64) -> impl FnMut() -> u64 {
    move || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A lane whose parcels come from one distribution: what it promises is kept by nine of ten of those that follow.
    #[test]
    fn promises_of_a_steady_lane_are_kept_and_proven(seed in any::<u64>(), spread in 1_u64..6) {
        let mut next = numbers(seed);
        let mut days = move || u8::try_from(1 + (next() % spread) + (next() % spread)).unwrap();
        let mut book = LaneBook::default();
        let name = lane("L1 dhl DE");
        for month in 0..24 {
            for _ in 0..60 {
                let month = now().before(23 - month);
                book.add(LaneCount { lane: name.clone(), month, days: days(), parcels: 1 });
            }
        }
        let time = book.transit_time(&name, now(), TABLE, 1);
        prop_assert_eq!(time.level, Level::Lane);
        prop_assert!(time.proven);
        prop_assert!(time.likely_days <= time.kept_days);
        let kept = (0..2_000).filter(|_| days() <= time.kept_days).count();
        // nine of ten, less four times what chance makes of 720 and of 2,000 parcels
        prop_assert!(kept >= 1_690, "{} of 2000", kept);
    }

    #[test]
    fn answers_are_ordered_and_unproven_ones_cautious(
        counts in prop::collection::vec((0_i32..30, 0_u8..40, 1_u64..50), 0..40), days in 0_u8..10, margin_days in 0_u8..5,
    ) {
        let table = TableDays { days, margin_days };
        let name = lane("L1 dhl DE");
        let book = LaneBook::of(counts.iter().map(|(before, days, parcels)| LaneCount {
            lane: name.clone(), month: now().before(*before), days: *days, parcels: *parcels,
        }));
        let time = book.transit_time(&name, now(), table, 1);
        prop_assert!(time.likely_days <= time.kept_days);
        prop_assert!(!time.proven || time.parcels >= OBSERVATIONS_MIN);
        prop_assert!(time.proven || time.kept_days >= days + margin_days);
    }
}
