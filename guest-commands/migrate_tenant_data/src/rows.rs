//! The rows that can go from one tenant to another: all that a relation's columns say, its natural key, and what of it is
//! compared.

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A relation whose rows have an id.
pub(crate) trait Kind: FromRow + ToRow + Serialize + DeserializeOwned + Clone {
    /// Its name.
    const RELATION: &'static str;
    /// Reads all rows.
    const ALL: &'static str;
    /// Reads rows after an id, at most a hundred.
    const PAGE: &'static str;
    /// Reads the rows from one id up to another one, which is not among them.
    const BETWEEN: &'static str;
    /// Reads the rows that have one of a hundred natural keys.
    const BY_KEY: &'static str;
    /// Reads the row with an id.
    const BY_ID: &'static str;
    /// Reads 1 where there is any row.
    const ANY: &'static str;
    /// Deletes the row with an id.
    const DELETE: &'static str;

    /// The row's id.
    fn id(&self) -> i64;
    /// Gives it another id.
    fn set_id(&mut self, id: i64);
    /// Its natural key; a document may have none.
    fn key(&self) -> Option<&str>;
    /// Gives it another natural key.
    fn set_key(&mut self, key: String);
    /// Takes over from the row in whose place it comes what that row is known by: its id, key and time of creation.
    fn take_place_of(&mut self, other: &Self);
    /// Says when it was last changed, where that is known.
    fn touch(&mut self, now: Instant);
    /// The fingerprint of what the row says: no ids, keys and times.
    fn content(&self) -> String;
    /// The fingerprint of the row as it is, to tell whether somebody has changed it since.
    fn state(&self) -> String;
}

/// A natural key: a text, or perhaps one.
trait Key {
    fn as_key(&self) -> Option<&str>;
}

impl Key for String {
    fn as_key(&self) -> Option<&str> {
        Some(self)
    }
}

impl Key for Option<String> {
    fn as_key(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// Declares a kind of row: its relation, its natural key, what it says, and what else it has, in the order of the
/// statements; `changed` names the column with the time of the last change, where there is one.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident in $relation:ident, key $key:ident: $key_type:ty,
     says { $($said:ident: $said_type:ty),+ }, has { $($has:ident: $has_type:ty),+ }, changed { $($changed:ident)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow, ToRow)]
        pub(crate) struct $name {
            pub(crate) id: i64,
            pub(crate) $key: $key_type,
            $(pub(crate) $said: $said_type,)+
            $(pub(crate) $has: $has_type,)+
        }

        mod $relation {
            use crate::sql::{all_of, any_of, by_key, delete_one};

            encargo_sdk::statements! {
                ALL = all_of!($relation [$key $($said)+ $($has)+] " ORDER BY id");
                PAGE = all_of!($relation [$key $($said)+ $($has)+] " WHERE id > $1 ORDER BY id LIMIT 100");
                BETWEEN = all_of!($relation [$key $($said)+ $($has)+] " WHERE id >= $1 AND id < $2 ORDER BY id");
                BY_KEY = concat!(all_of!($relation [$key $($said)+ $($has)+] " WHERE "), by_key!($key));
                BY_ID = all_of!($relation [$key $($said)+ $($has)+] " WHERE id = $1");
                ANY = any_of!($relation);
                DELETE = delete_one!($relation);
            }
        }

        impl Kind for $name {
            const RELATION: &'static str = stringify!($relation);
            const ALL: &'static str = $relation::ALL;
            const PAGE: &'static str = $relation::PAGE;
            const BETWEEN: &'static str = $relation::BETWEEN;
            const BY_KEY: &'static str = $relation::BY_KEY;
            const BY_ID: &'static str = $relation::BY_ID;
            const ANY: &'static str = $relation::ANY;
            const DELETE: &'static str = $relation::DELETE;

            fn id(&self) -> i64 {
                self.id
            }

            fn set_id(&mut self, id: i64) {
                self.id = id;
            }

            fn key(&self) -> Option<&str> {
                self.$key.as_key()
            }

            fn set_key(&mut self, key: String) {
                self.$key = key.into();
            }

            fn take_place_of(&mut self, other: &Self) {
                self.id = other.id;
                self.$key.clone_from(&other.$key);
                self.created_at = other.created_at;
            }

            fn touch(&mut self, _now: Instant) {
                // The row may have been made after the run began, whose now is its start.
                $(self.$changed = _now.max(self.created_at);)?
            }

            fn content(&self) -> String {
                let mut fingerprint = Fingerprint::default();
                fingerprint.row(&[$(&self.$said),+]);
                fingerprint.finish()
            }

            fn state(&self) -> String {
                let mut fingerprint = Fingerprint::default();
                fingerprint.row(&[&self.$key, $(&self.$said,)+ $(&self.$has,)+]);
                fingerprint.finish()
            }
        }
    };
}

kind! {
    /// Who answers in chats.
    Agent in agents, key slug: String,
    says { name: String, description: String, model: String, instructions: String, language: String, is_active: bool },
    has { seed_hash: Option<String>, created_at: Instant, updated_at: Instant },
    changed { updated_at }
}

kind! {
    /// What agents may use.
    Tool in tools, key slug: String,
    says { name: String, description: String, kind: String, configuration: String, is_active: bool },
    has { seed_hash: Option<String>, created_at: Instant, updated_at: Instant },
    changed { updated_at }
}

kind! {
    /// What agents know.
    KnowledgeItem in knowledge_items, key external_id: String,
    says { title: String, body: String, language: String, tags: String, source: String, content_hash: String,
        format_version: i64, legacy: Option<String> },
    has { created_at: Instant, updated_at: Instant },
    changed { updated_at }
}

kind! {
    /// A text of the tenant's.
    Document in documents, key external_id: Option<String>,
    says { title: String, media_type: String, body: String },
    has { created_at: Instant, updated_at: Instant },
    changed { updated_at }
}

kind! {
    /// A file in the root `media`, which has the row's name.
    MediaFile in files, key name: String,
    says { media_type: String, bytes: i64, sha256: String },
    has { document_id: Option<i64>, created_at: Instant },
    changed { }
}

/// A tenant's setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow, ToRow)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) updated_at: Instant,
}

impl Setting {
    /// The fingerprint of the row as it is.
    pub(crate) fn state(&self) -> String {
        let mut fingerprint = Fingerprint::default();
        fingerprint.row(&[&self.value, &self.updated_at]);
        fingerprint.finish()
    }
}
