//! Answer keys, as JSON lines: which faults were planted, and how what customers say feels. They are made from the batch
//! alone, so they can be had again at any time.

use std::io::Write;

use encargo_sdk::files::Sink;
use encargo_sdk::prelude::*;
use serde::Serialize;

use crate::maker::{Group, Maker};

/// Lines are handed to the host in pieces of about this size.
const PIECE: usize = 256 << 10;

/// What one of the commands is to find, or to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Answer {
    pub(crate) command: &'static str,
    /// The issue that it is to find; for a cleanup, what becomes of the row: `deleted` or `kept`.
    pub(crate) issue: &'static str,
    pub(crate) relation: &'static str,
    /// The row's id in digits, or its key where it has none.
    pub(crate) id: String,
}

/// How a message feels.
#[derive(Debug, Serialize)]
struct Labelled {
    relation: &'static str,
    id: i64,
    chat_id: i64,
    language: &'static str,
    label: &'static str,
}

/// Lines on their way into a file.
struct Lines {
    sink: Sink,
    waiting: Vec<u8>,
}

impl Lines {
    fn add(&mut self, line: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.waiting, line)
            .map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))?;
        self.waiting.push(b'\n');
        if self.waiting.len() >= PIECE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        self.sink.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    fn publish(mut self) -> Result<()> {
        self.flush()?;
        self.sink.publish()
    }
}

/// Begins the file of an output argument; one that names a folder gets a file of this name.
fn begin(argument: &str, name: &str) -> Result<Lines> {
    let name = match files::destination(argument)? {
        files::Destination::File(name) => name,
        _ => name.to_owned(),
    };
    Ok(Lines { sink: files::create(argument, &name)?, waiting: Vec::new() })
}

/// Writes which faults were planted.
pub(crate) fn write_faults(answers: &[Answer]) -> Result<()> {
    let mut lines = begin("answers", "answers.jsonl")?;
    answers.iter().try_for_each(|answer| lines.add(answer))?;
    lines.publish()
}

/// Writes how each message of a customer feels, and answers how many there are.
pub(crate) fn write_labels(run: &Run, maker: &Maker) -> Result<u64> {
    let mut lines = begin("labels", "labels.jsonl")?;
    let (mut made, mut written) = (Group::default(), 0);
    let phase = Phase::new(
        text!("writing the labels", "escribiendo las etiquetas"),
        text!("groups of chats", "grupos de chats"),
    );
    for group in run.track(0..maker.groups(), phase) {
        maker.group(group?, &mut made);
        for told in &made.chats {
            let language = if told.chat.language == "es" { "es" } else { "en" };
            for message in &told.messages {
                let Some(label) = message.label else { continue };
                let (id, chat_id, label) = (message.id, told.chat.id, label.word());
                lines.add(&Labelled { relation: "messages", id, chat_id, language, label })?;
                written += 1;
            }
        }
    }
    lines.publish()?;
    Ok(written)
}
