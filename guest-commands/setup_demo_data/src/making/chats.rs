//! The chats, with what hangs on them.

use encargo_sdk::prelude::*;
use encargo_sdk::random::Random;

use super::Ids;
use crate::calendar::MINUTE;
use crate::chat::{Chat, Mood, chats};
use crate::demo::{Demo, State};
use crate::kind::Kind;
use crate::look::id_of;

/// What the moods are said to come from.
const MODEL: &str = "demo";

/// A chat that is there, for the events that speak of it.
pub(super) struct Told {
    pub(super) chat: Chat,
    pub(super) id: i64,
    pub(super) agent_id: Option<i64>,
}

#[derive(ToRow)]
struct Row {
    id: i64,
    external_id: String,
    agent_id: Option<i64>,
    title: String,
    status: &'static str,
    language: &'static str,
    is_pinned: bool,
    legal_hold: bool,
    first_response_at: Option<i64>,
    handed_over_at: Option<i64>,
    resolved_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

#[derive(ToRow)]
struct Message {
    id: i64,
    chat_id: i64,
    role: &'static str,
    body: String,
    tokens: Option<i64>,
    response_ms: Option<i64>,
    created_at: i64,
}

#[derive(ToRow)]
struct Sentiment {
    id: i64,
    message_id: i64,
    chat_id: i64,
    label: &'static str,
    score: f64,
    confidence: f64,
    model: &'static str,
    created_at: i64,
}

#[derive(ToRow)]
struct Feedback {
    id: i64,
    chat_id: i64,
    rating: i64,
    comment: &'static str,
    created_at: i64,
}

/// The rows that hang on the chats.
#[derive(Default)]
struct Hanging {
    messages: Vec<Message>,
    sentiments: Vec<Sentiment>,
    feedback: Vec<Feedback>,
}

/// Makes the chats that are not there, and answers all that are.
pub(super) fn make(demo: &mut Demo<'_>, now: i64, agents: &Ids) -> Result<Vec<Told>> {
    let (mut rows, mut hanging, mut all) = (Vec::new(), Hanging::default(), Vec::new());
    for chat in chats(now) {
        let agent_id = agents.get(chat.agent).copied();
        match demo.state(Kind::Chats, &chat.external_id)? {
            State::Gone => {}
            State::Unchanged(key) | State::Kept(key) => all.push(Told { id: id_of(&key)?, agent_id, chat }),
            State::New => {
                let id = demo.id()?;
                rows.push(Row {
                    id,
                    external_id: chat.external_id.clone(),
                    agent_id,
                    title: chat.title.clone(),
                    status: chat.status,
                    language: chat.language,
                    is_pinned: chat.is_pinned,
                    legal_hold: chat.legal_hold,
                    first_response_at: chat.first_response_at,
                    handed_over_at: chat.handed_over_at,
                    resolved_at: chat.resolved_at,
                    created_at: chat.created_at,
                    updated_at: chat.updated_at,
                });
                hanging.take_in(demo, &chat, id)?;
                all.push(Told { id, agent_id, chat });
            }
        }
    }
    let transaction = demo.transaction;
    transaction.write_rows(&Writer::into("chats"), &rows)?;
    transaction.write_rows(&Writer::into("messages"), &hanging.messages)?;
    transaction.write_rows(&Writer::into("sentiments"), &hanging.sentiments)?;
    transaction.write_rows(&Writer::into("feedback"), &hanging.feedback)?;
    for (subject, n) in [
        ("messages", hanging.messages.len()),
        ("sentiments", hanging.sentiments.len()),
        ("feedback", hanging.feedback.len()),
    ] {
        demo.tally.add(subject, Action::Created, n as u64);
    }
    demo.note(Kind::Chats, &rows.iter().map(|row| (row.external_id.clone(), row.id.to_string())).collect::<Vec<_>>())?;
    Ok(all)
}

impl Hanging {
    fn take_in(&mut self, demo: &mut Demo<'_>, chat: &Chat, chat_id: i64) -> Result<()> {
        for message in &chat.messages {
            let id = demo.id()?;
            if chat.is_analysed && message.role == "user" {
                let (label, score) = match message.mood {
                    Mood::Pleased => ("positive", 0.72),
                    Mood::Neutral => ("neutral", 0.02),
                    Mood::Angry => ("negative", -0.68),
                };
                let shift = Random::of(&[5, message.at.unsigned_abs()]).unit() / 5.0 - 0.1;
                self.sentiments.push(Sentiment {
                    id: demo.id()?,
                    message_id: id,
                    chat_id,
                    label,
                    score: score + shift,
                    confidence: 0.8 + shift,
                    model: MODEL,
                    // The nightly analysis is a while behind, and never ahead of the run.
                    created_at: (message.at + 30 * MINUTE).min(demo.run.started_at().micros()),
                });
            }
            self.messages.push(Message {
                id,
                chat_id,
                role: message.role,
                body: message.body.clone(),
                tokens: message.tokens,
                response_ms: message.response_ms,
                created_at: message.at,
            });
        }
        if let Some(said) = &chat.feedback {
            let (id, rating, comment, created_at) = (demo.id()?, said.rating, said.comment, said.at);
            self.feedback.push(Feedback { id, chat_id, rating, comment, created_at });
        }
        Ok(())
    }
}
