//! `encargo users`: who logs in.

use clap::{Arg, ArgMatches, Command};
use encargo_model::{Exit, Language, text};
use serde::Serialize;

use super::{Kind, Verb, word};
use crate::arguments::first_line;
use crate::error::{Problem, see};
use crate::observer::ask_password;
use crate::output::{Summary, Word};
use crate::session::Session;
use crate::wiring::Installation;

pub(super) const VERB: Verb =
    Verb { name: "users", summary: Word::VerbUsers, takes: &[], kind: Kind::Own { arguments, run } };

fn arguments(command: Command, language: Language) -> Command {
    command.subcommand_required(true).subcommands([
        word("list", Word::UsersList, language),
        word("set-password", Word::UsersSetPassword, language).args([
            Arg::new("email").value_name("EMAIL").help(Word::UsersEmail.get(language)),
            Arg::new("password-file")
                .long("password-file")
                .value_name("FILE")
                .help(Word::UsersPasswordFile.get(language)),
        ]),
    ])
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "user")]
struct UserRecord<'a> {
    email: &'a str,
    name: &'a str,
    has_password: bool,
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    match matches.subcommand() {
        Some(("set-password", own)) => set_password(session, own),
        _ => list(session),
    }
}

fn list(session: &Session) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let users = Installation::open(&session.configuration)?.platform().registry().users()?;
    let password = |has: bool| if has { Word::Set } else { Word::NotSet }.get(language).to_owned();
    if users.is_empty() {
        output.result(Word::UsersNone.get(language));
    } else {
        let rows: Vec<_> =
            users.iter().map(|user| vec![user.email.clone(), user.name.clone(), password(user.has_password)]).collect();
        output.table(&[Word::Email, Word::Name, Word::Password].map(|column| column.get(language)), &rows);
    }
    for user in &users {
        output.record(&UserRecord { email: &user.email, name: &user.name, has_password: user.has_password });
    }
    Ok(Summary::of_verb("users list", Exit::Done, Word::UsersFound.with(language, &[&users.len()])))
}

fn set_password(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let installation = Installation::open(&session.configuration)?;
    installation.platform().check_writable(None)?;
    let registry = installation.platform().registry();
    let users = registry.users()?.into_iter().map(|user| user.email).collect::<Vec<_>>();
    let email = match (matches.get_one::<String>("email"), &users[..]) {
        (Some(email), users) if users.contains(email) => email.clone(),
        (None, [only]) => only.clone(),
        (None, [_, _, ..]) => {
            return Err(Problem::usage(text!(
                "the user who is to have a new password is not named",
                "no se indica qué cuenta recibe una contraseña nueva"
            ))
            .hint(text!("name one of {}", "indique una de {}"; users.join(", "))));
        }
        (Some(email), [_, ..]) => {
            let problem =
                Problem::new(Exit::NotFound, text!("there is no user `{email}`", "no existe la cuenta `{email}`"));
            return Err(problem.hint(see("encargo users list")));
        }
        (_, []) => {
            let problem = Problem::new(Exit::NotFound, text!("there is no user yet", "todavía no hay ninguna cuenta"));
            return Err(problem.hint(text!(
                "`encargo init_system` makes the administrator",
                "`encargo init_system` crea la cuenta de administración"
            )));
        }
    };
    let password = match matches.get_one::<String>("password-file") {
        Some(path) => first_line(path)?,
        None => ask_password(&session.output, &email)?,
    };
    registry.set_password(&email, &password)?;
    let summary = Word::PasswordSet.with(session.language(), &[&email]);
    session.output.result(&summary);
    Ok(Summary::of_verb("users set-password", Exit::Done, summary))
}
