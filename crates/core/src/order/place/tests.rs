//! Placing orders, as stories.

use crate::fixture::story;

#[test]
fn an_order_is_placed_and_sourced_in_one_decision() {
    story(
        "
            location L1
            stock A@L1=5
            order A=3 email=ann@example.org note=please_ring > order open; F1@L1 open A:3 assigned; 1 notes; A@L1 5/3
            journal                                          > order_placed, note_added, lines_sourced
            ledger                                           > A@L1 allocated allocated +3 (O1)
            contacts                                         > ann@example.org; ann@example.org; Dock 1 Berlin DE; please ring
            statuses                                         > order open, payment pending, fulfilment unfulfilled, returns none
        ",
    );
}

#[test]
fn a_customer_is_recognised_by_email_or_reference_and_an_empty_value_recognises_nobody() {
    story(
        "
            order A=1 email=ann@example.org customer=C-1 > order open; A 1 backordered
            contacts                                     > ann@example.org; ann@example.org; Dock 1 Berlin DE
            order A=1 email=_ANN@example.org_            > order open; A 1 backordered
            contacts                                     > ANN@example.org ; Dock 1 Berlin DE
            order A=1 customer=C-1                       > order open; A 1 backordered
            contacts                                     > Dock 1 Berlin DE
            order A=1 customer=none name=Bob             > order open; A 1 backordered
            contacts                                     > Bob; Dock 1 Berlin DE
            order A=1 customer=none name=Eve             > order open; A 1 backordered
            contacts                                     > Eve; Dock 1 Berlin DE
            order A=1 email=none                         > invalid_field: /customer/email is not an email address such as name@example.com
            order A=1 email=ann                          > invalid_field: /customer/email is not an email address such as name@example.com
            order A=1 email=ann_x@example.org            > invalid_field: /customer/email is not an email address such as name@example.com
            order A=1 email=LONG                         > invalid_field: /customer/email is 10001 bytes long; at most 254 are allowed
            order A=1 customer=LONG                      > invalid_field: /customer_ref is 10001 bytes long; at most 255 are allowed
        ",
    );
}

#[test]
fn a_reference_makes_one_order_on_its_channel() {
    story(
        r#"
            location L1
            stock A@L1=9
            order A=3 ref=X-1 body=1              > order open; F1@L1 open A:3 assigned; A@L1 9/3
            order A=3 ref=X-1 body=1              > nothing changes
            journal
            order A=2 ref=X-1 body=2              > duplicate_reference: channel "backorder" already has an order "X-1" with other contents (order); amend that order instead
            order A=2 ref=X-1 body=2 channel=hold > order open; F1@L1 open A:2 assigned; A@L1 9/5
            order A=1 ref=none                    > invalid_field: /external_ref must not be empty
            order A=1 ref=LONG                    > invalid_field: /external_ref is 10001 bytes long; at most 255 are allowed
        "#,
    );
}

#[test]
fn unknown_and_impossible_headers_are_refused() {
    story(
        r#"
            order A=1 channel=nowhere                    > unknown_reference: /channel names the unknown channel "nowhere"; create it first or correct the name
            order A=1 currency=USD                       > wrong_currency: channel "backorder" sells in EUR, the order is in USD; send EUR as the currency, or use a channel that sells in USD
            order A=1 currency=euro                      > invalid_field: /currency is not an ISO 4217 currency code such as EUR
            order                                        > invalid_field: /lines must name at least one line
            order A=1 priority=1000                      > order open; A 1 backordered; priority 1000
            order A=1 priority=1001                      > invalid_field: /priority must lie between 0 and 1000
            order A=1 priority=-1                        > invalid_field: /priority must lie between 0 and 1000
            order A=1 placed=+6m                         > invalid_field: /placed_at must not lie in the future or before 1970
            order A=1 placed=-99999999999m               > invalid_field: /placed_at must not lie in the future or before 1970
            order A=1 placed=+5m                         > order open; A 1 backordered
            order A=1 po=LONG                            > invalid_field: /po_number is 10001 bytes long; at most 255 are allowed
            order A=1 note=none                          > invalid_field: /note must not be empty
            order A=1 note=LONG                          > invalid_field: /note is 10001 bytes long; at most 10000 are allowed
            order A=1 tag=none                           > invalid_field: /tags/0 must not be empty
            order A=1 metadata=LONGLONG                  > invalid_field: /metadata is 20013 bytes of JSON; at most 16384 are allowed
            order A=1 charge=:1                          > invalid_field: /charges/0/kind must not be empty
            order A=1 charge=shipping:9007199254740992   > invalid_field: /charges/0/amount_minor must lie between -(2^53 - 1) and 2^53 - 1
            order A=1 charge=shipping:1:9007199254740992 > invalid_field: /charges/0/tax_minor must lie between -(2^53 - 1) and 2^53 - 1
            order A=1 charge=discount:-9007199254740991  > invalid_field: /lines add up to a total beyond 2^53 - 1 minor units
            order A=1 with=V1                            > unknown_reference: /reservation_id names the unknown reservation "00000000-0001-7000-8000-000000000009"; create it first or correct the name
        "#,
    );
}

