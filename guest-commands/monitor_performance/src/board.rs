//! What is shown while it goes on: a table with sparklines for a terminal of 80 columns, and a line for elsewhere.

use encargo_sdk::board::BoardLine;
use encargo_sdk::metrics::Sample;
use encargo_sdk::prelude::*;

use crate::alerts::Alerts;
use crate::metric::{Metric, Unit, written};
use crate::series::{RECENT, Series};

/// The figures of the table, as many as a terminal of 24 lines has room for.
const SHOWN: [Metric; 17] = [
    Metric::Cpu,
    Metric::CpuStolen,
    Metric::Load,
    Metric::PressureCpu,
    Metric::Memory,
    Metric::Swap,
    Metric::PressureMemory,
    Metric::DiskBusy,
    Metric::DiskRead,
    Metric::DiskWrite,
    Metric::PressureIo,
    Metric::DiskSpace,
    Metric::NetworkIn,
    Metric::NetworkOut,
    Metric::ContainerMemory,
    Metric::ReadTime,
    Metric::Runs,
];

/// How many columns the names and the figures have.
const NAME: usize = 16;
const FIGURE: usize = 12;
/// The most alerts under the table.
const ALERTS: usize = 3;

/// What the board is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    /// How many samples there were, and how many there will be.
    pub(crate) done: u64,
    pub(crate) all: u64,
    /// How long they take in all.
    pub(crate) span: Duration,
    /// The CPU of one processor that this process used.
    pub(crate) own_cpu: f64,
    /// From how many percent on a figure is too high.
    pub(crate) threshold: f64,
}

/// The table.
pub(crate) fn board(course: Course, sample: &Sample, series: &[Series], alerts: &Alerts) -> Vec<BoardLine> {
    let mut lines = vec![heading(course, sample)];
    let columns = [text!("now", "ahora"), text!("mean", "media"), text!("max", "máx.")];
    let columns = columns.map(|column| format!("{column:>FIGURE$}")).concat();
    let recent = text!("last {RECENT}", "últimas {RECENT}");
    lines.push(BoardLine::default().piece("faint", format!("{:NAME$}{columns}  {recent}", "")));
    let told = SHOWN.iter().filter_map(|metric| row(*metric, &series[metric.at()], course.threshold, alerts));
    lines.extend(told);
    for alert in alerts.standing().take(ALERTS) {
        let (name, peak) = (alert.metric.words(), written(Unit::Percent, alert.peak));
        let since = (sample.elapsed.micros() - alert.since.micros()) / 1_000_000;
        let said = text!(
            "alert: {name}, {peak} at most, for {since} s",
            "alerta: {name}, {peak} como máximo, desde hace {since} s"
        );
        lines.push(BoardLine::default().piece("bad", said));
    }
    lines
}

fn heading(course: Course, sample: &Sample) -> BoardLine {
    let Course { done, all, own_cpu, .. } = course;
    let left = (course.span.micros() - sample.elapsed.micros()).max(0) as u64 / 1_000_000;
    let said = text!(
        "{done} of {all} samples, {left} s left, own CPU {own_cpu:.2} %",
        "{done} de {all} muestras, quedan {left} s, CPU propia {own_cpu:.2} %"
    );
    BoardLine::default().piece("heading", "monitor_performance").plain("  ").plain(said)
}

/// A figure's row; none for one that was never known.
fn row(metric: Metric, series: &Series, threshold: f64, alerts: &Alerts) -> Option<BoardLine> {
    let summary = series.summary()?;
    let unit = metric.unit();
    let now = series.last();
    let style = match now {
        _ if alerts.standing_of(metric).is_some() => "bad",
        Some(now) if Alerts::watches(metric) && now >= threshold => "warning",
        _ => "plain",
    };
    let figure = |value: Option<f64>| {
        let said = value.map_or_else(|| "-".to_owned(), |value| written(unit, value));
        format!("{said:>FIGURE$}")
    };
    // Of a share the whole is known; of all others the most there was.
    let top = if unit == Unit::Percent { 100.0 } else { summary.max };
    let line = BoardLine::default().plain(format!("{:NAME$}", metric.words()));
    let line = line.piece(style, figure(now)).plain(figure(Some(summary.mean))).plain(figure(Some(summary.max)));
    Some(line.piece("faint", "  ").piece(style, sparkline(series.recent(), top)))
}

/// The blocks of a sparkline, from little to all.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A block for each value; a gap for one that is not known.
fn sparkline(values: impl Iterator<Item = Option<f64>>, top: f64) -> String {
    let block = |value: f64| {
        let part = if top > 0.0 { value / top } else { 0.0 };
        BLOCKS[((part * BLOCKS.len() as f64) as usize).min(BLOCKS.len() - 1)]
    };
    values.map(|value| value.map_or(' ', block)).collect()
}

/// One line, for results that are read line by line: it fits 80 columns, as a table does.
pub(crate) fn line(sample: &Sample, series: &[Series], alerts: &Alerts) -> String {
    // The time of the day tells lines apart, and whoever keeps them for longer has the date in a file.
    let at = sample.at.rfc3339();
    let time = at.get(11..19).unwrap_or_default();
    let figure = |name: String, metric: Metric| {
        let now = series[metric.at()].last()?;
        Some(format!("{name} {}", written(metric.unit(), now)))
    };
    let mut said = vec![
        figure(Metric::Cpu.words(), Metric::Cpu),
        figure(text!("load", "carga"), Metric::Load),
        figure(Metric::Memory.words(), Metric::Memory),
        figure(text!("disk", "disco"), Metric::DiskBusy),
    ];
    let missed = sample.missed;
    said.push((missed > 0).then(|| text!("{missed} missed", "{missed} perdidas")));
    said.push(alerts.standing().next().map(|_| text!("alert", "alerta")));
    format!("{time}  {}", said.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
