//! Permissions: what a component requests and an operator grants, one short text each.

mod words;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::{Text, near_names, text};

/// The logical relations of a tenant: the tables that SQL of a command may name, given the permission.
pub const RELATIONS: [&str; 17] = [
    "agents",
    "tools",
    "agent_tools",
    "knowledge_items",
    "documents",
    "files",
    "chats",
    "messages",
    "sentiments",
    "feedback",
    "logs",
    "analytics_events",
    "settings",
    "journals",
    "journal_entries",
    "deletions",
    "silent_changes",
];

/// The named roots of a tenant's files.
pub const ROOTS: [&str; 3] = ["imports", "media", "temporary"];

/// What stands for the folders that the caller names, where a permission could name a root.
pub const ARGUMENTS: &str = "arguments";

/// The services that can be checked, in the order in which they are shown.
pub const SERVICES: [&str; 14] = [
    "database",
    "storage",
    "schema",
    "disk",
    "clock",
    "backup",
    "drill",
    "redis",
    "celery",
    "smtp",
    "external",
    "tcp",
    "scheduler",
    "workers",
];

/// What can be inspected beside the services, with the permission `check:NAME`: how a tenant's rows are stored, the commands
/// with what was granted to them, how full the storage is, what statements and runs took, what was left behind, and the
/// figures of the machine, of this process and of the runs.
pub const INSPECTIONS: [&str; 8] =
    ["integrity", "commands", "space", "statements", "orphans", "machine", "process", "runs"];

/// One thing that a command may do, written `verb:object`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Permission {
    /// `read:chats`, `insert:chats`, `update:chats`, `delete:chats`.
    Table {
        /// What may be done.
        action: TableAction,
        /// To which logical relation.
        relation: String,
    },
    /// `list-files:temporary`: see the names and the contents of a named root's files.
    ListFiles(String),
    /// `create-files:media`: add files to a named root.
    CreateFiles(String),
    /// `remove-files:temporary`: remove files of a named root.
    RemoveFiles(String),
    /// `move-files:imports`: move files of a named root into folders inside it; `move-files:arguments`: the same in the
    /// folders that the caller names.
    MoveFiles(String),
    /// `check:redis`: ask whether a service is well; `check:integrity`: inspect how rows are stored.
    Check(String),
    /// `read-settings:retention_days`, or `read-settings:retention_*` for all whose names begin so: read settings.
    ReadSettings(String),
    /// `keep:copy`: keep a copy of the run's tenant's rows.
    KeepCopy,
    /// `take:backup`: store a backup of tenants and of the installation.
    TakeBackup,
    /// `restore:backup`: replace what tenants and the installation have by a backup.
    RestoreBackup,
    /// `optimize:database`: put the storage of tenants' rows in order.
    OptimizeDatabase,
    /// `end:orphans`: end what processes that are gone left behind.
    EndOrphans,
    /// `list:tenants`: see the tenants and open them one at a time.
    ListTenants,
    /// `create:tenants`: make tenants and choose the default one.
    CreateTenants,
    /// `ensure:admin`: make the administrator when there is none.
    EnsureAdmin,
}

/// What may be done to the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableAction {
    /// See rows.
    Read,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
}

impl TableAction {
    /// Every action, in the order in which a card names them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Insert, Self::Update, Self::Delete];

    /// The verb, as it is written in a permission.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl Permission {
    /// A table permission.
    pub fn table(action: TableAction, relation: impl Into<String>) -> Self {
        Self::Table { action, relation: relation.into() }
    }

    /// Whether it lets a command change anything that lasts.
    pub fn changes(&self) -> bool {
        match self {
            Self::Table { action, .. } => *action != TableAction::Read,
            Self::CreateFiles(_)
            | Self::RemoveFiles(_)
            | Self::MoveFiles(_)
            | Self::KeepCopy
            | Self::TakeBackup
            | Self::RestoreBackup
            | Self::OptimizeDatabase
            | Self::EndOrphans
            | Self::CreateTenants
            | Self::EnsureAdmin => true,
            Self::ListFiles(_) | Self::Check(_) | Self::ReadSettings(_) | Self::ListTenants => false,
        }
    }

