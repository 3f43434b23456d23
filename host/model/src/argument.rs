//! Arguments: how a description declares them, and the values that a run got.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Text, Timestamp};

/// One argument that a command takes, as its description declares it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ArgumentSpec {
    /// `[a-z][a-z0-9-]*`; on the command line it stands behind `--`. A `_` is read as `-`.
    pub name: String,
    /// What it is for, in one sentence.
    pub help: Text,
    /// What its values are.
    pub kind: ArgumentKind,
    /// The place, from 1, at which its value may stand without the name. The last of them may be of kind `texts` and takes
    /// all words that are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// The value when none is given, written as on the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The smallest integer, real, or duration (in the written form of the kind).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// The largest integer, real, or duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// The only values of a `text` or `texts` argument; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Whether a run without it is refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// The environment variable that fills it when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// The key under `[commands.<name>]` of the configuration that fills it when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
    /// Whether it is never stored, shown or logged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// Whether it changes how the work is done and not what is done, so that a resume may change it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tuning: bool,
}

/// What the values of an argument are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArgumentKind {
    /// Present or not.
    Flag,
    /// A 64-bit integer.
    Integer,
    /// A double.
    Real,
    /// Any text, or one of the choices.
    Text,
    /// Texts, separated by commas or given again; each one of the choices if there are any.
    Texts,
    /// A time: `2026-01-31`, `2026-01-31T08:00:00Z`, or a time ago such as `7d`.
    Instant,
    /// A time span: `90s`, `15m`, `12h`, `30d`; a number alone is one of seconds.
    Duration,
    /// The slug of a tenant.
    Tenant,
    /// A file to read; `-` is standard input.
    InputFile,
    /// A folder whose files are read.
    InputFolder,
    /// A file or folder to write; `-` is standard output.
    Output,
    /// Where backups are: a folder, or `s3:ENDPOINT/BUCKET/PREFIX`.
    Repository,
    /// A file whose first line is a password that only the host reads; the command learns whether it was given.
    PasswordFile,
}

impl ArgumentKind {
    /// Whether the value names something in the caller's file system.
    pub const fn is_path(self) -> bool {
        matches!(self, Self::InputFile | Self::InputFolder | Self::Output | Self::Repository | Self::PasswordFile)
    }
}

/// One of the values that an argument may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// As it is written.
    pub value: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
}

/// A validated value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArgumentValue {
    /// A flag that was given (or defaulted) as such.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// A double.
    Real(f64),
    /// A text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
    /// A time.
    Instant(Timestamp),
    /// A time span in microseconds.
    Duration(i64),
    /// A tenant's slug.
    Tenant(String),
    /// A path as the caller wrote it.
    Path(PathValue),
}

/// A path argument's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathValue {
    /// As the caller wrote it, made absolute for a resume; `-` for a standard stream.
    pub path: String,
    /// What it stands for.
    pub kind: ArgumentKind,
}

impl PathValue {
    /// Whether a written place is in an S3-compatible store and not in the caller's file system.
    pub fn is_in_store(written: &str) -> bool {
        written.starts_with("s3:")
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The caller gave it.
    Given,
    /// An environment variable, by its name.
    Environment(String),
    /// A key of the configuration file, such as `commands.cleanup.batch_size`.
    Settings(String),
    /// The description's default.
    Default,
}

/// An argument with its value and where that came from: what a run stores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolvedArgument {
    /// As the description names it.
    pub name: String,
    /// `None` for a secret once it is stored.
    pub value: Option<ArgumentValue>,
    /// Where the value came from.
    pub origin: Origin,
    /// The value as a person would write it; `***` for a secret.
    pub written: String,
}
