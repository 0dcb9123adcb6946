//! Text as steps.

use std::str::FromStr;

use crate::cast::{Place, Sku, Way};
use crate::step::{
    Change, Found, NewLine, NewOrder, Packing, Paid, Part, Pick, RejectWord, Scope, Share,
    Shipping, Step, Version, What,
};

type Read<T> = Result<T, String>;

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Read<Self> {
        let mut words = Words {
            words: text.split_whitespace().collect(),
            text,
        };
        let version = match words.value("version=") {
            None => Version::Any,
            Some("current") => Version::Current,
            Some("stale") => Version::Stale,
            Some(other) => return Err(format!("{other:?} is no version in {text:?}")),
        };
        let key = words.value("key=").map(number).transpose()?;
        let what = what(&mut words)?;
        match words.words.first() {
            None => Ok(Self { what, key, version }),
            Some(word) => Err(format!("{word:?} is too much in {text:?}")),
        }
    }
}

/// The words of a step that are not read yet.
struct Words<'a> {
    words: Vec<&'a str>,
    text: &'a str,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Read<&'a str> {
        if self.words.is_empty() {
            return Err(format!("{:?} ends too early", self.text));
        }
        Ok(self.words.remove(0))
    }

    /// The next word, read as something.
    fn read<T: FromStr<Err = String>>(&mut self) -> Read<T> {
        self.next()?.parse()
    }

    fn number<T: FromStr>(&mut self) -> Read<T> {
        number(self.next()?)
    }

    /// The rest of the word that begins so.
    fn value(&mut self, prefix: &str) -> Option<&'a str> {
        let position = self
            .words
            .iter()
            .position(|word| word.starts_with(prefix))?;
        self.words.remove(position).strip_prefix(prefix)
    }

    fn flag(&mut self, flag: &str) -> bool {
        let position = self.words.iter().position(|word| *word == flag);
        position
            .map(|position| self.words.remove(position))
            .is_some()
    }

    /// All words that are left.
    fn rest<T: FromStr<Err = String>>(&mut self) -> Read<Vec<T>> {
        std::mem::take(&mut self.words)
            .into_iter()
            .map(str::parse)
            .collect()
    }
}

fn number<T: FromStr>(word: &str) -> Read<T> {
    word.parse().map_err(|_| format!("{word:?} is no number"))
}

fn what(words: &mut Words<'_>) -> Read<What> {
    let verb = words.next()?;
    match verb {
        "place" => Ok(What::Place(order(words)?)),
        "history" => Ok(What::History(order(words)?)),
        "draft" => Ok(What::Draft(order(words)?)),
        "redraft" => Ok(What::Redraft(words.read()?, order(words)?)),
        "place-draft" => Ok(What::PlaceDraft(words.read()?)),
        "amend" => Ok(What::Amend(words.read()?, words.rest()?)),
        "cancel" => Ok(What::Cancel(words.read()?, words.rest()?)),
        "hold" => {
            let (pick, kind) = (words.read()?, words.read()?);
            let lines: Vec<LineWord> = words.rest()?;
            Ok(What::Hold(
                pick,
                kind,
                lines.into_iter().map(|line| line.0).collect(),
            ))
        }
        "release" => Ok(What::Release(words.read()?)),
        "source" => Ok(What::Source(words.read()?)),
        "source-again" => Ok(What::SourceAgain(words.read()?)),
        "source-planned" => {
            let (pick, (units, sku, at)) = (words.read()?, stock(words.next()?)?);
            Ok(What::SourcePlanned(pick, units, sku, at))
        }
        "release-now" => Ok(What::ReleaseNow(words.read()?)),
        "time-is-up" => Ok(What::TimeIsUp(words.read()?)),
        "renew" => Ok(What::Renew(words.read()?)),
        "choose" => Ok(What::Choose(words.read()?, words.read()?)),
        "link" => Ok(What::Link(words.read()?, words.number()?)),
        "priority" => Ok(What::Priority(words.read()?, words.number()?)),
        "note" => Ok(What::Note(words.read()?)),
        "tag" => Ok(What::Tag(words.read()?, words.number()?)),
        "pay" => {
            let tender = words.words.last().and_then(|word| word.strip_prefix('t'));
            let tender = tender.and_then(|number| number.parse().ok());
            if tender.is_some() {
                words.words.pop();
            }
            Ok(What::Pay(
                words.read()?,
                words.read()?,
                words.read()?,
                tender,
            ))
        }
        "return" => Ok(What::Return(words.read()?, words.rest()?)),
        "take-back" => {
            let pick = words.read()?;
            let place = place(words.next()?)?;
            Ok(What::TakeBack(pick, place, words.read()?, words.read()?))
        }
        _ => work(verb, words),
    }
}

