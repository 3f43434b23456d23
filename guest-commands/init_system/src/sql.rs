//! The statements. Values that a seed sets come last, in the order of the seed.

/// Every agent by its slug, with the values that a seed sets.
pub(crate) const READ_AGENTS: &str =
    "SELECT id, slug, seed_hash, name, description, model, instructions, language FROM agents ORDER BY slug";

/// Every tool by its slug, with the values that a seed sets.
pub(crate) const READ_TOOLS: &str =
    "SELECT id, slug, seed_hash, name, description, kind, configuration FROM tools ORDER BY slug";

pub(crate) const INSERT_AGENT: &str = "INSERT INTO agents (id, slug, seed_hash, created_at, updated_at, name, description, model, instructions, language) \
     VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)";

pub(crate) const INSERT_TOOL: &str = "INSERT INTO tools (id, slug, seed_hash, created_at, updated_at, name, description, kind, configuration) \
     VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)";

pub(crate) const UPDATE_AGENT: &str = "UPDATE agents SET seed_hash = $2, updated_at = $3, name = $4, description = $5, model = $6, instructions = $7, \
     language = $8 WHERE id = $1";

pub(crate) const UPDATE_TOOL: &str = "UPDATE tools SET seed_hash = $2, updated_at = $3, name = $4, description = $5, kind = $6, configuration = $7 \
     WHERE id = $1";

pub(crate) const INSERT_LINK: &str = "INSERT INTO agent_tools (agent_id, tool_id, created_at) VALUES ($1, $2, $3) \
     ON CONFLICT (tenant_id, agent_id, tool_id) DO NOTHING";

/// Every statement of this command.
pub const STATEMENTS: &[&str] =
    &[READ_AGENTS, READ_TOOLS, INSERT_AGENT, INSERT_TOOL, UPDATE_AGENT, UPDATE_TOOL, INSERT_LINK];
