//! Names that people try and that are no command here: Django's own.

use encargo_model::{Text, text};

use crate::error::Problem;

/// A command of Django's own, and what does its work here, in English and in Spanish.
const OF_DJANGO: [(&str, &str, &str); 14] = [
    (
        "changepassword",
        "`encargo users set-password` gives someone a new password",
        "`encargo users set-password` da una contraseña nueva",
    ),
    (
        "check",
        "`encargo doctor` looks at this installation, and `encargo health_check` at its services",
        "`encargo doctor` revisa esta instalación, y `encargo health_check` sus servicios",
    ),
    (
        "createsuperuser",
        "`encargo init_system` makes the administrator, and `encargo users set-password` sets the password",
        "`encargo init_system` crea la cuenta de administración, y `encargo users set-password` pone la contraseña",
    ),
    ("dbshell", NO_SHELL.0, NO_SHELL.1),
    (
        "dumpdata",
        "`encargo export_data` writes chats, agents and knowledge to files",
        "`encargo export_data` escribe chats, agentes y conocimientos en archivos",
    ),
    (
        "flush",
        "`encargo cleanup_old_data` deletes what is past its retention; nothing empties a database",
        "`encargo cleanup_old_data` borra lo que pasó su retención; nada vacía una base de datos",
    ),
    (
        "loaddata",
        "`encargo import_knowledge` reads CSV, JSON, JSON lines and XML",
        "`encargo import_knowledge` lee CSV, JSON, JSON por líneas y XML",
    ),
    (
        "makemigrations",
        "the schema is Encargo's own, and `encargo migrate` brings it up to date",
        "el esquema es de Encargo, y `encargo migrate` lo pone al día",
    ),
    ("runserver", NO_SERVER.0, NO_SERVER.1),
    ("shell", NO_SHELL.0, NO_SHELL.1),
    (
        "showmigrations",
        "`encargo migrate --plan` lists what is to be migrated",
        "`encargo migrate --plan` enumera lo que falta por migrar",
    ),
    (
        "sqlmigrate",
        "`encargo migrate --plan` lists what is to be migrated",
        "`encargo migrate --plan` enumera lo que falta por migrar",
    ),
    ("startapp", NEW_COMMAND.0, NEW_COMMAND.1),
    ("testserver", NO_SERVER.0, NO_SERVER.1),
];

const NEW_COMMAND: (&str, &str) = (
    "a command is one folder under `guest-commands/`; the README shows one of 20 lines",
    "un comando es una carpeta en `guest-commands/`; el README enseña uno de 20 líneas",
);
const NO_SERVER: (&str, &str) = (
    "Encargo has no server yet: commands are run from here and from cron",
    "Encargo no tiene servidor todavía: los comandos se ejecutan desde aquí y desde cron",
);
const NO_SHELL: (&str, &str) = (
    "there is no shell; a small command of your own reads what it was granted, as the README shows",
    "no hay consola; un pequeño comando propio lee lo que se le concedió, como enseña el README",
);

/// What to say to someone who tries this name; `None` for a name that means nothing.
pub(crate) fn answer(name: &str) -> Option<Problem> {
    let (_, in_english, in_spanish) = OF_DJANGO.iter().find(|(of_django, ..)| *of_django == name)?;
    let sentence = text!("`{name}` is Django's and not Encargo's", "`{name}` es de Django y no de Encargo");
    Some(Problem::usage(sentence).hint(Text::both(*in_english, *in_spanish)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packaged::PACKAGED;

    #[test]
    fn a_command_of_django_is_answered_with_what_does_its_work_here() {
        let answered = |name| answer(name).map(|problem| (problem.message.en, problem.hint.unwrap_or_default().en));
        let (found, way) = answered("loaddata").expect("it has an answer");
        assert_eq!(found, "`loaddata` is Django's and not Encargo's");
        assert!(way.starts_with("`encargo import_knowledge`"), "{way}");
        assert_eq!(answered("nonsense"), None);
    }

    #[test]
    fn nothing_that_is_there_is_said_to_be_missing() {
        let there = PACKAGED.iter().map(|packaged| packaged.name).chain(crate::verbs::names());
        for name in there {
            assert!(answer(name).is_none(), "{name}");
        }
    }
}