#[test]
fn impossible_lines_are_refused() {
    story(
        r#"
            location L1
            order A=0                   > invalid_field: /lines/0/quantity must lie between 1 and 1000000000
            order A=1 B=-1              > invalid_field: /lines/1/quantity must lie between 1 and 1000000000
            order A=1000000001          > invalid_field: /lines/0/quantity must lie between 1 and 1000000000
            order A=max                 > invalid_field: /lines/0/quantity must lie between 1 and 1000000000
            order A=1(-1)               > invalid_field: /lines/0/unit_price_minor must not be negative, nor beyond 2^53 - 1
            order A=1(9007199254740992) > invalid_field: /lines/0/unit_price_minor must not be negative, nor beyond 2^53 - 1
            order A=1(1/0)              > invalid_field: /lines/0/price_quantity must lie between 1 and 1000000000
            order A=1(1/1000000001)     > invalid_field: /lines/0/price_quantity must lie between 1 and 1000000000
            order A=1(1~-1)             > invalid_field: /lines/0/discount_minor must not be negative, nor beyond 2^53 - 1
            order A=2(5/10~2)           > invalid_field: /lines/0/discount_minor must not be more than the line costs, which is 1
            order A=1!1969-12-31        > invalid_field: /lines/0/requested_date must lie between 1970-01-01 and 9999-12-31
            order A=1!-000001-01-01     > invalid_field: /lines/0/requested_date must lie between 1970-01-01 and 9999-12-31
            order A=1(1+-1)             > invalid_field: /lines/0/tax_minor must not be negative, nor beyond 2^53 - 1
            order A=1:pickup            > invalid_field: /lines/0/location is needed for pickup: name the location's code
            order A=1 B=1@L9            > unknown_reference: /lines/1/location names the unknown location "L9"; create it first or correct the name
            order A=1 ?X=1              > unknown_reference: /lines/1/sku names the unknown SKU "?X"; create it first or correct the name
            order A=2(9007199254740991) > invalid_field: /lines add up to a total beyond 2^53 - 1 minor units
            order A=1000000000(9007199) > order open; A 1000000000 backordered
            order A=1(9007199254740991) > order open; A 1 backordered
        "#,
    );
}

#[test]
fn impossible_addresses_are_refused() {
    story(
        "
            order A=1 to=none         > invalid_field: /ship_to is needed for lines that are shipped
            order A=1:digital to=none > order open; F1 open A:1 assigned
            order A=1^2 to=none       > order open; A 1 backordered
            order A=1 to=no-street    > invalid_field: /ship_to/line1 must not be empty
            order A=1 to=no-code      > invalid_field: /ship_to/postal_code must not be empty
            order A=1 to=XX           > invalid_field: /ship_to/country must be an ISO 3166-1 alpha-2 country code such as DE
            order A=1 to=LONG         > invalid_field: /ship_to/line1 is 10001 bytes long; at most 255 are allowed
            order A=1 to=bell         > invalid_field: /ship_to/city holds a control character
            order A=1 to=91,11.5      > invalid_field: /ship_to/latitude must lie between -90 and 90 degrees
            order A=1 to=48.1,181     > invalid_field: /ship_to/longitude must lie between -180 and 180 degrees
            order A=1 bill=no-street  > invalid_field: /bill_to/line1 must not be empty
            order A=1 B=1^no-street   > invalid_field: /lines/1/ship_to/line1 must not be empty
            order A=1 bill=FR         > order open; A 1 backordered
        ",
    );
}

