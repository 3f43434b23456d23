//! A version of an added command: where it stands, and what it asks for beside another.

use std::collections::BTreeSet;

use encargo_catalog::{AddedCommand, AddedVersion, short};
use encargo_model::{Digest, Language, Permission};
use serde::Serialize;

use crate::output::Word;

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// It is what runs.
    InForce,
    /// It is wanted, and something that it asks for is to be decided first.
    Waiting,
    /// It was wanted before.
    Earlier,
    /// It was taken back.
    RolledBack,
    /// It was only looked at, in a dry run.
    NotAdded,
}

impl State {
    pub(super) fn of(command: &AddedCommand, version: &AddedVersion) -> Self {
        let is = |other: Option<&AddedVersion>| other.is_some_and(|other| other.digest == version.digest);
        match version.is_rolled_back {
            true => Self::RolledBack,
            false if is(command.in_force()) => Self::InForce,
            false if is(command.wanted()) => Self::Waiting,
            false => Self::Earlier,
        }
    }

    pub(super) const fn word(self) -> Word {
        match self {
            Self::InForce => Word::StateInForce,
            Self::Waiting => Word::StateWaiting,
            Self::Earlier => Word::StateEarlier,
            Self::RolledBack => Word::StateRolledBack,
            Self::NotAdded => Word::StateNotAdded,
        }
    }
}

/// What a version asks for beside another one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) more: BTreeSet<Permission>,
    pub(super) less: BTreeSet<Permission>,
}

impl Difference {
    pub(super) fn between(before: Option<&BTreeSet<Permission>>, after: &BTreeSet<Permission>) -> Self {
        let none = BTreeSet::new();
        let before = before.unwrap_or(&none);
        Self { more: after - before, less: before - after }
    }

    /// `+read:chats -delete:logs`; a word for nothing.
    pub(super) fn shown(&self, language: Language) -> String {
        let more = self.more.iter().map(|permission| format!("+{permission}"));
        let all: Vec<_> = more.chain(self.less.iter().map(|permission| format!("-{permission}"))).collect();
        if all.is_empty() { Word::SamePermissions.get(language).to_owned() } else { all.join(" ") }
    }
}

/// The version beside which another one's requests are told: the one chosen before it; for one that was rolled back the
/// one that is wanted.
pub(super) fn beside<'a>(command: &'a AddedCommand, version: &AddedVersion) -> Option<&'a AddedVersion> {
    if version.is_rolled_back {
        return command.wanted();
    }
    let chosen = command.versions.iter().filter(|version| !version.is_rolled_back);
    chosen.skip_while(|other| other.digest != version.digest).nth(1)
}

/// A version as a record of `commands versions`, `add` and `rollback`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "version")]
pub(super) struct VersionRecord<'a> {
    pub(super) command: &'a str,
    pub(super) digest: &'a Digest,
    pub(super) version: &'a str,
    pub(super) state: State,
    /// When it was added, or a run of it first began.
    pub(super) added_at: Option<String>,
    pub(super) permissions: &'a BTreeSet<Permission>,
    /// What it asks for and the version before does not.
    pub(super) more: BTreeSet<Permission>,
    /// What the version before asks for and it does not.
    pub(super) less: BTreeSet<Permission>,
    /// What is to be granted or revoked before it can be in force.
    pub(super) undecided: BTreeSet<Permission>,
}

impl<'a> VersionRecord<'a> {
    pub(super) fn of(command: &'a AddedCommand, version: &'a AddedVersion) -> Self {
        let before = beside(command, version).map(|before| &before.permissions);
        let Difference { more, less } = Difference::between(before, &version.permissions);
        Self {
            command: &command.name,
            digest: &version.digest,
            version: &version.version,
            state: State::of(command, version),
            added_at: Some(version.added_at.to_string()),
            permissions: &version.permissions,
            more,
            less,
            undecided: command.undecided(version),
        }
    }

    /// The cells of a list.
    pub(super) fn cells(&self, language: Language) -> Vec<String> {
        let (more, less) = (self.more.clone(), self.less.clone());
        vec![
            short(self.digest).to_owned(),
            self.version.to_owned(),
            self.added_at.clone().unwrap_or_default(),
            self.state.word().get(language).to_owned(),
            Difference { more, less }.shown(language),
        ]
    }
}

#[cfg(test)]
mod tests {
    use encargo_model::Timestamp;

    use super::*;

    fn permissions(texts: &[&str]) -> BTreeSet<Permission> {
        texts.iter().map(|text| text.parse().expect("it is a permission")).collect()
    }

    fn version(digest: &str, requests: &[&str], is_rolled_back: bool) -> AddedVersion {
        AddedVersion {
            digest: Digest(digest.to_owned()),
            version: "1".to_owned(),
            permissions: permissions(requests),
            added_at: Timestamp(0),
            is_rolled_back,
        }
    }

    #[test]
    fn each_version_has_its_state_and_is_told_beside_the_one_before() {
        let mut command = AddedCommand {
            name: "hello".to_owned(),
            tenant: None,
            versions: vec![
                version("dd", &["read:chats", "read:logs"], false),
                version("bb", &["read:chats"], false),
                version("aa", &["delete:chats"], false),
                version("cc", &[], true),
            ],
            changes: Default::default(),
        };
        command.changes.granted = permissions(&["read:chats", "delete:chats"]);
        let shown: Vec<_> = command.versions.iter().map(|its| VersionRecord::of(&command, its)).collect();
        let states: Vec<_> = shown.iter().map(|record| record.state).collect();
        assert_eq!(states, [State::Waiting, State::InForce, State::Earlier, State::RolledBack]);
        let differences: Vec<_> = shown.iter().map(|record| record.cells(Language::En).swap_remove(4)).collect();
        let expected = ["+read:logs", "+read:chats -delete:chats", "+delete:chats", "-read:chats -read:logs"];
        assert_eq!(differences, expected);
        assert_eq!(shown[0].undecided, permissions(&["read:logs"]));
    }
}
