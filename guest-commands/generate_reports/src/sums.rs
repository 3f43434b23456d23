//! What is added up of a period: in all, and of each agent.

use std::collections::BTreeMap;

use crate::quantiles::Quantiles;
use crate::share::Share;

/// What messages are: the roles, in the order of their numbers in the statements.
pub(crate) const ROLES: [&str; 4] = ["user", "assistant", "system", "tool"];
/// More tokens has no message, and longer than so many milliseconds nothing takes; what says so is counted apart.
pub(crate) const MOST_TOKENS: i64 = 1_000_000_000;
pub(crate) const MOST_MILLISECONDS: i64 = 1_000_000_000_000;

/// Chats that were begun in the period, whatever became of them later.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chats {
    pub(crate) begun: u64,
    /// Those that are not open any more, handed over or not.
    pub(crate) ended: u64,
    pub(crate) handed_over: u64,
    /// Ended and never handed over.
    pub(crate) deflected: u64,
    /// With at least one rating.
    pub(crate) rated: u64,
    pub(crate) ended_and_rated: u64,
    pub(crate) unanswered: u64,
    /// Milliseconds from the beginning to the first response, and to the end.
    pub(crate) first_response: Quantiles,
    pub(crate) resolution: Quantiles,
}

/// Messages of the period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Messages {
    pub(crate) by_role: [u64; 4],
    pub(crate) tokens: u64,
    /// Messages that say how many tokens they took.
    pub(crate) with_tokens: u64,
    /// Milliseconds that responses took.
    pub(crate) response: Quantiles,
}

/// Sentiments of messages of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Feelings {
    pub(crate) negative: u64,
    pub(crate) neutral: u64,
    pub(crate) positive: u64,
    /// What could not be told.
    pub(crate) unknown: u64,
}

/// Everything that is added up.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sums {
    pub(crate) chats: Chats,
    pub(crate) messages: Messages,
    /// How many ratings of one star, of two, to five.
    pub(crate) ratings: [u64; 5],
    pub(crate) feelings: Feelings,
}

/// A part of the period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) chats: u64,
    pub(crate) messages: u64,
    pub(crate) satisfied: u64,
    pub(crate) ratings: u64,
}

/// What does not fit together in the rows, and is in no figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Odd {
    /// Chats that were answered before they were begun, and that ended before.
    pub(crate) answered_before: u64,
    pub(crate) ended_before: u64,
    /// Messages with a number of tokens, or a time that they took, that cannot be.
    pub(crate) tokens: u64,
    pub(crate) responses: u64,
}

/// One period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Side {
    pub(crate) all: Sums,
    /// By the agent's id; none for what belongs to no agent that is there.
    pub(crate) agents: BTreeMap<Option<i64>, Sums>,
    pub(crate) parts: Vec<Part>,
    /// Messages of people by the hour of the day.
    pub(crate) hours: [u64; 24],
    pub(crate) odd: Odd,
}

impl Messages {
    pub(crate) fn n(&self) -> u64 {
        self.by_role.iter().sum()
    }
}

impl Feelings {
    pub(crate) const fn n(self) -> u64 {
        self.negative + self.neutral + self.positive + self.unknown
    }

    /// The negative ones of those that could be told.
    pub(crate) const fn negative_share(self) -> Share {
        Share::new(self.negative, self.negative + self.neutral + self.positive)
    }
}

impl Sums {
    pub(crate) fn ratings_given(&self) -> u64 {
        self.ratings.iter().sum()
    }

    /// Ratings of four and five.
    pub(crate) fn satisfied(&self) -> Share {
        Share::new(self.ratings[3] + self.ratings[4], self.ratings_given())
    }

    /// The mean of the ratings.
    pub(crate) fn mean_rating(&self) -> Option<f64> {
        let n = self.ratings_given();
        let stars: u64 = self.ratings.iter().zip(1..).map(|(n, stars)| n * stars).sum();
        (n > 0).then(|| stars as f64 / n as f64)
    }

    /// Whether nothing happened.
    pub(crate) fn is_empty(&self) -> bool {
        self.chats.begun == 0 && self.messages.n() == 0 && self.ratings_given() == 0
    }
}

impl Side {
    /// One that has so many parts.
    pub(crate) fn of_parts(parts: usize) -> Self {
        Self { parts: vec![Part::default(); parts], ..Self::default() }
    }

    /// Adds to the sum of all and to that of an agent.
    pub(crate) fn add(&mut self, agent: Option<i64>, add: impl Fn(&mut Sums)) {
        add(&mut self.all);
        add(self.agents.entry(agent).or_default());
    }
}
