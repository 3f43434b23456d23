//! `encargo commands`: what there is, what each may do, and what an operator grants.

use std::collections::BTreeSet;

use clap::{Arg, ArgMatches, Command as Clap};
use encargo_catalog::{CatalogError, Command, Source, card};
use encargo_model::{Clock, Description, Effect, Exit, Language, Permission, Scope, SystemClock};
use serde::Serialize;

use super::{Kind, Verb, new_command, word};
use crate::error::Problem;
use crate::output::{Output, Style, Summary, Word, tier_name, visible};
use crate::session::Session;
use crate::wiring::{self, Installation};

pub(super) const VERB: Verb =
    Verb { name: "commands", summary: Word::VerbCommands, takes: &[], kind: Kind::Own { arguments, run } };

fn arguments(command: Clap, language: Language) -> Clap {
    let name = || Arg::new("name").required(true).value_name("NAME").help(Word::CommandName.get(language));
    let permission =
        || Arg::new("permission").required(true).value_name("PERMISSION").help(Word::CommandPermission.get(language));
    command.subcommand_required(true).subcommands([
        word("list", Word::CommandsList, language),
        word("show", Word::CommandsShow, language).arg(name()),
        word("new", Word::CommandsNew, language).arg(name()),
        word("grant", Word::CommandsGrant, language).args([name(), permission()]),
        word("revoke", Word::CommandsRevoke, language).args([name(), permission()]),
    ])
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let text = |matches: &ArgMatches, name| matches.get_one::<String>(name).cloned().unwrap_or_default();
    match matches.subcommand() {
        Some(("show", own)) => show(session, &text(own, "name")),
        Some(("new", own)) => new_command::make(session, &text(own, "name")),
        Some((verb @ ("grant" | "revoke"), own)) => {
            change(session, &text(own, "name"), &text(own, "permission"), verb == "grant")
        }
        _ => Ok(list(session)),
    }
}

/// A command as a record of `commands list` and `commands show`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "command")]
pub(super) struct CommandRecord<'a> {
    name: &'a str,
    version: &'a str,
    tier: &'static str,
    source: String,
    scope: Scope,
    effect: Effect,
    summary: &'a str,
    /// Only in `commands show`.
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<&'a BTreeSet<Permission>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Description>,
}

impl<'a> CommandRecord<'a> {
    /// A command without its description.
    pub(super) fn of(command: &'a Command, language: Language) -> Self {
        let description = &command.description;
        let source = match &command.source {
            Source::Packaged => "packaged".to_owned(),
            Source::File(path) => path.display().to_string(),
        };
        Self {
            name: &description.name,
            version: &description.version,
            tier: command.tier.as_str(),
            source,
            scope: description.scope,
            effect: description.effect,
            summary: description.summary.get(language),
            granted: None,
            description: None,
        }
    }
}

fn list(session: &Session) -> Summary {
    let (output, language) = (&session.output, session.language());
    let catalog = wiring::commands(&session.configuration);
    let commands = catalog.list();
    let row = |command: &Command| {
        let description = &command.description;
        let cells = [
            &description.name,
            &description.version,
            tier_name(command.tier, language),
            description.summary.get(language),
        ];
        cells.map(str::to_owned).to_vec()
    };
    if commands.is_empty() {
        output.result(Word::NoCommands.get(language));
    } else {
        let columns = [Word::Command, Word::Version, Word::Tier, Word::Summary].map(|column| column.get(language));
        output.list(&columns, &commands.iter().map(row).collect::<Vec<_>>());
    }
    for command in &commands {
        output.record(&CommandRecord::of(command, language));
    }
    for (path, problem) in catalog.broken() {
        output.warning(&Word::BrokenCommand.with(language, &[&path.display(), &problem.get(language)]));
    }
    Summary::of_verb("commands list", Exit::Done, Word::CommandsFound.with(language, &[&commands.len()]))
}

