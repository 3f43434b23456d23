//! `encargo tenants`: who the tenants are, and giving one up.

use clap::{Arg, ArgMatches, Command};
use encargo_model::{Exit, Language, Worded, text};
use serde::Serialize;

use super::{Kind, Verb, word};
use crate::error::{Problem, see};
use crate::observer::confirm;
use crate::output::{Summary, Word};
use crate::session::Session;
use crate::wiring::{Installation, PlatformError};

pub(super) const VERB: Verb =
    Verb { name: "tenants", summary: Word::VerbTenants, takes: &["yes"], kind: Kind::Own { arguments, run } };

fn arguments(command: Command, language: Language) -> Command {
    let slug = Arg::new("tenant").required(true).value_name("SLUG").help(Word::TenantsSlug.get(language));
    command.subcommand_required(true).subcommands([
        word("list", Word::TenantsList, language),
        word("forget", Word::TenantsForget, language).arg(slug),
    ])
}

/// A tenant as the list of tenants has it, and how its file is.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "registered-tenant")]
struct TenantRecord<'a> {
    slug: &'a str,
    name: &'a str,
    language: Language,
    time_zone: &'a str,
    default: bool,
    /// `ok`, `missing`, `empty`, `foreign`, `damaged`, `outdated` or `unusable`.
    file: &'static str,
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    match matches.subcommand() {
        Some(("forget", own)) => forget(session, &own.get_one::<String>("tenant").cloned().unwrap_or_default()),
        _ => list(session),
    }
}

fn list(session: &Session) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let installation = Installation::open(&session.configuration)?;
    let platform = installation.platform();
    let tenants = platform.registry().tenants()?;
    let default = platform.registry().default_tenant()?.map(|tenant| tenant.slug);
    let looks: Vec<_> = tenants.iter().map(|tenant| platform.files().check(tenant)).collect();
    let yes = |yes: bool| if yes { Word::Yes } else { Word::No }.get(language).to_owned();
    let mut rows = Vec::new();
    for (tenant, look) in tenants.iter().zip(&looks) {
        let (file, word) = state(look);
        let is_default = default.as_ref() == Some(&tenant.slug);
        rows.push(vec![
            tenant.slug.clone(),
            tenant.name.clone(),
            tenant.language.to_string(),
            tenant.time_zone.clone(),
            yes(is_default),
            word.get(language).to_owned(),
        ]);
        output.record(&TenantRecord {
            slug: &tenant.slug,
            name: &tenant.name,
            language: tenant.language,
            time_zone: &tenant.time_zone,
            default: is_default,
            file,
        });
    }
    if rows.is_empty() {
        output.result(Word::TenantsNone.get(language));
    } else {
        let columns = [Word::Tenant, Word::Name, Word::LanguageOf, Word::TimeZone, Word::DefaultOne, Word::File];
        output.table(&columns.map(|column| column.get(language)), &rows);
    }
    let wrong: Vec<_> = looks.iter().filter_map(|look| look.as_ref().err()).collect();
    for problem in &wrong {
        output.warning(problem.text().get(language));
    }
    let exit = match wrong.iter().any(|problem| problem.exit() == Exit::Verification) {
        true => Exit::Verification,
        false if wrong.is_empty() => Exit::Done,
        false => Exit::Problems,
    };
    Ok(Summary::of_verb("tenants list", exit, Word::TenantsFound.with(language, &[&tenants.len()])))
}

/// How a tenant's file is, for programs and for people.
fn state(look: &Result<(), PlatformError>) -> (&'static str, Word) {
    match look {
        Ok(()) => ("ok", Word::FileOk),
        Err(PlatformError::TenantLost { empty: false, .. }) => ("missing", Word::FileMissing),
        Err(PlatformError::TenantLost { empty: true, .. }) => ("empty", Word::FileEmpty),
        Err(PlatformError::Foreign { .. }) => ("foreign", Word::FileForeign),
        Err(PlatformError::Corrupt { .. }) => ("damaged", Word::FileDamaged),
        Err(PlatformError::NeedsMigrate { .. }) => ("outdated", Word::FileOutdated),
        Err(_) => ("unusable", Word::FileUnusable),
    }
}

fn forget(session: &Session, slug: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let installation = Installation::open(&session.configuration)?;
    let platform = installation.platform();
    if platform.registry().tenant(slug)?.is_none() {
        let unknown = text!("there is no tenant `{slug}`", "no existe el inquilino `{slug}`");
        return Err(Problem::new(Exit::NotFound, unknown).hint(see("encargo tenants list")));
    }
    let question = Word::ForgetAsk.with(language, &[&slug]);
    if !session.run_flags.yes && !confirm(output, &question, || false) {
        let refused = text!("`{slug}` is not forgotten without a yes", "`{slug}` no se olvida sin un sí");
        return Err(Problem::new(Exit::Refused, refused).hint(Word::SayYes.text(&[])));
    }
    platform.check_writable(None)?;
    let left = platform.forget_tenant(slug)?;
    let summary = Word::Forgotten.with(language, &[&slug]);
    output.result(&summary);
    for path in &left {
        output.result(&Word::LeftThere.with(language, &[&path.display()]));
    }
    Ok(Summary::of_verb("tenants forget", Exit::Done, summary))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use encargo_model::Text;

    use super::*;

    #[test]
    fn every_state_of_a_file_has_its_own_word() {
        let path = PathBuf::from("1.db");
        let lost = |empty| PlatformError::TenantLost { path: path.clone(), slug: "acme".to_owned(), empty };
        let words: Vec<_> = [
            Ok(()),
            Err(lost(false)),
            Err(lost(true)),
            Err(PlatformError::Corrupt { path: path.clone() }),
            Err(PlatformError::Foreign { path: path.clone(), slug: "acme".to_owned(), whose: Text::quoted("") }),
            Err(PlatformError::NeedsMigrate { path: path.clone(), from: 1, to: 2 }),
            Err(PlatformError::TooNew { path: path.clone(), found: 3, known: 2 }),
        ]
        .iter()
        .map(|look| state(look).0)
        .collect();
        assert_eq!(words, ["ok", "missing", "empty", "damaged", "foreign", "outdated", "unusable"]);
    }
}
