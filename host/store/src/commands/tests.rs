//! Tests of added commands: which version is wanted, which is in force, and what a removal leaves.

use super::*;
use crate::samples::{Folder, block_on};

fn permissions(texts: &[&str]) -> BTreeSet<Permission> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

struct Place {
    _folder: Folder,
    store: Store,
}

impl Place {
    async fn new() -> Self {
        let folder = Folder::new().await;
        let store = folder.open().await;
        Self { _folder: folder, store }
    }

    /// Adds a version of the tenant's own command, or of the operator's where there is none.
    async fn add(&self, command: &str, tenant: Option<i64>, digest: &str, requests: &[&str]) -> bool {
        let (digest, permissions) = (Digest(digest.to_owned()), permissions(requests));
        let version = NewVersion {
            command,
            tenant,
            digest: &digest,
            version: "1",
            permissions: &permissions,
            grants: tenant.is_none(),
        };
        self.store.add_version(&version, Timestamp(5)).await.unwrap()
    }

    async fn command(&self, name: &str) -> Option<AddedCommand> {
        self.store.added_commands().await.unwrap().into_iter().find(|command| command.name == name)
    }

    /// The digests of the version that is wanted and of the one in force.
    async fn now(&self, name: &str) -> (String, String) {
        let command = self.command(name).await.unwrap();
        let digest = |version: Option<&AddedVersion>| version.map(|version| version.digest.0.clone());
        (digest(command.wanted()).unwrap_or_default(), digest(command.in_force()).unwrap_or_default())
    }

    async fn decide(&self, name: &str, permission: &str, granted: bool) {
        let permission = permission.parse().unwrap();
        let changed = match granted {
            true => self.store.grant(name, &permission, Timestamp(6)).await,
            false => self.store.revoke(name, &permission, Timestamp(6)).await,
        };
        assert!(changed.unwrap());
    }
}

fn pair(wanted: &str, in_force: &str) -> (String, String) {
    (wanted.to_owned(), in_force.to_owned())
}

#[test]
fn an_operators_first_version_is_granted_what_it_requests_and_a_later_one_waits_for_more() {
    block_on(async {
        let place = Place::new().await;
        assert!(place.add("hello", None, "aa", &["read:chats"]).await);
        assert!(!place.add("hello", None, "aa", &["read:chats"]).await, "it is wanted already");
        assert_eq!(place.now("hello").await, pair("aa", "aa"));
        assert!(place.add("hello", None, "bb", &["read:chats", "delete:chats"]).await);
        assert_eq!(place.now("hello").await, pair("bb", "aa"));
        let command = place.command("hello").await.unwrap();
        assert_eq!(command.undecided(command.wanted().unwrap()), permissions(&["delete:chats"]));
        place.decide("hello", "delete:chats", true).await;
        assert_eq!(place.now("hello").await, pair("bb", "bb"));
        assert!(place.add("hello", None, "cc", &[]).await, "one that asks for less is in force at once");
        assert_eq!(place.now("hello").await, pair("cc", "cc"));
    });
}

#[test]
fn a_tenants_own_waits_until_each_request_is_granted_or_revoked() {
    block_on(async {
        let place = Place::new().await;
        assert!(place.add("acme/hello", Some(7), "aa", &["read:chats", "delete:chats"]).await);
        assert_eq!(place.now("acme/hello").await, pair("aa", ""));
        place.decide("acme/hello", "read:chats", true).await;
        assert_eq!(place.now("acme/hello").await, pair("aa", ""));
        place.decide("acme/hello", "delete:chats", false).await;
        assert_eq!(place.now("acme/hello").await, pair("aa", "aa"));
        assert!(place.add("acme/nothing", Some(7), "bb", &[]).await);
        assert_eq!(place.now("acme/nothing").await, pair("bb", "bb"));
    });
}

#[test]
fn a_rollback_goes_to_the_version_before_and_passes_over_what_was_rolled_back() {
    block_on(async {
        let place = Place::new().await;
        assert_eq!(place.store.roll_back("hello").await.unwrap(), None);
        for digest in ["aa", "bb", "cc"] {
            assert!(place.add("hello", None, digest, &[]).await);
        }
        assert_eq!(place.store.roll_back("hello").await.unwrap(), Some(Digest("bb".to_owned())));
        assert!(place.add("hello", None, "dd", &[]).await);
        assert_eq!(place.store.roll_back("hello").await.unwrap(), Some(Digest("bb".to_owned())));
        assert_eq!(place.store.roll_back("hello").await.unwrap(), Some(Digest("aa".to_owned())));
        assert_eq!(place.store.roll_back("hello").await.unwrap(), None);
        assert_eq!(place.now("hello").await, pair("aa", "aa"));
        assert_eq!(place.command("hello").await.unwrap().versions.len(), 4, "each is kept");
        assert!(place.add("hello", None, "cc", &[]).await, "one that was rolled back can be chosen again");
        assert_eq!(place.now("hello").await, pair("cc", "cc"));
    });
}

#[test]
fn an_earlier_version_that_asks_for_more_than_was_granted_waits_after_a_rollback() {
    block_on(async {
        let place = Place::new().await;
        assert!(place.add("acme/hello", Some(7), "aa", &["read:chats"]).await);
        assert!(place.add("acme/hello", Some(7), "bb", &[]).await);
        assert_eq!(place.now("acme/hello").await, pair("bb", "bb"));
        place.store.roll_back("acme/hello").await.unwrap();
        assert_eq!(place.now("acme/hello").await, pair("aa", ""));
    });
}

#[test]
fn a_removal_takes_what_was_granted_and_keeps_what_was_revoked_of_the_operators() {
    block_on(async {
        let place = Place::new().await;
        let requests = ["read:chats", "delete:chats"];
        assert!(place.add("hello", None, "aa", &requests).await);
        assert!(place.add("acme/hello", Some(7), "aa", &requests).await);
        place.decide("hello", "delete:chats", false).await;
        place.decide("acme/hello", "read:chats", true).await;
        place.decide("acme/hello", "delete:chats", false).await;
        assert_eq!(place.store.remove_command("hello").await.unwrap(), Some(vec![]), "another has the file too");
        assert_eq!(place.store.remove_command("hello").await.unwrap(), None);
        assert_eq!(place.store.grants("hello").await.unwrap().revoked, permissions(&["delete:chats"]));
        let alone = Some(vec![Digest("aa".to_owned())]);
        assert!(place.store.has_version(&Digest("aa".to_owned())).await.unwrap());
        assert_eq!(place.store.remove_command("acme/hello").await.unwrap(), alone);
        assert!(!place.store.has_version(&Digest("aa".to_owned())).await.unwrap());
        assert_eq!(place.store.grants("acme/hello").await.unwrap(), GrantChanges::default());
        assert!(place.add("hello", None, "aa", &requests).await);
        let again = place.command("hello").await.unwrap().changes;
        assert_eq!((again.granted, again.revoked), (permissions(&["read:chats"]), permissions(&["delete:chats"])));
    });
}

#[test]
fn a_later_tenant_of_the_same_slug_gets_nothing_of_the_earlier_ones() {
    block_on(async {
        let place = Place::new().await;
        assert!(place.add("acme/hello", Some(7), "aa", &["read:chats"]).await);
        place.decide("acme/hello", "read:chats", true).await;
        assert!(place.add("acme/hello", Some(8), "aa", &["read:chats"]).await);
        assert_eq!(place.now("acme/hello").await, pair("aa", ""));
        assert_eq!(place.command("acme/hello").await.unwrap().tenant, Some(8));
    });
}
