//! `encargo commands`: what there is, what each may do, what an operator grants, and what is added.

mod add;
mod version;
mod versions;

use std::collections::BTreeSet;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command as Clap};
use encargo_catalog::{AddedCommand, Catalog, CatalogError, Command, Owner, Source, card};
use encargo_model::{Clock, Description, Effect, Exit, Language, Permission, Scope, SystemClock, text};
use serde::Serialize;

use super::{Kind, Verb, new_command, refuse_flags_of_word, word};
use crate::arguments::RunFlags;
use crate::error::{Problem, see};
use crate::output::{Output, Style, Summary, Word, tier_name, visible};
use crate::session::Session;
use crate::wiring::{self, Installation};

pub(super) const VERB: Verb = Verb {
    name: "commands",
    summary: Word::VerbCommands,
    takes: &["tenant", "yes", "dry-run"],
    kind: Kind::Own { arguments, run },
};

/// How long an operator's component may be compiled before it is refused.
const COMPILES_WITHIN: Duration = Duration::from_secs(600);

fn arguments(command: Clap, language: Language) -> Clap {
    let name = || Arg::new("name").required(true).value_name("NAME").help(Word::CommandName.get(language));
    let permission = || {
        Arg::new("permission")
            .required(true)
            .num_args(1..)
            .value_name("PERMISSION")
            .help(Word::CommandPermission.get(language))
    };
    let file = Arg::new("file").required(true).value_name("FILE").help(Word::CommandFile.get(language));
    command.subcommand_required(true).subcommands([
        word("list", Word::CommandsList, language),
        word("show", Word::CommandsShow, language).arg(name()),
        word("add", Word::CommandsAdd, language).arg(file),
        word("versions", Word::CommandsVersions, language).arg(name()),
        word("rollback", Word::CommandsRollback, language).arg(name()),
        word("remove", Word::CommandsRemove, language).arg(name()),
        word("new", Word::CommandsNew, language).arg(name()),
        word("grant", Word::CommandsGrant, language).args([name(), permission()]),
        word("revoke", Word::CommandsRevoke, language).args([name(), permission()]),
    ])
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let text = |matches: &ArgMatches, name| matches.get_one::<String>(name).cloned().unwrap_or_default();
    refuse_flags(matches.subcommand_name().unwrap_or_default(), &session.run_flags)?;
    match matches.subcommand() {
        Some(("show", own)) => show(session, &text(own, "name")),
        Some(("add", own)) => add::add(session, &text(own, "file")),
        Some(("versions", own)) => versions::versions(session, &text(own, "name")),
        Some(("rollback", own)) => versions::rollback(session, &text(own, "name")),
        Some(("remove", own)) => versions::remove(session, &text(own, "name")),
        Some(("new", own)) => new_command::make(session, &text(own, "name")),
        Some((verb @ ("grant" | "revoke"), own)) => {
            let permissions = own.get_many::<String>("permission").into_iter().flatten().map(String::as_str);
            change(session, &text(own, "name"), &permissions.collect::<Vec<_>>(), verb == "grant")
        }
        _ => list(session),
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
    /// `waiting` when nothing of it is in force.
    state: version::State,
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
            Source::File(path) | Source::Version { path, .. } => path.display().to_string(),
        };
        Self {
            name: &description.name,
            version: &description.version,
            tier: command.tier.as_str(),
            source,
            scope: description.scope,
            effect: description.effect,
            summary: description.summary.get(language),
            state: version::State::InForce,
            granted: None,
            description: None,
        }
    }
}

fn refuse_flags(word: &str, flags: &RunFlags) -> Result<(), Problem> {
    let takes: &[&str] = match word {
        "add" => &["tenant", "yes", "dry-run"],
        "list" => &["tenant"],
        _ => &[],
    };
    refuse_flags_of_word(&format!("commands {word}"), takes, flags)
}

/// The one tenant that `--tenant` names.
fn tenant_given(session: &Session, installation: &Installation) -> Result<Option<Owner>, Problem> {
    let slug = match session.run_flags.tenants.as_deref() {
        None => return Ok(None),
        Some([slug]) if slug != "all" => slug,
        Some(_) => {
            return Err(Problem::usage(text!(
                "`--tenant` names the one tenant whose own commands are meant",
                "`--tenant` nombra al único inquilino de cuyos comandos propios se trata"
            )));
        }
    };
    match installation.platform().registry().tenant(slug)? {
        Some(tenant) => Ok(Some(Owner { id: tenant.id, slug: tenant.slug })),
        None => {
            let unknown = text!("there is no tenant `{slug}`", "no existe el inquilino `{slug}`");
            Err(Problem::new(Exit::NotFound, unknown).hint(see("encargo tenants list")))
        }
    }
}

/// What waits stands in the list as it is wanted.
fn wanted(catalog: &Catalog, added: &AddedCommand) -> Option<Command> {
    catalog.version(added, added.wanted()?).ok()
}

