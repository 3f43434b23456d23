//! The statements beside the writer's own.

use encargo_sdk::statements;

statements! {
    /// Whether there is any item.
    ANY = "SELECT 1 FROM knowledge_items LIMIT 1";

    /// Some of the ids behind one, in their order.
    IDS = "SELECT external_id FROM knowledge_items WHERE external_id > $1 ORDER BY external_id LIMIT 1000";

    /// Deletes the item of an id.
    DELETE = "DELETE FROM knowledge_items WHERE external_id = $1";

    /// The items of a hundred external ids, as they are stored.
    WHOLE = concat!(
        "SELECT id, external_id, title, body, language, tags, source, content_hash, format_version, legacy, created_at, \
         updated_at FROM knowledge_items WHERE external_id IN (",
        encargo_sdk::hundred!(),
        ")"
    );

    /// Which of a hundred ids have an item.
    TAKEN = concat!("SELECT id FROM knowledge_items WHERE id IN (", encargo_sdk::hundred!(), ")");

    /// Deletes the items of a hundred ids.
    DELETE_HUNDRED = concat!("DELETE FROM knowledge_items WHERE id IN (", encargo_sdk::hundred!(), ")");

    /// What is stored of a hundred external ids.
    STORED = concat!(
        "SELECT external_id, language, tags, source FROM knowledge_items WHERE external_id IN (",
        encargo_sdk::hundred!(),
        ")"
    );
}
