//! Which tenants a run sees, opens, makes and chooses, and the administrator.

use super::{denied, of, refused};
use crate::bindings::encargo::database::database::{Host as Own, HostDatabase, HostTransaction, Mode};
use crate::bindings::encargo::tenants::tenants::Host;
use crate::bindings::encargo::types::types::Kind;
use crate::bindings::encargo::users::users::{Ensured, Host as Users};
use crate::samples::{Attempt, FakeHost, tenant};
use crate::state::State;

const ALL: [&str; 2] = ["list:tenants", "create:tenants"];

/// In system scope, started for these tenants.
fn selected(slugs: &[&str]) -> Attempt {
    let slugs = slugs.iter().map(|&slug| slug.to_owned()).collect();
    Attempt::of(&ALL, FakeHost::default(), |job| job.selected = Some(slugs))
}

fn name(state: &mut State, slug: &str) -> Result<String, String> {
    of(Host::name(state, slug.to_owned()))
}

/// Rows that were added to and changed in the platform's tables.
fn changes(attempt: &Attempt) -> Vec<(String, u64, u64)> {
    attempt.state.ledger.changes().into_iter().map(|change| (change.table, change.inserted, change.updated)).collect()
}

#[test]
fn a_run_sees_the_tenants_that_it_reaches_and_only_where_that_is_granted() {
    for (mut attempt, seen) in [
        (Attempt::new(&ALL), &["acme", "beta"][..]),
        (selected(&["beta", "new"]), &["beta"]),
        (selected(&[]), &[]),
        (Attempt::inside(&ALL), &["acme"]),
    ] {
        let state = &mut attempt.state;
        assert_eq!(of(state.list()).unwrap(), seen);
        for slug in ["acme", "beta"] {
            let expected = if seen.contains(&slug) { Ok(slug.to_uppercase()) } else { Err("not-found".to_owned()) };
            assert_eq!(name(state, slug), expected, "{seen:?}");
            assert_eq!(of(Host::open(state, slug.to_owned())).is_ok(), seen.contains(&slug), "{seen:?}");
        }
        assert_eq!(name(state, "none"), Err("not-found".to_owned()));
    }
    let of_acme = &mut Attempt::inside(&ALL).state;
    assert_eq!(of(of_acme.language("acme".to_owned())), Ok("es".to_owned()));
    assert_eq!(of(of_acme.time_zone("acme".to_owned())), Ok("UTC".to_owned()));
    // What it is in, a run knows without being granted anything; it sees no list of tenants by that, and opens none.
    let inside = &mut Attempt::inside(&[]).state;
    assert_eq!(
        (name(inside, "acme"), of(inside.time_zone("acme".to_owned()))),
        (Ok("ACME".to_owned()), Ok("UTC".to_owned()))
    );
    assert_eq!((name(inside, "beta"), refused(inside.list())), (Err(denied()), denied()));
    assert_eq!(refused(Host::open(inside, "acme".to_owned())), denied());
    let state = &mut Attempt::new(&[]).state;
    assert_eq!(
        (refused(state.list()), name(state, "acme"), refused(state.default())),
        (denied(), Err(denied()), denied())
    );
    assert_eq!(refused(Host::open(state, "acme".to_owned())), denied());
}

#[test]
fn a_tenant_is_made_in_system_scope_where_it_was_asked_for() {
    let create = |state: &mut State, slug: &str| of(state.create(slug.to_owned(), "Name".to_owned()));
    let mut attempt = Attempt::new(&ALL);
    assert_eq!(create(&mut attempt.state, "new"), Ok(()));
    assert_eq!(create(&mut attempt.state, "new"), Err("already-exists".to_owned()));
    assert_eq!(changes(&attempt), [("tenants".to_owned(), 1, 0)]);
    assert_eq!(attempt.platform.registry().tenant("new").unwrap().unwrap().language, attempt.state.job.language);
    let mut some = selected(&["new"]);
    assert_eq!((create(&mut some.state, "other"), create(&mut some.state, "new")), (Err(denied()), Ok(())));
    for mut refused in [Attempt::inside(&ALL), Attempt::new(&["list:tenants"])] {
        assert_eq!(create(&mut refused.state, "new"), Err(denied()));
        assert_eq!(changes(&refused), []);
        assert_eq!(refused.platform.registry().tenant("new").unwrap(), None);
    }
}

