//! The report: figures, verdict, response times, statements and alerts, for people and for programs.

use encargo_sdk::metrics::Statement;
use encargo_sdk::prelude::*;
use encargo_sdk::report::Table;
use serde_json::{Map, Value as Json, json};

use crate::baseline::Baseline;
use crate::metric::{Metric, Unit, written};
use crate::responses::Found;
use crate::series::Summary;
use crate::unavailable;
use crate::verdict::{self, Resource};
use crate::watching::Watched;

/// Figures that are told only from verbosity 2 on, and for programs.
const IN_DETAIL: [Metric; 14] = [
    Metric::CpuUser,
    Metric::CpuSystem,
    Metric::Running,
    Metric::MemoryFree,
    Metric::SwapIn,
    Metric::SwapOut,
    Metric::Inodes,
    Metric::NetworkErrors,
    Metric::Killed,
    Metric::ProcessFiles,
    Metric::ProcessThreads,
    Metric::LogBytes,
    Metric::Writers,
    Metric::RunsEnded,
];

/// All that was found out.
pub(crate) struct Told<'a> {
    pub(crate) watched: &'a Watched,
    /// None where nobody wanted to know.
    pub(crate) responses: Option<&'a Found>,
    pub(crate) statements: &'a [Statement],
    /// Why there are none, where they could not be read.
    pub(crate) no_statements: Option<&'a str>,
    pub(crate) baseline: Option<&'a Baseline>,
    pub(crate) is_cancelled: bool,
    pub(crate) in_detail: bool,
}

