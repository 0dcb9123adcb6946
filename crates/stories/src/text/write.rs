//! Steps as text.

use std::fmt::{self, Display, Formatter};

use crate::step::{
    Change, Found, NewLine, NewOrder, Packing, Part, Pick, RejectWord, Scope, Share, Shipping,
    Step, Version, What,
};

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)?;
        if let Some(key) = self.key {
            write!(f, " key={key}")?;
        }
        match self.version {
            Version::Any => Ok(()),
            Version::Current => f.write_str(" version=current"),
            Version::Stale => f.write_str(" version=stale"),
        }
    }
}

impl Display for What {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(order) => write!(f, "place {order}"),
            Self::History(order) => write!(f, "history {order}"),
            Self::Draft(order) => write!(f, "draft {order}"),
            Self::Redraft(pick, order) => write!(f, "redraft {pick} {order}"),
            Self::PlaceDraft(pick) => write!(f, "place-draft {pick}"),
            Self::Amend(pick, changes) => write!(f, "amend {pick}{}", Spaced(changes)),
            Self::Cancel(pick, parts) => write!(f, "cancel {pick}{}", Spaced(parts)),
            Self::Hold(pick, kind, lines) => {
                write!(f, "hold {pick} {kind}")?;
                lines.iter().try_for_each(|line| write!(f, " l{line}"))
            }
            Self::Release(pick) => write!(f, "release {pick}"),
            Self::Source(pick) => write!(f, "source {pick}"),
            Self::Renew(pick) => write!(f, "renew {pick}"),
            Self::Choose(pick, word) => write!(f, "choose {pick} {word}"),
            Self::Link(pick, secret) => write!(f, "link {pick} {secret}"),
            Self::SourceAgain(pick) => write!(f, "source-again {pick}"),
            Self::SourcePlanned(pick, units, sku, place) => {
                write!(f, "source-planned {pick} {units}×{sku}@{place}")
            }
            Self::ReleaseNow(pick) => write!(f, "release-now {pick}"),
            Self::TimeIsUp(pick) => write!(f, "time-is-up {pick}"),
            Self::Priority(pick, priority) => write!(f, "priority {pick} {priority}"),
            Self::Note(pick) => write!(f, "note {pick}"),
            Self::Tag(pick, tag) => write!(f, "tag {pick} {tag}"),
            Self::Pay(pick, state, share, tender) => {
                write!(f, "pay {pick} {state} {share}")?;
                tender.map_or(Ok(()), |tender| write!(f, " t{tender}"))
            }
            Self::Return(pick, parts) => write!(f, "return {pick}{}", Spaced(parts)),
            Self::TakeBack(pick, place, share, fortune) => {
                write!(f, "take-back {pick} @{place} {share} {fortune}")
            }
            other => other.write_work(f),
        }
    }
}

