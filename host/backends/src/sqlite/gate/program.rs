//! Reads a compiled program: which tables it opens, and whether it does anything that no command's statement does.
//!
//! Every row that a statement reads or writes, it reaches by a cursor that the program opens on the root page of a table
//! or an index. So this wall holds however SQLite came to the table.

use std::collections::HashMap;

use encargo_model::{ErrorCode, TableAction, text};

use super::wall::Failure;
use crate::BackendError;
use crate::sqlite::rights::Rights;
use crate::sqlite::statement::{Cell, Statement};
use crate::sqlite::words;

/// Instructions that only compute, jump, or use a cursor that another one opened. What is in no list is refused.
const HARMLESS: &str = " Init Goto Gosub InitCoroutine Yield MustBeInt Jump Once If IfNot IsType Not IfNullRow \
    SeekLT SeekLE SeekGE SeekGT IfNotOpen IfNoHope NoConflict NotFound Found SeekRowid NotExists Last IfSizeBetween \
    SorterSort Sort Rewind IfEmpty SorterNext Prev Next IdxLE IdxGT Or And IdxLT IdxGE RowSetRead RowSetTest Program \
    FkIfZero IsNull NotNull Ne Eq Gt Le Lt Ge ElseEq IfPos IfNotZero DecrJumpZero Filter PureFunc Function Return \
    EndCoroutine Integer Int64 String BeginSubrtn Null SoftNull Blob Variable Move Copy SCopy IntCopy FkCheck ResultRow \
    CollSeq AddImm RealAffinity Cast Permutation Compare IsTrue ZeroOrNull Offset Column TypeCheck Affinity MakeRecord \
    Count BitAnd BitOr ShiftLeft ShiftRight Add Subtract Multiply Divide Remainder Concat BitNot OpenDup OpenAutoindex \
    String8 OpenEphemeral SorterOpen SequenceTest OpenPseudo Close ColumnsUsed SeekScan SeekHit Sequence NewRowid \
    Insert RowCell Delete ResetCount SorterCompare SorterData RowData Rowid NullRow SeekEnd IdxInsert SorterInsert \
    IdxDelete DeferredSeek IdxRowid FinishSeek ResetSorter Real RowSetAdd Param FkCounter MemMax OffsetLimit AggInverse \
    AggStep AggStep1 AggValue AggFinal CursorLock CursorUnlock ClrSubtype GetSubtype SetSubtype FilterAdd Trace \
    CursorHint ReleaseReg Noop Explain Abortable Transaction ";

/// In P5 of an instruction that opens: the root page is in a register.
const ROOT_IN_REGISTER: i64 = 0x10;
/// In P2 of an instruction that halts with an error: the whole transaction goes.
const ROLLBACK: i64 = 1;
/// The same: what the statement did so far stays.
const FAIL: i64 = 3;

/// The table of tables, which is the host's.
const SCHEMA: &str = "sqlite_schema";

/// One instruction.
struct Instruction {
    name: String,
    p: [i64; 3],
    p5: i64,
}

/// Whether a program stays within the permissions, given what the authorizer was asked to change; and how many
/// instructions it has. The statement explains itself afterwards and cannot be run.
pub(super) fn check(
    statement: &mut Statement,
    roots: &HashMap<i64, String>,
    rights: &Rights,
    changes: &[(TableAction, String)],
) -> Result<u32, Failure> {
    statement.explain().map_err(Failure::Fault)?;
    let mut instructions = 0;
    while statement.step().map_err(Failure::Fault)? {
        instructions += 1;
        let instruction = Instruction::read(statement);
        check_one(&instruction, roots, rights, changes).map_err(Failure::Refused)?;
    }
    Ok(instructions)
}