impl Told<'_> {
    pub(crate) fn report(&self) -> Report {
        let watched = self.watched;
        let resources = verdict::judge(|metric| self.of(metric), watched.cpus);
        let standing = watched.alerts.standing().count() as u64;
        let unread = self.responses.is_some_and(|found| !found.unread.is_empty()) || self.no_statements.is_some();
        let outcome = match standing {
            _ if self.is_cancelled => Outcome::Cancelled,
            0 if unread || watched.probe.failed > 0 || watched.no_file.is_some() => Outcome::Partial,
            0 => Outcome::Ok,
            _ => Outcome::Problems,
        };
        let mut report = Report::new(self.summary(&resources, standing))
            .outcome(outcome)
            .count("samples", Action::Read, watched.samples)
            .count("samples", Action::Skipped, watched.missed)
            .count("alerts", Action::Created, watched.alerts.raised)
            .count("alerts", Action::Kept, standing)
            .count("answers", Action::Read, self.responses.map_or(0, |found| found.all.count()));
        let tables = [
            self.figures(),
            Some(resource_table(&resources)),
            self.response_table(),
            self.statement_table(),
            self.alert_table(),
            self.comparison(),
        ];
        for table in tables.into_iter().flatten().filter(|table| !table.rows.is_empty()) {
            report = report.table(table);
        }
        report.notes(self.notes()).details(&self.details(&resources))
    }

    fn of(&self, metric: Metric) -> Option<Summary> {
        self.watched.series[metric.at()].summary()
    }

    fn summary(&self, resources: &[Resource], standing: u64) -> String {
        let samples = self.watched.samples;
        if samples == 0 {
            return text!("no sample was taken", "no se tomó ninguna muestra");
        }
        let seconds = self.watched.elapsed.micros() as f64 / 1e6;
        let verdict = verdict::sentence(resources);
        let said = match samples {
            1 => text!("1 sample in {seconds:.1} s: {verdict}", "1 muestra en {seconds:.1} s: {verdict}"),
            _ => text!(
                "{samples} samples in {seconds:.1} s: {verdict}",
                "{samples} muestras en {seconds:.1} s: {verdict}"
            ),
        };
        match standing {
            0 => said,
            1 => said + &text!("; 1 alert stands", "; sigue 1 alerta"),
            _ => said + &text!("; {standing} alerts stand", "; siguen {standing} alertas"),
        }
    }

    fn figures(&self) -> Option<Table> {
        let mut table = table!("Figures" / "Cifras": "figure" / "cifra", "min" / "mín.", "mean" / "media", "p95" / "p95", "max" / "máx.");
        for metric in Metric::ALL.iter().filter(|metric| self.in_detail || !IN_DETAIL.contains(metric)) {
            let Some(summary) = self.of(*metric) else { continue };
            let of = |value| written(metric.unit(), value);
            let Summary { min, mean, p95, max, .. } = summary;
            table.row(&[&metric.words(), &of(min), &of(mean), &of(p95), &of(max)]);
        }
        Some(table)
    }

    fn response_table(&self) -> Option<Table> {
        let found = self.responses?;
        let mut table = table!(
            "Response times" / "Tiempos de respuesta": "tenant" / "inquilino", "answers" / "respuestas", "p50" / "p50",
            "p90" / "p90", "p95" / "p95", "p99" / "p99", "max" / "máx."
        );
        let all = (found.tenants.len() > 1).then_some(&found.all);
        for responses in found.tenants.iter().chain(all) {
            let tenant = responses.tenant.clone().unwrap_or_else(|| text!("all", "todos"));
            let [p50, p90, p95, p99, max] = responses.quantiles().map(|ms| written(Unit::Milliseconds, ms as f64));
            table.row(&[&tenant, &responses.count(), &p50, &p90, &p95, &p99, &max]);
        }
        Some(table)
    }

    fn statement_table(&self) -> Option<Table> {
        let mut table = table!(
            "Statements of runs that ended meanwhile" / "Sentencias de ejecuciones que terminaron mientras tanto":
            "tenant" / "inquilino", "statement" / "sentencia", "command" / "comando", "calls" / "llamadas",
            "mean" / "media", "p95" / "p95"
        );
        for statement in self.statements {
            let of = |microseconds: u64| written(Unit::Milliseconds, microseconds as f64 / 1e3);
            let (mean, p95) = (of(statement.mean_us), of(statement.p95_us));
            let text = short(&statement.text);
            table.row(&[&statement.tenant, &text, &statement.command, &statement.calls, &mean, &p95]);
        }
        Some(table)
    }

    fn alert_table(&self) -> Option<Table> {
        let mut table = table!(
            "Alerts" / "Alertas": "figure" / "cifra", "limit" / "límite", "most" / "máximo", "from" / "desde",
            "until" / "hasta", "most by" / "sobre todo por"
        );
        let limit = written(Unit::Percent, self.watched.rule.threshold);
        for alert in self.watched.alerts.every() {
            let at = |span: Duration| format!("{:.1} s", span.micros() as f64 / 1e6);
            let until = alert.until.map_or_else(|| text!("stands", "sigue"), at);
            let consumers = alert.consumers.as_deref().unwrap_or("-");
            let peak = written(Unit::Percent, alert.peak);
            table.row(&[&alert.metric.words(), &limit, &peak, &at(alert.since), &until, &consumers]);
        }
        Some(table)
    }

    fn comparison(&self) -> Option<Table> {
        let baseline = self.baseline?;
        let mut table = table!(
            "Compared with the baseline" / "Comparado con la referencia": "figure" / "cifra", "mean then" / "media antes",
            "mean now" / "media ahora", "change" / "cambio", "p95 then" / "p95 antes", "p95 now" / "p95 ahora"
        );
        for metric in Metric::ALL.iter().filter(|metric| self.in_detail || !IN_DETAIL.contains(metric)) {
            let (Some(then), Some(now)) = (baseline.of_metric(*metric), self.of(*metric)) else { continue };
            let of = |value| written(metric.unit(), value);
            let change = change(metric.unit(), then.mean, now.mean);
            table.row(&[&metric.words(), &of(then.mean), &of(now.mean), &change, &of(then.p95), &of(now.p95)]);
        }
        Some(table)
    }

    fn notes(&self) -> Vec<String> {
        let watched = self.watched;
        let mut notes = Vec::new();
        if watched.missed > 0 {
            let (missed, taken) = (watched.missed, watched.samples);
            notes.push(text!(
                "{missed} fixed times were missed and {taken} samples taken: this process or the machine was late",
                "se perdieron {missed} momentos fijos y se tomaron {taken} muestras: este proceso o la máquina llegó tarde"
            ));
        }
        if !watched.unavailable.is_empty() {
            let told = |(name, why): (&String, &String)| format!("{} ({why})", unavailable::words(name));
            let all: Vec<_> = watched.unavailable.iter().map(told).collect();
            let all = all.join("; ");
            notes.push(text!("not available: {all}", "no disponible: {all}"));
        }
        if let Some(problem) = &watched.probe.problem {
            let failed = watched.probe.failed;
            notes.push(text!("{failed} reads failed: {problem}", "{failed} lecturas fallaron: {problem}"));
        }
        if let Some(found) = self.responses {
            if found.is_cut {
                notes.push(text!(
                    "the response times are those that were read until the run was asked to end",
                    "los tiempos de respuesta son los leídos hasta que se pidió terminar"
                ));
            } else if found.all.count() == 0 && found.unread.is_empty() {
                notes.push(text!("no answer was given in that time", "no se dio ninguna respuesta en ese tiempo"));
            }
            for (tenant, why) in &found.unread {
                notes.push(text!(
                    "the response times of `{tenant}` could not be read: {why}",
                    "no se pudieron leer los tiempos de respuesta de `{tenant}`: {why}"
                ));
            }
        }
        if let Some(why) = &watched.no_file {
            notes.push(text!("the samples are in no file: {why}", "las muestras no están en ningún archivo: {why}"));
        }
        if let Some(why) = self.no_statements {
            notes.push(text!("no statements could be read: {why}", "no se pudieron leer sentencias: {why}"));
        }
        if let Some(baseline) = self.baseline {
            let samples = baseline.samples;
            notes.push(text!("the baseline has {samples} samples", "la referencia tiene {samples} muestras"));
        }
        let (milliseconds, share) = (watched.used.micros() as f64 / 1e3, watched.own_cpu());
        notes.push(text!(
            "watching took {milliseconds:.1} ms of CPU time, {share:.2} % of one processor",
            "vigilar costó {milliseconds:.1} ms de CPU, {share:.2} % de un procesador"
        ));
        notes
    }

    fn details(&self, resources: &[Resource]) -> Json {
        let watched = self.watched;
        let seconds = |span: Duration| span.micros() as f64 / 1e6;
        let of = |summary: Summary| {
            let Summary { count, min, mean, p95, max } = summary;
            json!({ "samples": count, "min": min, "mean": mean, "p95": p95, "max": max })
        };
        let figures: Map<_, _> = Metric::ALL
            .iter()
            .map(|metric| (metric.key().to_owned(), self.of(*metric).map_or(Json::Null, of)))
            .collect();
        let baseline = self.baseline.map(|baseline| {
            let all = Metric::ALL.iter();
            let all = all.map(|metric| (metric.key().to_owned(), baseline.of_metric(*metric).map_or(Json::Null, of)));
            json!({ "samples": baseline.samples, "figures": all.collect::<Map<_, _>>() })
        });
        let statement = |statement: &Statement| {
            json!({
                "tenant": statement.tenant, "text": statement.text, "command": statement.command,
                "calls": statement.calls, "total_us": statement.total_us, "mean_us": statement.mean_us,
                "p95_us": statement.p95_us, "longest_us": statement.longest_us,
            })
        };
        let responses = self.responses.map(|found| {
            let unread: Map<_, _> =
                found.unread.iter().map(|(tenant, why)| (tenant.clone(), why.clone().into())).collect();
            let tenants: Vec<_> = found.tenants.iter().map(crate::responses::Responses::json).collect();
            json!({ "all": found.all.json(), "tenants": tenants, "unread": unread })
        });
        json!({
            "interval_s": seconds(watched.times.interval),
            "span_s": seconds(watched.times.span()),
            "elapsed_s": seconds(watched.elapsed),
            "samples": watched.samples,
            "missed": watched.missed,
            "figures": figures,
            "unavailable": watched.unavailable,
            "verdict": verdict::sentence(resources),
            "resources": verdict::json(resources),
            "alert_threshold": watched.rule.threshold,
            "alerts_raised": watched.alerts.raised,
            "alerts": watched.alerts.json(),
            "failed_reads": watched.probe.failed,
            "responses": responses,
            "statements": self.statements.iter().map(statement).collect::<Vec<_>>(),
            "baseline": baseline,
            "own": { "cpu_s": seconds(watched.used), "cpu_percent": watched.own_cpu() },
        })
    }
}

fn resource_table(resources: &[Resource]) -> Table {
    let mut table = table!(
        "Resources" / "Recursos": "resource" / "recurso", "judgement" / "juicio", "used" / "uso", "waited for" / "espera",
        "errors" / "errores"
    );
    for resource in resources {
        let of = |said: &str| if said.is_empty() { "-".to_owned() } else { said.to_owned() };
        let Resource { utilisation, saturation, errors, .. } = resource;
        table.row(&[&resource.words, &resource.judgement.words(), &of(utilisation), &of(saturation), &of(errors)]);
    }
    table
}

/// Of shares the difference, of all else how much more or less it is.
fn change(unit: Unit, then: f64, now: f64) -> String {
    match unit {
        Unit::Percent => format!("{:+.1}", now - then),
        _ if then == 0.0 && now == 0.0 => "=".to_owned(),
        _ if then == 0.0 => "+".to_owned(),
        _ => format!("{:+.0} %", (now / then - 1.0) * 100.0),
    }
}

/// How much of a statement a row has room for.
const ROOM: usize = 60;

fn short(statement: &str) -> String {
    let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}
