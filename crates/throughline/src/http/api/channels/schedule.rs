//! When a channel's waiting orders are sourced together, as the API writes it.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::network::{SourcingSchedule, Times};
use utoipa::ToSchema;

/// When waiting orders are sourced together: at times of the day, or every so many minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingSchedule)]
#[serde(deny_unknown_fields)]
pub(super) struct SourcingScheduleShape {
    /// IANA name of the time zone; UTC unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// Local times, in ascending order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 48, example = json!(["06:00", "14:30"]))]
    daily_at: Option<Vec<String>>,
    /// Every so many minutes, counted from local midnight, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 5, maximum = 1440)]
    every_minutes: Option<u32>,
}

impl SourcingScheduleShape {
    /// Shows a schedule.
    pub(super) fn new(schedule: &SourcingSchedule) -> Self {
        let time = |minute: &u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let (daily_at, every_minutes) = match &schedule.times {
            Times::Daily(times) => (Some(times.iter().map(time).collect()), None),
            Times::EveryMinutes(minutes) => (None, Some(*minutes)),
        };
        Self {
            time_zone: Some(schedule.time_zone.clone()),
            daily_at,
            every_minutes,
        }
    }

    /// Reads a schedule.
    ///
    /// # Errors
    /// Refuses one with both kinds of times or with none, and what is no time.
    pub(super) fn schedule(self) -> Result<SourcingSchedule, Refusal> {
        let times = match (self.daily_at, self.every_minutes) {
            (Some(times), None) => {
                let times = times.iter().enumerate();
                Times::Daily(times.map(minute).collect::<Result<_, _>>()?)
            }
            (None, Some(minutes)) => Times::EveryMinutes(minutes),
            (Some(_), Some(_)) | (None, None) => {
                let problem = "must give either daily_at or every_minutes";
                return Err(Refusal::invalid("/sourcing_schedule", problem));
            }
        };
        Ok(SourcingSchedule {
            time_zone: self.time_zone.unwrap_or_else(|| "UTC".to_owned()),
            times,
        })
    }
}

/// Minutes after midnight of a time such as `14:30`.
fn minute((position, text): (usize, &String)) -> Result<u16, Refusal> {
    let read = |part: &str, most: u16| {
        let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let number: Option<u16> = part.parse().ok();
        number.filter(|number| is_plain && *number < most)
    };
    let parts = text.split_once(':');
    let minute = parts.and_then(|(hour, minute)| Some(read(hour, 24)? * 60 + read(minute, 60)?));
    minute.ok_or_else(|| {
        let field = format!("/sourcing_schedule/daily_at/{position}");
        Refusal::invalid(field, "must be a time of the day such as 14:30")
    })
}
