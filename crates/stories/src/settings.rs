//! Steps that change settings while orders wait: sourcing policies, carriers and closures, screening rules, tills; and what
//! comes of screening: approvals, and the answers of a scorer.

use throughline_core::Command;
use throughline_core::carrier::{
    Area, Bracket, ClosedFor, Countries, DeliversTo, Effect, EndClosure, Limits, PutClosure,
    PutService, Service, ServiceStatus, Tariff, Zone, ZoneOrigin, ZoneRule, Zoning,
};
use throughline_core::command::PutMode;
use throughline_core::condition::{Condition, Scope};
use throughline_core::network::PutChannel;
use throughline_core::order::screening::{
    ApprovalRule, DecideApproval, FraudRule, FraudRules, PutScreeningRules, RecordScore,
    ReviewHolds, Score, ScorerRules, ScreeningRules, Secret, Unanswered, Verdict,
};
use throughline_core::order::{Hold, Order};
use throughline_core::sourcing::policy::{
    Constraints, Goal, Objective, PolicyData, Preference, PutPolicy, Unserved,
};

use crate::cast::{Country, Shop};
use crate::stage::{Scene, channel};
use crate::step::{Pick, SettingWord, VerdictWord, What};

/// The role that agrees.
const ROLE: &str = "operations";

impl Scene<'_> {
    pub(crate) fn setting_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::Setting(word) => self.setting(*word),
            What::Scored(pick, score) => {
                let (order, hold) = self.held(*pick, |hold| hold.scoring.is_some())?;
                let score = Score {
                    score: i64::from(*score),
                    reasons: vec!["so it seems".to_owned()],
                    reference: None,
                };
                let what = RecordScore {
                    hold: hold.no,
                    score,
                };
                Some(Command::RecordScore(self.on(&order, what)))
            }
            What::Approve(pick, word) => {
                let is_pending = |hold: &Hold| {
                    let approval = hold.approval.as_ref();
                    approval.is_some_and(|approval| approval.verdict.is_none())
                };
                let (order, hold) = self.held(*pick, is_pending)?;
                let what = DecideApproval {
                    hold: hold.no,
                    role: ROLE.to_owned(),
                    verdict: match word {
                        VerdictWord::Granted => Verdict::Granted,
                        VerdictWord::Rejected => Verdict::Rejected,
                    },
                    reason: Some("as I think".to_owned()),
                };
                Some(Command::DecideApproval(self.on(&order, what)))
            }
            What::Review(pick) => {
                let order = self.order(*pick, |order| !order.progress.draft)?;
                Some(Command::ReviewHolds(self.on(&order, ReviewHolds)))
            }
            _ => None,
        }
    }

    /// An order with an active hold that fits, and that hold.
    fn held(
        &self,
        pick: Pick,
        fits: impl Fn(&Hold) -> bool,
    ) -> Option<(std::sync::Arc<Order>, Hold)> {
        let found = |order: &Order| {
            let mut holds = order.progress.holds.iter();
            holds.find(|hold| fits(hold)).cloned()
        };
        let order = self.order(pick, |order| {
            let mut active = order.progress.active_holds();
            active.any(&fits)
        })?;
        let hold = found(&order)?;
        Some((order, hold))
    }

    fn setting(&self, word: SettingWord) -> Option<Command> {
        Some(match word {
            SettingWord::PolicyCost
            | SettingWord::PolicyRanked
            | SettingWord::PolicySubstitute
            | SettingWord::PolicyRetired => policy(word),
            SettingWord::Carrier => carrier(),
            SettingWord::Closed => self.closed(),
            SettingWord::Reopened => Command::EndClosure(EndClosure {
                code: self.snapshot.network.closures.first()?.code.clone(),
            }),
            SettingWord::RulesNone
            | SettingWord::RulesFraud
            | SettingWord::RulesApproval
            | SettingWord::RulesScorer => rules(word),
            SettingWord::Till | SettingWord::NoTill => {
                let store = self.snapshot.network.location_by_code("S")?.id;
                let known = channel(Shop::Shop);
                let channel = throughline_core::network::Channel {
                    till: (word == SettingWord::Till).then_some(store),
                    ..known
                };
                Command::PutChannel(PutChannel {
                    channel,
                    mode: PutMode::Change,
                })
            }
        })
    }

    /// Everything takes two days longer until the day after tomorrow.
    fn closed(&self) -> Command {
        Command::PutClosure(Box::new(PutClosure {
            code: "storm".to_owned(),
            scope: ClosedFor::All,
            area: None,
            zones: Vec::new(),
            from: self.day(0),
            to: self.day(2),
            effect: Effect::Delay { days: 2 },
            reason: "a storm".to_owned(),
            mode: PutMode::Ensure,
        }))
    }
}