fn work(verb: &str, words: &mut Words<'_>) -> Read<What> {
    match verb {
        "advance" => Ok(What::Advance(words.read()?)),
        "accept" => Ok(What::Accept(words.read()?)),
        "reject" => {
            let pick = words.read()?;
            let how = words.words.first().map(|word| word.parse()).transpose()?;
            words.words.clear();
            Ok(What::Reject(pick, how.unwrap_or(RejectWord::Plain)))
        }
        "move" => Ok(What::Move(words.read()?, words.read()?, words.read()?)),
        "part" => Ok(What::Part(words.read()?, words.read()?)),
        "merge" => Ok(What::Merge(words.read()?)),
        "start" => Ok(What::Start(words.read()?)),
        "pick" => Ok(What::PickUnits(words.read()?, words.rest()?)),
        "pack" => Ok(What::Pack(words.read()?, packing(words)?)),
        "ship" => Ok(What::Ship(words.read()?, words.read()?)),
        "outcome" => Ok(What::Outcome(words.read()?, words.read()?, words.read()?)),
        "ready" => Ok(What::Ready(words.read()?)),
        "collect" => Ok(What::Collect(words.read()?)),
        "receive" => stock(words.next()?).map(|(units, sku, at)| What::Receive(units, sku, at)),
        "adjust" => stock(words.next()?).map(|(units, sku, at)| What::Adjust(units, sku, at)),
        "count" => stock(words.next()?).map(|(units, sku, at)| What::Count(units, sku, at)),
        "exclude" => stock(words.next()?).map(|(days, sku, at)| What::Exclude(days, sku, at)),
        "safety" => stock(words.next()?).map(|(units, sku, at)| What::Safety(units, sku, at)),
        "transfer" => {
            let (units, sku, from) = stock(words.next()?)?;
            match words.next()? {
                "to" => Ok(What::Transfer(units, sku, from, words.read()?)),
                other => Err(format!("{other:?} is not \"to\"")),
            }
        }
        "reserve" => reserve(words),
        "expect" | "send" | "arrive" | "postpone" | "call-off" => supply(verb, words),
        _ => rest(verb, words),
    }
}

fn supply(verb: &str, words: &mut Words<'_>) -> Read<What> {
    match verb {
        "expect" => {
            let (units, sku, at) = stock(words.next()?)?;
            Ok(What::Expect(units, sku, at, days(words)?))
        }
        "send" => {
            let (units, sku, from) = stock(words.next()?)?;
            match words.next()? {
                "to" => Ok(What::Send(units, sku, from, words.read()?, days(words)?)),
                other => Err(format!("{other:?} is not \"to\"")),
            }
        }
        "arrive" => Ok(What::Arrive(words.read()?, words.read()?, words.read()?)),
        "postpone" => Ok(What::Postpone(words.read()?, days(words)?)),
        _ => Ok(What::CallOff(words.read()?)),
    }
}

/// `+3d`
fn days(words: &mut Words<'_>) -> Read<u8> {
    let word = words.next()?;
    number(word.trim_start_matches('+').trim_end_matches('d'))
}

