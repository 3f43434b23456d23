//! Names, files and bytes that are not what is needed.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use support::TestHost;

use super::refused;

#[test]
fn an_unknown_command_suggests_the_nearest_name() {
    let host = TestHost::with_tenant();
    let output = refused(&host, &["helth_check"], 2, "`helth_check`");
    assert!(output.stderr.contains("did you mean `health_check`?"), "{}", output.stderr);
}

#[test]
fn an_unknown_tenant_suggests_the_nearest_name() {
    let host = TestHost::with_tenant();
    for command in ["cleanup_old_data", "export_data", "import_knowledge"] {
        let output = refused(&host, &[command, "--tenant=dmeo"], 10, "`dmeo`");
        assert!(output.stderr.contains("`demo`"), "{}", output.stderr);
    }
}

#[test]
fn an_unknown_argument_and_a_wrong_value_are_refused_before_anything_runs() {
    let host = TestHost::with_tenant();
    for (arguments, subject) in [
        (&["cleanup_old_data", "--dys=3"][..], "--dys"),
        (&["cleanup_old_data", "--days=soon"], "soon"),
        (&["cleanup_old_data", "--type=sheep"], "sheep"),
        (&["export_data", "--since=yesterday-ish"], "yesterday-ish"),
        (&["import_knowledge", "--file=a", "--directory=b"], "--directory"),
    ] {
        let _ = refused(&host, arguments, 2, subject);
    }
}

#[test]
fn a_missing_file_is_not_found() {
    let host = TestHost::with_tenant();
    let _ = refused(&host, &["import_knowledge", "--file=absent.csv"], 10, "absent.csv");
    let _ = refused(&host, &["import_knowledge", "--directory=absent"], 10, "absent");
}

#[test]
fn a_folder_is_not_a_file_and_a_file_is_not_a_folder() {
    let host = TestHost::with_tenant();
    fs::create_dir(host.folder().join("folder")).expect("a folder can be made");
    host.file("file.csv", "title,body\na,b\n");
    let _ = refused(&host, &["import_knowledge", "--file=folder"], 2, "folder");
    let _ = refused(&host, &["import_knowledge", "--directory=file.csv"], 2, "file.csv");
}

#[test]
fn a_link_does_not_lead_out_of_a_folder() {
    let host = TestHost::with_tenant();
    let secret = host.file("secret.csv", "title,body\na,b\n");
    fs::create_dir(host.folder().join("folder")).expect("a folder can be made");
    std::os::unix::fs::symlink(secret, host.folder().join("folder/link.csv")).expect("a link can be made");
    let _ = refused(&host, &["import_knowledge", "--directory=folder"], 2, "link.csv");
}

#[test]
fn invalid_utf_8_is_refused_with_the_place() {
    let host = TestHost::with_tenant();
    // The other letters are UTF-8, so the file is not one of Windows-1252.
    let broken: [(&str, &[u8]); 4] = [
        ("broken.csv", b"title,body\n\xc3\xb1and\xc3\xba,b\nc\xff,d\n"),
        ("broken.json", b"[{\"title\": \"\xc3\xb1and\xc3\xba\",\n\"body\": \"b\xff\"}]"),
        ("broken.jsonl", b"{\"title\": \"\xc3\xb1and\xc3\xba\", \"body\": \"b\"}\n{\"title\": \"c\xff\", \"body\": \"d\"}\n"),
        ("broken.xml", b"<knowledge_items><knowledge_item><title>\xc3\xb1and\xc3\xba</title>\n<body>b\xff</body></knowledge_item></knowledge_items>"),
    ];
    for (file, content) in broken {
        host.file(file, content);
        let output = refused(&host, &["import_knowledge", &format!("--file={file}"), "--errors=errors.csv"], 1, "");
        assert!(output.stderr.contains("UTF-8"), "{file}: {}", output.stderr);
    }
}

#[test]
fn an_argument_that_is_not_utf_8_is_refused() {
    let host = TestHost::with_tenant();
    let argument = OsStr::from_bytes(b"--tenant=d\xffmo");
    let output = host.run([OsStr::new("export_data"), argument]).exits(2);
    super::one_sentence(&output, "");
}

#[test]
fn a_bomb_is_refused() {
    let host = TestHost::with_tenant();
    let entities = "<!DOCTYPE k [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><knowledge><item><title>&b;</title></item></knowledge>";
    host.file("entities.xml", entities);
    host.file("deep.json", "[".repeat(100_000));
    for file in ["entities.xml", "deep.json"] {
        let _ = refused(&host, &["import_knowledge", &format!("--file={file}"), "--errors=errors.csv"], 1, "");
    }
}
