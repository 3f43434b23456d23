//! The statements. Values that a seed sets come last, in the order of the seed.

use encargo_sdk::statements;

statements! {
    /// Every agent by its slug, with the values that a seed sets.
    READ_AGENTS =
        "SELECT id, slug, seed_hash, name, description, model, instructions, language FROM agents ORDER BY slug";

    /// Every tool by its slug, with the values that a seed sets.
    READ_TOOLS =
        "SELECT id, slug, seed_hash, name, description, kind, configuration FROM tools ORDER BY slug";

    INSERT_AGENT = "INSERT INTO agents (id, slug, seed_hash, created_at, updated_at, name, description, model, instructions, language) \
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)";

    INSERT_TOOL = "INSERT INTO tools (id, slug, seed_hash, created_at, updated_at, name, description, kind, configuration) \
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)";

    UPDATE_AGENT = "UPDATE agents SET seed_hash = $2, updated_at = $3, name = $4, description = $5, model = $6, instructions = $7, \
         language = $8 WHERE id = $1";

    UPDATE_TOOL = "UPDATE tools SET seed_hash = $2, updated_at = $3, name = $4, description = $5, kind = $6, configuration = $7 \
         WHERE id = $1";

    INSERT_LINK = "INSERT INTO agent_tools (agent_id, tool_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant_id, agent_id, tool_id) DO NOTHING";
}
