//! One chat with all that hangs on it.

use std::ops::Range;

use encargo_sdk::random::Random;

use super::Maker;
use crate::batch::{Scenario, Stream};
use crate::edges;
use crate::rows::{ChatRow, FeedbackRow};
use crate::shape::{DAY, MINUTE, SECOND};
use crate::words::{Label, Words};

/// A chat, its messages with the places of their texts, and what the customer said about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) chat: ChatRow,
    pub(crate) messages: Vec<Message>,
    pub(crate) feedback: Option<FeedbackRow>,
    /// Whether the labels of its messages are among the sentiments.
    pub(crate) is_labelled: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) role: &'static str,
    pub(crate) text: Range<usize>,
    pub(crate) tokens: Option<i64>,
    pub(crate) response_ms: Option<i64>,
    pub(crate) at: i64,
    /// How it feels; what customers say alone.
    pub(crate) label: Option<Label>,
}

/// How likely something is, in hundredths, and how slow agents are.
struct Odds {
    handed_over: u64,
    open_lately: u64,
    open_before: u64,
    response_ms: i64,
}

impl Maker {
    /// Makes the chat of this place with so many messages; their texts are added to `texts`.
    pub(crate) fn chat(&self, n: u64, length: u64, texts: &mut String) -> Told {
        let (mut random, words) = self.row(Stream::Chats, n);
        let random = &mut random;
        let odds = match self.batch.scenario {
            Scenario::HighLoad => Odds { handed_over: 25, open_lately: 55, open_before: 12, response_ms: 5_200 },
            _ => Odds { handed_over: 10, open_lately: 40, open_before: 5, response_ms: 1_800 },
        };
        let mood = match random.below(100) {
            0..45 => Label::Positive,
            45..80 => Label::Neutral,
            _ => Label::Negative,
        };
        let is_odd = self.is(Scenario::EdgeCases);
        let mut begun = self.calendar.moment(n, self.batch.counts.chats, random);
        if is_odd && random.percent(10) {
            begun = edges::moment(random).min(self.batch.until - DAY);
        }
        let tied = is_odd && random.percent(10);
        let handed_over = length >= 5 && random.percent(odds.handed_over);
        let (mut at, mut messages) = (begun, Vec::with_capacity(length as usize));
        for place in 0..length as usize {
            let from = texts.len();
            let (role, label, response_ms) = match place {
                3 if handed_over => {
                    texts.push_str(words.handed_over);
                    ("system", None, None)
                }
                _ if place % 2 == 0 => {
                    let label = if random.percent(60) { mood } else { Label::Neutral };
                    let sentences = self.sentences(2, random);
                    words.customer(label, sentences, random, texts);
                    ("user", Some(label), None)
                }
                _ if random.percent(4) => {
                    texts.push_str(r#"{"state":"found","steps":"#);
                    crate::words::push_number(random.below(9), texts);
                    texts.push('}');
                    ("tool", None, None)
                }
                _ => {
                    let sentences = self.sentences(2, random);
                    words.agent(sentences, random, texts);
                    ("assistant", None, Some(self.spread.around(odds.response_ms, random) + 80))
                }
            };
            let label = self.odd_message(role, label, texts, from, random);
            if place > 0 && !tied {
                at += self.gap(role, response_ms, random);
            }
            let tokens = (response_ms.is_some() && !(is_odd && random.percent(20)))
                .then_some((texts.len() - from) as i64 / 4 + 8);
            let id = self.batch.message_id(n, place);
            messages.push(Message { id, role, text: from..texts.len(), tokens, response_ms, at, label });
        }
        let chat = self.chat_row(n, words, &messages, &odds, random);
        let feedback = chat.resolved_at.and_then(|ended| self.feedback(n, words, mood, ended, random));
        Told { chat, messages, feedback, is_labelled: n.is_multiple_of(20) }
    }

    /// An odd text has no feeling that is known.
    fn odd_message(
        &self,
        role: &str,
        label: Option<Label>,
        texts: &mut String,
        from: usize,
        random: &mut Random,
    ) -> Option<Label> {
        let before = texts.len();
        if role == "user" {
            self.odd(texts, from, random);
        }
        if texts.len() == before { label } else { None }
    }

    /// How long after the one before a message comes.
    fn gap(&self, role: &str, response_ms: Option<i64>, random: &mut Random) -> i64 {
        match (role, response_ms) {
            (_, Some(response_ms)) => response_ms * 1_000,
            ("user", _) => self.spread.around(50 * SECOND, random).min(15 * MINUTE),
            ("system", _) => self.spread.around(2 * MINUTE, random),
            _ => 300_000,
        }
    }

    fn chat_row(&self, n: u64, words: &Words, messages: &[Message], odds: &Odds, random: &mut Random) -> ChatRow {
        let (first, last) = (messages[0].at, messages[messages.len() - 1].at);
        let is_odd = self.is(Scenario::EdgeCases);
        let is_late = first > self.batch.until - 4 * DAY;
        let status = match random.below(100) {
            drawn if drawn < if is_late { odds.open_lately } else { odds.open_before } => "open",
            drawn if drawn >= 80 => "closed",
            _ => "resolved",
        };
        let resolved_at = (status != "open").then(|| last + self.spread.around(90 * SECOND, random));
        let time_of = |role: &str| messages.iter().find(|message| message.role == role).map(|message| message.at);
        let mut title = String::new();
        words.title(random, &mut title);
        self.odd(&mut title, 0, random);
        let language = if is_odd && random.percent(20) { edges::language(random) } else { words.tag };
        let agent = self.zipf.pick(random).filter(|_| !(is_odd && random.percent(10)));
        ChatRow {
            id: self.batch.id(n),
            external_id: self.batch.key("chat", n),
            agent_id: agent.map(|agent| self.batch.id(agent)),
            title,
            status,
            language: language.to_owned(),
            is_pinned: random.percent(1),
            legal_hold: random.below(200) == 0,
            first_response_at: time_of("assistant"),
            handed_over_at: time_of("system"),
            resolved_at,
            created_at: first,
            updated_at: resolved_at.unwrap_or(last),
        }
    }

    fn feedback(&self, n: u64, words: &Words, mood: Label, ended: i64, random: &mut Random) -> Option<FeedbackRow> {
        if !random.percent(35) {
            return None;
        }
        let low = match mood {
            Label::Negative => 1,
            Label::Neutral => 2,
            Label::Positive => 4,
        };
        let rating = low + random.between(0, 2);
        let mut comment = String::new();
        if random.percent(50) {
            comment.push_str(words.comments[rating as usize - 1]);
        }
        self.odd(&mut comment, 0, random);
        let id = self.batch.id(n);
        let created_at = ended + self.spread.around(5 * MINUTE, random);
        Some(FeedbackRow { id, chat_id: id, rating, comment, created_at })
    }
}
