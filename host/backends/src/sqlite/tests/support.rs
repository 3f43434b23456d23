//! A platform with one tenant, and short words for what the tests do.

use std::sync::Arc;

use encargo_model::{
    Batch, Cells, Column, ErrorCode, FixedClock, Kind, Language, Limits, Permission, RunId, TableAction, Tenant, Texts,
    Timestamp, Value,
};
use tempfile::TempDir;

use crate::schema::RELATIONS;
use crate::{Access, BackendError, DataDir, Database, Interrupt, Ledger, Platform};

/// 2026-11-24.
pub(super) const NOW: Timestamp = Timestamp(1_795_478_400_000_000);

pub(super) struct Bench {
    /// Removed with the bench.
    _folder: TempDir,
    pub(super) platform: Platform,
    pub(super) tenant: Tenant,
    pub(super) interrupt: Arc<Interrupt>,
    pub(super) meter: Arc<crate::Meter>,
    /// What all databases of the bench committed.
    pub(super) ledger: Ledger,
}

impl Bench {
    pub(super) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let data = DataDir::new(folder.path().join("data"));
        Platform::migrate(&data, "test").unwrap();
        let platform = Platform::open(data, "test", Arc::new(FixedClock(NOW))).unwrap();
        let tenant = platform.create_tenant("acme", "Acme", Language::En).unwrap();
        let (interrupt, meter) = (Arc::default(), Arc::default());
        Self { _folder: folder, platform, tenant, interrupt, meter, ledger: Ledger::default() }
    }

    pub(super) fn access(&self, permissions: &[&str], limits: Limits) -> Access {
        Access {
            permissions: permissions.iter().map(|text| text.parse().unwrap()).collect(),
            limits,
            interrupt: Arc::clone(&self.interrupt),
            meter: Arc::clone(&self.meter),
            checkpoint_key: "key".to_owned(),
            run: RunId(1),
            ledger: self.ledger.clone(),
            media: crate::MadeMedia::default(),
            statements: crate::StatementLog::default(),
            clock: Arc::new(FixedClock(NOW)),
        }
    }

    /// A database with these permissions alone.
    pub(super) fn open(&self, permissions: &[&str]) -> Database {
        self.platform.files().open(&self.tenant, self.access(permissions, Limits::default())).unwrap()
    }

    /// A database with every permission that there is.
    pub(super) fn open_fully(&self) -> Database {
        self.open_within(Limits::default())
    }

    pub(super) fn open_within(&self, limits: Limits) -> Database {
        let mut access = self.access(&[], limits);
        access.permissions = every_permission();
        self.platform.files().open(&self.tenant, access).unwrap()
    }
}

pub(super) fn every_permission() -> std::collections::BTreeSet<Permission> {
    let of = |relation: &&str| TableAction::ALL.map(|action| Permission::table(action, *relation));
    RELATIONS.iter().flat_map(of).collect()
}

/// The one integer that a statement finds.
pub(super) fn number(database: &Database, sql: &str) -> i64 {
    let batch = database.rows(sql, &[], &[Kind::Integer], 1).unwrap();
    match &batch.columns[0].cells {
        Cells::Integers(cells) => cells[0],
        _ => panic!("integers were asked for"),
    }
}

/// The texts that a statement finds in its one column.
pub(super) fn texts(batch: &Batch) -> Vec<&str> {
    match &batch.columns[0].cells {
        Cells::Texts(texts) => texts.offsets.windows(2).map(|at| &texts.data[at[0] as usize..at[1] as usize]).collect(),
        _ => panic!("texts were asked for"),
    }
}

pub(super) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

pub(super) fn text_column(name: &str, cells: &[&str]) -> Column {
    let mut texts = Texts { offsets: vec![0], data: String::new() };
    for cell in cells {
        texts.data.push_str(cell);
        texts.offsets.push(texts.data.len() as u32);
    }
    Column { name: name.to_owned(), cells: Cells::Texts(texts), validity: None }
}

pub(super) fn integer_column(name: &str, cells: &[i64]) -> Column {
    Column { name: name.to_owned(), cells: Cells::Integers(cells.to_vec()), validity: None }
}

/// Adds a chat with so many messages, each with a sentiment.
pub(super) fn add_chat(database: &Database, chat: i64, messages: i64) {
    let sql = "INSERT INTO chats (id, external_id, created_at, updated_at) VALUES ($1, $2, 0, 0)";
    database.execute(sql, &[Value::Integer(chat), text(&format!("c{chat}"))]).unwrap();
    for number in 0..messages {
        let id = Value::Integer(chat * 1_000 + number);
        let chat = Value::Integer(chat);
        let sql = "INSERT INTO messages (id, chat_id, role, body, created_at) VALUES ($1, $2, 'user', 'hi', 0)";
        database.execute(sql, &[id.clone(), chat.clone()]).unwrap();
        let sql = "INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
                   VALUES ($1, $1, $2, 'neutral', 0, 1, 'm', 0)";
        database.execute(sql, &[id, chat]).unwrap();
    }
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, BackendError>) -> ErrorCode {
    result.unwrap_err().code
}
