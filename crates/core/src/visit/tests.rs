use crate::fixture::story;

#[test]
fn a_visit_is_booked_after_the_goods_are_there_and_its_service_is_done() {
    story(
        r#"
            location W
            location T
            carrier EXP DE=2
            item I visits=T:am-1:pm-2
            stock A@W=9
            order A=1 I=1:service to=1       > order open; F1@W open A:1 assigned leaves 2026-01-05; F2 open I:1 assigned; A@W 9/1
            visit book A                     > invalid_field: /line_id must be a line with the method service, and a known SKU
            visit book I on=2026-01-09       > illegal_transition: cannot book now: nobody is free at that time after 2026-01-09, on which the goods are there; look at the free slots
            visit book I slot=pm             > V1@T booked I on 2026-01-10 pm
            journal                          > visit_booked
            promise                          > A: ships 2026-01-05 likely 2026-01-07 keeps 2026-01-09 by EXP; I: ships 2026-01-10 likely 2026-01-10 keeps 2026-01-10
            legs                             > V1 visit@T accepted due 2026-01-10
            visit book I                     > illegal_transition: cannot book now: the line has a visit already; rebook that one
            visit rebook V1 slot=noon        > illegal_transition: cannot book now: nobody is free at that time after 2026-01-09, on which the goods are there; look at the free slots
            visit rebook V1 slot=am          > V1@T booked I on 2026-01-10 am
            visit rebook V1 at=X             > unknown_reference: /location names the unknown location "X"; create it first or correct the name
            order A=1 I=1:service to=1       > order open; F1@W open A:1 assigned leaves 2026-01-05; F2 open I:1 assigned; A@W 9/2
            visit book I slot=am             > V1@T booked I on 2026-01-11 am
            visit missed V1                  > invalid_field: /reason must not be empty
            visit missed V1 nobody there     > V1@T missed I on 2026-01-11 am
            visit rebook V1                  > illegal_transition: cannot book now: it is missed already; book a new one
            visit book I                     > V2@T booked I on 2026-01-10 pm
            legs                             > V1 visit@T rejected due 2026-01-11; V2 visit@T accepted due 2026-01-10
            visit done V2                    > order in_progress; F2 delivered I:1 delivered; V2@T completed I on 2026-01-10 pm
            visit done V2                    > illegal_transition: cannot complete now: it is completed already; book a new one
            legs                             > V1 visit@T rejected due 2026-01-11; V2 visit@T done due 2026-01-10
        "#,
    );
}

#[test]
fn a_visit_goes_with_its_goods() {
    story(
        "
            location W
            location T
            item I visits=T:am-1
            item M makers=W:2:4
            order M=2 I=1:service A=1:digital > order open; M 2 backordered; F1 open I:1 assigned; F2 open A:1 assigned; M1@W requested M:2 on 2026-01-07
            visit book I after=M              > V1@T booked I on 2026-01-08 am
            made accept M1 due=2026-01-12     > M1@W accepted M:2 on 2026-01-12; V1@T booked I on 2026-01-13 am
            promise                           > M: ships 2026-01-12 (first ships 2026-01-07); I: ships 2026-01-13 likely 2026-01-13 keeps 2026-01-13 (first ships 2026-01-08 likely 2026-01-08 keeps 2026-01-08); A: unpromised; lately production_late
            order M=1 I=1:service             > order open; M 1 backordered; F1 open I:1 assigned; M1@W requested M:1 on 2026-01-07
            visit book I                      > V1@T booked I on 2026-01-08 am
            on O1
            cancel M=1                        > M 1 backordered; M 1 cancelled; M1@W accepted M:1 on 2026-01-12
            cancel M=1                        > M 2 cancelled; I 1 cancelled; F1 cancelled; M1@W cancelled M:1 on 2026-01-12; V1@T cancelled I on 2026-01-13 am
            on O2
            visit rebook V1 on=2026-01-13     > V1@T booked I on 2026-01-13 am
            cancel I=1                        > I 1 cancelled; F1 cancelled; V1@T cancelled I on 2026-01-13 am
        ",
    );
}

#[test]
fn where_no_slot_is_free_in_time_the_visit_is_given_up() {
    story(
        "
            location W
            location T serves=FR
            location U
            item I visits=T:am-9,U:am-0
            item M makers=W:1:4
            order M=1 I=1:service to=1        > order open; M 1 backordered; F1 open I:1 assigned; M1@W requested M:1 on 2026-01-06
            visit book I                      > illegal_transition: cannot book now: nobody is free at that time after 2026-01-06, on which the goods are there; look at the free slots
            item I change visits=T:am-9,U:am-1
            visit book I                      > V1@U booked I on 2026-01-07 am
            item I change visits=T:am-9,U:am-0
            made accept M1 due=2026-01-12     > M1@W accepted M:1 on 2026-01-12; V1@U cancelled I on 2026-01-07 am
            order A=5 I=1:service             > order open; A 5 backordered; F1 open I:1 assigned
            visit book I                      > illegal_transition: cannot book now: no day is promised yet of the goods of line A; wait for them
            order A=5:digital                 > order open; F1 open A:5 assigned
            visit book A                      > invalid_field: /line_id must be a line with the method service, and a known SKU
        ",
    );
}

#[test]
fn a_visit_that_moves_opens_the_customers_choice() {
    story(
        "
            location W
            location T
            put-channel S slips=0,24,wait
            channel S
            item I visits=T:am-1
            item M makers=W:2:4
            order M=1 I=1:service             > order open; M 1 backordered; F1 open I:1 assigned; M1@W requested M:1 on 2026-01-07
            visit book I                      > V1@T booked I on 2026-01-08 am
            made accept M1 due=2026-01-12     > M1@W accepted M:1 on 2026-01-12; V1@T booked I on 2026-01-13 am; C1 M=1 I=1 for production_late: wait, refund, else wait by 2026-01-06T08:14:00Z
        ",
    );
}

#[test]
fn impossible_teams_are_refused() {
    story(
        "
            location T
            item I visits=X:am-1              > invalid_field: /visits/0/location must be one of the locations
            item I visits=T:am-1,T:pm-1       > invalid_field: /visits/1/location must be named once
            item I visits=T:am-1:am-1         > invalid_field: /visits/0/slots/1/name must be named once
            item I visits=T:am--1             > invalid_field: /visits/0/slots/0/visits must lie between 0 and 1000000
            item I visits=T                   > invalid_field: /visits/0/slots must be 1 to 24
            item I visits=T:am-1 makers=T:0:1 > invalid_field: /visits is for services, which are neither made to order nor kits
        ",
    );
}
