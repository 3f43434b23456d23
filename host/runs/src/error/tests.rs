//! Every reason why a run was not started: its exit code, its word, its way out, and what lies under it.

use std::error::Error as _;
use std::path::PathBuf;

use encargo_model::{ErrorCode, Language};

use super::*;

/// Every variant, with what it is for programs and for people.
fn every() -> Vec<(StartError, Exit, &'static str, Option<&'static str>, bool)> {
    let owned = |text: &str| text.to_owned();
    let unknown = |similar: &[&str]| StartError::UnknownTenant {
        slug: owned("acmee"),
        similar: similar.iter().map(|&slug| slug.to_owned()).collect(),
    };
    let held = StartError::LockHeld {
        command: owned("cleanup"),
        tenant: None,
        run: RunId(7),
        pid: 1,
        since: Timestamp(0),
        code: Exit::LockHeld.code(),
    };
    let path = PathBuf::from("/x");
    vec![
        (
            CatalogError::Unknown { name: owned("x"), similar: vec![] }.into(),
            Exit::Usage,
            "unknown-command",
            None,
            true,
        ),
        (
            StartError::Load { command: owned("x"), source: LoadError::Late(std::time::Duration::ZERO) },
            Exit::TimedOut,
            "wall-limit",
            None,
            true,
        ),
        (StartError::Arguments(vec![]), Exit::Usage, "invalid-arguments", None, false),
        (
            PathProblem::NotFound { argument: owned("input"), path: path.clone() }.into(),
            Exit::NotFound,
            "bad-path",
            None,
            true,
        ),
        (unknown(&["acme"]), Exit::NotFound, "not-found", Some("did you mean `acme`?"), false),
        (unknown(&[]), Exit::NotFound, "not-found", Some("`encargo init_system --tenant=acmee` makes it"), false),
        (StartError::OtherTenant { command: owned("x"), slug: owned("x") }, Exit::Usage, "usage", None, false),
        (StartError::OwnerGone { command: owned("x"), slug: owned("x") }, Exit::NotFound, "not-found", None, false),
        (StartError::BadTenant(Text::quoted("x")), Exit::Usage, "usage", None, false),
        (StartError::NoDefaultTenant { command: owned("x"), known: vec![] }, Exit::Usage, "usage", None, false),
        (StartError::NoTenants { command: owned("x") }, Exit::NotFound, "not-found", None, false),
        (StartError::SingleOutput(owned("x")), Exit::Usage, "usage", None, false),
        (held, Exit::LockHeld, "lock-held", Some("--wait-lock 5m"), false),
        (StartError::NothingToResume(owned("x")), Exit::NotFound, "nothing-to-resume", Some("--resume"), false),
        (StoreError::TakenOver { run: RunId(7) }.into(), Exit::Failed, "engine-store", None, true),
        (PlatformError::Corrupt { path }.into(), Exit::Verification, "tenant-file", None, true),
        (StartError::Thread(owned("x")), Exit::Failed, "no-thread", None, false),
        (BackendError::new(ErrorCode::Busy, Text::quoted("x")).into(), ErrorCode::Busy.exit(), "busy", None, true),
    ]
}

#[test]
fn every_reason_has_its_exit_code_its_word_its_way_out_and_its_source() {
    for (error, exit, word, hint, has_source) in every() {
        assert_eq!((error.exit(), error.code(), error.word()), (exit, exit.code(), word), "{error:?}");
        let said = error.hint().map(|text| text.get(Language::En).to_owned());
        assert_eq!(said.is_some(), hint.is_some(), "{error:?}: {said:?}");
        assert!(said.unwrap_or_default().contains(hint.unwrap_or_default()), "{error:?}");
        assert_eq!(error.source().is_some(), has_source, "{error:?}");
        assert_eq!(error.to_string(), error.text().get(Language::En));
        assert_eq!(error.to_string().is_empty(), matches!(error, StartError::Arguments(_)), "{error:?}");
    }
}

#[test]
fn the_caller_chooses_the_code_of_a_held_lock() {
    let held = |tenant: Option<&str>, code| StartError::LockHeld {
        command: "cleanup".to_owned(),
        tenant: tenant.map(str::to_owned),
        run: RunId(7),
        pid: 1,
        since: Timestamp(0),
        code,
    };
    assert_eq!((held(None, 0).code(), held(None, 0).exit()), (0, Exit::LockHeld));
    assert_eq!(held(Some("a"), 3).code(), 3);
    assert!(held(Some("acme"), 0).to_string().contains("`acme`") && !held(None, 0).to_string().contains(" for "));
}