    /// Whether it covers the setting of this name.
    pub fn covers_setting(&self, name: &str) -> bool {
        let Self::ReadSettings(names) = self else { return false };
        match names.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => names == name,
        }
    }

    /// Whether there is what it speaks of.
    ///
    /// # Errors
    /// A sentence with the nearest names.
    pub fn is_of_this_host(&self) -> Result<(), Text> {
        let (none, name, known) = match self {
            Self::Table { relation, .. } => (text!("no table", "ninguna tabla"), relation, &RELATIONS[..]),
            Self::MoveFiles(root) if root == ARGUMENTS => return Ok(()),
            Self::ListFiles(root) | Self::CreateFiles(root) | Self::RemoveFiles(root) | Self::MoveFiles(root) => {
                (text!("no root", "ninguna raíz"), root, &ROOTS[..])
            }
            Self::Check(name) if INSPECTIONS.contains(&name.as_str()) => return Ok(()),
            Self::Check(service) => (text!("no service", "ningún servicio"), service, &SERVICES[..]),
            Self::ReadSettings(_)
            | Self::KeepCopy
            | Self::TakeBackup
            | Self::RestoreBackup
            | Self::OptimizeDatabase
            | Self::EndOrphans
            | Self::ListTenants
            | Self::CreateTenants
            | Self::EnsureAdmin => {
                return Ok(());
            }
        };
        if known.contains(&name.as_str()) {
            return Ok(());
        }
        let near = near_names(name, known.iter().copied());
        let hint = match near.first() {
            Some(near) => text!("did you mean `{near}`?", "¿quería decir `{near}`?"),
            None => text!("there are {}", "hay {}"; known.join(", ")),
        };
        Err(text!(
            "the permission `{self}` is for nothing: there is {none} `{name}`; {hint}",
            "el permiso `{self}` no es para nada: no hay {none} `{name}`; {hint}",
            none = none,
            hint = hint
        ))
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { action, relation } => write!(f, "{}:{relation}", action.verb()),
            Self::ListFiles(root) => write!(f, "list-files:{root}"),
            Self::CreateFiles(root) => write!(f, "create-files:{root}"),
            Self::RemoveFiles(root) => write!(f, "remove-files:{root}"),
            Self::MoveFiles(root) => write!(f, "move-files:{root}"),
            Self::Check(service) => write!(f, "check:{service}"),
            Self::ReadSettings(names) => write!(f, "read-settings:{names}"),
            Self::KeepCopy => f.write_str("keep:copy"),
            Self::TakeBackup => f.write_str("take:backup"),
            Self::RestoreBackup => f.write_str("restore:backup"),
            Self::OptimizeDatabase => f.write_str("optimize:database"),
            Self::EndOrphans => f.write_str("end:orphans"),
            Self::ListTenants => f.write_str("list:tenants"),
            Self::CreateTenants => f.write_str("create:tenants"),
            Self::EnsureAdmin => f.write_str("ensure:admin"),
        }
    }
}

impl FromStr for Permission {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        let (verb, object) = text.split_once(':').unwrap_or((text, ""));
        let named =
            !object.is_empty() && object.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let table = TableAction::ALL.into_iter().find(|action| action.verb() == verb);
        match (verb, object) {
            ("keep", "copy") => Ok(Self::KeepCopy),
            ("take", "backup") => Ok(Self::TakeBackup),
            ("restore", "backup") => Ok(Self::RestoreBackup),
            ("optimize", "database") => Ok(Self::OptimizeDatabase),
            ("end", "orphans") => Ok(Self::EndOrphans),
            ("list", "tenants") => Ok(Self::ListTenants),
            ("create", "tenants") => Ok(Self::CreateTenants),
            ("ensure", "admin") => Ok(Self::EnsureAdmin),
            ("read-settings", names) if is_settings(names) => Ok(Self::ReadSettings(names.to_owned())),
            _ if !named => Err(text!(
                "`{text}` is not a permission; one is written like `read:chats`",
                "`{text}` no es un permiso; se escriben como `read:chats`"
            )),
            ("list-files", _) => Ok(Self::ListFiles(object.to_owned())),
            ("create-files", _) => Ok(Self::CreateFiles(object.to_owned())),
            ("remove-files", _) => Ok(Self::RemoveFiles(object.to_owned())),
            ("move-files", _) => Ok(Self::MoveFiles(object.to_owned())),
            ("check", _) => Ok(Self::Check(object.to_owned())),
            _ => table.map(|action| Self::table(action, object)).ok_or_else(|| {
                let verbs = "`read`, `insert`, `update`, `delete`, `list-files`, `create-files`, `remove-files`, `move-files`, `check`, `read-settings`, `keep`, `take`, `restore`, `optimize`, `end`, `list`, `create`, `ensure`";
                text!(
                    "`{text}` is not a permission; the verbs are {verbs}",
                    "`{text}` no es un permiso; los verbos son {verbs}"
                )
            }),
        }
    }
}

/// A setting's name as it is stored, or the beginning of names and `*`.
fn is_settings(names: &str) -> bool {
    let name = names.strip_suffix('*').unwrap_or(names);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.to_string()
    }
}

impl TryFrom<String> for Permission {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|problem: Text| problem.en)
    }
}

impl JsonSchema for Permission {
    fn schema_name() -> Cow<'static, str> {
        "Permission".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "One thing that a command may do, written `verb:object`, such as `read:chats`.",
            "pattern": "^((read|insert|update|delete|list-files|create-files|remove-files|move-files|check):[a-z0-9_]+|read-settings:[A-Za-z0-9_.-]+\\*?|(list|create):tenants|ensure:admin|keep:copy|(take|restore):backup|optimize:database|end:orphans)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_reads_back_as_it_is_written() {
        for text in [
            "read:chats",
            "delete:messages",
            "list-files:temporary",
            "create-files:media",
            "move-files:arguments",
            "check:redis",
            "keep:copy",
            "take:backup",
            "restore:backup",
            "optimize:database",
            "end:orphans",
            "list:tenants",
            "ensure:admin",
            "read-settings:a.b",
            "read-settings:a_*",
        ] {
            assert_eq!(text.parse::<Permission>().map(|permission| permission.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "chats",
            "read:",
            "read:Chats",
            "drop:chats",
            "read:chats;x",
            "ensure:",
            "read-settings:",
            "read-settings:*",
            "read-settings:a*b",
        ] {
            assert!(text.parse::<Permission>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_setting_is_covered_by_its_name_or_the_beginning_of_it() {
        let covers = |permission: &str, name| permission.parse::<Permission>().unwrap().covers_setting(name);
        assert!(covers("read-settings:days", "days") && covers("read-settings:da*", "days"));
        assert!(covers("read-settings:days*", "days"));
        for (permission, name) in [
            ("read-settings:days", "day"),
            ("read-settings:day", "days"),
            ("read-settings:da*", "d"),
            ("read:settings", "days"),
        ] {
            assert!(!covers(permission, name), "{permission} {name}");
        }
    }
}