fn rest(verb: &str, words: &mut Words<'_>) -> Read<What> {
    match verb {
        "end" => Ok(What::End(words.read()?)),
        "expire" => Ok(What::Expire(words.read()?)),
        "serve" => Ok(What::Serve(words.read()?)),
        "recall-lot" => Ok(What::RecallLot(words.number()?)),
        "lift-recall" => Ok(What::LiftRecall(words.number()?)),
        "customer" => Ok(What::Customer(words.number()?)),
        "wait" => Ok(What::Wait(words.number()?)),
        "oversell" => units_of(words.next()?).map(|(units, sku)| What::Oversell(sku, units)),
        "rebuild" => Ok(What::Rebuild(words.read()?)),
        "location" => Ok(What::Location(words.read()?, words.read()?)),
        "setting" => Ok(What::Setting(words.read()?)),
        "scored" => Ok(What::Scored(words.read()?, words.number()?)),
        "approve" => Ok(What::Approve(words.read()?, words.read()?)),
        "review" => Ok(What::Review(words.read()?)),
        "task" => stock(words.next()?).map(|(units, sku, at)| What::Task(units, sku, at)),
        "counted" => Ok(What::Counted(words.read()?, words.number()?)),
        "agree" => Ok(What::Agree(words.read()?, words.read()?)),
        "mistake" => Ok(What::Mistake(words.read()?)),
        "again" => Ok(What::Again(words.number()?)),
        "otherwise" => Ok(What::Otherwise(words.number()?)),
        "together" => Ok(What::Together(words.number()?, words.read()?)),
        "node" => Ok(What::Node(words.number()?)),
        other => Err(format!("{other:?} is no verb")),
    }
}

fn order(words: &mut Words<'_>) -> Read<NewOrder> {
    let trimmings = words.flag("trimmings");
    let complete = words.flag("complete");
    let reference = words.value("ref=").map(number).transpose()?;
    let reservation = words.value("from=").map(str::parse).transpose()?;
    let priority = words.value("priority=").map(number).transpose()?;
    let customer = words.value("customer=").map(number).transpose()?;
    let said = Paid::ALL.iter().find(|paid| words.flag(paid.as_str()));
    let paid = said.copied().unwrap_or(Paid::Nothing);
    let to = match words.words.iter().position(|word| *word == "to") {
        None => None,
        Some(position) if position + 1 < words.words.len() => {
            let country = words.words.remove(position + 1).parse()?;
            words.words.remove(position);
            Some(country)
        }
        Some(_) => return Err("\"to\" needs a country".to_owned()),
    };
    Ok(NewOrder {
        shop: words.read()?,
        lines: words.rest()?,
        to,
        reference,
        reservation,
        priority,
        paid,
        customer,
        trimmings,
        complete,
    })
}

impl FromStr for NewLine {
    type Err = String;