fn list(session: &Session) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let catalog = wiring::commands(&session.configuration);
    let mut commands = catalog.list();
    commands.extend(catalog.waiting().filter_map(|added| wanted(&catalog, added)));
    if session.run_flags.tenants.is_some() {
        let owner = tenant_given(session, &Installation::open(&session.configuration)?)?;
        commands.retain(|command| command.owner == owner);
    }
    commands.sort_by(|one, other| one.description.name.cmp(&other.description.name));
    let waits = |command: &Command| catalog.waiting().any(|added| added.name == command.description.name);
    let row = |command: &Command| {
        let description = &command.description;
        let cells = [
            &description.name,
            &description.version,
            tier_name(command.tier, language),
            description.summary.get(language),
        ];
        let mut cells = cells.map(str::to_owned);
        if waits(command) {
            cells[3] = Word::WaitsBefore.with(language, &[&cells[3]]);
        }
        cells.to_vec()
    };
    if commands.is_empty() {
        let none = if session.run_flags.tenants.is_some() { Word::NoneOfTenant } else { Word::NoCommands };
        output.result(none.get(language));
    } else {
        let columns = [Word::Command, Word::Version, Word::Tier, Word::Summary].map(|column| column.get(language));
        output.list(&columns, &commands.iter().map(row).collect::<Vec<_>>());
    }
    for command in &commands {
        let record = CommandRecord::of(command, language);
        let state = if waits(command) { version::State::Waiting } else { record.state };
        output.record(&CommandRecord { state, ..record });
    }
    for (path, problem) in catalog.broken() {
        output.warning(&Word::BrokenCommand.with(language, &[&path.display(), &problem.get(language)]));
    }
    Ok(Summary::of_verb("commands list", Exit::Done, Word::CommandsFound.with(language, &[&commands.len()])))
}

fn show(session: &Session, name: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let catalog = wiring::commands(&session.configuration);
    let command = catalog.look(name).map_err(not_found)?;
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
    show_card(session, description, &granted);
    let added = catalog.find_added(name);
    if let Some(added) = added {
        output.result(&format!("\n{}", add::stands(added, language)));
    }
    let waits = added.is_some_and(|added| added.in_force().is_none());
    let state = if waits { version::State::Waiting } else { brief.state };
    output.record(&CommandRecord { state, granted: Some(&granted), description: Some(description), ..brief });
    Ok(Summary::of_verb("commands show", Exit::Done, description.summary.get(language)))
}

/// The permission card: sentences that go on from "may" and "may not".
fn show_card(session: &Session, description: &Description, granted: &BTreeSet<Permission>) {
    let (output, language) = (&session.output, session.language());
    let card = card(description, granted, language);
    let nothing = || vec![Word::CardNothing.get(language).to_owned()];
    let mut may = if card.may.is_empty() { nothing() } else { card.may };
    // Of the network it reaches what the operator named and nothing else.
    let named = session.configuration.services.services.named.iter();
    let reached = named.filter(|service| granted.contains(&Permission::Check(service.kind.as_str().to_owned())));
    may.extend(reached.map(|service| {
        let place = service.place();
        Word::CardReaches.with(language, &[&service.name, &service.kind.as_str(), &place.get(language)])
    }));
    let grant =
        |permission: &String| format!("{permission}  (encargo commands grant {} {permission})", description.name);
    let not_granted = card.not_granted.iter().map(grant).collect::<Vec<_>>();
    for (word, style, lines) in [
        (Word::CardMay, Style::Good, may),
        (Word::CardMayNot, Style::Warning, card.may_not),
        (Word::CardRevoked, Style::Error, not_granted),
    ] {
        lines_under(output, word, style, &lines);
    }
}

/// A heading with lines under it; nothing where there is no line.
fn lines_under(output: &Output, heading: Word, style: Style, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    output.styled(&[(Style::Plain, "\n"), (style, &format!("{}:", heading.get(output.language)))]);
    for line in lines {
        output.result(&format!("  {}", visible(line)));
    }
}

fn change(session: &Session, name: &str, permissions: &[&str], grant: bool) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let parsed = permissions.iter().map(|permission| permission.parse());
    let permissions: Vec<Permission> = parsed.collect::<Result<_, _>>().map_err(Problem::usage)?;
    let installation = Installation::open(&session.configuration)?;
    installation.catalog().check_requested(name, &permissions).map_err(not_found)?;
    let before = installation.catalog().find_added(name).and_then(AddedCommand::in_force);
    let mut sentences = Vec::new();
    for permission in &permissions {
        let sentence = change_one(&installation, name, permission, grant, language)?;
        output.result(&sentence);
        sentences.push(sentence);
    }
    let catalog = installation.changed_catalog()?;
    if let Some(added) = catalog.find_added(name)
        && (added.in_force() != before || added.in_force() != added.wanted())
    {
        let sentence = add::stands(added, language);
        output.result(&sentence);
        sentences.push(sentence);
    }
    let verb = if grant { "commands grant" } else { "commands revoke" };
    Ok(Summary::of_verb(verb, Exit::Done, sentences.join("; ")))
}

/// Grants or revokes one permission; what to say about it.
fn change_one(
    installation: &Installation,
    name: &str,
    permission: &Permission,
    grant: bool,
    language: Language,
) -> Result<String, Problem> {
    let (catalog, now) = (installation.catalog(), SystemClock.now());
    let changed = if grant {
        installation.wait(catalog.grant(name, permission, now)).map_err(not_found)?
    } else {
        installation.wait(catalog.revoke(name, permission, now)).map_err(not_found)?
    };
    let words = permission.words().get(language).to_owned();
    Ok(match (grant, changed) {
        (true, true) => Word::Granted.with(language, &[&name, &words]),
        (true, false) => Word::GrantedAlready.with(language, &[&name, &words]),
        (false, true) => Word::Revoked.with(language, &[&name, &words, &name, permission]),
        (false, false) => Word::RevokedAlready.with(language, &[&name, &words]),
    })
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
