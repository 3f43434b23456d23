//! How a tenant's rows are stored: structure, indexes, references, rules, and the schema beside that of the migrations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use encargo_model::{Damage, DamageKind, Text, Timestamp, next_id, text};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::advice::ADVISED;
use super::tenant_files::TenantFiles;
use crate::sqlite::layer;
use crate::{BackendError, Interrupt, PlatformError};

/// The most damages that SQLite tells of one file.
const MOST: u32 = 10_000;
/// How many instructions of SQLite's machine pass between two looks at the flag.
const INSTRUCTIONS: i32 = 1_000;

impl TenantFiles {
    /// Looks at all that is stored of a tenant. It reads every page and ends when the flag goes up.
    ///
    /// # Errors
    /// What is wrong with a file that cannot be opened; `cancelled`.
    pub fn integrity(
        &self,
        tenant: &encargo_model::Tenant,
        interrupt: &Arc<Interrupt>,
        now: Timestamp,
    ) -> Result<Vec<Damage>, BackendError> {
        let (path, file) = self.to_look_at(tenant)?;
        let why = |error| PlatformError::sqlite(&path, error).for_command(&tenant.slug);
        let looked = look_until(&file, tenant.id, now, interrupt);
        if interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        looked.map_err(why)
    }
}

/// Everything that is wrong with an open file, until the flag goes up.
pub(crate) fn look_until(
    file: &Connection,
    tenant: i64,
    now: Timestamp,
    interrupt: &Arc<Interrupt>,
) -> rusqlite::Result<Vec<Damage>> {
    let flag = Arc::clone(interrupt);
    file.progress_handler(INSTRUCTIONS, Some(move || flag.is_raised()))?;
    look(file, tenant, now)
}

/// One look at a file.
type Step<'a> = &'a dyn Fn() -> rusqlite::Result<Vec<Damage>>;

