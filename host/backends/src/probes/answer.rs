//! What a probe answers: how a service is, in one word, one sentence, and the numbers that it goes by.

use encargo_model::{Text, text};

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeStatus {
    /// As it should be.
    Ok,
    /// It works and needs a look.
    Warning,
    /// It does not work.
    Failed,
    /// Something that was there is gone, damaged or another's.
    Lost,
    /// The look itself did not come to its end, so nothing is known.
    Crashed,
    /// Not configured, so nothing is known.
    Skipped,
}

impl ProbeStatus {
    /// The word, which is never translated.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::Crashed => "crashed",
            Self::Skipped => "skipped",
        }
    }
}

/// A number that a service told, or that was measured of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What it is, such as `used_memory`.
    pub name: &'static str,
    /// How much.
    pub value: f64,
    /// Of what: `bytes`, `seconds`, `days`, `percent`, or empty for a plain number.
    pub unit: &'static str,
}

/// What a probe answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: ProbeStatus,
    pub(crate) detail: Text,
    pub(crate) measures: Vec<Measure>,
}

impl Answer {
    pub(crate) const fn new(status: ProbeStatus, detail: Text) -> Self {
        Self { status, detail, measures: Vec::new() }
    }

    pub(crate) const fn ok(detail: Text) -> Self {
        Self::new(ProbeStatus::Ok, detail)
    }

    pub(crate) const fn warning(detail: Text) -> Self {
        Self::new(ProbeStatus::Warning, detail)
    }

    pub(crate) const fn failed(detail: Text) -> Self {
        Self::new(ProbeStatus::Failed, detail)
    }

    /// Nothing is known of what nobody named.
    pub(crate) fn not_configured() -> Self {
        Self::new(ProbeStatus::Skipped, text!("not configured", "sin configurar"))
    }

    /// The same with a number.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: f64, unit: &'static str) -> Self {
        self.measures.push(Measure { name, value, unit });
        self
    }

    /// A warning where it was well and this is not empty: what needs a look.
    #[must_use]
    pub(crate) fn but(mut self, looks: Vec<Text>) -> Self {
        if looks.is_empty() {
            return self;
        }
        if self.status == ProbeStatus::Ok {
            self.status = ProbeStatus::Warning;
        }
        self.detail = Text::joined(looks.into_iter().chain([self.detail]), "; ");
        self
    }
}
