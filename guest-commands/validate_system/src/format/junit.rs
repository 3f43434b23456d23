//! JUnit's XML: a suite for each tenant and one for the installation, a case for each issue that was looked for.

use std::fmt::Write;

use encargo_sdk::prelude::*;
use quick_xml::escape::escape;

use super::Told;
use crate::issues::{self, Issue, media};
use crate::module::Module;
use crate::report;
use crate::verdict::Finding;

pub(super) fn written(told: &Told<'_>) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"validate_system\">\n");
    let mut suites: Vec<&str> = told.verdict.tenants.iter().map(String::as_str).collect();
    if told.verdict.of_installation {
        suites.push("");
    }
    suites.into_iter().for_each(|tenant| suite(told, tenant, &mut xml));
    xml.push_str("</testsuites>\n");
    xml
}

/// The cases of one tenant, or of the installation.
fn suite(told: &Told<'_>, tenant: &str, xml: &mut String) {
    let mut cases = Cases::default();
    let of_installation = |issue: &Issue| issue.module == Module::Commands;
    for issue in issues::all() {
        if told.modules.has(issue.module) && of_installation(issue) == tenant.is_empty() {
            cases.issue(told, tenant, issue);
        }
    }
    for (_, crash) in told.verdict.crashes.iter().filter(|(its, _)| its == tenant) {
        let (check, error) = (text(&crash.check), text(&crash.error));
        cases.errors += 1;
        cases.case(crash.module.word(), &check, &format!("<error message=\"{error}\"/>"));
    }
    let Cases { xml: inside, tests, failures, errors, skipped } = cases;
    let name = if tenant.is_empty() { "encargo".to_owned() } else { text(tenant) };
    put(
        xml,
        format_args!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">\n{inside}  </testsuite>\n"
        ),
    );
}

#[derive(Default)]
struct Cases {
    xml: String,
    tests: u32,
    failures: u32,
    errors: u32,
    skipped: u32,
}

impl Cases {
    fn issue(&mut self, told: &Told<'_>, tenant: &str, issue: &'static Issue) {
        let of_issue = |finding: &&Finding| finding.tenant == tenant && finding.issue() == issue && finding.open() > 0;
        let finding = told.verdict.findings.iter().find(of_issue);
        let is_unopened = issue.module != Module::Commands && told.verdict.is_unopened(tenant);
        let has_crashed = told.verdict.crashes.iter().any(|(its, crash)| its == tenant && crash.module == issue.module);
        let skipped = |why: &str| format!("<skipped message=\"{}\"/>", text(why));
        let inside = match finding {
            Some(finding) if finding.counts(told.fail_level) => {
                self.failures += 1;
                let (n, means, advice) = (finding.open(), text(&(issue.means)()), text(&(issue.advice)()));
                let places = text(&report::places(finding));
                format!(
                    "<failure type=\"{}\" message=\"{n}: {means}\">{places}\n{advice}</failure>",
                    issue.severity.word()
                )
            }
            // Below the level that counts it passes, and says what it is.
            Some(finding) if finding.silenced.is_none() => {
                format!("<system-out>{}: {}</system-out>", finding.open(), text(&report::places(finding)))
            }
            Some(finding) => {
                self.skipped += 1;
                skipped(finding.silenced.as_ref().map_or("", |silence| &silence.reason))
            }
            None if has_crashed => {
                self.skipped += 1;
                skipped(&text!("a check of its module crashed", "una comprobación de su módulo no terminó"))
            }
            None if is_unopened => {
                self.skipped += 1;
                skipped(&text!(
                    "the rows of the tenant could not be opened",
                    "no se pudieron abrir las filas del inquilino"
                ))
            }
            None if *issue == media::CHECKSUM && !told.contents => {
                self.skipped += 1;
                skipped(&text!("the contents were not compared", "no se compararon los contenidos"))
            }
            None => String::new(),
        };
        self.case(issue.module.word(), issue.id, &inside);
    }

    fn case(&mut self, module: &str, name: &str, inside: &str) {
        self.tests += 1;
        put(&mut self.xml, format_args!("    <testcase classname=\"{module}\" name=\"{name}\">{inside}</testcase>\n"));
    }
}

/// A text cannot fail to take more text.
fn put(xml: &mut String, what: std::fmt::Arguments<'_>) {
    xml.write_fmt(what).unwrap_or_default();
}

/// A text as it stands in XML, which has no place for control characters.
fn text(text: &str) -> String {
    let is_told =
        |c: &char| matches!(c, '\t' | '\n' | '\r') || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    escape(text.chars().map(|c| if is_told(&c) { c } else { '\u{fffd}' }).collect::<String>()).into_owned()
}
