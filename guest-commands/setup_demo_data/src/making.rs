//! Makes what is not there yet.

mod chats;
mod happenings;

use std::collections::BTreeMap;

use encargo_sdk::knowledge::{Absent, Hasher, Item};
use encargo_sdk::prelude::*;
use encargo_sdk::random::Random;

use crate::calendar::{DAY, DAYS};
use crate::demo::{Demo, State};
use crate::kind::Kind;
use crate::look::id_of;
use crate::media;
use crate::seeds::LANGUAGES;
use crate::seeds::agents::{AGENTS, TOOLS};
use crate::seeds::documents::DOCUMENTS;
use crate::seeds::knowledge::{external_id, topics};
use encargo_sdk::media::{Made, sha256};

/// Ids by slug.
pub(crate) type Ids = BTreeMap<String, i64>;

/// Makes the whole demo; times are relative to the start of the run.
pub(crate) fn make(demo: &mut Demo<'_>) -> Result<()> {
    let now = demo.run.started_at().micros();
    let tools = make_tools(demo, now)?;
    let agents = make_agents(demo, now, &tools)?;
    make_knowledge(demo, now)?;
    make_documents(demo, now)?;
    let told = chats::make(demo, now, &agents)?;
    happenings::settings(demo, now)?;
    happenings::logs(demo, now)?;
    happenings::events(demo, now, &told)
}

/// When something that stood before the first chat was made.
fn long_ago(now: i64, key: &str) -> i64 {
    let key = key.bytes().fold(7, |sum: u64, byte| sum * 31 % 1_000_003 + u64::from(byte));
    now - (DAYS + 20) * DAY + Random::of(&[3, key]).between(0, 15 * DAY)
}

fn make_tools(demo: &mut Demo<'_>, now: i64) -> Result<Ids> {
    #[derive(ToRow)]
    struct Row {
        id: i64,
        slug: &'static str,
        name: &'static str,
        description: &'static str,
        kind: &'static str,
        configuration: &'static str,
        created_at: i64,
        updated_at: i64,
    }
    let (mut ids, mut rows) = (Ids::new(), Vec::new());
    for tool in TOOLS {
        match demo.state(Kind::Tools, tool.slug)? {
            State::Unchanged(key) | State::Kept(key) => drop(ids.insert(tool.slug.to_owned(), id_of(&key)?)),
            State::Gone => {}
            State::New => {
                let (id, at) = (demo.id()?, long_ago(now, tool.slug));
                ids.insert(tool.slug.to_owned(), id);
                let (slug, name, description) = (tool.slug, tool.name, tool.description);
                let (kind, configuration) = (tool.kind, tool.configuration);
                rows.push(Row { id, slug, name, description, kind, configuration, created_at: at, updated_at: at });
            }
        }
    }
    demo.transaction.write_rows(&Writer::into("tools"), &rows)?;
    demo.note(Kind::Tools, &rows.iter().map(|row| (row.slug.to_owned(), row.id.to_string())).collect::<Vec<_>>())?;
    Ok(ids)
}

fn make_agents(demo: &mut Demo<'_>, now: i64, tools: &Ids) -> Result<Ids> {
    #[derive(ToRow)]
    struct Row {
        id: i64,
        slug: &'static str,
        name: &'static str,
        description: &'static str,
        model: &'static str,
        instructions: &'static str,
        language: &'static str,
        is_active: bool,
        created_at: i64,
        updated_at: i64,
    }
    #[derive(ToRow)]
    struct Link {
        agent_id: i64,
        tool_id: i64,
        created_at: i64,
    }
    let (mut ids, mut rows, mut links) = (Ids::new(), Vec::new(), Vec::new());
    for agent in AGENTS {
        match demo.state(Kind::Agents, agent.slug)? {
            State::Unchanged(key) | State::Kept(key) => drop(ids.insert(agent.slug.to_owned(), id_of(&key)?)),
            State::Gone => {}
            State::New => {
                let (id, created_at) = (demo.id()?, long_ago(now, agent.slug));
                ids.insert(agent.slug.to_owned(), id);
                let own = agent.tools.iter().filter_map(|tool| tools.get(*tool));
                links.extend(own.map(|&tool_id| Link { agent_id: id, tool_id, created_at }));
                rows.push(Row {
                    id,
                    slug: agent.slug,
                    name: agent.name,
                    description: agent.description,
                    model: "default",
                    instructions: agent.instructions,
                    language: agent.language,
                    is_active: agent.is_active,
                    created_at,
                    updated_at: created_at,
                });
            }
        }
    }
    demo.transaction.write_rows(&Writer::into("agents"), &rows)?;
    demo.transaction.write_rows(&Writer::into("agent_tools"), &links)?;
    demo.note(Kind::Agents, &rows.iter().map(|row| (row.slug.to_owned(), row.id.to_string())).collect::<Vec<_>>())?;
    Ok(ids)
}

