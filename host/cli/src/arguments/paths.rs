//! Arguments that name files: made absolute here, where they were typed; and the password that only the host reads.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use encargo_model::{
    ArgumentKind, ArgumentValue, Constraint, Description, Origin, PathValue, Permission, ResolvedArgument, text,
};

use crate::config::Environment;
use crate::error::Problem;

/// Arguments as they were written.
type Written = [(String, Vec<String>)];

/// The variables that hold the administrator's password, the strongest first.
const PASSWORD_VARIABLES: [&str; 2] = ["ENCARGO_ADMIN_PASSWORD", "DJANGO_SUPERUSER_PASSWORD"];
/// A password file is one line; another file is not read to its end.
const MOST_PASSWORD_BYTES: u64 = 4_096;

/// Makes relative paths absolute, so that a resume from another folder finds them; `-` stays.
pub(crate) fn absolute_paths(description: &Description, arguments: &mut Written, folder: &Path) {
    for (name, values) in arguments {
        let Some(spec) = description.argument(name).filter(|spec| spec.kind.is_path()) else { continue };
        let is_there = |value: &str| {
            value == "-" || value.is_empty() || spec.kind == ArgumentKind::Repository && PathValue::is_in_store(value)
        };
        for value in values.iter_mut().filter(|value| !is_there(value)) {
            let joined = folder.join(&*value);
            // Both were text, so the path is; a `.` in it goes, a slash at its end stays.
            *value = std::path::absolute(&joined).unwrap_or(joined).to_string_lossy().into_owned();
        }
    }
}

/// Whether the command writes its data to standard output, wherever that was said. An output that is there by default is
/// written to with what it requires, such as a format.
pub(crate) fn writes_to_stdout(description: &Description, resolved: &[ResolvedArgument]) -> bool {
    let has_what_it_requires = |name: &str| {
        description.constraints.iter().all(|rule| match rule {
            Constraint::Requires(output, other) => output != name || resolved.iter().any(|one| one.name == *other),
            Constraint::Conflicts(_) => true,
        })
    };
    paths(resolved, ArgumentKind::Output).any(|(argument, path)| {
        path == "-" && (argument.origin != Origin::Default || has_what_it_requires(&argument.name))
    })
}

/// The administrator's password, for commands that may make the administrator: a file that was named, else a variable.
pub(crate) fn password_of(
    description: &Description,
    resolved: &[ResolvedArgument],
    environment: &Environment,
) -> Result<Option<String>, Problem> {
    if !description.permissions.contains(&Permission::EnsureAdmin) {
        return Ok(None);
    }
    if let Some((_, path)) = paths(resolved, ArgumentKind::PasswordFile).next() {
        return first_line(path).map(Some);
    }
    Ok(PASSWORD_VARIABLES.into_iter().find_map(|name| environment.get(name)).map(str::to_owned))
}

/// The first line of a file, or of standard input for `-`: a password.
pub(crate) fn first_line(path: &str) -> Result<String, Problem> {
    let read = || {
        let source: Box<dyn Read> = if path == "-" { Box::new(std::io::stdin()) } else { Box::new(File::open(path)?) };
        let mut line = String::new();
        BufReader::new(source.take(MOST_PASSWORD_BYTES)).read_line(&mut line)?;
        Ok(line)
    };
    let line = read().map_err(|error| Problem::reading(path, &error))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err(Problem::usage(text!(
            "the first line of `{path}` is empty and no password",
            "la primera línea de `{path}` está vacía y no es una contraseña"
        ))),
        password => Ok(password.to_owned()),
    }
}

/// The arguments of a kind that names a file, each with its path.
fn paths(resolved: &[ResolvedArgument], kind: ArgumentKind) -> impl Iterator<Item = (&ResolvedArgument, &str)> {
    resolved.iter().filter_map(move |argument| match &argument.value {
        Some(ArgumentValue::Path(path)) if path.kind == kind => Some((argument, path.path.as_str())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use encargo_model::Timestamp;
    use encargo_runs::{Fallbacks, resolve};

    use super::*;
    use crate::arguments::samples::description;

    fn arguments(written: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        written.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
    }

    /// As they are when a run starts, beside the one that is required.
    fn settled(description: &Description, written: &[(&str, &str)]) -> Vec<ResolvedArgument> {
        let given = arguments(&[written, &[("type", "chats")]].concat());
        resolve(description, &given, &Fallbacks::default(), Timestamp(0)).expect("they fit")
    }

    #[test]
    fn paths_are_made_absolute_and_nothing_else_is() {
        let mut written =
            arguments(&[("file", "./a/../b.csv"), ("output", "-"), ("type", "chats"), ("password-file", "/p")]);
        absolute_paths(&description(), &mut written, Path::new("/here"));
        assert_eq!(
            written,
            arguments(&[("file", "/here/a/../b.csv"), ("output", "-"), ("type", "chats"), ("password-file", "/p")])
        );
        assert!(writes_to_stdout(&description(), &settled(&description(), &[("output", "-")])));
        let mut folder = arguments(&[("output", "out/")]);
        absolute_paths(&description(), &mut folder, Path::new("/here"));
        assert_eq!(folder, arguments(&[("output", "/here/out/")]));
        assert!(!writes_to_stdout(&description(), &settled(&description(), &[("file", "-")])));
    }

    #[test]
    fn an_output_that_is_standard_output_by_default_is_so_with_what_it_requires() {
        let mut description = description();
        description.arguments.iter_mut().filter(|spec| spec.name == "output").for_each(|spec| {
            spec.default = Some("-".to_owned());
        });
        assert!(writes_to_stdout(&description, &settled(&description, &[])));
        description.constraints.push(Constraint::Requires("output".to_owned(), "file".to_owned()));
        for (written, is_so) in [
            (vec![], false),
            (vec![("file", "x")], true),
            (vec![("file", "x"), ("output", "a.txt")], false),
            (vec![("file", "x"), ("output", "-")], true),
        ] {
            assert_eq!(writes_to_stdout(&description, &settled(&description, &written)), is_so, "{written:?}");
        }
    }

    #[test]
    fn a_named_file_wins_over_the_variables() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map(|()| path.display().to_string())
        };
        let (good, empty) = (path("good", "s3cret\r\nrest")?, path("empty", "\nsecret")?);
        let both = Environment::of([("ENCARGO_ADMIN_PASSWORD", "ours"), ("DJANGO_SUPERUSER_PASSWORD", "theirs")]);
        let none = Environment::default();
        let django = Environment::of([("DJANGO_SUPERUSER_PASSWORD", "theirs")]);
        let password = |written: &[(&str, &str)], environment| {
            password_of(&description(), &settled(&description(), written), environment)
        };
        assert_eq!(password(&[("password-file", &good)], &both), Ok(Some("s3cret".to_owned())));
        assert_eq!(password(&[], &both), Ok(Some("ours".to_owned())));
        assert_eq!(password(&[], &django), Ok(Some("theirs".to_owned())));
        assert_eq!(password(&[], &none), Ok(None));
        assert!(password(&[("password-file", &empty)], &both).is_err());
        let missing = password(&[("password-file", "/none/such")], &both).expect_err("there is no such file");
        assert_eq!(missing.exit, encargo_model::Exit::NotFound);
        let mut stranger = description();
        stranger.permissions.clear();
        assert_eq!(password_of(&stranger, &[], &both), Ok(None));
        Ok(())
    }
}
