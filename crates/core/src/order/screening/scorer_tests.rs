//! A scorer outside, as stories: what waits for it, what its answer does, and its silence.

use crate::fixture::story;

/// Rules with a scorer that holds from 50 on and is given half an hour.
fn rules(more: &str) -> String {
    let secret = "A".repeat(32);
    format!(
        r#"rules {{"code":"R","channels":["backorder"],"scorer":{{"url":"https://scorer.example/","secret":"whsec_{secret}","timeout_ms":1000,"deadline_seconds":1800,"hold_at":50{more}}}}}"#
    )
}

fn told(more: &str, story_of_it: &str) {
    let scene = "location L1\nstock A@L1=9\n";
    story(&format!("{scene}{}\n{story_of_it}", rules(more)));
}

#[test]
fn an_order_waits_for_the_scorer_and_goes_on_with_a_low_score() {
    told(
        "",
        "
            order A=2 > order on_hold; A 2 open; H1 fraud active (the fraud scorer is asked)
            pick F1 > not_found: there is no fulfilment ?
            scored H1 49 as=r-1 because=known_device,same_city > order open; F1@L1 open A:2 assigned; H1 fraud released (the fraud scorer says 49: known device; same city); A@L1 9/2
            journal > fraud_scored, hold_released, lines_sourced
            scored H1 49 as=r-1 because=known_device,same_city > nothing changes
            scored H1 48 as=r-1 because=known_device,same_city > illegal_transition: cannot score now: hold H1 was scored before, and otherwise; the first answer counts
            wait 40m
            review > nothing changes
        ",
    );
}

#[test]
fn a_high_score_leaves_the_hold_to_a_person() {
    told(
        "",
        "
            order A=2 > order on_hold; A 2 open; H1 fraud active (the fraud scorer is asked)
            scored H1 50 > H1 fraud active (the fraud scorer says 50: without reasons)
            journal > fraud_scored
            wait 40m
            review > nothing changes
            release H1 > order open; F1@L1 open A:2 assigned; H1 fraud released (the fraud scorer says 50: without reasons); A@L1 9/2
        ",
    );
}

#[test]
fn a_scorer_that_is_silent_leaves_the_order_held_and_may_answer_later() {
    told(
        "",
        "
            order A=2 > order on_hold; A 2 open; H1 fraud active (the fraud scorer is asked)
            wait 10m
            review > nothing changes
            wait 30m
            review > H1 fraud active (the fraud scorer did not answer in time)
            journal > scorer_silent
            review > nothing changes
            scored H1 3 because=fine > order open; F1@L1 open A:2 assigned; H1 fraud released (the fraud scorer says 3: fine); A@L1 9/2
        ",
    );
}

#[test]
fn a_scorer_that_is_silent_lets_the_order_go_where_the_rules_say_so_and_a_late_no_holds_what_is_left()
 {
    told(
        r#","unanswered":"release""#,
        "
            order A=2 > order on_hold; A 2 open; H1 fraud active (the fraud scorer is asked)
            wait 30m
            review > order open; F1@L1 open A:2 assigned; H1 fraud released (the fraud scorer did not answer in time); A@L1 9/2
            journal > scorer_silent, hold_released, lines_sourced
            scored H1 99 because=stolen_card > order on_hold; F1@L1 on_hold A:2 assigned; H1 fraud released (the fraud scorer says 99: stolen card); H2 fraud active (the fraud scorer says 99: stolen card)
            scored H1 99 because=stolen_card > nothing changes
            scored H2 99 because=stolen_card > nothing changes
            order A=1 > order on_hold; A 1 open; H1 fraud active (the fraud scorer is asked)
            wait 30m
            review > order open; F1@L1 open A:1 assigned; H1 fraud released (the fraud scorer did not answer in time); A@L1 9/3
            scored H1 1 > H1 fraud released (the fraud scorer says 1: without reasons)
            order A=1 > order on_hold; A 1 open; H1 fraud active (the fraud scorer is asked)
            wait 30m
            review > order open; F1@L1 open A:1 assigned; H1 fraud released (the fraud scorer did not answer in time); A@L1 9/4
            cancel > order cancelled; A 1 cancelled; F1@L1 cancelled; A@L1 9/3
            scored H1 99 > H1 fraud released (the fraud scorer says 99: without reasons)
        ",
    );
}

