//! The statements beside the writer's own.

use encargo_sdk::statements;

statements! {
    /// Whether there is any item.
    ANY = "SELECT 1 FROM knowledge_items LIMIT 1";

    /// Some of the ids behind one, in their order.
    IDS = "SELECT external_id FROM knowledge_items WHERE external_id > $1 ORDER BY external_id LIMIT 1000";

    /// Deletes the item of an id.
    DELETE = "DELETE FROM knowledge_items WHERE external_id = $1";

    /// What is stored of a hundred external ids.
    STORED = concat!(
        "SELECT external_id, language, tags, source FROM knowledge_items WHERE external_id IN (",
        encargo_sdk::hundred!(),
        ")"
    );
}
