//! One row of the table: a value, what it is measured against, and whether that was the goal.

use crate::contest::result::Ratio;

/// One measured row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The name under which its note is kept.
    pub(crate) id: String,
    /// What was measured.
    pub(crate) what: String,
    /// The measured value with its unit.
    pub(crate) measured: String,
    /// What it was measured against, with its value.
    pub(crate) against: String,
    /// What the goal speaks of.
    pub(crate) score: Score,
    /// What was aimed at.
    pub(crate) goal: Goal,
}

/// What a goal can speak of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Score {
    /// A multiple of the baseline, with its spread over the rounds.
    Ratio(Ratio),
    /// A plain amount.
    Megabytes(f64),
    /// A plain time.
    Milliseconds(f64),
}

/// What a score should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
}

impl Score {
    fn value(self) -> f64 {
        match self {
            Self::Ratio(ratio) => ratio.median,
            Self::Megabytes(amount) | Self::Milliseconds(amount) => amount,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Ratio(_) => "×",
            Self::Megabytes(_) => " MB",
            Self::Milliseconds(_) => " ms",
        }
    }

    /// The score as text; with the spread where there is one.
    pub(crate) fn text(self) -> String {
        let unit = self.unit();
        match self {
            Self::Ratio(ratio) if ratio.least < ratio.most => format!(
                "{}{unit} ({}–{})",
                digits(ratio.median),
                digits(ratio.least),
                digits(ratio.most)
            ),
            _ => format!("{}{unit}", digits(self.value())),
        }
    }
}

impl Row {
    /// The goal as text.
    pub(crate) fn goal_text(&self) -> String {
        let unit = self.score.unit();
        match self.goal {
            Goal::AtLeast(bound) => format!("≥ {}{unit}", digits(bound)),
            Goal::AtMost(bound) => format!("≤ {}{unit}", digits(bound)),
        }
    }

    /// Whether the goal was reached, and by how much it was missed if not.
    pub(crate) fn verdict(&self) -> String {
        let value = self.score.value();
        let missed_by = match self.goal {
            Goal::AtLeast(bound) => (bound - value) / bound,
            Goal::AtMost(bound) => (value - bound) / bound,
        };
        if missed_by <= 0.0 {
            "yes".to_owned()
        } else {
            format!("no, by {:.0} %", (missed_by * 100.0).ceil())
        }
    }
}

/// A number with as many digits as it is worth.
fn digits(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.2}")
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// A rate with separated thousands.
pub(crate) fn rate(per_second: f64) -> String {
    format!("{}/s", thousands(per_second))
}

/// A whole number with separated thousands.
pub(crate) fn thousands(value: f64) -> String {
    let plain = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in plain.chars().enumerate() {
        if index > 0 && (plain.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time in the unit that suits it.
pub(crate) fn time(duration: std::time::Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.001 {
        format!("{:.0} µs", seconds * 1e6)
    } else if seconds < 1.0 {
        format!("{:.2} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(score: f64, goal: Goal) -> Row {
        Row {
            id: "x".to_owned(),
            what: String::new(),
            measured: String::new(),
            against: String::new(),
            score: Score::Megabytes(score),
            goal,
        }
    }

    #[test]
    fn a_missed_goal_says_by_how_much() {
        assert_eq!(row(0.28, Goal::AtLeast(0.35)).verdict(), "no, by 20 %");
        assert_eq!(row(2.5, Goal::AtMost(2.0)).verdict(), "no, by 25 %");
        assert_eq!(row(0.35, Goal::AtLeast(0.35)).verdict(), "yes");
        assert_eq!(row(1.9, Goal::AtMost(2.0)).verdict(), "yes");
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(thousands(999.4), "999");
        assert_eq!(thousands(1_234_567.0), "1,234,567");
    }
}
