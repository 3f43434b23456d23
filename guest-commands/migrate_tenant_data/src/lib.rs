//! Copies or moves agents, knowledge and settings from one tenant to another, and takes that back.

mod copying;
mod counterpart;
mod media;
mod moving;
mod plan;
mod rows;
mod settings;
mod sql;
mod told;
mod transfer;
mod undo;

use encargo_sdk::prelude::*;
use transfer::{Asked, OnConflict, What};

/// Copy or move data from one tenant to another.
///
/// Copies agents with their tools, knowledge (items, documents and files with their media) and settings. Everything comes
/// to be in the other tenant in one transaction, in which what was written is read back and compared, or nothing does. What
/// is there already under the same slug, id or name and says the same is unchanged; what says something else is skipped,
/// overwritten, copied under another name, or ends the run, as `--on-conflict` says. The same copy again makes nothing new,
/// also of what was renamed. Media is never replaced: a file that would be overwritten is copied under another name.
///
/// Settings whose names speak of keys, tokens, passwords or secrets are left out, and so are such members of a tool's
/// configuration, unless `--include-secrets` is given. Chats stay with their tenant.
///
/// `--move` deletes afterwards from the source what the target has with the same content, in short transactions. An agent
/// that chats belong to stays, a tool that such an agent has, and what was not copied whole.
///
/// `--undo` with a run's id takes a copy or a move back: rows that nobody has changed since are removed, overwritten ones
/// get back what they said, moved ones return to their tenant. Without `--from` and `--to` it shows what there is to copy.
#[derive(Args)]
#[command(
    scope = "system",
    effect = "destroys",
    idempotent = true,
    permissions(
        "list:tenants",
        "read,insert,update,delete:agents,tools,agent_tools,knowledge_items,documents,files,settings",
        "read,update:chats",
        "read,insert,update,delete:journals,journal_entries",
        "list-files,create-files,remove-files:media"
    ),
    conflicts("undo", "from"),
    conflicts("undo", "to"),
    conflicts("undo", "move"),
    exit(3, "Some rows could not be copied, such as a file whose media is missing; the others were."),
    exit(5, "What was written did not read back as it was: nothing was copied."),
    exit(10, "There is no such tenant or transfer."),
    exit(13, "A move was not confirmed with `--yes`."),
    example("migrate_tenant_data --from=old_tenant --to=new_tenant", "Copy everything, skipping what is there."),
    example("migrate_tenant_data --type=agents", "Show which tenants have agents to copy."),
    example(
        "migrate_tenant_data --from=old_tenant --to=new_tenant --type=knowledge --move --yes",
        "Move the knowledge."
    )
)]
struct MigrateTenantData {
    /// The tenant that has the data.
    #[arg(kind = "tenant")]
    from: Option<String>,

    /// The tenant that gets it.
    #[arg(kind = "tenant")]
    to: Option<String>,

    /// Only these kinds of data.
    #[arg(name = "type")]
    type_: Choices<What>,

    /// What happens to what is there already and says something else.
    #[arg(default = "skip")]
    on_conflict: OnConflict,

    /// Delete from the source what was copied.
    #[arg(name = "move")]
    move_: bool,

    /// Copy keys, tokens and passwords too.
    include_secrets: bool,

    /// The id of the run whose copy or move is taken back.
    undo: Option<String>,
}

impl Command for MigrateTenantData {
    fn run(self, run: &Run) -> Result<Report> {
        if let Some(undone) = &self.undo {
            return undo::undo(run, undone);
        }
        let (from, to) = match (self.from, self.to) {
            (Some(from), Some(to)) => (from, to),
            (None, None) if !self.move_ => return plan::plan(&self.type_),
            _ => {
                let message = text!(
                    "a copy or move needs both `--from` and `--to`; without them the command shows what there is",
                    "una copia o un traslado necesita `--from` y `--to`; sin ellos el comando muestra lo que hay"
                );
                return Err(Error::new(ErrorCode::Usage, message));
            }
        };
        if from == to {
            let message = text!(
                "`--from` and `--to` are the same tenant, `{from}`",
                "`--from` y `--to` son el mismo inquilino, `{from}`"
            );
            return Err(Error::new(ErrorCode::Usage, message));
        }
        if self.move_ {
            run.confirm(&text!(
                "Delete from `{from}` what is copied to `{to}`?",
                "¿Borrar de `{from}` lo que se copie a `{to}`?"
            ))?;
        }
        let asked = Asked {
            from,
            to,
            types: self.type_,
            on_conflict: self.on_conflict,
            is_move: self.move_,
            include_secrets: self.include_secrets,
        };
        transfer::transfer(run, &asked)
    }
}

export_command!(MigrateTenantData);