/// Everything that is wrong with an open file.
fn look(file: &Connection, tenant: i64, now: Timestamp) -> rusqlite::Result<Vec<Damage>> {
    let steps: [Step<'_>; 4] =
        [&|| stored(file, "integrity_check"), &|| references(file), &|| schema(file, tenant), &|| counters(file, now)];
    all_of(file, &steps)
}

/// What is wrong with an open file as far as a look at each page tells, without comparing any index with its relation.
pub(super) fn look_quickly(file: &Connection, tenant: i64, now: Timestamp) -> rusqlite::Result<Vec<Damage>> {
    all_of(file, &[&|| stored(file, "quick_check"), &|| schema(file, tenant), &|| counters(file, now)])
}

/// What the steps find, all in one state of the file: what others write meanwhile is in none of them. What cannot be read to
/// its end is a damage of its structure.
fn all_of(file: &Connection, steps: &[Step<'_>]) -> rusqlite::Result<Vec<Damage>> {
    let _snapshot = if file.is_autocommit() { Some(file.unchecked_transaction()?) } else { None };
    let mut damage = Vec::new();
    for step in steps {
        match step() {
            Ok(found) => damage.extend(found),
            Err(error) if is_damage(&error) => {
                damage.push(Damage {
                    kind: DamageKind::Structure,
                    subject: String::new(),
                    detail: text!("a part of it cannot be read", "una parte no se puede leer"),
                    count: 1,
                });
            }
            Err(error) => return Err(error),
        }
    }
    damage.dedup();
    Ok(damage)
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// What SQLite itself says of its file, by kind and relation.
fn stored(file: &Connection, check: &str) -> rusqlite::Result<Vec<Damage>> {
    let mut found: BTreeMap<(DamageKind, String, String), u64> = BTreeMap::new();
    let mut statement = file.prepare(&format!("PRAGMA {check}({MOST})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // Damaged text may be in what is said.
        let said = String::from_utf8_lossy(row.get_ref(0)?.as_bytes().unwrap_or_default()).into_owned();
        if said == "ok" {
            continue;
        }
        *found.entry(judge(file, &said)?).or_default() += 1;
    }
    let told = |((kind, subject, what), count): ((DamageKind, String, String), u64)| {
        let detail = match kind {
            DamageKind::Index => text!("the index on ({what})", "el índice de ({what})"),
            DamageKind::Rule if what.is_empty() => text!("a check of its columns", "una comprobación de sus columnas"),
            DamageKind::Rule => text!("the type or value of `{what}`", "el tipo o valor de `{what}`"),
            _ => text!("pages of the file do not fit together", "hay páginas del archivo que no encajan"),
        };
        Damage { kind, subject, detail, count }
    };
    Ok(found.into_iter().map(told).collect())
}

/// What a sentence of SQLite's is about: the kind, the relation, and the index's columns or the column.
fn judge(file: &Connection, said: &str) -> rusqlite::Result<(DamageKind, String, String)> {
    const OF_INDEXES: [&str; 4] = ["missing from index ", "entry in index ", "entries in index ", "differ from index "];
    let behind = |words: &str| said.split_once(words).map(|(_, name)| name.trim().to_owned());
    if let Some(index) = OF_INDEXES.iter().find_map(|words| behind(words)) {
        let table = "SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?1";
        let relation = file.query_row(table, [&index], |row| row.get(0)).optional()?.unwrap_or_default();
        let columns = "SELECT coalesce(group_concat(name, ', '), '') FROM pragma_index_info(?1)";
        return Ok((DamageKind::Index, relation, file.query_row(columns, [&index], |row| row.get(0))?));
    }
    if let Some(relation) = behind("CHECK constraint failed in ") {
        return Ok((DamageKind::Rule, relation, String::new()));
    }
    if let Some((relation, column)) = behind(" value in ")
        .and_then(|place| place.split_once('.').map(|(relation, column)| (relation.to_owned(), column.to_owned())))
    {
        return Ok((DamageKind::Rule, relation, column));
    }
    Ok((DamageKind::Structure, String::new(), String::new()))
}

/// A number of rows.
fn counted(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or_default()
}

/// Rows that name rows that are not there, by relation and what they name.
fn references(file: &Connection) -> rusqlite::Result<Vec<Damage>> {
    let sql = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2";
    let mut statement = file.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let parent: String = row.get(1)?;
        Ok(Damage {
            kind: DamageKind::Reference,
            subject: row.get(0)?,
            detail: text!("they name rows of `{parent}`", "nombran filas de `{parent}`"),
            count: counted(row.get(2)?),
        })
    })?;
    rows.collect()
}

/// By kind and name: the relation and the text.
type Schema = BTreeMap<(String, String), (String, String)>;

fn schema_of(file: &Connection) -> rusqlite::Result<Schema> {
    let sql = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'";
    let mut statement = file.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
    rows.collect()
}

fn schema_of_migrations(tenant: i64) -> rusqlite::Result<Schema> {
    let made = Connection::open_in_memory_with_flags_and_vfs(OpenFlags::default(), layer()?)?;
    for migration in crate::schema::TENANT {
        made.execute_batch(&migration.replace("{tenant_id}", &tenant.to_string()))?;
    }
    schema_of(&made)
}

/// The names of the indexes that the migrations make.
pub(super) fn indexes_of_schema(tenant: i64) -> rusqlite::Result<BTreeSet<String>> {
    let made = schema_of_migrations(tenant)?;
    Ok(made.into_keys().filter(|(kind, _)| kind == "index").map(|(_, name)| name).collect())
}

/// Whether it is an index that was advised: it keeps no row out, and rows read the same with it.
fn is_advised((kind, name): &(String, String), sql: &str) -> bool {
    kind == "index" && name.starts_with(ADVISED) && sql.starts_with("CREATE INDEX ")
}

/// Where the schema is not the one that the migrations make.
fn schema(file: &Connection, tenant: i64) -> rusqlite::Result<Vec<Damage>> {
    let (expected, found) = (schema_of_migrations(tenant)?, schema_of(file)?);
    let mut damage = Vec::new();
    let mut tell = |(kind, name): &(String, String), relation: &str, what: Text| {
        let detail = text!("the {kind} `{name}` {what}", "{kind} `{name}`: {what}", what = what);
        damage.push(Damage { kind: DamageKind::Schema, subject: relation.to_owned(), detail, count: 1 });
    };
    for (object, (relation, sql)) in &expected {
        match found.get(object) {
            None => tell(object, relation, text!("is missing", "falta")),
            Some((_, other)) if other != sql => tell(object, relation, text!("is another one", "es otro")),
            Some(_) => {}
        }
    }
    let is_known = |object: &(String, String), sql: &str| expected.contains_key(object) || is_advised(object, sql);
    for (object, (relation, _)) in found.iter().filter(|(object, (_, sql))| !is_known(object, sql)) {
        tell(object, relation, text!("is of no migration", "no es de ninguna migración"));
    }
    Ok(damage)
}

/// Whether an id that is in use would be given again: the next one is the counter's, or that of the clock where it is later.
fn counters(file: &Connection, now: Timestamp) -> rusqlite::Result<Vec<Damage>> {
    let next_id_sql = "SELECT next_id FROM id_blocks WHERE name = 'rows'";
    let floor: i64 = file.query_row(next_id_sql, [], |row| row.get(0)).optional()?.unwrap_or_default();
    let next = next_id(now, 1, floor);
    let mut statement = file.prepare(
        "SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND c.name = 'id' AND c.pk = 1 ORDER BY t.name",
    )?;
    let relations: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut damage = Vec::new();
    for relation in relations {
        let beyond = format!("SELECT count(*), max(id) FROM \"{relation}\" WHERE id >= ?1");
        let (count, last): (i64, Option<i64>) =
            file.query_row(&beyond, [next], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let Some(last) = last {
            let detail = text!(
                "the next id is {next}, and {last} is in use",
                "el próximo identificador es {next}, y {last} está en uso"
            );
            damage.push(Damage { kind: DamageKind::Counter, subject: relation, detail, count: counted(count) });
        }
    }
    Ok(damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Connection {
        let file = Connection::open_in_memory_with_flags_and_vfs(OpenFlags::default(), layer().unwrap()).unwrap();
        for migration in crate::schema::TENANT {
            file.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
        }
        file
    }

    /// The words of what is wrong after some SQL that nothing holds back.
    fn after(sql: &str) -> Vec<(&'static str, String, u64)> {
        let file = made();
        let free = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON;";
        file.execute_batch(&format!("{free} {sql}; PRAGMA writable_schema = RESET;")).unwrap();
        file.execute_batch("PRAGMA ignore_check_constraints = OFF").unwrap();
        let found = look(&file, 7, Timestamp(1)).unwrap();
        found.into_iter().map(|damage| (damage.kind.word(), damage.subject, damage.count)).collect()
    }

    #[test]
    fn a_file_as_the_migrations_make_it_is_well() {
        assert_eq!(after(""), []);
        assert_eq!(after("ANALYZE"), []);
        assert_eq!(after("CREATE INDEX advised_chats_by_title ON chats (title, tenant_id)"), []);
    }

    #[test]
    fn every_kind_of_damage_is_told_with_its_relation_and_how_often() {
        let chat = "INSERT INTO chats (id, agent_id, status, created_at, updated_at) VALUES";
        for (sql, expected) in [
            (format!("{chat} (1, 5, 'open', 1, 1), (2, 6, 'open', 1, 1)"), ("reference", "chats", 2)),
            (format!("{chat} (1, NULL, 'other', 1, 1)"), ("rule", "chats", 1)),
            ("DROP INDEX chats_by_agent_id".to_owned(), ("schema", "chats", 1)),
            ("CREATE INDEX more ON chats (title)".to_owned(), ("schema", "chats", 1)),
            ("CREATE UNIQUE INDEX advised_chats ON chats (title)".to_owned(), ("schema", "chats", 1)),
            ("CREATE TABLE extra (a)".to_owned(), ("schema", "extra", 1)),
            ("ALTER TABLE logs RENAME COLUMN context TO other".to_owned(), ("schema", "logs", 1)),
            (
                format!(
                    "{chat} (1, NULL, 'open', 1, 1); DELETE FROM sqlite_schema WHERE name = 'chats_by_updated_at'; \
                     PRAGMA writable_schema = RESET"
                ),
                ("schema", "chats", 1),
            ),
        ] {
            let found = after(&sql);
            let (kind, relation, count) = expected;
            assert!(found.contains(&(kind, relation.to_owned(), count)), "{sql}: {found:?}");
        }
    }

    #[test]
    fn an_id_beyond_the_counter_and_the_clock_is_told() {
        let far = i64::MAX - 10;
        let found = after(&format!(
            "INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES ({far}, 'a', 'a', 1, 1)"
        ));
        assert_eq!(found, [("counter", "agents".to_owned(), 1)]);
    }

    #[test]
    fn an_index_that_lacks_a_row_is_told_with_its_columns() {
        let file = made();
        let said = [
            ("row 3 missing from index chats_by_agent_id", DamageKind::Index, "chats", "agent_id, tenant_id"),
            ("wrong # of entries in index sqlite_autoindex_agents_1", DamageKind::Index, "agents", "slug, tenant_id"),
            ("non-unique entry in index chats_external_id", DamageKind::Index, "chats", "external_id, tenant_id"),
            ("CHECK constraint failed in feedback", DamageKind::Rule, "feedback", ""),
            ("NULL value in chats.title", DamageKind::Rule, "chats", "title"),
            ("non-INTEGER value in logs.created_at", DamageKind::Rule, "logs", "created_at"),
            ("Tree 5 page 9: btreeInitPage() returns error code 11", DamageKind::Structure, "", ""),
        ];
        for (said, kind, relation, what) in said {
            let expected = (kind, relation.to_owned(), what.to_owned());
            assert_eq!(judge(&file, said).unwrap(), expected, "{said}");
        }
    }

    #[test]
    fn a_look_ends_when_the_flag_goes_up() {
        let file = made();
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                    INSERT INTO logs (id, level, message, created_at) SELECT i, 'info', 'x', 1 FROM n";
        file.execute_batch(rows).unwrap();
        file.progress_handler(INSTRUCTIONS, Some(|| true)).unwrap();
        let error = look(&file, 7, Timestamp(1)).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::OperationInterrupted));
    }
}
