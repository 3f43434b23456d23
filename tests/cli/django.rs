//! Lines that people bring from Django.

use support::TestHost;

use super::refused;

#[test]
fn flags_of_django_are_taken_and_noted() {
    let host = TestHost::with_tenant();
    let line = ["cleanup_old_data", "--settings=shop.settings", "--pythonpath", "/srv", "--skip-checks", "--no-input"];
    let output = host.run(line).exits(0);
    for flag in ["--settings", "--pythonpath", "--skip-checks"] {
        assert!(output.stderr.contains(&format!("`{flag}` is Django's")), "{}", output.stderr);
    }
}

#[test]
fn options_may_be_shortened_while_one_alone_begins_so() {
    let host = TestHost::with_tenant();
    let output = host.run(["cleanup_old_data", "--day=30", "--dry", "--batch_size", "5", "--js"]).exits(0);
    assert_eq!(output.summary()["dry_run"], true);
    let _ = refused(&host, &["cleanup_old_data", "--da=30"], 2, "`--da` could be `--days` / `--data-dir`");
    let _ = refused(&host, &["cleanup_old_data", "--dayz=30"], 2, "--dayz");
}

#[test]
fn commands_of_django_are_answered() {
    let host = TestHost::with_tenant();
    for (name, hint) in [
        ("createsuperuser", "encargo init_system"),
        ("changepassword", "encargo users set-password"),
        ("dumpdata", "encargo export_data"),
        ("loaddata", "encargo import_knowledge"),
        ("check", "encargo doctor"),
        ("shell", "there is no shell"),
        ("runserver", "no server yet"),
    ] {
        let output = refused(&host, &[name], 2, name);
        assert!(output.stderr.contains(hint), "{}", output.stderr);
    }
}

#[test]
fn what_is_asked_about_and_is_not_there_is_not_found() {
    let host = TestHost::with_tenant();
    let _ = refused(&host, &["commands", "show", "nope"], 10, "`nope`");
    let _ = refused(&host, &["commands", "revoke", "nope", "read:chats"], 10, "`nope`");
    let _ = refused(&host, &["cleanup_old_data", "--tenant=../../etc"], 2, "`../../etc` cannot name a tenant");
}

#[test]
fn slips_of_the_keys_are_answered_in_words() {
    let host = TestHost::with_tenant();
    for (line, subject, hint) in [
        (&["cleanup_old_data", "--days"][..], "needs a value", "encargo cleanup_old_data --help"),
        (&["cleanup_old_data", "--type=chat"], "did you mean `chats`?", ""),
        (&["health_check", "--explain-exit", "abc"], "`abc` will not do", "a number from 0 to 255"),
        (&["-v", "health_check"], "`health_check` will not do", "a level is 0, 1, 2 or 3"),
        (&["-vv", "health_check"], "`v` will not do", "`--verbose` is 2"),
        (&["cleanup_old_data", "--parallel=0"], "`0` will not do", "at least 1"),
    ] {
        let output = refused(&host, line, 2, subject);
        assert!(output.stderr.contains(hint), "{}", output.stderr);
        assert!(!output.stderr.contains("there is ``"), "{}", output.stderr);
    }
}

#[test]
fn the_only_user_needs_no_name() {
    let host = TestHost::new();
    let _ = host.run(["init_system", "--quiet"]).exits(0);
    host.file("password", "correct horse\n");
    let output = host.run(["users", "set-password", "--password-file=password"]).exits(0);
    assert!(output.stdout.contains('@'), "{}", output.stdout);
    let _ = refused(&host, &["users", "set-password", "nobody@example.org", "--password-file=password"], 10, "nobody");
}
