//! Screening as stories: what is found, which holds come of it, and who may let the order go on.

use crate::fixture::story;

#[test]
fn fraud_rules_add_their_scores_up_and_hold_or_refuse() {
    story(
        r#"
            location L1
            stock A@L1=9
            rules {"code":"R","channels":["backorder"],"fraud":{"hold_at":50,"refuse_at":90,"rules":[{"name":"large","when":"total_minor >= 5000","score":30},{"name":"far","when":"ship_to.country != 'DE'","score":25},{"name":"gift","when":"metadata.word == 'gift'","score":20},{"name":"vip","when":"'vip' in tags","score":-50}]}}
            order A=1 metadata=none                 > order open; F1@L1 open A:1 assigned; A@L1 9/1
            order A=5 metadata=none                 > order open; F1@L1 open A:5 assigned; A@L1 9/6
            order A=5 metadata=gift                 > order on_hold; A 5 open; H1 fraud active (score 50: large (+30); gift (+20))
            order A=5 to=FR                         > order on_hold; A 5 open; H1 fraud active (score 75: large (+30); far (+25); gift (+20, because the order has no "word"))
            due                                     > never
            order A=5 to=FR tag=vip metadata=gift   > order open; A 2 backordered; F1@L1 open A:3 assigned; tags vip; A@L1 9/9
        "#,
    );
}

#[test]
fn a_score_that_refuses_only_holds_where_mistakes_are_taken() {
    story(
        r#"
            rules {"code":"R","channels":["refuse","exceptions"],"fraud":{"hold_at":50,"refuse_at":90,"rules":[{"name":"all","when":"true","score":95}]}}
            order A=1 channel=refuse > screened_out: the fraud check refuses the order: score 95: all (+95); change the order, or the screening rules of its channel
            order A=1 channel=exceptions > order on_hold; A 1 open; H1 fraud active (score 95: all (+95))
            order A=1 channel=backorder > order open; A 1 backordered
            history A=1 channel=exceptions delivered=-5m > order delivered; F1 delivered A:1 delivered
            draft A=1 channel=exceptions > order draft; A 1 open
            place > order on_hold; H1 fraud active (score 95: all (+95))
        "#,
    );
}

#[test]
fn velocity_counts_what_came_within_the_hour_and_the_day() {
    story(
        r#"
            rules {"code":"R","channels":["backorder"],"fraud":{"hold_at":1,"rules":[{"name":"cards","when":"velocity.card.orders_hour >= 2","score":1},{"name":"mail","when":"velocity.email.amount_day_minor >= 3000","score":1},{"name":"place","when":"velocity.area.orders_day >= 3","score":1},{"name":"person","when":"velocity.customer.orders_day >= 3","score":1}]}}
            order A=1 email=ann@example.org to=48.1,11.6 pay:authorized=1000 card=fp1 > order open; A 1 backordered; T1 card 1000/0/0; payment authorized
            order A=1 email=ann@example.org to=48.1,11.6 pay:authorized=1000 card=fp1 > order open; A 1 backordered; T1 card 1000/0/0; payment authorized
            order A=1 email=bob@example.org to=48.1,11.6 pay:authorized=1000 card=fp1 > order on_hold; A 1 open; H1 fraud active (score 1: cards (+1)); T1 card 1000/0/0; payment authorized
            order A=1 email=ANN@example.org to=48.2,11.6 > order open; A 1 backordered
            order A=1 email=ann@example.org to=48.14,11.64 > order on_hold; A 1 open; H1 fraud active (score 3: mail (+1); place (+1); person (+1))
            wait 61m
            order A=1 email=cat@example.org pay:authorized=1000 card=fp1 > order open; A 1 backordered; T1 card 1000/0/0; payment authorized
            wait 1440m
            order A=1 email=ann@example.org to=48.1,11.6 pay:authorized=1000 card=fp1 > order open; A 1 backordered; T1 card 1000/0/0; payment authorized
        "#,
    );
}