#[test]
fn a_person_who_let_it_go_has_decided() {
    told(
        "",
        "
            order A=2 > order on_hold; A 2 open; H1 fraud active (the fraud scorer is asked)
            release H1 > order open; F1@L1 open A:2 assigned; H1 fraud released (the fraud scorer is asked); A@L1 9/2
            scored H1 99 > H1 fraud released (the fraud scorer says 99: without reasons)
            wait 40m
            review > nothing changes
            order A=2 > order on_hold; A 2 open; H1 fraud active (the fraud scorer is asked)
            cancel > order cancelled; A 2 cancelled
            scored H1 1 > H1 fraud active (the fraud scorer says 1: without reasons)
        ",
    );
}

#[test]
fn the_scorer_is_asked_about_what_its_condition_names() {
    told(
        r#","when":"total_minor >= 3000 && metadata.word != 'x'""#,
        "
            order A=1 metadata=gift > order open; F1@L1 open A:1 assigned; A@L1 9/1
            order A=3 metadata=gift > order on_hold; A 3 open; H1 fraud active (the fraud scorer is asked)
            order A=3 > order on_hold; A 3 open; H1 fraud active (the fraud scorer is asked)
            order A=3 channel=refuse > order open; F1@L1 open A:3 assigned; A@L1 9/4
        ",
    );
}

#[test]
fn other_holds_stay_and_have_no_score() {
    told(
        "",
        r#"
            order A=1 > order on_hold; A 1 open; H1 fraud active (the fraud scorer is asked)
            hold manual call > H2 manual active (call)
            scored H1 1 > H1 fraud released (the fraud scorer says 1: without reasons)
            release H2 > order open; F1@L1 open A:1 assigned; H2 manual released (call); A@L1 9/1
            scored H2 1 > illegal_transition: cannot score now: no scorer was asked about hold H2
            scored H7 1 > not_found: there is no hold ?
        "#,
    );
}

#[test]
fn impossible_answers_name_the_field() {
    told(
        "",
        "
            order A=1 > order on_hold; A 1 open; H1 fraud active (the fraud scorer is asked)
            scored H1 1000001 > invalid_field: /score must lie between -1000000 and 1000000
            scored H1 1 because=a,,b > invalid_field: /reasons/1 must not be empty
            scored H1 1 because=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u > invalid_field: /reasons has 21 reasons; at most 20 are allowed
            scored H1 -1000000 > order open; F1@L1 open A:1 assigned; H1 fraud released (the fraud scorer says -1000000: without reasons); A@L1 9/1
        ",
    );
}

#[test]
fn a_secret_that_is_not_given_again_is_kept() {
    story(&format!(
        "
            location L1
            {}
            {}
            {}
        ",
        rules(""),
        rules("").replace(&format!("whsec_{}", "A".repeat(32)), ""),
        r#"rules {"code":"S","scorer":{"url":"https://scorer.example/","secret":"","timeout_ms":1000,"deadline_seconds":120,"hold_at":50}} > invalid_field: /scorer/secret must be whsec_ and 24 to 64 random bytes in base64"#,
    ));
}

#[test]
fn an_order_that_nobody_could_source_is_kept_with_the_reason() {
    let rules = rules("").replace("backorder", "exceptions");
    story(&format!(
        r#"
            location L1
            stock A@L1=9
            {rules}
            order A=1 ?X=2 channel=exceptions > order on_hold; A 1 open; ?X 2 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name); H2 fraud active (the fraud scorer is asked)
            release H1 > H1 stock released (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
            scored H2 1 > H2 fraud active (the fraud scorer says 1: without reasons; cannot release_hold now: SKU "?X" is still unknown; create the item, or amend the line away, then release)
            journal > fraud_scored
            item ?X
            release H2 > order open; ?X 2 backordered; F1@L1 open A:1 assigned; H2 fraud released (the fraud scorer says 1: without reasons; cannot release_hold now: SKU "?X" is still unknown; create the item, or amend the line away, then release); A@L1 9/1
        "#
    ));
}
