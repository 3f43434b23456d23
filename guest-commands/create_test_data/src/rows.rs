//! Rows as they are written.

use encargo_sdk::prelude::*;

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct AgentRow {
    pub(crate) id: i64,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) model: String,
    pub(crate) instructions: String,
    pub(crate) language: String,
    pub(crate) is_active: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct ToolRow {
    pub(crate) id: i64,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) configuration: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct ItemRow {
    pub(crate) id: i64,
    pub(crate) external_id: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) language: String,
    pub(crate) tags: String,
    pub(crate) source: String,
    pub(crate) content_hash: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct DocumentRow {
    pub(crate) id: i64,
    pub(crate) external_id: String,
    pub(crate) title: String,
    pub(crate) media_type: String,
    pub(crate) body: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct FileRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: i64,
    pub(crate) sha256: String,
    pub(crate) document_id: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct ChatRow {
    pub(crate) id: i64,
    pub(crate) external_id: String,
    pub(crate) agent_id: Option<i64>,
    pub(crate) title: String,
    pub(crate) status: &'static str,
    pub(crate) language: String,
    pub(crate) is_pinned: bool,
    pub(crate) legal_hold: bool,
    pub(crate) first_response_at: Option<i64>,
    pub(crate) handed_over_at: Option<i64>,
    pub(crate) resolved_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// A message; its text is a piece of a text that many share, which saves an allocation for each.
#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct MessageRow<'a> {
    pub(crate) id: i64,
    pub(crate) chat_id: i64,
    pub(crate) role: &'static str,
    pub(crate) body: &'a str,
    pub(crate) tokens: Option<i64>,
    pub(crate) response_ms: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct SentimentRow {
    pub(crate) id: i64,
    pub(crate) message_id: i64,
    pub(crate) chat_id: i64,
    pub(crate) label: &'static str,
    pub(crate) score: f64,
    pub(crate) confidence: f64,
    pub(crate) model: &'static str,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct FeedbackRow {
    pub(crate) id: i64,
    pub(crate) chat_id: i64,
    pub(crate) rating: i64,
    pub(crate) comment: String,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct LogRow {
    pub(crate) id: i64,
    pub(crate) level: &'static str,
    pub(crate) message: String,
    pub(crate) context: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct EventRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) chat_id: Option<i64>,
    pub(crate) agent_id: Option<i64>,
    pub(crate) properties: String,
    pub(crate) value: Option<f64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, PartialEq, ToRow)]
pub(crate) struct SettingRow {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) updated_at: i64,
}