#[test]
fn the_same_order_again_is_held_within_the_window() {
    story(
        r#"
            rules {"code":"R","channels":["backorder"],"duplicates":{"window_minutes":30}}
            order A=2 B=1 email=ann@example.org > order open; A 2 backordered; B 1 backordered
            order B=1 A=1 A=1 email=Ann@example.org > order on_hold; B 1 open; A 1 open; A#2 1 open; H1 duplicate active (the same as order 1 of 1 minutes ago: customer, destination, SKUs and quantities)
            order A=2 B=2 email=ann@example.org > order open; A 2 backordered; B 2 backordered
            order A=2 B=1 email=ann@example.org to=2 > order open; A 2 backordered; B 1 backordered
            order A=2 B=1 email=bob@example.org > order open; A 2 backordered; B 1 backordered
            order A=2 B=1 > order open; A 2 backordered; B 1 backordered
            order A=2 B=1 > order open; A 2 backordered; B 1 backordered
            wait 40m
            order A=2 B=1 email=ann@example.org > order open; A 2 backordered; B 1 backordered
        "#,
    );
}

#[test]
fn addresses_must_have_the_form_of_their_country() {
    story(
        r#"
            rules {"code":"R","channels":["backorder","exceptions"],"address_formats":true}
            order A=1 > order open; A 1 backordered
            order A=1 to=NL > order on_hold; A 1 open; H1 address active (/ship_to/postal_code must be like 1011 AB in NL)
            order A=1 to=US > order on_hold; A 1 open; H1 address active (/ship_to/region must name the state or province in US)
            order A=1 to=AE > order open; A 1 backordered
            order A=1 A=1^CH > order on_hold; A 1 open; A#2 1 open; H1 address active (/lines/1/ship_to/postal_code must be like 8001 in CH)
            order A=1:digital to=none > order open; F1 open A:1 assigned
            order A=1 to=no-code channel=exceptions > order on_hold; A 1 open; H1 address active (/ship_to/postal_code must not be empty)
        "#,
    );
}

#[test]
fn prices_payments_and_denied_names_are_found_together() {
    story(
        r#"
            item C cost=500
            item D
            rules {"code":"R","channels":["backorder"],"price":{"least_percent":110,"most_percent":400},"payment":{"least_percent":100},"authorization_days":7,"deny":[{"kind":"sku","value":"D","reason":"recalled"},{"kind":"email","value":"438c4c7afe600cdf1e455c369bec76dc970fc8ca463447c7b387a347f3c79331","reason":"chargebacks"},{"kind":"area","value":"FR","reason":"embargo"},{"kind":"customer","value":"C-7","reason":"owes"}]}
            order C=2(550) pay:authorized=1100 > order open; C 2 backordered; T1 card 1100/0/0; payment authorized
            due > never
            order C=2(549) pay:captured=1098 > order on_hold; C 2 open; H1 price active (SKU "C" is sold for 1098, below 110 % of its cost 1000); T1 card 1098/1098/0; payment paid
            order C=2(2000~1) D=1(0) pay:authorized=3999 > order on_hold; C 2 open; D 1 open; H1 fraud active (SKU "D" is denied (recalled)); T1 card 3999/0/0; payment authorized
            due > 9720
            order C=1(2001) pay:pending=2001 > order on_hold; C 1 open; H1 price active (SKU "C" is sold for 2001, above 400 % of its cost 500); H2 payment active (0 of 2001 is authorised or paid; 100 % is needed); T1 card 0/0/0; payment pending
            order A=1(10) to=FR customer=C-7 pay:authorized=9 > order on_hold; A 1 open; H1 fraud active (the area FR is denied (embargo); the customer is denied (owes)); H2 payment active (9 of 10 is authorised or paid; 100 % is needed); T1 card 9/0/0; payment authorized
            order A=1 email=Ann@Example.org pay:captured=1000 > order on_hold; A 1 open; H1 fraud active (the email address is denied (chargebacks)); T1 card 1000/1000/0; payment paid
        "#,
    );
}

