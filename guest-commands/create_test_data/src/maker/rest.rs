//! Agents, knowledge, documents, lines of the log and events.

use encargo_sdk::knowledge::{Absent, Hasher, Item};

use super::Maker;
use crate::batch::{Scenario, Stream};
use crate::edges;
use crate::rows::{AgentRow, DocumentRow, EventRow, ItemRow, LogRow};
use crate::shape::{DAY, HOUR};
use crate::words::push_number;

/// Where the items are said to come from.
const SOURCE: &str = "test-data";

/// The hash of an item's content, and its key where it has none of its own.
pub(crate) fn content_hash(item: &ItemRow) -> (String, String) {
    let mut hasher = Hasher::default();
    let external_id = if item.external_id.starts_with('~') { "" } else { &item.external_id };
    let (title, body, language, tags) = (&item.title, &item.body, &item.language, &item.tags);
    let source = &item.source;
    let found = hasher.identity(&Item { external_id, title, body, language, tags, source, absent: Absent::default() });
    (found.external_id.to_owned(), found.content_hash.to_owned())
}

impl Maker {
    pub(crate) fn agent(&self, n: u64) -> AgentRow {
        let (mut random, words) = self.row(Stream::Agents, n);
        let mut instructions = String::new();
        words.agent(3, &mut random, &mut instructions);
        let mut name = random.pick(words.names).to_owned();
        name.push(' ');
        // The number makes the name one that no other agent of any batch has.
        push_number(n + 1, &mut name);
        name.push_str(" - ");
        name.push_str(&self.batch.name());
        let created_at = self.calendar.before(&mut random);
        AgentRow {
            id: self.batch.id(n),
            slug: self.batch.key("agent", n),
            name,
            description: String::new(),
            model: "default".to_owned(),
            instructions,
            language: words.tag.to_owned(),
            is_active: !random.percent(5),
            created_at,
            updated_at: created_at,
        }
    }

    pub(crate) fn item(&self, n: u64) -> ItemRow {
        let (mut random, words) = self.row(Stream::Knowledge, n);
        let mut title = String::new();
        words.title(&mut random, &mut title);
        self.odd(&mut title, 0, &mut random);
        // The number makes the title, and so the content, one that no other item has.
        title.push_str(" (");
        push_number(u64::from(self.batch.seed), &mut title);
        title.push('-');
        push_number(n, &mut title);
        title.push(')');
        let mut body = String::new();
        let sentences = self.sentences(4, &mut random);
        words.facts(sentences, &mut random, &mut body);
        self.odd(&mut body, 0, &mut random);
        let is_odd = self.is(Scenario::EdgeCases);
        let mut tags: Vec<&str> = (0..random.below(4)).map(|_| random.pick(words.tags)).collect();
        tags.dedup();
        if is_odd && random.percent(20) {
            tags = edges::TAGS.to_vec();
        }
        let language = if is_odd && random.percent(20) { edges::language(&mut random) } else { words.tag };
        let created_at = self.calendar.before(&mut random);
        let own = !(is_odd && random.percent(10));
        let mut item = ItemRow {
            id: self.batch.id(n),
            external_id: if own { self.batch.key("item", n) } else { "~".to_owned() },
            title,
            // An item says something, however odd.
            body: if body.trim().is_empty() { "-".to_owned() } else { body },
            language: language.to_owned(),
            tags: serde_json::Value::from(tags).to_string(),
            source: SOURCE.to_owned(),
            content_hash: String::new(),
            created_at,
            updated_at: created_at + random.between(0, 30 * DAY),
        };
        (item.external_id, item.content_hash) = content_hash(&item);
        item
    }

    /// A document; its text is the content of its file.
    pub(crate) fn document(&self, n: u64) -> DocumentRow {
        let (mut random, words) = self.row(Stream::Documents, n);
        let (mut title, mut body) = (String::new(), String::new());
        words.title(&mut random, &mut title);
        let sentences = self.sentences(12, &mut random);
        words.facts(sentences, &mut random, &mut body);
        body.push('\n');
        let created_at = self.calendar.before(&mut random);
        let external_id = self.batch.key("document", n);
        let media_type = "text/plain".to_owned();
        DocumentRow { id: self.batch.id(n), external_id, title, media_type, body, created_at, updated_at: created_at }
    }

    /// The name of a document's file.
    pub(crate) fn file_name(&self, n: u64) -> String {
        self.batch.key("document", n) + ".txt"
    }

    pub(crate) fn log(&self, n: u64) -> LogRow {
        let mut random = self.batch.random(Stream::Logs, n);
        let (level, kept) = match random.below(100) {
            0..15 => ("debug", Some(7)),
            15..80 => ("info", Some(30)),
            80..95 => ("warning", None),
            _ => ("error", None),
        };
        let mut message = String::from("answered in ");
        push_number(self.spread.around(400, &mut random).unsigned_abs(), &mut message);
        message.push_str(" ms");
        let mut context = String::from("{\"step\":");
        push_number(random.below(40), &mut context);
        context.push('}');
        let created_at = self.calendar.moment(n, self.batch.counts.logs, &mut random);
        let expires_at = kept.map(|days| created_at + days * DAY);
        LogRow { id: self.batch.id(n), level, message, context, created_at, expires_at }
    }

    /// An event; one in two speaks of a chat.
    pub(crate) fn event(&self, n: u64) -> EventRow {
        let mut random = self.batch.random(Stream::Events, n);
        let chats = self.batch.counts.chats;
        let chat = (chats > 0 && random.percent(50)).then(|| random.below(chats));
        let name = random.pick(&["page_seen", "article_read", "chat_opened", "search", "rated"]);
        let mut properties = String::from("{\"page\":");
        push_number(random.below(500), &mut properties);
        properties.push('}');
        let created_at = self.calendar.moment(n, self.batch.counts.events, &mut random) + random.between(0, HOUR);
        EventRow {
            id: self.batch.id(n),
            name: name.to_owned(),
            chat_id: chat.map(|chat| self.batch.id(chat)),
            agent_id: self.zipf.pick(&mut random).map(|agent| self.batch.id(agent)),
            properties,
            value: random.percent(40).then(|| random.below(1_000) as f64 / 8.0),
            created_at,
        }
    }
}
