//! Whose a store's file is: a mark that the installation remembers, in SQLite's `application_id`.

use std::fs;
use std::path::{Path, PathBuf};

use encargo_model::{Permission, Timestamp};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::open::{apply, connect, make_file};
use crate::{Store, StoreError};

impl Store {
    /// Passes a store with this mark.
    ///
    /// # Errors
    /// The store is another installation's, or it was never given its mark.
    pub async fn check_mark(&self, mark: Option<u32>) -> Result<(), StoreError> {
        let path = &self.inner.path;
        let found = read(path, &mut *self.connection().await).await?;
        match mark {
            Some(mark) if found == mark => Ok(()),
            Some(_) if found != 0 => Err(StoreError::Foreign { path: path.clone() }),
            _ => Err(StoreError::NeedsMigrate { path: path.clone() }),
        }
    }

    /// The mark of a file that is there; 0 for none.
    ///
    /// # Errors
    /// The file is corrupt or cannot be read.
    pub async fn mark(path: &Path) -> Result<u32, StoreError> {
        read(path, &mut connect(path).await?).await
    }

    /// Gives a file that has no mark this one.
    ///
    /// # Errors
    /// The file has another one, or cannot be written.
    pub async fn claim(path: &Path, mark: u32) -> Result<(), StoreError> {
        let mut connection = connect(path).await?;
        match read(path, &mut connection).await? {
            found if found == mark => Ok(()),
            0 => {
                write(path, &mut connection, mark).await?;
                connection.close().await.map_err(|error| StoreError::of(path, &error))
            }
            _ => Err(StoreError::Foreign { path: path.to_owned() }),
        }
    }

    /// Makes a store in the place of a lost one, with nothing in it but its mark and what is revoked. It takes its place
    /// when it is whole.
    ///
    /// # Errors
    /// There is a file that is not empty, or one cannot be made.
    #[expect(clippy::disallowed_methods, reason = "it syncs the folder itself, behind both of its renames")]
    pub async fn make_anew(
        path: &Path,
        mark: u32,
        revoked: &[(String, Permission)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let io = |error: std::io::Error| StoreError::io(path, &error);
        if fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0) {
            return Err(StoreError::There { path: path.to_owned() });
        }
        let waiting = with_end(path, ".new");
        for end in ["", "-wal", "-shm"] {
            // What a process that ended in between left behind.
            let _ = fs::remove_file(with_end(&waiting, end));
        }
        make_file(&waiting)?;
        let failed = |error| StoreError::of(&waiting, &error);
        let mut connection = connect(&waiting).await?;
        apply(&waiting, &mut connection).await?;
        for (command, permission) in revoked {
            let insert = "INSERT INTO grants (command, permission, granted, changed_at) VALUES ($1, $2, 0, $3)
                ON CONFLICT (command, permission) DO NOTHING";
            let insert = sqlx::query(insert).bind(command).bind(permission.to_string()).bind(now.0);
            insert.execute(&mut connection).await.map_err(failed)?;
        }
        write(&waiting, &mut connection, mark).await?;
        connection.close().await.map_err(failed)?;
        // A log without its database would be taken for that of the new one.
        let log = with_end(path, "-wal");
        if log.exists() {
            fs::rename(&log, with_end(path, "-wal.lost")).map_err(io)?;
        }
        fs::rename(&waiting, path).map_err(io)?;
        path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all()).map_err(io)
    }
}

async fn read(path: &Path, connection: &mut SqliteConnection) -> Result<u32, StoreError> {
    let mark = sqlx::query_scalar("PRAGMA application_id").fetch_one(connection).await;
    mark.map_err(|error| StoreError::of(path, &error))
}

async fn write(path: &Path, connection: &mut SqliteConnection, mark: u32) -> Result<(), StoreError> {
    let pragma = AssertSqlSafe(format!("PRAGMA application_id = {mark}"));
    sqlx::query(pragma).execute(connection).await.map_err(|error| StoreError::of(path, &error))?;
    Ok(())
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(test)]
mod tests {
    use encargo_model::Exit;

    use super::*;
    use crate::samples::{Folder, block_on};

    #[test]
    fn a_store_keeps_the_mark_that_it_was_given_and_no_other_passes() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let unmarked = store.check_mark(Some(7)).await.unwrap_err();
            assert!(matches!(unmarked, StoreError::NeedsMigrate { .. }));
            Store::claim(&folder.path, 7).await.unwrap();
            Store::claim(&folder.path, 7).await.unwrap();
            assert_eq!(Store::mark(&folder.path).await.unwrap(), 7);
            store.check_mark(Some(7)).await.unwrap();
            for foreign in
                [store.check_mark(Some(8)).await.unwrap_err(), Store::claim(&folder.path, 8).await.unwrap_err()]
            {
                assert!(matches!(foreign, StoreError::Foreign { .. }) && foreign.exit() == Exit::Verification);
            }
            assert!(matches!(store.check_mark(None).await, Err(StoreError::NeedsMigrate { .. })));
        });
    }

    #[test]
    fn a_new_store_has_its_mark_and_what_is_revoked_and_never_replaces_one() {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            fs::write(&path, "one that is there").unwrap();
            let there = Store::make_anew(&path, 7, &[], Timestamp(1)).await.unwrap_err();
            assert!(matches!(there, StoreError::There { .. }));
            fs::write(&path, "").unwrap();
            fs::write(with_end(&path, "-wal"), "the log of the lost one").unwrap();
            fs::write(with_end(&path, ".new"), "what a break left").unwrap();
            let read: Permission = "read:chats".parse().unwrap();
            let revoked = [("mine".to_owned(), read.clone()), ("mine".to_owned(), read.clone())];
            Store::make_anew(&path, 7, &revoked, Timestamp(1)).await.unwrap();
            let store = Store::open(&path).await.unwrap();
            store.check_mark(Some(7)).await.unwrap();
            assert!(store.grants("mine").await.unwrap().revoked.contains(&read));
            assert!(!with_end(&path, ".new").exists());
            assert_eq!(fs::read_to_string(with_end(&path, "-wal.lost")).unwrap(), "the log of the lost one");
        });
    }
}