#[test]
fn an_approval_is_granted_or_refused_by_who_may_escalates_and_runs_out() {
    story(
        r#"
            location L1
            stock A@L1=9
            rules {"code":"R","channels":["backorder"],"approvals":[{"name":"large","when":"total_minor >= 3000","role":"operations","escalate_after_minutes":30,"escalate_to":"owner","expires_after_minutes":60},{"name":"discount","when":"discount_minor * 10 >= goods_minor","role":"owner"}]}
            order A=1 > order open; F1@L1 open A:1 assigned; A@L1 9/1
            order A=3 > order on_hold; A 3 open; H1 approval active (large: total_minor >= 3000) for operations
            actions > amend, cancel, hold, approve, disapprove, note, tag, priority, pay
            pick F1 > not_found: there is no fulfilment ?
            release H1 > illegal_transition: cannot release_hold now: hold H1 is an approval; approve or disapprove it instead
            approve H1 customer_service > not_approver: approval H1 is for the role operations; ask somebody who has it
            approve H1 owner > not_approver: approval H1 is for the role operations; ask somebody who has it
            approve H1 operations > order open; F1@L1 open A:3 assigned; H1 approval released (large: total_minor >= 3000) for operations: granted; A@L1 9/4
            journal > approval_decided, lines_sourced
            approve H1 operations > illegal_transition: cannot approve now: hold H1 was decided before
            order A=3(1000~300) > order on_hold; A 3 open; H1 approval active (discount: discount_minor * 10 >= goods_minor) for owner
            approve H1 operations > not_approver: approval H1 is for the role owner; ask somebody who has it
            disapprove H1 owner > invalid_field: /reason must not be empty
            disapprove H1 owner because=too_cheap > order cancelled; A 3 cancelled; H1 approval active (discount: discount_minor * 10 >= goods_minor) for owner: rejected
            approve H1 owner > illegal_transition: cannot approve now: hold H1 was decided before
            order A=4 > order on_hold; A 4 open; H1 approval active (large: total_minor >= 3000) for operations
            wait 30m
            review > H1 approval active (large: total_minor >= 3000) for operations or owner
            approve H1 owner > order open; F1@L1 open A:4 assigned; H1 approval released (large: total_minor >= 3000) for operations or owner: granted; A@L1 9/8
            order A=4 > order on_hold; A 4 open; H1 approval active (large: total_minor >= 3000) for operations
            review > nothing changes
            wait 70m
            review > order cancelled; A 4 cancelled; H1 approval active (large: total_minor >= 3000) for operations: expired
            actions > note, tag, priority, pay
            review > nothing changes
            approve H9 owner > not_found: there is no hold ?
            hold manual wait > illegal_transition: cannot hold now: all of its units have left or were cancelled; there is nothing to stop
        "#,
    );
}

#[test]
fn credit_counts_what_is_owed_until_it_is_paid_or_cancelled() {
    story(
        r#"
            customer email=ann@example.org
            customer email=bob@example.org
            account email=ann@example.org tier=gold limit=5000 days=30
            rules {"code":"R","channels":["backorder"],"payment":{"least_percent":100},"credit":{"exceeded":"hold","new_customer_minor":3000,"high_value_minor":9000}}
            order A=3 email=ann@example.org > order on_hold; A 3 backordered; H1 credit active (the first order of this customer comes to 3000)
            journal > order_placed, taken_on_account, order_held, lines_sourced
            owes ann@example.org > 3000
            order A=2 email=ann@example.org > order open; A 2 backordered
            owes ann@example.org > 5000
            order A=1 email=ann@example.org > order on_hold; A 1 backordered; H1 credit active (the customer owes 5000 of 5000, and this order adds 1000: 1000 too much)
            owes ann@example.org > 6000
            cancel > order cancelled; A 1 cancelled
            owes ann@example.org > 5000
            on O1
            pay captured 1000 > T1 manual 1000/1000/0; payment partially_paid
            owes ann@example.org > 4000
            amend A=1 > A 1 backordered; payment paid
            owes ann@example.org > 2000
            order A=1 email=ann@example.org pay:authorized=1000 > order open; A 1 backordered; T1 card 1000/0/0; payment authorized
            owes ann@example.org > 2000
            order A=1 email=bob@example.org > order on_hold; A 1 backordered; H1 payment active (0 of 1000 is authorised or paid; 100 % is needed)
            order A=9 email=ann@example.org > order on_hold; A 9 backordered; H1 credit active (the order comes to 9000); H2 credit active (the customer owes 2000 of 5000, and this order adds 9000: 6000 too much)
            owes ann@example.org > 11000
            account email=ann@example.org limit=500 currency=USD > invalid_field: /credit/currency cannot change while 11000 is owed; settle it first
            account email=ann@example.org limit=-1 > invalid_field: /credit/limit_minor must not be negative, nor beyond 2^53 - 1
            rules {"code":"R","channels":["backorder"],"credit":{"exceeded":"refuse"}}
            order A=1 email=ann@example.org > screened_out: the credit check refuses the order: the customer owes 11000 of 5000, and this order adds 1000: 7000 too much; change the order, or the screening rules of its channel
        "#,
    );
}

