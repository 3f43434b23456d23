//! Knowledge that is exported, imported into an empty tenant and exported again is the same, byte for byte.

use std::fs;

use support::TestHost;

/// Cells that formats like to lose.
const KNOWLEDGE: &str = "external_id,title,body,language,tags,source\r\n\
    q-1,=1+1,\"say \"\"hi\"\", twice\",en,\"[\"\"sums\"\",\"\"quotes\"\"]\",faq.csv\r\n\
    q-2,emoji 🎉,\"a\rb\r\nc\nd\",es,[],\r\n\
    q-3, spaces around ,<b>&amp;</b> ]]> \u{a0}\u{200b},,[],\r\n\
    q-4,@cmd|'/c calc'!A0,+1 -2\t=3,pt-BR,\"[\"\"a;b\"\",\"\"c,d\"\"]\",\r\n\
    ,without an id,ñandú,es,[],\r\n";

#[test]
fn every_format_of_an_export_comes_back_as_it_was() {
    let host = TestHost::with_tenant();
    let knowledge = host.file("knowledge.csv", KNOWLEDGE);
    let import = |tenant: &str, file: &str| {
        let output = host.run(["import_knowledge", "--json", "--tenant", tenant, "--file", file]).exits(0);
        assert_eq!(output.count("knowledge_items", "created"), 5, "{file}");
    };
    let export = |tenant: &str, file: &str| {
        let _ = host.run(["export_data", "--type=knowledge", "--tenant", tenant, "--output", file]).exits(0);
        fs::read(host.folder().join(file)).expect("the export is there")
    };
    import("demo", &knowledge.display().to_string());

    for format in ["csv", "json", "jsonl", "xml", "csv.gz", "xml.zst"] {
        let tenant = format!("copy-{}", format.replace('.', "-"));
        let _ = host.run(["init_system", "--only=tenants", "--tenant", &tenant]).exits(0);
        let file = format!("first.{format}");
        let first = export("demo", &file);
        import(&tenant, &file);
        let second = export(&tenant, &format!("second.{format}"));
        assert!(first == second, "{format}: {} and {} bytes differ", first.len(), second.len());
        assert_eq!(export(&tenant, "as.csv"), export("demo", "demo.csv"), "{format}");
    }
    assert_eq!(export("demo", "demo.csv"), KNOWLEDGE.as_bytes(), "what was imported is what is exported");
}

#[test]
fn an_export_for_spreadsheets_comes_back_as_it_was() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=back"]).exits(0);
    let rows = "external_id,title,body,language,tags,source\r\n\
        q-1,=1+1,'=2,en,[],''@x\r\n\
        q-2,-3,\"+a, \"\"b\"\"\",en,[],'tis\r\n\
        q-3,'quoted',@c,en,[],\r\n";
    let knowledge = host.file("knowledge.csv", rows).display().to_string();
    let _ = host.run(["import_knowledge", "--tenant=demo", "--file", &knowledge]).exits(0);
    let export = |tenant: &str, file: &str, more: &[&str]| {
        let line = ["export_data", "--type=knowledge", "--tenant", tenant, "--output", file];
        let _ = host.run(line.iter().chain(more)).exits(0);
        fs::read_to_string(host.folder().join(file)).expect("the export is there")
    };
    let escaped = export("demo", "sheet.csv", &["--excel"]);
    assert!(escaped.contains("'=1+1,''=2,") && escaped.contains("'''@x") && escaped.contains(",'tis"), "{escaped}");
    let _ = host.run(["import_knowledge", "--tenant=back", "--file=sheet.csv", "--excel"]).exits(0);
    assert_eq!(export("back", "plain.csv", &[]), rows, "what was exported is what comes back");
}