impl What {
    fn write_work(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Advance(pick) => write!(f, "advance {pick}"),
            Self::Accept(pick) => write!(f, "accept {pick}"),
            Self::Reject(pick, RejectWord::Plain) => write!(f, "reject {pick}"),
            Self::Reject(pick, how) => write!(f, "reject {pick} {how}"),
            Self::Move(pick, place, share) => write!(f, "move {pick} {place} {share}"),
            Self::Part(pick, share) => write!(f, "part {pick} {share}"),
            Self::Merge(pick) => write!(f, "merge {pick}"),
            Self::Start(pick) => write!(f, "start {pick}"),
            Self::PickUnits(pick, found) => write!(f, "pick {pick}{}", Spaced(found)),
            Self::Pack(pick, packing) => write!(f, "pack {pick}{packing}"),
            Self::Ship(pick, shipping) => write!(f, "ship {pick} {shipping}"),
            Self::Outcome(pick, outcome, scope) => write!(f, "outcome {pick} {outcome} {scope}"),
            Self::Ready(pick) => write!(f, "ready {pick}"),
            Self::Collect(pick) => write!(f, "collect {pick}"),
            Self::Receive(units, sku, place) => write!(f, "receive {units}×{sku}@{place}"),
            Self::Adjust(units, sku, place) => write!(f, "adjust {units}×{sku}@{place}"),
            Self::Count(units, sku, place) => write!(f, "count {units}×{sku}@{place}"),
            Self::Transfer(units, sku, from, to) => {
                write!(f, "transfer {units}×{sku}@{from} to {to}")
            }
            Self::Exclude(days, sku, place) => write!(f, "exclude {days}×{sku}@{place}"),
            Self::Safety(units, sku, place) => write!(f, "safety {units}×{sku}@{place}"),
            Self::Reserve(lines, place, minutes) => {
                f.write_str("reserve")?;
                lines
                    .iter()
                    .try_for_each(|(units, sku)| write!(f, " {units}×{sku}"))?;
                place.map_or(Ok(()), |place| write!(f, " @{place}"))?;
                write!(f, " {minutes}m")
            }
            Self::Expect(units, sku, place, days) => {
                write!(f, "expect {units}×{sku}@{place} +{days}d")
            }
            Self::Send(units, sku, from, to, days) => {
                write!(f, "send {units}×{sku}@{from} to {to} +{days}d")
            }
            Self::Arrive(pick, share, arrival) => write!(f, "arrive {pick} {share} {arrival}"),
            Self::Postpone(pick, days) => write!(f, "postpone {pick} +{days}d"),
            Self::CallOff(pick) => write!(f, "call-off {pick}"),
            other => other.write_rest(f),
        }
    }

    fn write_rest(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::RecallLot(number) => write!(f, "recall-lot {number}"),
            Self::LiftRecall(number) => write!(f, "lift-recall {number}"),
            Self::End(pick) => write!(f, "end {pick}"),
            Self::Expire(pick) => write!(f, "expire {pick}"),
            Self::Serve(sku) => write!(f, "serve {sku}"),
            Self::Customer(number) => write!(f, "customer {number}"),
            Self::Wait(minutes) => write!(f, "wait {minutes}"),
            Self::Oversell(sku, units) => write!(f, "oversell {units}×{sku}"),
            Self::Rebuild(sku) => write!(f, "rebuild {sku}"),
            Self::Location(place, status) => write!(f, "location {place} {status}"),
            Self::Setting(word) => write!(f, "setting {word}"),
            Self::Scored(pick, score) => write!(f, "scored {pick} {score}"),
            Self::Approve(pick, word) => write!(f, "approve {pick} {word}"),
            Self::Review(pick) => write!(f, "review {pick}"),
            Self::Task(units, sku, place) => write!(f, "task {units}×{sku}@{place}"),
            Self::Counted(pick, difference) => write!(f, "counted {pick} {difference}"),
            Self::Agree(pick, word) => write!(f, "agree {pick} {word}"),
            Self::Mistake(mistake) => write!(f, "mistake {mistake}"),
            Self::Again(request) => write!(f, "again {request}"),
            Self::Otherwise(request) => write!(f, "otherwise {request}"),
            Self::Together(count, fate) => write!(f, "together {count} {fate}"),
            Self::Node(node) => write!(f, "node {node}"),
            _ => Ok(()),
        }
    }
}

/// Things with a space before each.
struct Spaced<'a, T>(&'a [T]);

impl<T: Display> Display for Spaced<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|one| write!(f, " {one}"))
    }
}

impl Display for NewOrder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.shop, Spaced(&self.lines))?;
        self.to.map_or(Ok(()), |to| write!(f, " to {to}"))?;
        self.reference
            .map_or(Ok(()), |reference| write!(f, " ref={reference}"))?;
        self.reservation
            .map_or(Ok(()), |pick| write!(f, " from={pick}"))?;
        self.priority
            .map_or(Ok(()), |priority| write!(f, " priority={priority}"))?;
        write!(f, " {}", self.paid)?;
        self.customer
            .map_or(Ok(()), |customer| write!(f, " customer={customer}"))?;
        f.write_str(if self.trimmings { " trimmings" } else { "" })?;
        f.write_str(if self.complete { " complete" } else { "" })
    }
}

impl Display for NewLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.units, self.sku)?;
        if self.way != crate::cast::Way::Ship {
            write!(f, ":{}", self.way)?;
        }
        self.at.map_or(Ok(()), |at| write!(f, "@{at}"))?;
        self.to.map_or(Ok(()), |to| write!(f, ">{to}"))?;
        self.day.map_or(Ok(()), |day| write!(f, "+{day}d"))
    }
}

impl Display for Pick {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fitting(position) => write!(f, "#{position}"),
            Self::Any(position) => write!(f, "any#{position}"),
        }
    }
}

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Some(number) => write!(f, "some{number}"),
            Self::Over => f.write_str("over"),
            Self::Zero => f.write_str("zero"),
        }
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "l{}={}", self.line, self.share)
    }
}

impl Display for Found {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.part, self.short)
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add(line) => write!(f, "+{line}"),
            Self::Units(line, units) => write!(f, "l{line}={units}"),
            Self::Remove(line) => write!(f, "-l{line}"),
            Self::To(country) => write!(f, "to={country}"),
            Self::LineTo(line, country) => write!(f, "l{line}>{country}"),
            Self::Price(line, price) => write!(f, "l{line}@{price}"),
            Self::Postage(amount) => write!(f, "postage={amount}"),
            Self::Day(day) => write!(f, "day={day}"),
        }
    }
}

impl Display for Packing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Together => f.write_str(" together"),
            Self::ByLine => f.write_str(" by-line"),
            Self::InTwo => f.write_str(" in-two"),
            Self::These(parts) => write!(f, " these{}", Spaced(parts)),
        }
    }
}

impl Display for Shipping {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::One(package) => write!(f, "p{package}"),
            Self::Tracked => f.write_str("tracked"),
        }
    }
}

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Package(package) => write!(f, "p{package}"),
            Self::Part(part) => part.fmt(f),
        }
    }
}