#[test]
fn rules_that_cannot_work_are_refused_with_the_field() {
    story(
        r#"
            rules {"code":"R","channels":["backorder"]}
            answer > created, network 7
            rules {"code":"R","channels":["backorder"]}
            answer > ok, network 7
            rules {"code":"R","channels":["backorder"],"address_formats":true}
            answer > ok, network 8
            rules {"code":"S","channels":["hold","backorder"]} > invalid_field: /channels/1 names the channel "backorder", which has the rules "R"; take it out there first
            rules {"code":"S","channels":["hold","hold"]} > invalid_field: /channels/1 names a channel a second time
            rules {"code":"S","channels":["nowhere"]} > unknown_reference: /channels/0 names the unknown channel "nowhere"; create it first or correct the name
            rules {"code":""} > invalid_field: /code must not be empty
            rules {"code":"S","utc_offset_minutes":900} > invalid_field: /utc_offset_minutes must lie between -840 and 840
            rules {"code":"S","authorization_days":0} > invalid_field: /authorization_days must lie between 1 and 365
            rules {"code":"S","duplicates":{"window_minutes":1441}} > invalid_field: /duplicates/window_minutes must lie between 1 and 1440
            rules {"code":"S","payment":{"least_percent":101}} > invalid_field: /payment/least_percent must lie between 1 and 100
            rules {"code":"S","price":{}} > invalid_field: /price needs a least_percent, a most_percent, or both
            rules {"code":"S","price":{"least_percent":120,"most_percent":110}} > invalid_field: /price/most_percent must not be below least_percent
            rules {"code":"S","fraud":{"hold_at":5,"rules":[]}} > invalid_field: /fraud/rules must name at least one rule
            rules {"code":"S","fraud":{"hold_at":0,"rules":[{"name":"a","when":"true","score":5}]}} > invalid_field: /fraud/hold_at must lie between 1 and 100000
            rules {"code":"S","fraud":{"hold_at":5,"refuse_at":5,"rules":[{"name":"a","when":"true","score":5}]}} > invalid_field: /fraud/refuse_at must be above hold_at
            rules {"code":"S","fraud":{"hold_at":5,"rules":[{"name":"","when":"true","score":5}]}} > invalid_field: /fraud/rules/0/name must not be empty
            rules {"code":"S","fraud":{"hold_at":5,"rules":[{"name":"a","when":"true","score":1001}]}} > invalid_field: /fraud/rules/0/score must lie between -1000 and 1000
            rules {"code":"S","deny":[{"kind":"email","value":"ann@example.org","reason":"x"}]} > invalid_field: /deny/0/value must be an email address, or the SHA-256 of one in 64 lower-case hexadecimal digits
            rules {"code":"S","deny":[{"kind":"sku","value":"A","reason":""}]} > invalid_field: /deny/0/reason must not be empty
            rules {"code":"S","credit":{"exceeded":"hold","high_value_minor":0}} > invalid_field: /credit/high_value_minor must lie between 1 and 9007199254740991
            rules {"code":"S","approvals":[{"name":"a","when":"true","role":""}]} > invalid_field: /approvals/0/role must not be empty
            rules {"code":"S","approvals":[{"name":"a","when":"true","role":"owner","escalate_after_minutes":5}]} > invalid_field: /approvals/0/escalate_to and escalate_after_minutes go together; give both or neither
            rules {"code":"S","approvals":[{"name":"a","when":"true","role":"owner","expires_after_minutes":0}]} > invalid_field: /approvals/0/expires_after_minutes must lie between 1 and 129600
            rules {"code":"S","approvals":[{"name":"a","when":"true","role":"owner","escalate_after_minutes":5,"escalate_to":"owner","expires_after_minutes":5}]} > invalid_field: /approvals/0/expires_after_minutes must be above escalate_after_minutes
        "#,
    );
}

