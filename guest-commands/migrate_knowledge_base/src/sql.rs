//! The statements.

use encargo_sdk::statements;

statements! {
    /// How many items are in each version.
    VERSIONS = "SELECT format_version, count(*) FROM knowledge_items GROUP BY format_version ORDER BY format_version";

    /// Items after `$1` that are not in the version `$2` and in one that is known.
    OTHERS = "SELECT id, external_id, title, body, language, tags, source, content_hash, format_version, legacy, created_at, \
        updated_at FROM knowledge_items WHERE id > $1 AND format_version <> $2 AND format_version BETWEEN 1 AND 3 \
        ORDER BY id LIMIT 500";

    /// A hundred items by their ids.
    WRITTEN = concat!(
        "SELECT id, external_id, title, body, language, tags, source, content_hash, format_version, legacy, created_at, \
         updated_at FROM knowledge_items WHERE id IN (",
        encargo_sdk::hundred!(),
        ") ORDER BY id"
    );

    /// All items after `$1`.
    ITEMS = "SELECT id, external_id, title, body, language, tags, source, content_hash, format_version, legacy, created_at, \
        updated_at FROM knowledge_items WHERE id > $1 ORDER BY id LIMIT 500";
}