fn check_one(
    instruction: &Instruction,
    roots: &HashMap<i64, String>,
    rights: &Rights,
    changes: &[(TableAction, String)],
) -> Result<(), BackendError> {
    let [p1, p2, p3] = instruction.p;
    let table = |root: i64, database: i64| match (database, roots.get(&root)) {
        (0, Some(table)) if instruction.p5 & ROOT_IN_REGISTER == 0 => table.as_str(),
        // The schema's own page, here or of temporary tables, or one that nobody has.
        _ => SCHEMA,
    };
    match instruction.name.as_str() {
        "OpenRead" | "ReopenIdx" => {
            let table = table(p2, p3);
            // A change that cannot be made in one pass reads its rows' numbers by the first cursor that there is. What
            // it reads of them by name was asked for, and a join reads by a cursor of its own.
            let is_target = p1 == 0
                && instruction.name == "OpenRead"
                && changed(changes, table, &[TableAction::Update, TableAction::Delete]);
            if is_target { Ok(()) } else { rights.check(TableAction::Read, table) }
        }
        "OpenWrite" => {
            let table = table(p2, p3);
            if changed(changes, table, &TableAction::ALL) {
                Ok(())
            } else {
                let message = text!(
                    "the statement would change `{table}` and does not name it",
                    "la sentencia cambiaría `{table}` y no la nombra"
                );
                Err(BackendError::new(ErrorCode::Denied, message))
            }
        }
        "Clear" => {
            let table = table(p1, p2);
            if changed(changes, table, &[TableAction::Delete]) {
                Ok(())
            } else {
                rights.check(TableAction::Delete, table)
            }
        }
        "Halt" | "HaltIfNull" if p1 != 0 && (p2 == ROLLBACK || p2 == FAIL) => Err(BackendError::new(
            ErrorCode::Denied,
            text!(
                "`OR ROLLBACK` and `OR FAIL` are not taken: a statement that fails changes nothing and ends nothing else",
                "`OR ROLLBACK` y `OR FAIL` no se aceptan: una sentencia que falla no cambia nada ni termina nada más"
            ),
        )),
        "Halt" | "HaltIfNull" => Ok(()),
        name if HARMLESS.contains(&format!(" {name} ")) => Ok(()),
        name => Err(BackendError::new(
            ErrorCode::Denied,
            text!(
                "this statement is not for commands: it does {}",
                "esta sentencia no es para comandos: hace {}";
                words::named(name)
            ),
        )),
    }
}

fn changed(changes: &[(TableAction, String)], table: &str, actions: &[TableAction]) -> bool {
    changes.iter().any(|(action, changed)| changed == table && actions.contains(action))
}

impl Instruction {
    fn read(statement: &Statement) -> Self {
        let number = |column| match statement.cell(column) {
            Cell::Integer(number) => number,
            _ => 0,
        };
        let name = match statement.cell(1) {
            Cell::Text(name) => String::from_utf8_lossy(name).into_owned(),
            _ => String::new(),
        };
        Self { name, p: [number(2), number(3), number(4)], p5: number(6) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opened_must_be_allowed_and_known() {
        let roots = HashMap::from([(2, "chats".to_owned()), (3, "logs".to_owned())]);
        let permissions = ["read:chats", "update:logs", "delete:logs"].map(|text| text.parse().unwrap());
        let rights = Rights::of(&permissions.into());
        let updates = [(TableAction::Update, "logs".to_owned())];
        let deletes = [(TableAction::Delete, "logs".to_owned())];
        let inserts = [(TableAction::Insert, "logs".to_owned())];
        let judge = |name: &str, p: [i64; 3], p5: i64, changes: &[(TableAction, String)]| {
            check_one(&Instruction { name: name.to_owned(), p, p5 }, &roots, &rights, changes).is_ok()
        };
        assert!(judge("OpenRead", [5, 2, 0], 0, &[]));
        assert!(judge("ReopenIdx", [0, 2, 0], 2, &[]));
        for (name, p, p5, changes) in [
            ("OpenRead", [5, 3, 0], 0, &[][..]),
            ("OpenRead", [5, 2, 1], 0, &[]),
            ("OpenRead", [5, 2, 0], 0x10, &[]),
            ("OpenRead", [5, 1, 0], 0, &[]),
            ("OpenRead", [5, 9, 0], 0, &[]),
            ("ReopenIdx", [0, 3, 0], 0, &updates),
            ("OpenRead", [1, 3, 0], 0, &updates),
            ("OpenRead", [0, 3, 0], 0, &inserts),
            ("OpenWrite", [0, 2, 0], 0, &updates),
            ("OpenWrite", [0, 3, 0], 0, &[]),
            ("OpenWrite", [0, 3, 1], 0, &updates),
            ("OpenWrite", [0, 1, 0], 0, &updates),
            ("Clear", [2, 0, 0], 0, &updates),
            ("Clear", [3, 1, 0], 0, &deletes),
            ("Halt", [19, 1, 0], 0, &updates),
            ("HaltIfNull", [1299, 3, 0], 0, &updates),
            ("VOpen", [0, 0, 0], 0, &[]),
            ("Destroy", [2, 0, 0], 0, &[]),
            ("Open", [0, 0, 0], 0, &[]),
            ("SomethingNew", [0, 0, 0], 0, &[]),
        ] {
            assert!(!judge(name, p, p5, changes), "{name} {p:?} {p5}");
        }
        for (name, p, changes) in [
            ("OpenRead", [0, 3, 0], &updates[..]),
            ("OpenRead", [0, 3, 0], &deletes),
            ("OpenWrite", [7, 3, 0], &updates),
            ("OpenWrite", [7, 3, 0], &inserts),
            ("Clear", [3, 0, 0], &deletes),
            ("Halt", [0, 1, 0], &[]),
            ("Halt", [19, 2, 0], &updates),
            ("OpenEphemeral", [0, 1, 0], &[]),
            ("AggStep", [0, 0, 0], &[]),
        ] {
            assert!(judge(name, p, 0, changes), "{name} {p:?}");
        }
    }
}
