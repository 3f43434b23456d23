//! What the labels say of agents, days and chats: one pass over all that was chosen, chat by chat.

use std::collections::{BTreeMap, BinaryHeap};

use encargo_sdk::prelude::*;

use crate::reading::model::Label;
use crate::{Chosen, sql};

const MICROS_A_DAY: i64 = 86_400_000_000;
/// Days before 1970 and behind 2199 are taken for these, so that odd times are no days of their own.
const DAYS: (i64, i64) = (0, 84_005);
/// So many calm messages are added to a chat's, so that one bad one of two is not the worst of all.
const CALM: i64 = 2;

/// How many messages feel how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Feelings {
    pub(crate) negative: u64,
    pub(crate) neutral: u64,
    pub(crate) positive: u64,
    pub(crate) unknown: u64,
    /// Not judged: they came while the others were.
    pub(crate) unjudged: u64,
    /// The sum of the scores of those that are known, in ten-thousandths.
    sum: i64,
}

impl Feelings {
    fn add(&mut self, label: Option<&str>, score: i64) {
        let count = match label {
            None => &mut self.unjudged,
            Some("negative") => &mut self.negative,
            Some("neutral") => &mut self.neutral,
            Some("positive") => &mut self.positive,
            Some(_) => &mut self.unknown,
        };
        *count += 1;
        if label.is_some_and(|label| label != Label::Unknown.word()) {
            self.sum += score;
        }
    }

    pub(crate) fn take_in(&mut self, other: &Self) {
        self.negative += other.negative;
        self.neutral += other.neutral;
        self.positive += other.positive;
        self.unknown += other.unknown;
        self.unjudged += other.unjudged;
        self.sum += other.sum;
    }

    /// Those that a label is known of.
    pub(crate) fn known(&self) -> u64 {
        self.negative + self.neutral + self.positive
    }

    pub(crate) fn all(&self) -> u64 {
        self.known() + self.unknown + self.unjudged
    }

    /// The mean score of those that are known, in ten-thousandths.
    pub(crate) fn mean(&self) -> Option<i64> {
        let known = self.known().cast_signed();
        (known > 0).then(|| self.sum.div_euclid(known))
    }
}

/// Of how many a list is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) chats: usize,
    pub(crate) messages: usize,
}

/// An agent's chats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OfAgent {
    pub(crate) chats: u64,
    pub(crate) feelings: Feelings,
}

/// A chat, ordered by how bad it is: the worst is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bad {
    /// Its mean with some calm messages added.
    badness: i64,
    pub(crate) chat_id: i64,
    pub(crate) agent_id: Option<i64>,
    pub(crate) messages: u64,
    pub(crate) negative: u64,
    pub(crate) mean: i64,
    pub(crate) last: i64,
}

/// A message, ordered by how unhappy it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unhappy {
    pub(crate) score: i64,
    pub(crate) id: i64,
    pub(crate) chat_id: i64,
}

/// What was gathered.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) all: Feelings,
    pub(crate) chats: u64,
    /// None is that of chats without an agent.
    pub(crate) agents: BTreeMap<Option<i64>, OfAgent>,
    /// By day since 1970, in UTC.
    pub(crate) days: BTreeMap<i64, Feelings>,
    /// The worst first.
    pub(crate) worst: Vec<Bad>,
    /// The unhappiest first.
    pub(crate) unhappiest: Vec<Unhappy>,
}

#[derive(Debug, FromRow)]
struct Said {
    id: i64,
    chat_id: i64,
    agent_id: Option<i64>,
    created_at: i64,
    label: Option<String>,
    score: Option<f64>,
}

/// The least of many things, of which a few are kept.
#[derive(Debug)]
struct Least<T> {
    heap: BinaryHeap<T>,
    most: usize,
}

impl<T: Ord> Least<T> {
    fn new(most: usize) -> Self {
        Self { heap: BinaryHeap::new(), most }
    }

    fn push(&mut self, one: T) {
        if self.most == 0 {
            return;
        }
        if self.heap.len() < self.most {
            self.heap.push(one);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && one < *worst
        {
            *worst = one;
        }
    }
}

/// The chat that is being read.
#[derive(Debug)]
struct Chat {
    id: i64,
    agent_id: Option<i64>,
    feelings: Feelings,
    last: i64,
}

impl Chat {
    fn ends(self, metrics: &mut Metrics, worst: &mut Least<Bad>) {
        metrics.chats += 1;
        metrics.all.take_in(&self.feelings);
        let agent = metrics.agents.entry(self.agent_id).or_default();
        agent.chats += 1;
        agent.feelings.take_in(&self.feelings);
        let Some(mean) = self.feelings.mean().filter(|_| self.feelings.negative > 0) else { return };
        let badness = self.feelings.sum.div_euclid(self.feelings.known().cast_signed() + CALM);
        if badness < 0 {
            worst.push(Bad {
                badness,
                chat_id: self.id,
                agent_id: self.agent_id,
                messages: self.feelings.all(),
                negative: self.feelings.negative,
                mean,
                last: self.last,
            });
        }
    }
}

/// Goes through all that was chosen.
pub(crate) fn gather(run: &Run, database: &Database, chosen: Chosen, shown: Shown) -> Result<Metrics> {
    let mut metrics = Metrics::default();
    let (mut worst, mut unhappiest) = (Least::new(shown.chats), Least::new(shown.messages));
    let mut open: Option<Chat> = None;
    let phase = Phase::new(text!("adding up", "sumando"), text!("messages", "mensajes"));
    let said = database.stream::<Said>(sql::SAID, &[&chosen.since, &chosen.until, &chosen.agent])?;
    for (done, said) in (0_u64..).zip(said) {
        if done.is_multiple_of(4_096) {
            run.check()?;
            run.progress(&phase, done);
        }
        let said = said?;
        let label = said.label.as_deref();
        let score = (said.score.unwrap_or(0.0).clamp(-1.0, 1.0) * 10_000.0).round() as i64;
        if open.as_ref().is_none_or(|chat| chat.id != said.chat_id) {
            let next =
                Chat { id: said.chat_id, agent_id: said.agent_id, feelings: Feelings::default(), last: i64::MIN };
            if let Some(chat) = open.replace(next) {
                chat.ends(&mut metrics, &mut worst);
            }
        }
        if let Some(chat) = &mut open {
            chat.feelings.add(label, score);
            chat.last = chat.last.max(said.created_at);
        }
        let day = said.created_at.div_euclid(MICROS_A_DAY).clamp(DAYS.0, DAYS.1);
        metrics.days.entry(day).or_default().add(label, score);
        if label == Some(Label::Negative.word()) {
            unhappiest.push(Unhappy { score, id: said.id, chat_id: said.chat_id });
        }
    }
    if let Some(chat) = open {
        chat.ends(&mut metrics, &mut worst);
    }
    metrics.worst = worst.heap.into_sorted_vec();
    metrics.unhappiest = unhappiest.heap.into_sorted_vec();
    Ok(metrics)
}
