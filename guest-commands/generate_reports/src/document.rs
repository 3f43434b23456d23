//! A report before it is written in any format: sections of figures, courses and tables, each with its definition.

use encargo_sdk::prelude::*;

use crate::period::Chosen;
use crate::share::Share;

/// A value and what it is measured in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    Count(u64),
    /// So many a day.
    PerDay(f64),
    /// From 0 to 1.
    Share(f64),
    /// Stars from 1 to 5.
    Stars(f64),
    Milliseconds(u64),
    Microseconds(u64),
}

impl Value {
    /// A code of what it is measured in, for programs.
    pub(crate) const fn unit(self) -> &'static str {
        match self {
            Self::Count(_) => "count",
            Self::PerDay(_) => "per-day",
            Self::Share(_) => "share",
            Self::Stars(_) => "stars",
            Self::Milliseconds(_) => "ms",
            Self::Microseconds(_) => "us",
        }
    }

    /// The bare number.
    pub(crate) fn number(self) -> f64 {
        match self {
            Self::Count(number) | Self::Milliseconds(number) | Self::Microseconds(number) => number as f64,
            Self::PerDay(number) | Self::Share(number) | Self::Stars(number) => number,
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// A code that is the same in every language.
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) value: Option<Value>,
    pub(crate) before: Option<Value>,
    /// Whether it is a part of the figure before it that is none.
    pub(crate) is_part: bool,
    /// Of how many it is a share, a mean or a percentile.
    pub(crate) n: Option<u64>,
    /// Where the share lies with a probability of 95 %.
    pub(crate) interval: Option<(f64, f64)>,
}

impl Figure {
    pub(crate) fn new(
        id: &'static str,
        name: String,
        now: Option<Value>,
        before: Option<Value>,
        definition: String,
    ) -> Self {
        Self { id, name, definition, value: now, before, is_part: false, n: None, interval: None }
    }

    /// A number of things.
    pub(crate) fn count(id: &'static str, name: String, (now, before): (u64, u64), definition: String) -> Self {
        Self::new(id, name, Some(Value::Count(now)), Some(Value::Count(before)), definition)
    }

    /// A share with its interval.
    pub(crate) fn share(id: &'static str, name: String, (now, before): (Share, Share), definition: String) -> Self {
        let figure = Self::new(id, name, now.value().map(Value::Share), before.value().map(Value::Share), definition);
        Self { interval: now.interval(), ..figure }.of(now.n)
    }

    /// A part of the one before it.
    pub(crate) fn part(self) -> Self {
        Self { is_part: true, ..self }
    }

    /// Of how many.
    pub(crate) fn of(self, n: u64) -> Self {
        Self { n: Some(n), ..self }
    }
}

/// How something went in the parts of a period, beside the period before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Course {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) definition: String,
    /// What the parts are: days, hours of the day, stars.
    pub(crate) axis: String,
    pub(crate) points: Vec<Point>,
}

/// One part.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) key: String,
    /// What people call it.
    pub(crate) name: String,
    pub(crate) value: Option<Value>,
    pub(crate) before: Option<Value>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    /// What the rows are.
    pub(crate) rows_are: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// A column, whose definition is that of its figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) definition: String,
}

impl Column {
    pub(crate) const fn new(id: &'static str, name: String, definition: String) -> Self {
        Self { id, name, definition }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) cells: Vec<Option<Value>>,
    /// Whether the rows above sum to it.
    pub(crate) is_total: bool,
}

/// A part of the report.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    pub(crate) figures: Vec<Figure>,
    pub(crate) courses: Vec<Course>,
    pub(crate) grids: Vec<Grid>,
    pub(crate) notes: Vec<String>,
}

impl Section {
    pub(crate) fn new(id: &'static str, name: String) -> Self {
        Self { id, name, figures: Vec::new(), courses: Vec::new(), grids: Vec::new(), notes: Vec::new() }
    }

    /// The names of everything in it with their definitions, each once.
    pub(crate) fn definitions(&self) -> Vec<(&str, &str)> {
        let figures = self.figures.iter().map(|figure| (figure.name.as_str(), figure.definition.as_str()));
        let courses = self.courses.iter().map(|course| (course.name.as_str(), course.definition.as_str()));
        let columns = self.grids.iter().flat_map(|grid| &grid.columns);
        let columns = columns.map(|column| (column.name.as_str(), column.definition.as_str()));
        let mut definitions = Vec::new();
        for definition in figures.chain(courses).chain(columns) {
            if !definitions.contains(&definition) {
                definitions.push(definition);
            }
        }
        definitions
    }
}

/// A report. Nothing in it tells when it was made: the same rows give the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    pub(crate) tenant: String,
    /// The tenant's name for people.
    pub(crate) name: String,
    pub(crate) zone: String,
    pub(crate) chosen: Chosen,
    pub(crate) is_empty: bool,
    pub(crate) notes: Vec<String>,
    pub(crate) sections: Vec<Section>,
}

impl Document {
    /// What it is called.
    pub(crate) fn title(&self) -> String {
        let (name, tag) = (&self.name, &self.chosen.tag);
        text!("Report of {name}, {tag}", "Informe de {name}, {tag}")
    }

    /// From when to when, and what it is compared with.
    pub(crate) fn times(&self) -> [String; 2] {
        let at = |micros| self.chosen.local(micros);
        let (since, until, zone) = (at(self.chosen.now.since), at(self.chosen.now.until), &self.zone);
        let (earlier, begin) = (at(self.chosen.before.since), at(self.chosen.before.until));
        [
            text!("from {since} until before {until}, {zone}", "desde {since} hasta antes de {until}, {zone}"),
            text!(
                "compared with the time from {earlier} until before {begin}",
                "comparado con el tiempo desde {earlier} hasta antes de {begin}"
            ),
        ]
    }
}
