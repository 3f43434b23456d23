//! The people who log in. A password is kept as an Argon2id hash and never leaves this file in another form.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use encargo_model::{ErrorCode, next_id, text};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::registry::Registry;
use crate::BackendError;
use crate::sqlite::error_of_host;

/// Someone who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Names the row.
    pub id: i64,
    /// In full.
    pub name: String,
    /// What they log in with.
    pub email: String,
    /// Whether they can log in yet.
    pub has_password: bool,
}

/// The shortest password that is taken, in characters.
const SHORTEST_PASSWORD: usize = 8;
const COLUMNS: &str = "SELECT id, name, email, password_hash IS NOT NULL FROM users";

impl Registry {
    /// The first administrator.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn administrator(&self) -> Result<Option<User>, BackendError> {
        self.read(|main| administrator(main))
    }

    /// Makes the administrator. Without a password nobody can log in as them until one is set.
    ///
    /// # Errors
    /// `already-exists` when the address is taken, `invalid` for an address or a password that is none.
    pub fn create_administrator(&self, name: &str, email: &str, password: Option<&str>) -> Result<User, BackendError> {
        check_email(email)?;
        let hash = password.map(hash).transpose()?;
        let now = self.clock.now();
        self.change(|main| {
            let sqlite = |error: rusqlite::Error| error_of_host(&error);
            let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
            if by_email(&transaction, email)?.is_some() {
                return Err(BackendError::new(
                    ErrorCode::AlreadyExists,
                    text!("there is a user `{email}` already", "ya existe la cuenta `{email}`"),
                ));
            }
            let last: i64 = transaction
                .query_row("SELECT coalesce(max(id), 0) FROM users", [], |row| row.get(0))
                .map_err(sqlite)?;
            let user = User {
                id: next_id(now, 1, last + 1),
                name: name.to_owned(),
                email: email.to_owned(),
                has_password: hash.is_some(),
            };
            transaction
                .execute(
                    "INSERT INTO users (id, email, name, password_hash, is_admin, created_at, updated_at)
                     VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)",
                    params![user.id, email, name, hash, now.0],
                )
                .map_err(sqlite)?;
            transaction.commit().map_err(sqlite)?;
            Ok(user)
        })
    }

    /// Everyone, in the order of their addresses.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn users(&self) -> Result<Vec<User>, BackendError> {
        self.read(|main| {
            let list = || -> rusqlite::Result<Vec<User>> {
                main.prepare_cached(&format!("{COLUMNS} ORDER BY email"))?.query_map([], user_of)?.collect()
            };
            list().map_err(|error| error_of_host(&error))
        })
    }

    /// Gives someone a new password.
    ///
    /// # Errors
    /// `not-found` when nobody has this address, `invalid` for a password that is too short.
    pub fn set_password(&self, email: &str, password: &str) -> Result<(), BackendError> {
        let hash = hash(password)?;
        let now = self.clock.now();
        self.change(|main| {
            let sql = "UPDATE users SET password_hash = ?2, must_change = 0, updated_at = ?3 WHERE email = ?1";
            let changed = main.execute(sql, params![email, hash, now.0]).map_err(|error| error_of_host(&error))?;
            if changed == 0 {
                return Err(BackendError::new(
                    ErrorCode::NotFound,
                    text!("there is no user `{email}`", "no existe la cuenta `{email}`"),
                ));
            }
            Ok(())
        })
    }
}

fn administrator(main: &Connection) -> Result<Option<User>, BackendError> {
    main.query_row(&format!("{COLUMNS} WHERE is_admin = 1 ORDER BY id LIMIT 1"), [], user_of)
        .optional()
        .map_err(|error| error_of_host(&error))
}

fn by_email(main: &Connection, email: &str) -> Result<Option<User>, BackendError> {
    main.query_row(&format!("{COLUMNS} WHERE email = ?1"), [email], user_of)
        .optional()
        .map_err(|error| error_of_host(&error))
}

fn user_of(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, has_password: row.get(3)? })
}

fn check_email(email: &str) -> Result<(), BackendError> {
    let fits = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !email.chars().any(|c| c.is_whitespace() || c.is_control())
    });
    if fits {
        Ok(())
    } else {
        Err(BackendError::new(
            ErrorCode::Invalid,
            text!("`{email}` is not an e-mail address", "`{email}` no es una dirección de correo"),
        ))
    }
}

fn hash(password: &str) -> Result<String, BackendError> {
    if password.chars().count() < SHORTEST_PASSWORD {
        let problem = text!(
            "a password has at least {SHORTEST_PASSWORD} characters",
            "una contraseña tiene al menos {SHORTEST_PASSWORD} caracteres"
        );
        return Err(BackendError::new(ErrorCode::Invalid, problem));
    }
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|why| {
        BackendError::new(
            ErrorCode::Internal,
            text!("the password could not be hashed", "no se pudo cifrar la contraseña"),
        )
        .because(why.to_string())
    })
}