fn show(session: &Session, name: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let command = wiring::commands(&session.configuration).find(name).map_err(not_found)?;
    let description = &command.description;
    let granted = if wiring::is_made(&session.configuration)? {
        let installation = Installation::open(&session.configuration)?;
        installation.wait(installation.catalog().granted(&command))?
    } else {
        description.permissions.iter().cloned().collect()
    };
    let brief = CommandRecord::of(&command, language);
    output.styled(&[(Style::Heading, name), (Style::Plain, &format!(" {}", description.version))]);
    output.result(&format!("  {}\n", visible(description.summary.get(language))));
    let pair = |word: Word, text: &str| (word.get(language).to_owned(), text.to_owned());
    let tier = tier_name(command.tier, language);
    let source = if command.source == Source::Packaged { tier } else { &brief.source };
    output.pairs(&[
        pair(Word::Tier, tier),
        pair(Word::Source, source),
        pair(Word::Scope, scope_word(description.scope).get(language)),
        pair(Word::CardEffect, effect_word(description.effect).get(language)),
    ]);
    show_card(output, description, &granted);
    output.record(&CommandRecord { granted: Some(&granted), description: Some(description), ..brief });
    Ok(Summary::of_verb("commands show", Exit::Done, description.summary.get(language)))
}

/// The permission card: sentences that go on from "may" and "may not".
fn show_card(output: &Output, description: &Description, granted: &BTreeSet<Permission>) {
    let language = output.language;
    let card = card(description, granted, language);
    let nothing = || vec![Word::CardNothing.get(language).to_owned()];
    let may = if card.may.is_empty() { nothing() } else { card.may };
    let grant =
        |permission: &String| format!("{permission}  (encargo commands grant {} {permission})", description.name);
    let not_granted = card.not_granted.iter().map(grant).collect::<Vec<_>>();
    for (word, style, lines) in [
        (Word::CardMay, Style::Good, may),
        (Word::CardMayNot, Style::Warning, card.may_not),
        (Word::CardRevoked, Style::Error, not_granted),
    ] {
        if !lines.is_empty() {
            output.styled(&[(Style::Plain, "\n"), (style, &format!("{}:", word.get(language)))]);
            for line in lines {
                output.result(&format!("  {}", visible(&line)));
            }
        }
    }
}

fn change(session: &Session, name: &str, permission: &str, grant: bool) -> Result<Summary, Problem> {
    let language = session.language();
    let permission: Permission = permission.parse().map_err(Problem::usage)?;
    let installation = Installation::open(&session.configuration)?;
    let (catalog, now) = (installation.catalog(), SystemClock.now());
    let changed = if grant {
        installation.wait(catalog.grant(name, &permission, now)).map_err(not_found)?
    } else {
        installation.wait(catalog.revoke(name, &permission, now)).map_err(not_found)?
    };
    let words = permission.words().get(language).to_owned();
    let sentence = match (grant, changed) {
        (true, true) => Word::Granted.with(language, &[&name, &words]),
        (true, false) => Word::GrantedAlready.with(language, &[&name, &words]),
        (false, true) => Word::Revoked.with(language, &[&name, &words, &name, &permission]),
        (false, false) => Word::RevokedAlready.with(language, &[&name, &words]),
    };
    session.output.result(&sentence);
    Ok(Summary::of_verb(if grant { "commands grant" } else { "commands revoke" }, Exit::Done, sentence))
}

/// A command that is asked about and not there is not found; one that is to be run is a slip of the line.
fn not_found(error: CatalogError) -> Problem {
    match &error {
        CatalogError::Unknown { .. } => Problem { exit: Exit::NotFound, code: "not-found".to_owned(), ..error.into() },
        _ => error.into(),
    }
}

fn scope_word(scope: Scope) -> Word {
    match scope {
        Scope::Tenant => Word::ScopeTenant,
        Scope::System => Word::ScopeSystem,
        Scope::Either => Word::ScopeEither,
    }
}

fn effect_word(effect: Effect) -> Word {
    match effect {
        Effect::ReadOnly => Word::EffectReadOnly,
        Effect::Changes => Word::EffectChanges,
        Effect::Destroys => Word::EffectDestroys,
    }
}
