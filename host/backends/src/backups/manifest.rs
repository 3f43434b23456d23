//! What a backup holds, stored in it as `manifest.json`: enough to check every byte of it, and to know where it
//! belongs, with nothing but the repository and its key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The version of this description.
pub(super) const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this description.
    pub format: u32,
    /// The version of Encargo that took it.
    pub encargo: String,
    /// What keeps the rows: `sqlite`.
    pub engine: String,
    /// The schema of `platform.db`.
    pub platform_schema: u32,
    /// The schema of each tenant's file.
    pub tenant_schema: u32,
    /// The installation that it was taken of.
    pub installation: String,
    /// Its environment.
    pub environment: String,
    /// When it was begun, in microseconds since 1970.
    pub taken_at: i64,
    /// The run that took it.
    pub run: String,
    /// What was asked for: `full`, `database`, `media` or `configuration`.
    pub kind: String,
    /// Each file, in the order of their paths.
    pub parts: Vec<Part>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path in the backup: `databases/platform.db`, `databases/tenants/1.db`, `media/1/guide.pdf`,
    /// `config/encargo.toml`.
    pub path: String,
    /// `platform`, `tenant`, `media` or `configuration`.
    pub kind: String,
    /// Whose it is, where it is a tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// How long it is.
    pub bytes: u64,
    /// The SHA-256 of it, in hexadecimal digits.
    pub sha256: String,
    /// How many rows each of its tables has, where it is a database.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, u64>,
}

impl Manifest {
    /// How many rows all its databases have.
    pub fn rows(&self) -> u64 {
        self.parts.iter().flat_map(|part| part.rows.values()).sum()
    }

    /// How many bytes all its files have.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    /// The tenants whose rows it has, in the order of their names.
    pub fn tenants(&self) -> Vec<String> {
        let mut tenants: Vec<_> =
            self.parts.iter().filter(|part| part.kind == "tenant").filter_map(|part| part.tenant.clone()).collect();
        tenants.sort_unstable();
        tenants
    }
}
