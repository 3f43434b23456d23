//! What of the commands is not as it should be: files that are none, and grants that are for nothing.

use std::io::Cursor;

use encargo_model::{Damage, DamageKind, Permission, Text, text};

use crate::scan::scan;
use crate::{Catalog, CatalogError, Command};

impl Catalog {
    /// Looks at every file among the commands, every packaged one, and all that was granted or revoked.
    ///
    /// # Errors
    /// When the engine store cannot be read.
    pub async fn damage(&self) -> Result<Vec<Damage>, CatalogError> {
        let mut damage = Vec::new();
        for (path, detail) in scan(&self.commands).broken {
            let subject = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            damage.push(one(DamageKind::Unreadable, &subject, detail));
        }
        for packaged in self.packaged {
            if let Err(problem) = encargo_pack::read(Cursor::new(packaged.component)) {
                damage.push(one(DamageKind::Unreadable, packaged.name, Text::quoted(problem.to_string())));
            }
        }
        let commands = self.list();
        for command in &commands {
            let name = &command.description.name;
            let wrong = command.description.permissions.iter().filter_map(|request| request.is_of_this_host().err());
            damage.extend(wrong.map(|problem| one(DamageKind::Grant, name, problem)));
        }
        if let Some(store) = &self.store {
            for (name, permission, granted) in store.all_grants().await? {
                let command = commands.iter().find(|command| command.description.name == name);
                damage.extend(change(command, &name, &permission, granted));
            }
        }
        Ok(damage)
    }
}

fn one(kind: DamageKind, subject: &str, detail: Text) -> Damage {
    Damage { kind, subject: subject.to_owned(), detail, count: 1 }
}

/// What is wrong with a permission that was granted or revoked.
fn change(command: Option<&Command>, name: &str, written: &str, granted: bool) -> Option<Damage> {
    let Some(command) = command else {
        let detail = text!(
            "`{written}` was granted or revoked, and there is no such command",
            "se concedió o retiró `{written}`, y no existe ese comando"
        );
        return Some(one(DamageKind::Grant, name, detail));
    };
    let requested = &command.description.permissions;
    match written.parse::<Permission>() {
        Err(problem) => Some(one(DamageKind::Grant, name, problem)),
        Ok(permission) if !requested.contains(&permission) => {
            let detail = text!(
                "`{written}` was granted or revoked, and the command does not ask for it",
                "se concedió o retiró `{written}`, y el comando no lo pide"
            );
            Some(one(DamageKind::Grant, name, detail))
        }
        Ok(_) if granted => None,
        Ok(_) => {
            let detail = text!("it may not `{written}`, which it asks for", "no puede `{written}`, que pide");
            Some(one(DamageKind::Revoked, name, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use encargo_model::Timestamp;
    use encargo_store::Store;

    use super::*;
    use crate::samples::packaged;

    #[test]
    fn what_is_no_command_and_what_is_granted_for_nothing_is_told() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            Store::migrate(&path).await.unwrap();
            let store = Store::open(&path).await.unwrap();
            let commands = packaged(&["hello"], &["read:chats", "delete:chats"]);
            let catalog = Catalog::new(commands, folder.path().to_owned(), Some(store.clone()));
            assert_eq!(catalog.damage().await.unwrap(), []);
            let permission = |text: &str| text.parse::<Permission>().unwrap();
            for (name, text, granted) in [
                ("hello", "read:chats", true),
                ("hello", "delete:chats", false),
                ("hello", "read:logs", true),
                ("gone", "read:logs", false),
            ] {
                let permission = permission(text);
                let changed = match granted {
                    true => store.grant(name, &permission, Timestamp(1)).await,
                    false => store.revoke(name, &permission, Timestamp(1)).await,
                };
                assert!(changed.unwrap());
            }
            std::fs::write(folder.path().join("text.wasm"), "text").unwrap();
            let found = catalog.damage().await.unwrap();
            let found: Vec<_> = found.iter().map(|damage| (damage.kind.word(), damage.subject.as_str())).collect();
            assert_eq!(
                found,
                [("unreadable", "text.wasm"), ("grant", "gone"), ("revoked", "hello"), ("grant", "hello")]
            );
        });
    }
}
