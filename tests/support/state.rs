//! What a data directory's platform holds, to see whether anything changed.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use encargo_backends::DataDir;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// Every file of the platform with a hash of its bytes, and every table of its databases with its rows.
///
/// The engine store and the host's own log are not the platform's; `-wal` and `-shm` files are SQLite's.
pub fn platform_state(data: &Path) -> BTreeMap<String, String> {
    let mut state = BTreeMap::new();
    for path in files_under(data) {
        let name = path.strip_prefix(data).expect("it is under the folder").to_string_lossy().into_owned();
        let first = name.split('/').next().unwrap_or_default();
        if first.starts_with("engine.db") || first == "log" || name.ends_with("-wal") || name.ends_with("-shm") {
            continue;
        }
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        state.insert(name.clone(), format!("{} bytes, {:016x}", bytes.len(), hasher.finish()));
        if bytes.starts_with(b"SQLite format 3\0") {
            let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
            for table in rows(&path, tables) {
                state.insert(format!("{name} {table}"), rows(&path, &format!("SELECT * FROM {table}")).join("\n"));
            }
        }
    }
    state
}

/// The rows that a query gives, sorted as it says, cells separated by `|` as the `sqlite3` shell does.
#[track_caller]
pub fn rows(database: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .unwrap_or_else(|error| panic!("{}: {error}", database.display()));
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("`{sql}`: {error}"));
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let cells = (0..columns).map(|column| row.get_ref(column).map(cell)).collect::<Result<Vec<_>, _>>()?;
        Ok(cells.join("|"))
    };
    let rows = statement.query_map([], row).and_then(Iterator::collect);
    rows.unwrap_or_else(|error| panic!("`{sql}`: {error}"))
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(blob) => format!("{blob:?}"),
    }
}

/// Brings what SQLite still has in `-wal` files into the databases, so that their bytes only change when something does.
pub fn settle(data: &Path) {
    for path in files_under(data).into_iter().filter(|path| path.extension().is_some_and(|end| end == "db")) {
        let connection = Connection::open(&path).expect("a database can be opened");
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a database can be settled");
    }
}

/// The file with a tenant's rows.
#[track_caller]
pub fn tenant_database(data: &Path, slug: &str) -> PathBuf {
    let layout = DataDir::new(data.to_owned());
    let ids = rows(&layout.platform_db(), &format!("SELECT id FROM tenants WHERE slug = '{slug}'"));
    let [id] = &ids[..] else { panic!("there is no tenant `{slug}`") };
    layout.tenant_db(id.parse().expect("an id is a number"))
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        let copy = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, &copy).expect("a file can be copied");
        }
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}