#[test]
fn a_kit_is_exploded_into_its_components() {
    story(
        "
            location L1
            item K kit A=2 B=1
            stock A@L1=9
            stock B@L1=9
            order K=2(1500) C=1   > order open; C 1 backordered; F1@L1 open A:4 assigned B:2 assigned; A@L1 9/4; B@L1 9/2
            lines                 > K 2x1500; A 4; B 2; C 1x1000
            totals                > goods 4000 discount 0 charges 0 tax 0 total 4000 paid 0 balance 4000
            order K=1000000000    > invalid_field: /lines/0/quantity makes too many units of a component
        ",
    );
}

#[test]
fn a_kit_whose_component_became_a_kit_cannot_be_ordered() {
    story(
        r#"
            item K kit A=2
            item A change kit B=1
            order K=1             > invalid_field: /lines/0/sku names the kit "K", whose component "A" has become a kit itself; change the kit
        "#,
    );
}

#[test]
fn a_shortage_is_backordered_refused_or_held_as_the_channel_says() {
    story(
        r#"
            location L1
            stock A@L1=5
            stock B@L1=5
            channel backorder
            order A=6 B=1     > order open; A 1 backordered; F1@L1 open A:5 assigned B:1 assigned; A@L1 5/5; B@L1 5/1
            channel refuse
            order A=1 B=1     > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            order B=5         > insufficient_stock: SKU "B" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            order B=4         > order open; F1@L1 open B:4 assigned; B@L1 5/5
            channel hold
            order A=1 B=1 C=2 > order on_hold; A 1 open; B 1 open; C 2 open; H1 stock active (not in stock: 1 × A, 1 × B, 2 × C)
            journal           > order_placed, order_held
        "#,
    );
}

#[test]
fn two_lines_of_one_sku_do_not_share_a_unit() {
    story(
        r#"
            location L1
            stock A@L1=3
            channel refuse
            order A=2 A=2   > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            order A=2 A=1^2 > order open; F1@L1 open A:2 assigned; F2@L1 open A#2:1 assigned; A@L1 3/3
        "#,
    );
}

#[test]
fn a_channel_may_source_later() {
    story(
        "
            location L1
            stock A@L1=5
            channel later
            order A=3     > order open; A 3 open
            statuses      > order open, payment pending, fulfilment unfulfilled, returns none
            actions       > amend, cancel, hold, note, tag, priority, source, pay
            source        > F1@L1 open A:3 assigned; A@L1 5/3
        ",
    );
}

#[test]
fn a_marketplace_order_is_not_refused_for_its_mistakes() {
    story(
        r#"
            location L1
            stock A@L1=5
            channel marketplace
            order A=1 ?X=1 ?Y=2 to=no-street bill=no-code > order on_hold; A 1 open; ?X 1 open; ?Y 2 open; H1 address active (/ship_to/line1 must not be empty; /bill_to/postal_code must not be empty); H2 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name; /lines/2/sku names the unknown SKU "?Y"; create it first or correct the name)
            order A=9                                     > order on_hold; A 9 open; H1 stock active (not in stock: 4 × A)
            order A=1 to=none                             > order on_hold; A 1 open; H1 address active (/ship_to is needed for lines that are shipped)
            order A=1 B=1^XX                              > order on_hold; A 1 open; B 1 open; H1 address active (/lines/1/ship_to/country must be an ISO 3166-1 alpha-2 country code such as DE); H2 stock active (not in stock: 1 × B)
            order A=1@L9                                  > order on_hold; A 1 open; H1 stock active (/lines/0/location names the unknown location "L9"; create it first or correct the name)
            order A=1 to=nothing                          > order on_hold; A 1 open; H1 address active (/ship_to/name must not be empty; /ship_to/line1 must not be empty; /ship_to/city must not be empty; /ship_to/country must be an ISO 3166-1 alpha-2 country code such as DE; /ship_to/postal_code must not be empty)
            order A=8 ?X=1 to=no-street                   > order on_hold; A 8 open; ?X 1 open; H1 address active (/ship_to/line1 must not be empty); H2 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name; not in stock: 3 × A)
            order A=1 to=LONG                             > order on_hold; A 1 open; H1 address active (/ship_to/line1 is 10001 bytes long; at most 255 are allowed)
            order A=1 to=bell                             > order on_hold; A 1 open; H1 address active (/ship_to/city holds a control character)
            contacts                                      > Dock 1 Ber lin DE
            order A=1 to=91,11.5                          > order on_hold; A 1 open; H1 address active (/ship_to/latitude must lie between -90 and 90 degrees)
            contacts                                      > Dock 1 Berlin DE
            order A=1 email=hidden                        > order on_hold; A 1 open; H1 address active (/customer/email is not an email address such as name@example.com)
            contacts                                      > hidden; Dock 1 Berlin DE
            order A=1 email=hidden customer=C-9           > order on_hold; A 1 open; H1 address active (/customer/email is not an email address such as name@example.com)
            contacts                                      > hidden; hidden; Dock 1 Berlin DE
            order A=1:pickup@L1 ?X=1:digital              > order on_hold; A 1 open; ?X 1 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
            order ?X=1000                                 > order on_hold; ?X 1000 open; H1 stock active (/lines/0/sku names the unknown SKU "?X"; create it first or correct the name)
        "#,
    );
}

