//! Settings that hold secrets, which are left out unless they were asked for.

use encargo_sdk::batch::{Batch, Cells, ColumnBuilder};
use encargo_sdk::secrets::is_secret_setting;
use encargo_sdk::value::Kind;

/// A batch of settings without those that hold secrets, and how many those are. There are few settings, so that each is
/// looked at and copied.
pub(crate) fn left_out(batch: &Batch) -> (Batch, u64) {
    let [names, values, times] = &batch.columns[..] else { return (Batch { rows: 0, columns: Vec::new() }, 0) };
    let mut name_column = ColumnBuilder::new("name", Kind::Text);
    let mut value_column = ColumnBuilder::new("value", Kind::Text);
    let mut time_column = ColumnBuilder::new("updated_at", Kind::Integer);
    let mut rows = 0;
    for row in 0..batch.rows as usize {
        let (name, value) = (names.text(row).unwrap_or_default(), values.text(row).unwrap_or_default());
        if is_secret_setting(name, value) {
            continue;
        }
        name_column.text(name);
        value_column.text(value);
        match &times.cells {
            Cells::Integers(cells) => time_column.integer(cells[row]),
            _ => time_column.null(),
        }
        rows += 1;
    }
    let columns = vec![name_column.take(Kind::Text), value_column.take(Kind::Text), time_column.take(Kind::Integer)];
    (Batch { rows, columns }, u64::from(batch.rows - rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_secret_is_left_out_and_counted() {
        let (mut names, mut values) = (ColumnBuilder::new("name", Kind::Text), ColumnBuilder::new("value", Kind::Text));
        let mut times = ColumnBuilder::new("updated_at", Kind::Integer);
        for (at, (name, value)) in
            [("theme", "dark"), ("api_key", "k"), ("smtp", r#"{"password":"p"}"#), ("zone", "UTC")].iter().enumerate()
        {
            names.text(name);
            values.text(value);
            times.integer(at as i64);
        }
        let columns = vec![names.take(Kind::Text), values.take(Kind::Text), times.take(Kind::Integer)];
        let (kept, left) = left_out(&Batch { rows: 4, columns });
        assert_eq!((kept.rows, left), (2, 2));
        assert_eq!([kept.columns[0].text(0), kept.columns[0].text(1)], [Some("theme"), Some("zone")]);
        assert_eq!([kept.columns[1].text(0), kept.columns[1].text(1)], [Some("dark"), Some("UTC")]);
        assert_eq!(kept.columns[2].cells, Cells::Integers(vec![0, 3]));
    }
}
