//! Colours, where there is somebody to see them.

/// Colours text, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Ink {
    is_coloured: bool,
}

/// A colour by what it means (ECMA-48, select graphic rendition).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Tone {
    /// What the eye should find first.
    Strong,
    /// What is there for those who look for it.
    Faint,
    /// It arrived.
    Good,
    /// It is on its way.
    Moving,
    /// It waits.
    Waiting,
    /// It went wrong, or was called off.
    Bad,
}

impl Ink {
    pub(in crate::cli) fn new(is_coloured: bool) -> Self {
        Self { is_coloured }
    }

    /// The text in a tone.
    pub(in crate::cli) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Strong => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Moving => "36",
            Tone::Waiting => "33",
            Tone::Bad => "31",
        };
        if self.is_coloured && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