#[test]
fn a_marketplace_order_is_refused_where_it_cannot_even_be_kept() {
    story(
        r#"
            location L1
            channel marketplace
            order A=1 currency=USD > wrong_currency: channel "marketplace" sells in EUR, the order is in USD; send EUR as the currency, or use a channel that sells in USD
            order A=1:pickup       > invalid_field: /lines/0/location is needed for pickup: name the location's code
            order A=0              > invalid_field: /lines/0/quantity must lie between 1 and 1000000000
            order                  > invalid_field: /lines must name at least one line
        "#,
    );
}

#[test]
fn a_hold_for_many_mistakes_names_the_first_twenty() {
    story(
        r#"
            channel marketplace
            order ?0=1 ?1=1 ?2=1 ?3=1 ?4=1 ?5=1 ?6=1 ?7=1 ?8=1 ?9=1 ?A=1 ?B=1 ?C=1 ?D=1 ?E=1 ?F=1 ?G=1 ?H=1 ?I=1 ?J=1 ?K=1 ?L=1 > order on_hold; ?0 1 open; ?1 1 open; ?2 1 open; ?3 1 open; ?4 1 open; ?5 1 open; ?6 1 open; ?7 1 open; ?8 1 open; ?9 1 open; ?A 1 open; ?B 1 open; ?C 1 open; ?D 1 open; ?E 1 open; ?F 1 open; ?G 1 open; ?H 1 open; ?I 1 open; ?J 1 open; ?K 1 open; ?L 1 open; H1 stock active (/lines/0/sku names the unknown SKU "?0"; create it first or correct the name; /lines/1/sku names the unknown SKU "?1"; create it first or correct the name; /lines/2/sku names the unknown SKU "?2"; create it first or correct the name; /lines/3/sku names the unknown SKU "?3"; create it first or correct the name; /lines/4/sku names the unknown SKU "?4"; create it first or correct the name; /lines/5/sku names the unknown SKU "?5"; create it first or correct the name; /lines/6/sku names the unknown SKU "?6"; create it first or correct the name; /lines/7/sku names the unknown SKU "?7"; create it first or correct the name; /lines/8/sku names the unknown SKU "?8"; create it first or correct the name; /lines/9/sku names the unknown SKU "?9"; create it first or correct the name; /lines/10/sku names the unknown SKU "?A"; create it first or correct the name; /lines/11/sku names the unknown SKU "?B"; create it first or correct the name; /lines/12/sku names the unknown SKU "?C"; create it first or correct the name; /lines/13/sku names the unknown SKU "?D"; create it first or correct the name; /lines/14/sku names the unknown SKU "?E"; create it first or correct the name; /lines/15/sku names the unknown SKU "?F"; create it first or correct the name; /lines/16/sku names the unknown SKU "?G"; create it first or correct the name; /lines/17/sku names the unknown SKU "?H"; create it first or correct the name; /lines/18/sku names the unknown SKU "?I"; create it first or correct the name; /lines/19/sku names the unknown SKU "?J"; create it first or correct the name; and 2 more)
        "#,
    );
}

