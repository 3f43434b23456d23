//! What the engine answers before anything is executed.

use encargo_model::{ArgumentKind, ArgumentValue, Origin, PathValue, Text, Worded};

use super::*;
use crate::samples::{Attempt, clock};

#[test]
fn tenants_and_their_files_are_the_platforms() {
    let attempt = Attempt::new(&[]);
    let (engine, registry) = (&attempt.engine, attempt.platform.registry());
    let slugs = engine.tenants().unwrap().into_iter().map(|tenant| tenant.slug).collect::<Vec<_>>();
    assert_eq!(slugs, ["acme", "beta"]);
    assert_eq!(engine.default_tenant().unwrap(), None);
    registry.set_default_tenant("beta").unwrap();
    let beta = engine.tenant("beta").unwrap().unwrap();
    assert_eq!((engine.default_tenant().unwrap().as_ref(), engine.tenant("none").unwrap()), (Some(&beta), None));
    assert!(engine.check_tenant(&beta).is_ok() && engine.check_writable(Some(&beta)).is_ok());
    std::fs::write(attempt.platform.data().tenant_db(beta.id), "no database").unwrap();
    assert!(engine.check_tenant(&beta).is_err());
}

#[test]
fn the_paths_among_the_arguments_are_checked_and_their_inputs_digested() {
    let attempt = Attempt::new(&[]);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("in.csv");
    let path = PathValue { path: place.display().to_string(), kind: ArgumentKind::InputFile };
    let value = Some(ArgumentValue::Path(path));
    let argument = ResolvedArgument { name: "file".to_owned(), value, origin: Origin::Given, written: String::new() };
    let check = |arguments: &[ResolvedArgument]| attempt.engine.check_paths(arguments);
    assert!(matches!(check(std::slice::from_ref(&argument)), Err(PathProblem::NotFound { .. })));
    std::fs::write(&place, "a").unwrap();
    let (none, one) = (check(&[]).unwrap(), check(std::slice::from_ref(&argument)).unwrap());
    std::fs::write(&place, "ab").unwrap();
    let other = check(&[argument]).unwrap();
    assert!(none != one && one != other && none != other);
    assert_eq!((none.len(), one.len()), (64, 64));
}

#[test]
fn the_cache_is_the_first_folder_that_can_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let [nowhere, cache] = ["/proc/nothing/cache".into(), folder.path().join("cache")];
    let config =
        EngineConfig { caches: vec![nowhere, cache.clone()], stack_bytes: 1 << 20, services: Services::default() };
    let platform = Arc::clone(&Attempt::new(&[]).platform);
    let engine = Engine::new(config, platform, clock()).unwrap();
    assert_eq!((engine.cache(), engine.unusable_caches().len()), (Some(cache.as_path()), 1));
}

#[test]
fn below_the_largest_stack_of_a_guest_there_are_two_mib_for_the_hosts_calls() {
    let config = EngineConfig { caches: vec![], stack_bytes: 1 << 20, services: Services::default() };
    let engine = Engine::new(config, Arc::clone(&Attempt::new(&[]).platform), clock()).unwrap();
    assert_eq!(engine.stack_bytes, 3 << 20);
}

#[test]
fn an_import_that_is_not_offered_is_named() {
    let import = "component imports instance `acme:x/y@1.0.0`, but a matching implementation was not found";
    assert!(matches!(not_linked(import), LoadError::NotOffered { import } if import == "acme:x/y@1.0.0"));
    for other in ["`x` is of another kind\nmore", "an import without a name", ""] {
        let first = other.lines().next().unwrap_or_default();
        assert!(matches!(not_linked(other), LoadError::NotACommand(words) if words == first), "{other}");
    }
}

#[test]
fn what_was_compiled_is_made_ready_by_its_code_and_other_code_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        EngineConfig { caches: vec![folder.path().join("cache")], stack_bytes: 1 << 20, services: Services::default() };
    let engine = Engine::new(config, Arc::clone(&Attempt::new(&[]).platform), clock()).unwrap();
    let waiting = Waiting { most: std::time::Duration::MAX, signal: &|| None, slow: &|| () };
    let (empty, other) = (Digest("empty".to_owned()), Digest("other".to_owned()));
    // It is compiled and kept, and does nothing that a command has to do.
    let bytes = wasm_encoder::Component::new().finish();
    assert!(matches!(engine.compile(&empty, &bytes, Tier::Packaged, &waiting), Err(LoadError::NotACommand(_))));
    assert!(matches!(engine.compiled(&empty), Err(LoadError::NotACommand(_))));
    assert!(matches!(engine.compiled(&other), Ok(None)));
}

#[test]
fn an_engine_that_cannot_start_says_why_in_both_languages() {
    let config = EngineConfig { caches: vec![], stack_bytes: 0, services: Services::default() };
    let refused = Engine::new(config, Arc::clone(&Attempt::new(&[]).platform), clock()).err().unwrap();
    let EngineError::Start(cause) = &refused;
    assert!(cause.contains("stack"), "{cause}");
    let english = format!("the WebAssembly engine cannot start: {cause}");
    let spanish = format!("el motor de WebAssembly no puede arrancar: {cause}");
    assert_eq!(refused.text(), Text::both(english, spanish));
}