fn make_knowledge(demo: &mut Demo<'_>, now: i64) -> Result<()> {
    #[derive(ToRow)]
    struct Row {
        id: i64,
        external_id: String,
        title: &'static str,
        body: &'static str,
        language: &'static str,
        tags: String,
        source: &'static str,
        content_hash: String,
        created_at: i64,
        updated_at: i64,
    }
    let (mut rows, mut hasher) = (Vec::new(), Hasher::default());
    for (topic, at) in topics().flat_map(|topic| [(topic, 0), (topic, 1)]) {
        let language = LANGUAGES[at];
        let external_id = external_id(topic.slug, language);
        if demo.state(Kind::Knowledge, &external_id)? != State::New {
            continue;
        }
        let tags = serde_json::Value::from([&["demo"], topic.tags[at]].concat()).to_string();
        let (title, body, source) = (topic.title[at], topic.body[at], "Alerce");
        let absent = Absent::default();
        let item = Item { external_id: &external_id, title, body, language, tags: &tags, source, absent };
        let content_hash = hasher.identity(&item).content_hash.to_owned();
        let created_at = long_ago(now, topic.slug);
        // A third of them was looked over since.
        let mut random = Random::of(&[4, created_at.unsigned_abs()]);
        let updated_at = if random.percent(33) { now - random.between(DAY, 60 * DAY) } else { created_at };
        let id = demo.id()?;
        rows.push(Row { id, external_id, title, body, language, tags, source, content_hash, created_at, updated_at });
    }
    demo.transaction.write_rows(&Writer::into("knowledge_items"), &rows)?;
    demo.note(
        Kind::Knowledge,
        &rows.iter().map(|row| (row.external_id.clone(), row.id.to_string())).collect::<Vec<_>>(),
    )
}

fn make_documents(demo: &mut Demo<'_>, now: i64) -> Result<()> {
    #[derive(ToRow)]
    struct Row {
        id: i64,
        external_id: &'static str,
        title: &'static str,
        media_type: &'static str,
        body: &'static str,
        created_at: i64,
        updated_at: i64,
    }
    #[derive(ToRow)]
    struct File {
        id: i64,
        name: String,
        media_type: &'static str,
        bytes: i64,
        sha256: String,
        document_id: i64,
        created_at: i64,
    }
    let (mut rows, mut all_files) = (Vec::new(), Vec::new());
    for document in DOCUMENTS {
        if demo.state(Kind::Documents, document.slug)? != State::New {
            continue;
        }
        let (id, name, at) = (demo.id()?, document.file(), long_ago(now, document.slug));
        let (title, media_type, content) = (document.title, document.media_type, document.content);
        rows.push(Row {
            id,
            external_id: document.slug,
            title,
            media_type,
            body: content,
            created_at: at,
            updated_at: at,
        });
        let is_free = demo.transaction.row::<i64>(crate::sql::FIND_FILE, &[&name])?.is_none();
        let made = if is_free { media::make(&name, content.as_bytes())? } else { Made::Not };
        if made == Made::Now {
            demo.files.push((name.clone(), sha256(content.as_bytes())));
        }
        if made != Made::Not {
            let (bytes, sha256) = (content.len() as i64, sha256(content.as_bytes()));
            let id = demo.id()?;
            let document_id = rows[rows.len() - 1].id;
            all_files.push(File { id, name, media_type, bytes, sha256, document_id, created_at: at });
        } else {
            demo.tally.note(text!(
                "the tenant has a file `{name}` of its own already, so the document has none",
                "el inquilino ya tiene un archivo `{name}` propio, así que el documento se queda sin él"
            ));
        }
    }
    demo.transaction.write_rows(&Writer::into("documents"), &rows)?;
    demo.transaction.write_rows(&Writer::into("files"), &all_files)?;
    demo.tally.add("files", Action::Created, all_files.len() as u64);
    demo.note(
        Kind::Documents,
        &rows.iter().map(|row| (row.external_id.to_owned(), row.id.to_string())).collect::<Vec<_>>(),
    )
}
