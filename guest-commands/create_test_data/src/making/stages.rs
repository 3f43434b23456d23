//! What each stage writes for a range of its units.

use std::ops::Range;

use encargo_sdk::prelude::*;

use super::revive;
use crate::batch::PLANTED;
use crate::faults::plant;
use crate::maker::{A_GROUP, Group, Maker, Told};
use crate::media;
use crate::rows::{FeedbackRow, FileRow, MessageRow, SentimentRow};

/// What labels among the sentiments are said to come from.
const MODEL: &str = "test-data";

fn ids(maker: &Maker, range: &Range<u64>) -> Range<i64> {
    maker.batch.id(range.start)..maker.batch.id(range.end)
}

/// Writes rows and counts them.
fn write<T: ToRow>(transaction: &Transaction, table: &str, rows: &[T], tally: &mut Tally) -> Result<()> {
    let written = transaction.write_rows(&Writer::into(table), rows)?;
    tally.add(table, Action::Created, written.inserted);
    Ok(())
}

pub(super) fn agents(maker: &Maker, transaction: &Transaction, range: Range<u64>, tally: &mut Tally) -> Result<()> {
    revive(transaction, "agents", ids(maker, &range))?;
    let rows: Vec<_> = range.map(|n| maker.agent(n)).collect();
    write(transaction, "agents", &rows, tally)
}

pub(super) fn knowledge(maker: &Maker, transaction: &Transaction, range: Range<u64>, tally: &mut Tally) -> Result<()> {
    revive(transaction, "knowledge_items", ids(maker, &range))?;
    let rows: Vec<_> = range.map(|n| maker.item(n)).collect();
    write(transaction, "knowledge_items", &rows, tally)
}

/// The files come first: should the rows fail, the next try finds them as they are.
pub(super) fn documents(maker: &Maker, transaction: &Transaction, range: Range<u64>, tally: &mut Tally) -> Result<()> {
    for relation in ["documents", "files"] {
        revive(transaction, relation, ids(maker, &range))?;
    }
    let (mut rows, mut all_files) = (Vec::new(), Vec::new());
    for n in range {
        let document = maker.document(n);
        let name = maker.file_name(n);
        media::make(&name, document.body.as_bytes())?;
        all_files.push(FileRow {
            id: document.id,
            name,
            media_type: document.media_type.clone(),
            bytes: document.body.len() as i64,
            sha256: encargo_sdk::media::sha256(document.body.as_bytes()),
            document_id: Some(document.id),
            created_at: document.created_at,
        });
        rows.push(document);
    }
    write(transaction, "documents", &rows, tally)?;
    write(transaction, "files", &all_files, tally)
}

/// A range of groups, each written with what hangs on its chats.
pub(super) fn chats(maker: &Maker, transaction: &Transaction, range: Range<u64>, tally: &mut Tally) -> Result<()> {
    let chats = (range.start * A_GROUP)..(range.end * A_GROUP).min(maker.batch.counts.chats);
    revive(transaction, "chats", ids(maker, &chats))?;
    revive(transaction, "feedback", ids(maker, &chats))?;
    revive(transaction, "messages", maker.batch.message_id(chats.start, 0)..maker.batch.message_id(chats.end, 0))?;
    let mut groups = Vec::new();
    for group in range {
        let mut made = Group::default();
        maker.group(group, &mut made);
        groups.push(made);
    }
    let told = || groups.iter().flat_map(|group| group.chats.iter().map(move |told| (told, &*group.texts)));
    let rows: Vec<_> = told().map(|(told, _)| told.chat.clone()).collect();
    write(transaction, "chats", &rows, tally)?;
    let rows: Vec<MessageRow<'_>> = told().flat_map(|(told, texts)| messages(told, texts)).collect();
    write(transaction, "messages", &rows, tally)?;
    let rows: Vec<_> =
        told().filter(|(told, _)| told.is_labelled).flat_map(|(told, _)| sentiments(maker, told)).collect();
    write(transaction, "sentiments", &rows, tally)?;
    let rows: Vec<FeedbackRow> = told().filter_map(|(told, _)| told.feedback.clone()).collect();
    write(transaction, "feedback", &rows, tally)
}

fn messages<'a>(told: &'a Told, texts: &'a str) -> impl Iterator<Item = MessageRow<'a>> {
    told.messages.iter().map(move |message| MessageRow {
        id: message.id,
        chat_id: told.chat.id,
        role: message.role,
        body: &texts[message.text.clone()],
        tokens: message.tokens,
        response_ms: message.response_ms,
        created_at: message.at,
    })
}

fn sentiments(maker: &Maker, told: &Told) -> impl Iterator<Item = SentimentRow> {
    let (chat_id, until) = (told.chat.id, maker.batch.until);
    told.messages.iter().filter_map(move |message| {
        let label = message.label?;
        let (id, created_at) = (message.id, (message.at + crate::shape::HOUR).min(until));
        let (label, score) = (label.word(), label.score());
        Some(SentimentRow { id, message_id: id, chat_id, label, score, confidence: 1.0, model: MODEL, created_at })
    })
}

pub(super) fn logs(maker: &Maker, transaction: &Transaction, range: Range<u64>, tally: &mut Tally) -> Result<()> {
    let rows: Vec<_> = range.map(|n| maker.log(n)).collect();
    write(transaction, "logs", &rows, tally)
}

pub(super) fn events(maker: &Maker, transaction: &Transaction, range: Range<u64>, tally: &mut Tally) -> Result<()> {
    let rows: Vec<_> = range.map(|n| maker.event(n)).collect();
    write(transaction, "analytics_events", &rows, tally)
}

/// All planted faults at once; there are few.
pub(super) fn faults(maker: &Maker, transaction: &Transaction, _: Range<u64>, tally: &mut Tally) -> Result<()> {
    let planted = plant(maker);
    let places = PLANTED..PLANTED + (1 << 16);
    for relation in ["agents", "tools", "knowledge_items", "documents", "files", "chats"] {
        revive(transaction, relation, ids(maker, &places))?;
    }
    revive(transaction, "messages", maker.batch.message_id(PLANTED, 0)..maker.batch.ids().end)?;
    for (name, content) in &planted.media {
        media::make(name, content.as_bytes())?;
    }
    write(transaction, "agents", &planted.agents, tally)?;
    write(transaction, "tools", &planted.tools, tally)?;
    write(transaction, "knowledge_items", &planted.items, tally)?;
    write(transaction, "documents", &planted.documents, tally)?;
    write(transaction, "files", &planted.files, tally)?;
    write(transaction, "chats", &planted.chats, tally)?;
    let rows: Vec<_> = planted
        .messages
        .iter()
        .map(|(chat_id, message, body)| MessageRow {
            id: message.id,
            chat_id: *chat_id,
            role: message.role,
            body,
            tokens: message.tokens,
            response_ms: message.response_ms,
            created_at: message.at,
        })
        .collect();
    write(transaction, "messages", &rows, tally)?;
    write(transaction, "sentiments", &planted.sentiments, tally)?;
    write(transaction, "logs", &planted.logs, tally)?;
    write(transaction, "analytics_events", &planted.events, tally)?;
    write(transaction, "settings", &planted.settings, tally)?;
    Ok(())
}