#[test]
fn the_default_tenant_is_chosen_and_counted_with_the_one_that_was_it() {
    let mut attempt = Attempt::new(&ALL);
    let set = |attempt: &mut Attempt, slug: &str| of(attempt.state.set_default(slug.to_owned()));
    assert_eq!(of(attempt.state.default()), Ok(None));
    for (slug, updated) in [("acme", 1), ("acme", 1), ("beta", 3)] {
        assert_eq!(set(&mut attempt, slug), Ok(()));
        assert_eq!(changes(&attempt), [("tenants".to_owned(), 0, updated)]);
        assert_eq!(of(attempt.state.default()), Ok(Some(slug.to_owned())));
    }
    assert_eq!(set(&mut attempt, "none"), Err("not-found".to_owned()));
    assert_eq!(changes(&attempt), [("tenants".to_owned(), 0, 3)]);
    assert_eq!(set(&mut selected(&["acme"]), "beta"), Err(denied()));
    assert_eq!(set(&mut Attempt::inside(&ALL), "acme"), Err(denied()));
}

#[test]
fn a_run_inside_a_tenant_learns_of_no_other_default() {
    for (mut attempt, default, seen) in [
        (Attempt::inside(&ALL), "beta", None),
        (Attempt::inside(&ALL), "acme", Some("acme")),
        (selected(&["acme"]), "beta", Some("beta")),
    ] {
        attempt.platform.registry().set_default_tenant(default).unwrap();
        assert_eq!(of(attempt.state.default()), Ok(seen.map(str::to_owned)));
    }
}

#[test]
fn one_tenant_is_open_at_a_time_and_a_run_of_system_scope_has_none_of_its_own() {
    let mut attempt = Attempt::new(&["list:tenants", "read:logs"]);
    let state = &mut attempt.state;
    assert_eq!(refused(Own::open(state)), "invalid");
    let acme = of(Host::open(state, "acme".to_owned())).unwrap();
    let rows = |state: &mut State| {
        let handle = wasmtime::component::Resource::new_own(acme.rep());
        of(state.rows(handle, "SELECT 1".to_owned(), vec![], vec![Kind::Integer], 1)).map(|batch| batch.rows)
    };
    assert_eq!(rows(state), Ok(1));
    let handle = wasmtime::component::Resource::new_own(acme.rep());
    let transaction = of(state.begin(handle, Mode::ReadOnly)).unwrap();
    assert_eq!(refused(Host::open(state, "beta".to_owned())), "transaction-open");
    of(state.commit(transaction)).unwrap();
    of(Host::open(state, "beta".to_owned())).unwrap();
    assert_eq!(rows(state), Err("invalid".to_owned()));
    assert!(of(Own::open(&mut Attempt::inside(&[]).state)).is_ok());
}

#[test]
fn what_has_to_be_over_looks_at_no_tenant() {
    let mut attempt = Attempt::new(&ALL);
    attempt.end();
    let (state, slug) = (&mut attempt.state, || "acme".to_owned());
    assert!(state.list().is_err() && Host::name(state, slug()).is_err() && Host::open(state, slug()).is_err());
    assert!(state.create("new".to_owned(), slug()).is_err() && state.set_default(slug()).is_err());
    assert!(state.default().is_err() && state.ensure_admin(slug(), slug()).is_err());
    assert_eq!(attempt.platform.registry().tenant("new").unwrap(), None);
}

#[test]
fn an_administrator_is_made_once_and_a_password_is_shown_where_none_was_given() {
    let given = || Some("a long password".to_owned());
    let shown = ["password a@example.com 20".to_owned()];
    for (password, terminal, dry_run, told, has_password) in [
        (None, true, false, &shown[..], true),
        (given(), true, false, &[], true),
        (None, false, false, &[], false),
        (None, true, true, &[], false),
    ] {
        let host = FakeHost { yes: terminal, password, ..FakeHost::default() };
        let mut attempt = Attempt::of(&["ensure:admin"], host, |job| job.dry_run = dry_run);
        let ensure = |state: &mut State| of(state.ensure_admin("Ann".to_owned(), "a@example.com".to_owned()));
        assert!(matches!(ensure(&mut attempt.state), Ok(Ensured::Created)));
        assert_eq!(attempt.host.told(), told);
        let user = attempt.state.platform.registry().administrator().unwrap().unwrap();
        assert_eq!((user.email.as_str(), user.has_password), ("a@example.com", has_password));
        assert!(matches!(ensure(&mut attempt.state), Ok(Ensured::Unchanged)));
        assert_eq!(changes(&attempt), [("users".to_owned(), 1, 0)]);
        assert_eq!(attempt.platform.registry().administrator().unwrap().is_some(), !dry_run);
    }
    let inside = Attempt::of(&["ensure:admin"], FakeHost::default(), |job| job.tenant = Some(tenant("acme")));
    for mut attempt in [inside, Attempt::new(&[])] {
        assert_eq!(refused(attempt.state.ensure_admin("Ann".to_owned(), "a@example.com".to_owned())), denied());
        assert_eq!(attempt.platform.registry().administrator().unwrap(), None);
    }
}
