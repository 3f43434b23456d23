//! The file of samples: JSON lines or CSV, by the file's name.

use std::io::{BufWriter, Write as _};

use encargo_sdk::files::{self, Destination, Sink};
use encargo_sdk::metrics::Sample;
use encargo_sdk::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::figures::Figures;
use crate::metric::Metric;

/// How the samples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jsonl,
    Csv,
}

impl Format {
    /// The format that a file's name asks for.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let bare = [".gz", ".zst"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        match bare.rsplit_once('.')?.1 {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// What a sample is for programs: an object with a figure by each key, null where this system does not tell it.
pub(crate) fn record(sample: &Sample, figures: &Figures, alerts: &[&'static str]) -> Map<String, Json> {
    let mut record = Map::new();
    record.insert("at".to_owned(), sample.at.rfc3339().into());
    record.insert("elapsed_s".to_owned(), json!(sample.elapsed.micros() as f64 / 1e6));
    record.insert("missed".to_owned(), sample.missed.into());
    for metric in Metric::ALL {
        record.insert(metric.key().to_owned(), json!(figures.get(*metric).map(short)));
    }
    record.insert("alerts".to_owned(), alerts.into());
    record
}

/// Six digits behind the point: what is smaller is noise.
fn short(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// The file in the making.
#[derive(Debug)]
pub(crate) struct Writing {
    format: Format,
    file: BufWriter<Sink>,
}

/// Every line is buffered here: a call of the host costs more than the line.
const BUFFER: usize = 64 << 10;

impl Writing {
    /// Begins the file of the argument.
    pub(crate) fn begin(output: Output) -> Result<Self> {
        let name = match files::destination(output.argument)? {
            Destination::Folder => "monitor_performance.jsonl".to_owned(),
            Destination::StandardOutput => "monitor_performance.jsonl".to_owned(),
            Destination::File(name) => name,
        };
        let Some(format) = Format::from_name(&name) else {
            bail!(
                Usage,
                "samples are written to a file that ends with `.jsonl` or `.csv`, perhaps with `.gz` or `.zst` behind it; `{name}` does not",
                "las muestras se escriben en un archivo que acaba en `.jsonl` o `.csv`, quizá con `.gz` o `.zst` detrás; `{name}` no acaba así"
            )
        };
        let mut writing =
            Self { format, file: BufWriter::with_capacity(BUFFER, files::create(output.argument, &name)?) };
        if format == Format::Csv {
            writing.line(&heading())?;
        }
        Ok(writing)
    }

    /// Adds a sample.
    pub(crate) fn add(&mut self, record: &Map<String, Json>) -> Result<()> {
        match self.format {
            Format::Jsonl => self.line(&Json::Object(record.clone()).to_string()),
            Format::Csv => self.line(&row(record)),
        }
    }

    fn line(&mut self, line: &str) -> Result<()> {
        Ok(writeln!(self.file, "{line}")?)
    }

    /// Gives the file its name.
    pub(crate) fn publish(self) -> Result<()> {
        let sink = self.file.into_inner().map_err(|error| Error::from(error.into_error()))?;
        sink.publish()
    }
}

/// The columns of CSV: the keys of a record, in their order.
pub(crate) fn columns() -> impl Iterator<Item = &'static str> {
    ["at", "elapsed_s", "missed"].into_iter().chain(Metric::ALL.iter().map(|metric| metric.key())).chain(["alerts"])
}

fn heading() -> String {
    columns().collect::<Vec<_>>().join(",")
}

/// No value has a comma or a quote in it: they are numbers, a time, and keys, several with a space between.
fn row(record: &Map<String, Json>) -> String {
    let cell = |key: &str| match &record[key] {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(keys) => keys.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    columns().map(cell).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use encargo_sdk::metrics::Reading;

    use super::*;

    #[test]
    fn a_name_decides_the_format_also_in_front_of_a_compression() {
        for (name, format) in [
            ("a.jsonl", Some(Format::Jsonl)),
            ("a.json", Some(Format::Jsonl)),
            ("a.b.csv", Some(Format::Csv)),
            ("a.csv.gz", Some(Format::Csv)),
            ("a.txt", None),
            ("csv", None),
        ] {
            assert_eq!(Format::from_name(name), format, "{name}");
        }
    }

    #[test]
    fn what_is_not_known_is_null_in_json_and_empty_in_csv() {
        let (elapsed, used) = (Duration::from_micros(1_500_000), Duration::from_micros(0));
        let readings = vec![Reading::of("memory", "", &[("total", 3.0), ("available", 1.0)])];
        let sample = Sample { tick: 1, missed: 2, at: Instant::from_micros(0), elapsed, used, readings };
        let figures = Figures::between(&Sample { readings: vec![], ..sample.clone() }, &sample);
        let record = record(&sample, &figures, &["memory_percent", "cpu_percent"]);
        assert_eq!((&record["memory_percent"], &record["cpu_percent"]), (&json!(66.666667), &Json::Null));
        assert_eq!(record.keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>(), columns().collect());
        let row = row(&record);
        assert!(row.starts_with("1970-01-01T00:00:00Z,1.5,2,,"), "{row}");
        assert!(row.contains(",66.666667,") && row.ends_with(",memory_percent cpu_percent"), "{row}");
        assert_eq!(row.matches(',').count(), heading().matches(',').count());
    }
}
