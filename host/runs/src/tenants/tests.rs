//! Every way to say whom a run is for.

use serde_json::json;

use super::*;
use crate::samples::{Installation, request};

/// `system`, `one a` or `several a b`, or the error's word.
fn audience(installation: &Installation, tenants: Option<&[&str]>, excluded: &[&str]) -> String {
    let owned = |slugs: &[&str]| slugs.iter().map(|&slug| slug.to_owned()).collect::<Vec<_>>();
    let request = StartRequest { tenants: tenants.map(owned), exclude_tenants: owned(excluded), ..request() };
    let command = installation.runs.catalog.find("sample").unwrap();
    match installation.runs.audience(&command.description, &request) {
        Ok(Audience::System(None)) => "system".to_owned(),
        Ok(Audience::System(Some(slugs))) => format!("system {}", slugs.join(" ")),
        Ok(Audience::One(tenant)) => format!("one {}", tenant.slug),
        Ok(Audience::Several(tenants)) => {
            format!("several {}", tenants.into_iter().map(|tenant| tenant.slug).collect::<Vec<_>>().join(" "))
        }
        Err(error) => error.word().to_owned(),
    }
}

#[test]
fn a_command_of_tenant_scope_runs_in_each_tenant_that_is_named_and_not_excluded() {
    let installation = Installation::new(&["a", "b", "c"], &json!({"scope": "tenant"}));
    for (tenants, excluded, expected) in [
        (&["b"][..], &[][..], "one b"),
        (&["c", "a"], &[], "several a c"),
        (&["c", "a", "c"], &[], "several a c"),
        (&["all"], &[], "several a b c"),
        (&["b", "all"], &["b"], "several a c"),
        (&["all"], &["a", "c"], "one b"),
        (&["a", "b"], &["b"], "one a"),
        (&["b"], &["b"], "not-found"),
        (&["all"], &["a", "b", "c"], "not-found"),
        (&["d"], &[], "not-found"),
        (&["a"], &["d"], "not-found"),
        (&["a", "B A D"], &[], "usage"),
        (&["a"], &["B A D"], "usage"),
    ] {
        assert_eq!(audience(&installation, Some(tenants), excluded), expected, "{tenants:?} {excluded:?}");
    }
}

#[test]
fn without_tenant_a_command_goes_to_the_default_one_or_to_all_as_it_says() {
    let to_all = Installation::new(&["a", "b"], &json!({"without-tenant": "all"}));
    assert_eq!(audience(&to_all, None, &[]), "several a b");
    assert_eq!(audience(&to_all, None, &["b"]), "one a");

    let installation = Installation::new(&["a", "b"], &json!({"without-tenant": "default"}));
    installation.platform.registry().set_default_tenant("b").unwrap();
    assert_eq!(audience(&installation, None, &[]), "one b");
    assert_eq!(audience(&installation, None, &["a"]), "one b");
    assert_eq!(audience(&installation, None, &["b"]), "not-found");
}

#[test]
fn where_there_is_no_default_the_tenants_are_named_and_where_there_is_none_that_is_said() {
    let find = |installation: &Installation| {
        let command = installation.runs.catalog.find("sample").unwrap();
        installation.runs.audience(&command.description, &request()).unwrap_err()
    };
    let installation = Installation::new(&["a", "b"], &json!({}));
    let error = find(&installation);
    assert!(
        matches!(&error, StartError::NoDefaultTenant { command, known } if command == "sample" && known == &["a", "b"]),
        "{error:?}"
    );
    let empty = Installation::new(&[], &json!({}));
    let error = find(&empty);
    assert!(matches!(&error, StartError::NoTenants { command } if command == "sample"), "{error:?}");
    assert_eq!(audience(&empty, Some(&["all"]), &[]), "not-found");
}

#[test]
fn a_tenant_that_is_not_there_is_answered_with_near_names() {
    let installation = Installation::new(&["acme", "beta"], &json!({}));
    let StartError::UnknownTenant { slug, similar } = installation.runs.find("acmee").unwrap_err() else { panic!() };
    assert_eq!((slug.as_str(), similar), ("acmee", vec!["acme".to_owned()]));
    assert_eq!(installation.runs.find("beta").unwrap().slug, "beta");
}

#[test]
fn a_command_of_system_scope_takes_tenants_as_what_it_works_on() {
    let installation = Installation::new(&["a", "b", "c"], &json!({"scope": "system"}));
    for (tenants, excluded, expected) in [
        (None, &[][..], "system"),
        (None, &["b"], "system a c"),
        (Some(&["c", "b", "c"][..]), &[], "system b c"),
        (Some(&["c", "b"]), &["b"], "system c"),
        (Some(&["b", "all"]), &[], "system a b c"),
        (Some(&["all"]), &["a"], "system b c"),
        (Some(&["new"]), &[], "not-found"),
    ] {
        assert_eq!(audience(&installation, tenants, excluded), expected, "{tenants:?} {excluded:?}");
    }
}

#[test]
fn a_command_that_makes_tenants_may_name_those_that_are_not_there() {
    let installation = Installation::new(&["a"], &json!({"scope": "system", "takes-new-tenant": true}));
    assert_eq!(audience(&installation, Some(&["new", "a"]), &[]), "system new a");
    assert_eq!(audience(&installation, Some(&["new", "a"]), &["a"]), "system new");
    assert_eq!(audience(&installation, Some(&["N E W"]), &[]), "usage");
    assert_eq!(audience(&installation, Some(&["all"]), &[]), "system a");
}

#[test]
fn a_command_of_either_scope_is_of_a_tenant_when_one_is_named() {
    let installation = Installation::new(&["a", "b"], &json!({"scope": "either"}));
    assert_eq!(audience(&installation, None, &[]), "system");
    assert_eq!(audience(&installation, None, &["a"]), "system b");
    assert_eq!(audience(&installation, Some(&["a"]), &[]), "one a");
    assert_eq!(audience(&installation, Some(&["all"]), &[]), "several a b");
}
