//! The export of one file, and what is told of it.

use encargo_sdk::prelude::*;

use crate::cursor::{Cursor, Window};
use crate::destination::Place;
use crate::manifest::Mark;
use crate::masking::Masks;
use crate::parts::{Most, Part, Parts};
use crate::relation::{Relation, What};
use crate::secrets;
use encargo_sdk::shape::Grouping;

/// What all types are exported by.
pub(crate) struct Asked {
    /// From when to when, in microseconds.
    pub(crate) range: Option<(i64, i64)>,
    pub(crate) include_secrets: bool,
    pub(crate) excel: bool,
    pub(crate) masks: Option<Masks>,
    pub(crate) most: Most,
    pub(crate) cursor: Option<Cursor>,
}

/// One file that was written, in parts that are not published.
pub(crate) struct Written {
    pub(crate) relation: Relation,
    pub(crate) what: What,
    pub(crate) grouping: Grouping,
    pub(crate) parts: Vec<Part>,
    /// Those that were left out because they hold secrets.
    pub(crate) secrets: u64,
    /// Those that are larger than a part may be.
    pub(crate) oversized: u64,
    /// The newest change, where it is asked for.
    pub(crate) newest: Option<Mark>,
}

/// Writes the records of a type, or its tombstones.
pub(crate) fn export(
    run: &Run,
    snapshot: &Transaction,
    (relation, what): (Relation, What),
    asked: &Asked,
    place: &Place,
) -> Result<Written> {
    let shape = what.shape(relation);
    let (statement, values) = reading(relation, what, asked);
    let values: Vec<_> = values.iter().map(|value| value as &dyn ToValue).collect();
    let exporting = Phase::new(text!("exporting", "exportando"), items(relation, what));
    let exporting = exporting.of(total(snapshot, relation, what, asked)?);
    run.progress(&exporting, 0);
    let newest = match what {
        What::Records if place.manifests => Mark::of(snapshot, relation, asked.range)?,
        _ => None,
    };
    let batches = snapshot.batches(statement, &values, &shape.kinds())?;
    let text = place.format.writer(shape, asked.excel);
    let mut parts = Parts::begin(place, (relation, what), asked.most, text)?;
    let (mut grouping, mut secrets) = (Grouping::new(shape), 0);
    for batch in batches {
        let mut batch = batch?;
        run.check()?;
        if (relation, what) == (Relation::Settings, What::Records) && !asked.include_secrets {
            let (kept, left) = secrets::left_out(&batch);
            batch = kept;
            secrets += left;
        }
        if let Some(masks) = &asked.masks {
            masks.apply(relation, &mut batch);
        }
        parts.rows(&batch, &mut grouping)?;
        run.progress(&exporting, grouping.items);
    }
    let (parts, oversized) = parts.end()?;
    Ok(Written { relation, what, grouping, parts, secrets, oversized, newest })
}

/// The statement that reads it, with its values.
fn reading(relation: Relation, what: What, asked: &Asked) -> (&'static str, Vec<i64>) {
    let queries = relation.queries();
    let window = asked.cursor.as_ref().map(|cursor| (cursor.window(relation), cursor.place(relation)));
    match (what, window, asked.range) {
        (What::Deletions, Some((Window { since, journal, .. }, _)), _) => (queries.gone, vec![since, journal]),
        (What::Deletions, None, _) => (queries.gone, vec![i64::MAX, 0]),
        (What::Records, Some((Window { journal, .. }, Some(_))), _) if relation.is_few() => {
            (queries.since, vec![journal])
        }
        (What::Records, Some((Window { since, id, journal }, Some(_))), _) => {
            (queries.since, vec![since, id, since, journal])
        }
        (What::Records, _, Some((since, until))) => (queries.changed, vec![since, until]),
        (What::Records, _, None) => (queries.all, Vec::new()),
    }
}

/// How many there will be, where it can be known at once.
fn total(snapshot: &Transaction, relation: Relation, what: What, asked: &Asked) -> Result<Option<u64>> {
    let queries = relation.queries();
    let is_all = asked.cursor.as_ref().is_none_or(|cursor| cursor.place(relation).is_none());
    match (what, is_all, asked.range) {
        (What::Records, true, None) => queries.count.map_or(Ok(None), |count| snapshot.row(count, &[])),
        (What::Records, true, Some((since, until))) => {
            queries.count_changed.map_or(Ok(None), |count| snapshot.row(count, &[&since, &until]))
        }
        _ => Ok(None),
    }
}

fn items(relation: Relation, what: What) -> String {
    match what {
        What::Records => relation.items(),
        What::Deletions => text!("deletions", "borrados"),
    }
}
