//! An earlier file of samples, to compare with: read line by line, in memory that does not grow with it.

use std::io::{BufRead, BufReader, Read as _};

use encargo_sdk::files;
use encargo_sdk::prelude::*;
use serde_json::{Map, Value as Json};

use crate::metric::Metric;
use crate::output::Format;
use crate::series::{Series, Summary};

/// What the figures were then.
#[derive(Debug)]
pub(crate) struct Baseline {
    series: Vec<Series>,
    pub(crate) samples: u64,
}

/// A line of samples has some two kilobytes.
const LONGEST_LINE: u64 = 1 << 20;

impl Baseline {
    /// Reads the file of the argument.
    pub(crate) fn read(file: InputFile) -> Result<Self> {
        let entries = files::entries(file.argument)?;
        let name = entries.first().map(|entry| entry.name.clone()).unwrap_or_default();
        let source = BufReader::with_capacity(256 << 10, files::read(file.argument, 0)?);
        Self::of(source, Format::from_name(&name)).context(text!("the baseline `{name}`", "la referencia `{name}`"))
    }

    fn of(mut source: impl BufRead, format: Option<Format>) -> Result<Self> {
        let mut baseline = Self { series: Metric::ALL.iter().map(|_| Series::new()).collect(), samples: 0 };
        let mut columns: Option<Vec<Option<Metric>>> = None;
        let (mut line, mut number) = (String::new(), 0_u64);
        loop {
            line.clear();
            number += 1;
            let read = source.by_ref().take(LONGEST_LINE).read_line(&mut line)?;
            if read == 0 {
                break;
            }
            let text = line.trim_end();
            let is_taken = match (format, &columns) {
                _ if text.is_empty() => true,
                (Some(Format::Csv), None) => {
                    let found: Vec<_> = text.split(',').map(metric).collect();
                    let is_heading = found.iter().any(Option::is_some);
                    columns = Some(found);
                    is_heading
                }
                (Some(Format::Csv), Some(columns)) => baseline.take_cells(text, columns),
                _ => baseline.take_record(text),
            };
            if !is_taken {
                bail!(
                    Invalid,
                    "line {number} is no sample of `monitor_performance --output`",
                    "la línea {number} no es una muestra de `monitor_performance --output`"
                );
            }
        }
        ensure!(baseline.samples > 0, Invalid, "it has no samples", "no tiene muestras");
        Ok(baseline)
    }

    fn take_record(&mut self, line: &str) -> bool {
        let Ok(record) = serde_json::from_str::<Map<String, Json>>(line) else { return false };
        if !record.contains_key("elapsed_s") {
            return false;
        }
        for (metric, series) in Metric::ALL.iter().zip(&mut self.series) {
            series.add(record.get(metric.key()).and_then(Json::as_f64));
        }
        self.samples += 1;
        true
    }

    fn take_cells(&mut self, line: &str, columns: &[Option<Metric>]) -> bool {
        if line.split(',').count() != columns.len() {
            return false;
        }
        for (cell, metric) in line.split(',').zip(columns) {
            let Some(metric) = metric else { continue };
            let value = cell.parse::<f64>().ok().filter(|value| value.is_finite());
            if value.is_none() && !cell.is_empty() {
                return false;
            }
            self.series[metric.at()].add(value);
        }
        self.samples += 1;
        true
    }

    /// What a figure was then; none where it was not known.
    pub(crate) fn of_metric(&self, metric: Metric) -> Option<Summary> {
        self.series[metric.at()].summary()
    }
}

fn metric(column: &str) -> Option<Metric> {
    Metric::ALL.iter().copied().find(|metric| metric.key() == column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: Format) -> Result<Baseline> {
        Baseline::of(text.as_bytes(), Some(format))
    }

    #[test]
    fn samples_are_read_back_from_both_formats() {
        let lines =
            "{\"elapsed_s\":1,\"cpu_percent\":10,\"swap_percent\":null}\n\n{\"elapsed_s\":2,\"cpu_percent\":30}\n";
        let cells = "at,elapsed_s,cpu_percent,swap_percent,newer\nx,1,10,,1\nx,2,30,,2\n";
        for (text, format) in [(lines, Format::Jsonl), (cells, Format::Csv)] {
            let baseline = read(text, format).unwrap();
            let cpu = baseline.of_metric(Metric::Cpu).unwrap();
            assert_eq!((baseline.samples, cpu.mean, cpu.max), (2, 20.0, 30.0));
            assert_eq!(baseline.of_metric(Metric::Swap), None);
        }
    }

    #[test]
    fn what_is_no_file_of_samples_is_refused_with_its_line() {
        for (text, format, problem) in [
            ("{\"elapsed_s\":1}\nnonsense\n", Format::Jsonl, "line 2 is no sample"),
            ("{\"a\":1}\n", Format::Jsonl, "line 1 is no sample"),
            ("a,b\n1,2\n", Format::Csv, "line 1 is no sample"),
            ("at,cpu_percent\nx,5\nx\n", Format::Csv, "line 3 is no sample"),
            ("at,cpu_percent\nx,much\n", Format::Csv, "line 2 is no sample"),
            ("at,cpu_percent\n", Format::Csv, "it has no samples"),
            ("", Format::Jsonl, "it has no samples"),
        ] {
            let error = read(text, format).unwrap_err();
            assert!(error.message.starts_with(problem) && error.code() == ErrorCode::Invalid, "{}", error.message);
        }
    }
}