/// Policies that forbid nothing, so that whoever waits may be served by anybody.
fn policy(word: SettingWord) -> Command {
    let cost = Goal::LowestCost(Objective {
        currency: "EUR".parse().expect("EUR is a currency"),
        exchange: Vec::new(),
        carrier_percent: 100,
        labour_percent: 100,
        split_minor: 300,
        late_day_minor: 50,
        full_day_minor: 20,
        distance_minor: 1,
        priority_minor: 5,
        scarce: None,
        credits: Vec::new(),
        unserved_minor: None,
    });
    let ranked = Goal::Ranked(vec![Preference::FewestLocations, Preference::Nearest]);
    let data = PolicyData {
        name: "as it is now".to_owned(),
        valid_from: None,
        channels: Vec::new(),
        when: None,
        rank: 1,
        retired: word == SettingWord::PolicyRetired,
        constraints: Constraints::default(),
        goal: match word {
            SettingWord::PolicyRanked => ranked,
            _ => cost,
        },
        unserved: (word == SettingWord::PolicySubstitute).then_some(Unserved::Substitute),
        unserved_then: None,
    };
    Command::PutPolicy(Box::new(PutPolicy {
        code: "P".to_owned(),
        data,
        mode: PutMode::Ensure,
    }))
}

/// A carrier that goes from anywhere to everywhere.
fn carrier() -> Command {
    let countries = Country::ALL.iter().map(Country::to_string);
    let rules = countries.clone().map(|country| ZoneRule {
        from: ZoneOrigin::default(),
        to: Area {
            country: country.clone(),
            postal: Vec::new(),
        },
        zone: country,
    });
    let zones = countries.zip(1..).map(|(code, transit_days)| Zone {
        code,
        tariff: Tariff {
            brackets: vec![Bracket {
                up_to_g: 30_000,
                price_minor: 400 + 100 * i64::from(transit_days),
            }],
            per_kg_minor: Some(100),
            minimum_minor: 0,
            parcel_max_g: 30_000,
        },
        transit_days,
    });
    let service = Service {
        id: Default::default(),
        code: "STD".to_owned(),
        name: "Standard".to_owned(),
        carrier: "Post".to_owned(),
        status: ServiceStatus::default(),
        currency: "EUR".parse().expect("EUR is a currency"),
        delivers_to: DeliversTo::default(),
        zoning: Zoning::Areas(rules.collect()),
        zones: zones.collect(),
        surcharge_bp: 0,
        dimensional_divisor: None,
        limits: Limits::default(),
        countries: Countries::default(),
        cut_off_minute: None,
        pickup_calendar: None,
        delivery_calendar: None,
    };
    Command::PutService(Box::new(PutService {
        service,
        pickup_calendar: None,
        delivery_calendar: None,
        mode: PutMode::Ensure,
    }))
}

/// What the orders of three channels are checked for.
fn rules(word: SettingWord) -> Command {
    let when = |text| Condition::parse_in(Scope::Screening, "/when", text).expect("a condition");
    let rules = ScreeningRules {
        code: "R".to_owned(),
        channels: [Shop::Shop, Shop::Desk, Shop::Later]
            .map(|shop| shop.to_string())
            .to_vec(),
        fraud: (word == SettingWord::RulesFraud).then(|| FraudRules {
            rules: vec![FraudRule {
                name: "much".to_owned(),
                when: when("units >= 5 || velocity.customer.orders_day >= 2"),
                score: 60,
            }],
            hold_at: 50,
            refuse_at: None,
        }),
        approvals: match word {
            SettingWord::RulesApproval => vec![ApprovalRule {
                name: "large".to_owned(),
                when: when("total_minor >= 3000"),
                role: ROLE.to_owned(),
                escalate_after_minutes: None,
                escalate_to: None,
                expires_after_minutes: Some(30),
            }],
            _ => Vec::new(),
        },
        scorer: (word == SettingWord::RulesScorer).then(|| ScorerRules {
            url: "https://scorer.example/".to_owned(),
            secret: Secret::new(format!("whsec_{}", "A".repeat(32))),
            timeout_ms: 1_000,
            deadline_seconds: 600,
            hold_at: 50,
            unanswered: Unanswered::Release,
            when: Some(when("units >= 3")),
        }),
        ..ScreeningRules::default()
    };
    Command::PutScreeningRules(Box::new(PutScreeningRules {
        rules,
        mode: PutMode::Ensure,
    }))
}
