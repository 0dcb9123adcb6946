//! When a channel's waiting orders are sourced together: at local times of the day, or every so many minutes.

use jiff::ToSpan;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::time::Millis;

/// Most times of one day.
pub const TIMES_MAX: usize = 48;
/// The least and the most minutes between two times.
const EVERY_LEAST: u32 = 5;
const DAY_MINUTES: u32 = 24 * 60;

/// When waiting orders are sourced together. Times are local ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcingSchedule {
    /// IANA name of the time zone.
    pub time_zone: String,
    /// At which times.
    pub times: Times,
}

/// Times of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// At these minutes after midnight, in ascending order. A time that the clocks skip is taken when they have.
    Daily(Vec<u16>),
    /// Every so many minutes, counted from midnight.
    EveryMinutes(u32),
}

impl SourcingSchedule {
    /// Checks the zone and the times.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field below `field`.
    pub fn check(&self, field: &str) -> Result<(), Refusal> {
        if TimeZone::get(&self.time_zone).is_err() {
            let problem = "must be an IANA time zone such as Europe/Berlin";
            return Err(Refusal::invalid(format!("{field}/time_zone"), problem));
        }
        match &self.times {
            Times::EveryMinutes(minutes) if !(EVERY_LEAST..=DAY_MINUTES).contains(minutes) => {
                let problem = format!("must lie between {EVERY_LEAST} and {DAY_MINUTES}");
                Err(Refusal::invalid(format!("{field}/every_minutes"), problem))
            }
            Times::Daily(times) if times.is_empty() || times.len() > TIMES_MAX => {
                let problem = format!("must name 1 to {TIMES_MAX} times of the day");
                Err(Refusal::invalid(format!("{field}/daily_at"), problem))
            }
            Times::Daily(times) if !times.is_sorted_by(|one, next| one < next) => {
                let problem = "must be in ascending order, each time once";
                Err(Refusal::invalid(format!("{field}/daily_at"), problem))
            }
            Times::Daily(times) if times.iter().any(|at| u32::from(*at) >= DAY_MINUTES) => {
                let problem = "must be times of the day, 00:00 to 23:59";
                Err(Refusal::invalid(format!("{field}/daily_at"), problem))
            }
            Times::Daily(_) | Times::EveryMinutes(_) => Ok(()),
        }
    }

    /// The first time after an instant. None at the end of the calendar.
    #[must_use]
    pub fn next_after(&self, after: Millis) -> Option<Millis> {
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        let today = after.timestamp().to_zoned(zone.clone()).date();
        // Today, tomorrow, and one day more where the clocks make a day short of a time.
        for days in 0..3 {
            let day = today.checked_add(days.days()).ok()?;
            for minute in self.minutes() {
                let hour = i8::try_from(minute / 60).ok()?;
                let time = Time::new(hour, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
                let instant = zone.to_ambiguous_zoned(day.to_datetime(time));
                let at = Millis(instant.compatible().ok()?.timestamp().as_millisecond());
                if at > after {
                    return Some(at);
                }
            }
        }
        None
    }

    /// Whether a run begins now, and when to look again; none while there is nothing to be done. `known` is the schedule by
    /// which the next time was stored, and that time: a schedule that was changed begins anew.
    #[must_use]
    pub fn look(&self, known: Option<(&Self, Millis)>, now: Millis) -> Option<(bool, Millis)> {
        let same = known.filter(|(schedule, _)| *schedule == self);
        if same.is_some_and(|(_, next_at)| next_at > now) {
            return None;
        }
        self.next_after(now)
            .map(|next_at| (same.is_some(), next_at))
    }

    /// Minutes after midnight, in ascending order.
    fn minutes(&self) -> Vec<u32> {
        match &self.times {
            Times::Daily(times) => times.iter().map(|at| u32::from(*at)).collect(),
            Times::EveryMinutes(every) => {
                let every = (*every).clamp(1, DAY_MINUTES);
                (0..DAY_MINUTES).step_by(every as usize).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(zone: &str, times: Times, after: &str) -> String {
        let schedule = SourcingSchedule {
            time_zone: zone.to_owned(),
            times,
        };
        schedule.check("/s").unwrap();
        let after: jiff::Timestamp = after.parse().unwrap();
        let next = schedule.next_after(Millis(after.as_millisecond()));
        next.unwrap().timestamp().to_string()
    }

    #[test]
    fn the_next_time_is_a_local_one() {
        let daily = || Times::Daily(vec![6 * 60, 14 * 60 + 30]);
        let berlin = "Europe/Berlin";
        for (times, after, expected) in [
            (daily(), "2026-01-05T04:59:59Z", "2026-01-05T05:00:00Z"),
            (daily(), "2026-01-05T05:00:00Z", "2026-01-05T13:30:00Z"),
            (daily(), "2026-01-05T13:30:00Z", "2026-01-06T05:00:00Z"),
            // Summer time begins on 29 March 2026.
            (daily(), "2026-03-28T20:00:00Z", "2026-03-29T04:00:00Z"),
            // 02:30 is skipped on that day.
            (
                Times::Daily(vec![150]),
                "2026-03-28T20:00:00Z",
                "2026-03-29T01:30:00Z",
            ),
            (
                Times::EveryMinutes(90),
                "2026-01-05T23:10:00Z",
                "2026-01-06T00:30:00Z",
            ),
            (
                Times::EveryMinutes(1440),
                "2026-01-05T23:10:00Z",
                "2026-01-06T23:00:00Z",
            ),
        ] {
            assert_eq!(next(berlin, times, after), expected, "{after}");
        }
    }

    #[test]
    fn a_run_begins_when_its_time_has_come_and_once_for_times_that_were_missed() {
        let every = |minutes| SourcingSchedule {
            time_zone: "UTC".to_owned(),
            times: Times::EveryMinutes(minutes),
        };
        let at = |minutes: i64| Millis(minutes * 60_000);
        let hourly = every(60);
        assert_eq!(hourly.look(None, at(5)), Some((false, at(60))));
        assert_eq!(hourly.look(Some((&hourly, at(60))), at(59)), None);
        let due = Some((&hourly, at(60)));
        assert_eq!(hourly.look(due, at(60)), Some((true, at(120))));
        assert_eq!(hourly.look(due, at(400)), Some((true, at(420))));
        let changed = Some((&hourly, at(60)));
        assert_eq!(every(30).look(changed, at(5)), Some((false, at(30))));
    }

    #[test]
    fn impossible_schedules_are_refused_by_field() {
        let check = |zone: &str, times| {
            let schedule = SourcingSchedule {
                time_zone: zone.to_owned(),
                times,
            };
            let refused = schedule.check("/s").unwrap_err();
            refused.field().map(str::to_owned)
        };
        let field = |name: &str| Some(format!("/s/{name}"));
        assert_eq!(
            check("Mars/Base", Times::EveryMinutes(60)),
            field("time_zone")
        );
        assert_eq!(check("UTC", Times::EveryMinutes(4)), field("every_minutes"));
        assert_eq!(check("UTC", Times::Daily(vec![])), field("daily_at"));
        assert_eq!(check("UTC", Times::Daily(vec![9, 9])), field("daily_at"));
        assert_eq!(check("UTC", Times::Daily(vec![1440])), field("daily_at"));
    }
}