#[test]
fn an_amended_order_is_checked_again_for_what_has_changed() {
    story(
        r#"
            location L1
            item A cost=500
            stock A@L1=99
            stock B@L1=99
            rules {"code":"R","channels":["backorder"],"address_formats":true,"deny":[{"kind":"sku","value":"B","reason":"not for sale"}],"price":{"least_percent":100},"fraud":{"hold_at":50,"refuse_at":90,"rules":[{"name":"large","when":"total_minor >= 5000","score":50},{"name":"far","when":"ship_to.country != 'DE'","score":45}]},"approvals":[{"name":"big","when":"total_minor >= 3000","role":"operations"}]}
            order A=1 > order open; F1@L1 open A:1 assigned; A@L1 99/1
            amend A=2 > F1@L1 open A:2 assigned; A@L1 99/2
            amend A(400) > order on_hold; F1@L1 on_hold A:2 assigned; H1 price active (SKU "A" is sold for 800, below 100 % of its cost 1000)
            amend A=3(1000) > A 1 open; H2 approval active (big: total_minor >= 3000) for operations
            amend A=4 > A 2 open
            release H1 > H1 price released (SKU "A" is sold for 800, below 100 % of its cost 1000)
            approve H2 operations > order open; F1@L1 open A:4 assigned; H2 approval released (big: total_minor >= 3000) for operations: granted; A@L1 99/4
            amend A=3 > F1@L1 open A:3 assigned; A@L1 99/3
            amend A=4 > order on_hold; A 1 open; F1@L1 on_hold A:3 assigned; H3 approval active (big: total_minor >= 3000) for operations
            amend A=5 > A 2 open; H4 fraud active (score 50: large (+50))
            release H4 > H4 fraud released (score 50: large (+50))
            approve H3 operations > order open; F1@L1 open A:5 assigned; H3 approval released (big: total_minor >= 3000) for operations: granted; A@L1 99/5
            amend to=FR > screened_out: the fraud check refuses the order: score 95: large (+50); far (+45); change the order, or the screening rules of its channel
            amend +B=1 > order on_hold; B 1 open; F1@L1 on_hold A:5 assigned; H5 fraud active (SKU "B" is denied (not for sale)); H6 approval active (big: total_minor >= 3000) for operations
        "#,
    );
}

#[test]
fn an_amended_order_is_measured_against_the_credit_that_is_left_without_it() {
    story(
        r#"
            customer email=ann@example.org
            account email=ann@example.org limit=3000
            rules {"code":"R","channels":["backorder"],"credit":{"exceeded":"hold"}}
            order A=2 email=ann@example.org > order open; A 2 backordered
            amend A=3 > A 3 backordered
            amend A=4 > order on_hold; A 4 backordered; H1 credit active (the customer owes 0 of 3000, and this order adds 4000: 1000 too much)
            release H1 > order open; H1 credit released (the customer owes 0 of 3000, and this order adds 4000: 1000 too much)
            amend A=3 > A 3 backordered
            amend A=4 > order on_hold; A 4 backordered; H2 credit active (the customer owes 0 of 3000, and this order adds 4000: 1000 too much)
            rules {"code":"R","channels":["backorder"],"credit":{"exceeded":"refuse"}}
            amend A=9 > screened_out: the credit check refuses the order: the customer owes 0 of 3000, and this order adds 9000: 6000 too much; change the order, or the screening rules of its channel
            amend A=2 > A 2 backordered
            amend A=3 > A 3 backordered
        "#,
    );
}