#[test]
fn a_reservation_becomes_the_allocations_of_the_order() {
    story(
        r#"
            location L1 priority=2
            location L2
            stock A@L1=5
            reserve A=3            > V1 active A@L1=3; A@L1 5/0 reserved 3
            stock A@L2=9           > A@L2 9/0
            order A=4 with=V1      > order open; F1@L1 open A:3 assigned; F2@L2 open A:1 assigned; V1 used by O1 A@L1=3; A@L1 5/3; A@L2 9/1
            ledger                 > A@L1 allocated allocated +3 reserved -3 (O1); A@L2 allocated allocated +1 (O1)
            order A=1 with=V1      > reservation_ended: reservation V1 was used by order order; make a new one or place the order without it
            order A=1 with=V9      > unknown_reference: /reservation_id names the unknown reservation "00000000-0001-7000-8000-000000000009"; create it first or correct the name
            reserve A=1 ttl=5m     > V2 active A@L2=1; A@L2 9/1 reserved 1
            wait 10m
            order A=1 with=V2      > reservation_ended: reservation V2 has expired; make a new one or place the order without it
            reserve A=1            > V3 active A@L2=1; A@L2 9/1 reserved 2
            unreserve V3           > V3 released A@L2=1; A@L2 9/1 reserved 1
            order A=1 with=V3      > reservation_ended: reservation V3 was released; make a new one or place the order without it
            channel marketplace
            order A=1 with=V3      > order open; F1@L2 open A:1 assigned; V2 expired A@L2=1; A@L2 9/2
        "#,
    );
}

#[test]
fn a_held_order_keeps_what_was_reserved_for_it() {
    story(
        "
            location L1
            stock A@L1=3
            reserve A=3                    > V1 active A@L1=3; A@L1 3/0 reserved 3
            channel marketplace
            order A=3 with=V1 to=no-street > order on_hold; F1@L1 on_hold A:3 assigned; H1 address active (/ship_to/line1 must not be empty); V1 used by O1 A@L1=3; A@L1 3/3
        ",
    );
}

#[test]
fn a_reservation_is_used_although_safety_stock_was_raised_meanwhile() {
    story(
        "
            location L1
            stock A@L1=3
            reserve A=3       > V1 active A@L1=3; A@L1 3/0 reserved 3
            safety A@L1=2     > A@L1 3/0 reserved 3 safety 2
            order A=3 with=V1 > order open; F1@L1 open A:3 assigned; V1 used by O1 A@L1=3; A@L1 3/3 safety 2
            order A=1         > order open; A 1 backordered
        ",
    );
}

#[test]
fn reserved_units_of_a_location_that_closed_are_sourced_elsewhere() {
    story(
        "
            location L1
            location L2
            stock A@L1=3
            stock A@L2=3
            reserve A=3        > V1 active A@L1=3; A@L1 3/0 reserved 3
            location L1 closed
            order A=3 with=V1  > order open; F1@L2 open A:3 assigned; V1 used by O1 A@L1=3; A@L1 3/0; A@L2 3/3
        ",
    );
}

#[test]
fn reserved_units_that_the_order_does_not_want_go_back() {
    story(
        "
            location L1
            stock A@L1=3
            stock B@L1=3
            reserve A=3 B=2   > V1 active A@L1=3 B@L1=2; A@L1 3/0 reserved 3; B@L1 3/0 reserved 2
            order A=4         > order open; A 4 backordered
            on O1
            order B=1 with=V1 > O1: A 1 backordered; O1: F1@L1 open A:3 assigned; order open; F1@L1 open B:1 assigned; V1 used by O2 A@L1=3 B@L1=2; A@L1 3/3; B@L1 3/1
        ",
    );
}

#[test]
fn a_reservation_may_use_up_the_numbers_of_an_order() {
    story(
        "
            location L1
            item K kit A=1 B=2
            stock A@L1=9
            stock B@L1=9
            reserve K=2        > V1 active A@L1=2 B@L1=4; A@L1 9/0 reserved 2; B@L1 9/0 reserved 4
            order K=2 with=V1  > order open; F1@L1 open A:2 assigned B:4 assigned; V1 used by O1 A@L1=2 B@L1=4; A@L1 9/2; B@L1 9/4
        ",
    );
}
