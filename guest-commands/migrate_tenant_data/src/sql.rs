//! The statements, and what those of each kind of row are made of, which `rows.rs` declares.

use encargo_sdk::{hundred, statements};

/// Reads all columns of a relation, `id` first.
macro_rules! all_of {
    ($relation:ident [$($column:ident)+] $rest:literal) => {
        concat!("SELECT id", $(", ", stringify!($column),)+ " FROM ", stringify!($relation), $rest)
    };
}

/// Whether a natural key is one of a hundred.
macro_rules! by_key {
    ($key:ident) => {
        concat!(stringify!($key), " IN (", encargo_sdk::hundred!(), ")")
    };
}

/// Whether a relation has any row.
macro_rules! any_of {
    ($relation:ident) => {
        concat!("SELECT 1 FROM ", stringify!($relation), " LIMIT 1")
    };
}

/// Deletes the row with an id.
macro_rules! delete_one {
    ($relation:ident) => {
        concat!("DELETE FROM ", stringify!($relation), " WHERE id = $1")
    };
}

pub(crate) use {all_of, any_of, by_key, delete_one};

statements! {
    /// The tools that agents have, which go with them.
    TOOLS_IN_USE = "SELECT id, slug, name, description, kind, configuration, is_active, seed_hash, created_at, updated_at \
        FROM tools WHERE id IN (SELECT tool_id FROM agent_tools) ORDER BY id";

    /// An agent's tools.
    LINKS = "SELECT tool_id FROM agent_tools WHERE agent_id = $1 ORDER BY tool_id";
    /// The same links whole, to be kept.
    WHOLE_LINKS = "SELECT agent_id, tool_id, created_at FROM agent_tools WHERE agent_id = $1 ORDER BY tool_id";
    UNLINK = "DELETE FROM agent_tools WHERE agent_id = $1 AND tool_id = $2";
    LINKS_OF_TOOL = "SELECT count(*) FROM agent_tools WHERE tool_id = $1";
    LINKS_OF_DOCUMENT = "SELECT count(*) FROM files WHERE document_id = $1";

    SETTINGS = "SELECT name, value, updated_at FROM settings WHERE name > $1 ORDER BY name LIMIT 100";
    SETTING = "SELECT name, value, updated_at FROM settings WHERE name = $1";
    DELETE_SETTING = "DELETE FROM settings WHERE name = $1";

    /// Chats stay with their tenant, and so does an agent that has some.
    CHATS_OF_AGENT = "SELECT count(*) FROM chats WHERE agent_id = $1";

    /// Where rows of another tenant came to, in this transfer or an earlier one; the newest comes last.
    CAME_TO = concat!(
        "SELECT e.source_key, e.row_key FROM journal_entries e JOIN journals j \
         ON j.tenant_id = e.tenant_id AND j.id = e.journal_id WHERE j.command = 'migrate_tenant_data' \
         AND e.action = 'created' AND e.relation = $101 AND e.source_key IN (",
        hundred!(),
        ") ORDER BY j.id"
    );

    /// How many rows there are of what can be copied.
    COUNTS = "SELECT (SELECT count(*) FROM agents), (SELECT count(*) FROM tools), (SELECT count(*) FROM knowledge_items), \
        (SELECT count(*) FROM documents), (SELECT count(*) FROM files), (SELECT count(*) FROM settings)";
}
