//! `encargo commands new`: a command of one's own, ready to be built and run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use encargo_model::{Exit, text};
use encargo_pack::is_command_name;

use crate::error::Problem;
use crate::output::{Summary, Word};
use crate::session::Session;

/// What a new command is made of: the place of each file in its folder, and what is in it.
const FILES: [(&str, &str); 4] = [
    ("Cargo.toml", include_str!("new_command/Cargo.toml.template")),
    ("src/lib.rs", include_str!("new_command/lib.rs.template")),
    ("es.toml", include_str!("new_command/es.toml.template")),
    ("cases/counts_chats_in_one_state.toml", include_str!("new_command/case.toml.template")),
];

/// Makes the folder of a new command in the checkout that the caller is in.
pub(super) fn make(session: &Session, name: &str) -> Result<Summary, Problem> {
    let type_name = type_name(name)?;
    let folder = commands_of(&session.folder)?.join(name);
    write(&folder, name, &type_name).map_err(|error| refused(&folder, &error))?;
    let (output, language) = (&session.output, session.language());
    let shown = folder.strip_prefix(&session.folder).unwrap_or(&folder);
    for (place, _) in FILES {
        output.result(&shown.join(place).display().to_string());
    }
    output.hint(&Word::CommandMade.with(language, &[&name]));
    Ok(Summary::of_verb("commands new", Exit::Done, shown.display().to_string()))
}

/// The name of the struct: `count_chats` is `CountChats`.
fn type_name(name: &str) -> Result<String, Problem> {
    if !is_command_name(name) || name.contains("__") {
        return Err(Problem::usage(text!(
            "`{name}` is no name for a command: up to 63 of `a` to `z`, `0` to `9` and single `_` between them, beginning with a letter",
            "`{name}` no es nombre para un comando: hasta 63 de `a` a `z`, `0` a `9` y `_` sueltos entre ellas, empezando por una letra"
        )));
    }
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    Ok(name.split('_').map(capital).collect())
}

/// The folder of commands of the checkout that a folder is in.
fn commands_of(folder: &Path) -> Result<PathBuf, Problem> {
    let all = folder.ancestors().map(|above| above.join("guest-commands"));
    all.into_iter().find(|commands| commands.join("sdk/Cargo.toml").is_file()).ok_or_else(|| {
        Problem::usage(text!(
            "a new command is made in a checkout of Encargo, and this folder is in none",
            "un comando nuevo se crea en una copia del código de Encargo, y esta carpeta no está en ninguna"
        ))
    })
}

fn write(folder: &Path, name: &str, type_name: &str) -> io::Result<()> {
    fs::create_dir(folder)?;
    let written = FILES.iter().try_for_each(|(place, template)| {
        let path = folder.join(place);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, template.replace("{name}", name).replace("{type}", type_name))
    });
    // Half a command would keep every other one from being built.
    written.inspect_err(|_| drop(fs::remove_dir_all(folder)))
}

fn refused(folder: &Path, error: &io::Error) -> Problem {
    let path = folder.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Problem::usage(text!("`{path}` is there already", "`{path}` ya existe")),
        _ => {
            Problem::new(Exit::Failed, text!("`{path}` cannot be made: {error}", "no se puede crear `{path}`: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_written_whole_or_not_at_all() {
        let checkout = tempfile::tempdir().unwrap();
        let commands = checkout.path().join("guest-commands");
        fs::create_dir_all(commands.join("sdk")).unwrap();
        fs::write(commands.join("sdk/Cargo.toml"), "").unwrap();
        assert_eq!(commands_of(&commands.join("sdk")).unwrap(), commands);
        let folder = commands.join("count_2");
        write(&folder, "count_2", &type_name("count_2").unwrap()).unwrap();
        for (place, _) in FILES {
            let text = fs::read_to_string(folder.join(place)).unwrap();
            assert!(!text.contains("{name}") && !text.contains("{type}"), "{place}: {text}");
        }
        assert!(fs::read_to_string(folder.join("src/lib.rs")).unwrap().contains("export_command!(Count2);"));
        assert!(fs::read_to_string(folder.join("Cargo.toml")).unwrap().contains("name = \"count_2\""));
        let again = refused(&folder, &write(&folder, "count_2", "Count2").unwrap_err());
        assert_eq!(again.exit, Exit::Usage);
        assert!(folder.join("src/lib.rs").is_file(), "what was there stays");
    }

    #[test]
    fn a_name_is_words_between_single_underscores() {
        assert_eq!(type_name("count_chats").unwrap(), "CountChats");
        for name in ["", "Count", "2_count", "_count", "count_", "count__chats", "count-chats", "../x", &"a".repeat(64)]
        {
            assert!(type_name(name).is_err(), "{name}");
        }
    }
}