    fn from_str(text: &str) -> Read<Self> {
        let (text, day) = cut(text, '+');
        let (text, to) = cut(text, '>');
        let (text, at) = cut(text, '@');
        let (text, way) = cut(text, ':');
        let (units, sku) = units_of(text)?;
        let day = day
            .map(|day| number(day.trim_end_matches('d')))
            .transpose()?;
        Ok(Self {
            units,
            sku,
            way: way.map_or(Ok(Way::Ship), str::parse)?,
            at: at.map(str::parse).transpose()?,
            to: to.map(str::parse).transpose()?,
            day,
        })
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn units_of<T: FromStr>(text: &str) -> Read<(T, Sku)> {
    let (units, sku) = text
        .split_once('×')
        .ok_or_else(|| format!("{text:?} is not like 2×A"))?;
    Ok((number(units)?, sku.parse()?))
}

fn stock<T: FromStr>(text: &str) -> Read<(T, Sku, Place)> {
    let (what, at) = text
        .split_once('@')
        .ok_or_else(|| format!("{text:?} is not like 2×A@W"))?;
    let (units, sku) = units_of(what)?;
    Ok((units, sku, at.parse()?))
}

fn place(text: &str) -> Read<Place> {
    let code = text
        .strip_prefix('@')
        .ok_or_else(|| format!("{text:?} is not like @W"))?;
    code.parse()
}

fn reserve(words: &mut Words<'_>) -> Read<What> {
    let minutes = words.words.pop().unwrap_or_default();
    let minutes = number(minutes.trim_end_matches('m'))?;
    let at = words.value("@").map(str::parse).transpose()?;
    let lines: Read<Vec<(u8, Sku)>> = std::mem::take(&mut words.words)
        .into_iter()
        .map(units_of)
        .collect();
    Ok(What::Reserve(lines?, at, minutes))
}

fn packing(words: &mut Words<'_>) -> Read<Packing> {
    match words.next()? {
        "together" => Ok(Packing::Together),
        "by-line" => Ok(Packing::ByLine),
        "in-two" => Ok(Packing::InTwo),
        "these" => words.rest().map(Packing::These),
        other => Err(format!("{other:?} is no way of packing")),
    }
}

/// `l3`
struct LineWord(u8);

impl FromStr for LineWord {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        let digits = text
            .strip_prefix('l')
            .ok_or_else(|| format!("{text:?} is not like l0"))?;
        number(digits).map(Self)
    }
}

impl FromStr for Pick {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        match text.split_once('#') {
            Some(("", position)) => number(position).map(Self::Fitting),
            Some(("any", position)) => number(position).map(Self::Any),
            _ => Err(format!("{text:?} is not like #0 or any#0")),
        }
    }
}

impl FromStr for Share {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        match text {
            "all" => Ok(Self::All),
            "over" => Ok(Self::Over),
            "zero" => Ok(Self::Zero),
            _ => match text.strip_prefix("some") {
                Some(digits) => number(digits).map(Self::Some),
                None => Err(format!("{text:?} is no share")),
            },
        }
    }
}

impl FromStr for Part {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        let (line, share) = text
            .split_once('=')
            .ok_or_else(|| format!("{text:?} is not like l0=all"))?;
        Ok(Self {
            line: line.parse::<LineWord>()?.0,
            share: share.parse()?,
        })
    }
}

impl FromStr for Found {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        let (part, short) = cut(text, '~');
        Ok(Self {
            part: part.parse()?,
            short: short.map_or(Ok(0), number)?,
        })
    }
}

impl FromStr for Change {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        if let Some(line) = text.strip_prefix('+') {
            return line.parse().map(Self::Add);
        }
        if let Some(line) = text.strip_prefix('-') {
            return line.parse::<LineWord>().map(|line| Self::Remove(line.0));
        }
        if let Some((name, value)) = text.split_once('=') {
            return match name {
                "to" => value.parse().map(Self::To),
                "postage" => number(value).map(Self::Postage),
                "day" => number(value).map(Self::Day),
                line => Ok(Self::Units(line.parse::<LineWord>()?.0, number(value)?)),
            };
        }
        match (text.split_once('>'), text.split_once('@')) {
            (Some((line, to)), _) => Ok(Self::LineTo(line.parse::<LineWord>()?.0, to.parse()?)),
            (None, Some((line, price))) => {
                Ok(Self::Price(line.parse::<LineWord>()?.0, number(price)?))
            }
            (None, None) => Err(format!("{text:?} is no change")),
        }
    }
}

impl FromStr for Shipping {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        match (text, text.strip_prefix('p')) {
            ("all", _) => Ok(Self::All),
            ("tracked", _) => Ok(Self::Tracked),
            (_, Some(package)) => number(package).map(Self::One),
            (_, None) => Err(format!("{text:?} is not like all, tracked or p0")),
        }
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Read<Self> {
        match (text, text.strip_prefix('p')) {
            ("all", _) => Ok(Self::All),
            (_, Some(package)) => number(package).map(Self::Package),
            (_, None) => text.parse().map(Self::Part),
        }
    }
}
