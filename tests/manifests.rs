//! Every export with a manifest is found to be as its manifest says, and no longer once a byte is another one.

use std::fs;

use support::TestHost;

const KNOWLEDGE: &str =
    "external_id,title,body\r\nq-1,\"two\r\nlines\",\"say \"\"hi\"\"\"\r\nq-2,=1+1,'=2\r\nq-3,{,<b>\r\n";

#[test]
fn an_export_is_as_its_manifest_says_until_a_byte_is_another_one() {
    let host = TestHost::with_tenant();
    let knowledge = host.file("knowledge.csv", KNOWLEDGE).display().to_string();
    let _ = host.run(["import_knowledge", "--file", &knowledge]).exits(0);
    for name in ["a.csv", "a.json", "a.jsonl", "a.xml", "a.csv.gz", "a.xml.zst"] {
        let file = format!("{name}.d/{name}");
        let export = ["export_data", "--type=knowledge", "--manifest", "--output", &file];
        let _ = host.run(export).exits(0);
        // The manifest is this command's own, so that the next export replaces it.
        let _ = host.run(export).exits(0);
        let folder = format!("--verify-folder={name}.d");
        let verified = host.run(["export_data", "--tenant=demo", "--json", &folder]).exits(0);
        assert_eq!((verified.count("files", "unchanged"), verified.count("rows", "read")), (1, 3), "{name}");

        let path = host.folder().join(&file);
        let mut bytes = fs::read(&path).expect("the export is there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).expect("it can be written");
        let verified = host.run(["export_data", "--tenant=demo", &folder]).exits(5);
        assert!(verified.stderr.contains(name) || verified.stdout.contains(name), "{name}: {}", verified.stderr);
    }
}

#[test]
fn a_manifest_stands_beside_a_file_and_replaces_no_strangers() {
    let host = TestHost::with_tenant();
    let piped = host.run(["export_data", "--type=agents", "--manifest", "--output=-"]).exits(2);
    assert!(piped.error().contains("--manifest"), "{}", piped.stderr);
    assert_eq!(piped.stdout, "");

    host.file("a.csv.manifest.json", "a stranger's");
    let refused = host.run(["export_data", "--type=agents", "--manifest", "--output=a.csv"]).exits(1);
    assert!(refused.stderr.contains("--overwrite"), "{}", refused.stderr);
    assert!(!host.folder().join("a.csv").exists(), "nothing is exported where its manifest cannot be");
    assert_eq!(fs::read(host.folder().join("a.csv.manifest.json")).expect("it is there"), b"a stranger's");
}
