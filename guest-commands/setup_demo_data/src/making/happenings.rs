//! Settings, lines of the log and events.

use encargo_sdk::prelude::*;
use encargo_sdk::random::Random;
use serde_json::json;

use super::chats::Told;
use super::long_ago;
use crate::calendar::{DAY, moments};
use crate::demo::{Demo, State};
use crate::kind::Kind;
use crate::seeds::LANGUAGES;
use crate::seeds::knowledge::{external_id, topics};
use crate::seeds::settings::{LOGS, SETTINGS};

/// How many lines the log has.
const LINES: u64 = 150;
/// How many times an article was read outside of a chat.
const READINGS: u64 = 240;

pub(super) fn settings(demo: &mut Demo<'_>, now: i64) -> Result<()> {
    #[derive(ToRow)]
    struct Row {
        name: &'static str,
        value: &'static str,
        updated_at: i64,
    }
    let mut rows = Vec::new();
    for (name, value) in SETTINGS {
        if demo.state(Kind::Settings, name)? == State::New {
            rows.push(Row { name, value, updated_at: long_ago(now, name) });
        }
    }
    demo.transaction.write_rows(&Writer::into("settings"), &rows)?;
    demo.note(Kind::Settings, &rows.iter().map(|row| (row.name.to_owned(), row.name.to_owned())).collect::<Vec<_>>())
}

pub(super) fn logs(demo: &mut Demo<'_>, now: i64) -> Result<()> {
    #[derive(ToRow)]
    struct Row {
        id: i64,
        level: &'static str,
        message: String,
        context: &'static str,
        created_at: i64,
        expires_at: Option<i64>,
    }
    let (mut rows, mut made) = (Vec::new(), Vec::new());
    let mut random = Random::of(&[6]);
    for (n, created_at) in (1..).zip(moments(now, LINES, &mut random)) {
        let (level, message, days) = random.pick(&LOGS);
        let message = message.replace("{n}", &random.between(12, 4_200).to_string());
        let key = format!("log-{n:03}");
        if demo.state(Kind::Logs, &key)? == State::New {
            let (id, context) = (demo.id()?, r#"{"demo":true}"#);
            let expires_at = days.map(|days| created_at + days * DAY);
            rows.push(Row { id, level, message, context, created_at, expires_at });
            made.push((key, id.to_string()));
        }
    }
    demo.transaction.write_rows(&Writer::into("logs"), &rows)?;
    demo.note(Kind::Logs, &made)
}

#[derive(ToRow)]
struct Event {
    id: i64,
    name: &'static str,
    chat_id: Option<i64>,
    agent_id: Option<i64>,
    properties: String,
    value: Option<f64>,
    created_at: i64,
}

/// Events while they are collected, with their keys.
#[derive(Default)]
struct Events {
    rows: Vec<Event>,
    made: Vec<(String, String)>,
}

impl Events {
    fn add(&mut self, demo: &mut Demo<'_>, key: String, event: Event) -> Result<()> {
        if demo.state(Kind::Events, &key)? == State::New {
            let id = demo.id()?;
            self.made.push((key, id.to_string()));
            self.rows.push(Event { id, ..event });
        }
        Ok(())
    }
}

/// What the shop's pages tell of the chats and of articles that were read.
pub(super) fn events(demo: &mut Demo<'_>, now: i64, told: &[Told]) -> Result<()> {
    let mut events = Events::default();
    for Told { chat, id, agent_id } in told {
        let event = |name, properties: serde_json::Value, value, created_at| Event {
            id: 0,
            name,
            chat_id: Some(*id),
            agent_id: *agent_id,
            properties: properties.to_string(),
            value,
            created_at,
        };
        let key = |name: &str| format!("{}-{name}", chat.external_id);
        let begun = json!({ "demo": true, "language": chat.language });
        events.add(demo, key("started"), event("chat_started", begun, None, chat.created_at))?;
        if let Some(at) = chat.first_response_at {
            let seconds = (at - chat.created_at) as f64 / 1e6;
            let shown = json!({ "demo": true, "item": chat.cites });
            events.add(demo, key("answered"), event("article_cited", shown, Some(seconds), at))?;
        }
        if let Some(at) = chat.handed_over_at {
            events.add(demo, key("handed-over"), event("handed_over", json!({ "demo": true }), None, at))?;
        }
        if let Some(said) = &chat.feedback {
            let rated = event("chat_rated", json!({ "demo": true }), Some(said.rating as f64), said.at);
            events.add(demo, key("rated"), rated)?;
        }
    }
    let mut random = Random::of(&[7]);
    let items: Vec<_> =
        topics().flat_map(|topic| LANGUAGES.map(|language| external_id(topic.slug, language))).collect();
    for (n, at) in (1..).zip(moments(now, READINGS, &mut random)) {
        // Some articles are read far more often than others.
        let item = &items[random.below(random.clone().below(items.len() as u64) + 1) as usize];
        let properties = json!({ "demo": true, "item": item }).to_string();
        let read = Event {
            id: 0,
            name: "article_read",
            chat_id: None,
            agent_id: None,
            properties,
            value: None,
            created_at: at,
        };
        events.add(demo, format!("reading-{n:03}"), read)?;
    }
    demo.transaction.write_rows(&Writer::into("analytics_events"), &events.rows)?;
    demo.note(Kind::Events, &events.made)
}
